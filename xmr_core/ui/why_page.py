"""The Why page: a query beside one of its hits, and what of each speaks for the match."""

import hashlib
import json
from collections.abc import Mapping

from xmr_core.explain.methods import METHODS
from xmr_core.library import Library
from xmr_core.media import Item, Modality
from xmr_core.ui import fields, query_form, why_export, why_media, why_parts, why_score, why_warp
from xmr_core.ui.cards import folder
from xmr_core.ui.context import Action, Context, Plain
from xmr_core.ui.page import Page
from xmr_core.ui.why_changes import Rivals, changed
from xmr_core.ui.why_curves import Curves
from xmr_core.ui.why_markup import markup
from xmr_core.ui.why_methods import listed
from xmr_core.ui.why_pair import Pair, pair, removed, which_side
from xmr_core.ui.words import media_url

_PREVIEW = 20_000  # characters of a text that is shown before it is taken apart


def actions(context: Context) -> Mapping[str, Action]:
    """What the page asks of the server."""
    return WhyPage(context).actions()


class WhyPage:
    """The page's actions over a context."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.rivals = Rivals()
        self.curves = Curves(context.board())

    def actions(self) -> dict[str, Action]:
        """By name."""
        return {
            "why.pair": self.pair,
            "why.explain": self.explain,
            "why.pictures": self.pictures,
            "why.score": self.score,
            "why.occlude": self.occlude,
            "why.warp": self.warp,
            "why.curve": self.curve,
            "why.curve.job": self.curve_job,
            "why.curve.cancel": self.curve_cancel,
            "why.export": self.export,
        }

    def pair(self, payload: Plain) -> Plain:
        """What is shown at once: the two media, before anything is taken apart."""
        asked = pair(self.context, payload)
        return {
            "hit": _item(asked.library, asked.item),
            "terms": [_term(self.context, term) for term in asked.terms],
            "term": asked.at,
            "label": query_form.label(asked.terms),
        }

    def explain(self, payload: Plain) -> Plain:
        """``{method, bare}`` → parts, heat and alignment."""
        method, bare = _method(payload), fields.truth(payload, "bare")
        told = pair(self.context, payload).explain(method)
        plain = why_parts.explanation(told, bare)
        warps = why_warp.may_warp(told.query, told.hit)
        return {**plain, "methods": listed(told), "warps": warps}

    def pictures(self, payload: Plain) -> Plain:
        """``{side}`` → what is drawn of a sound, a video or a model."""
        side = which_side(payload)
        return why_media.pictures(pair(self.context, payload).side(side))

    def score(self, payload: Plain) -> Plain:
        """The score taken apart."""
        asked = pair(self.context, payload)
        asked.check()
        return why_score.score(asked)

    def occlude(self, payload: Plain) -> Plain:
        """``{without}`` → score and rank before and after."""
        asked = pair(self.context, payload)
        asked.check()
        change, among = changed(asked, removed(payload, asked), self.rivals)
        return {
            "score": round(change.score, 5),
            "score_after": round(change.score_after, 5),
            "rank": change.rank,
            "rank_after": change.rank_after,
            "among": among,
        }

    def warp(self, payload: Plain) -> Plain:
        """``{variant}`` → the path through two sequences."""
        variant = fields.text(payload, "variant") or "joint"
        if variant not in why_warp.VARIANTS:
            raise fields.BadField("variant", f"one of {', '.join(why_warp.VARIANTS)}")
        asked = pair(self.context, payload)
        return why_warp.warped(asked.side("query"), asked.side("hit"), asked.library.space, variant)

    def curve(self, payload: Plain) -> Plain:
        """``{method, side}``: begin to measure the heat, or join who does already."""
        method, side = _method(payload), which_side(payload)
        asked = pair(self.context, payload)
        return self.curves.start(_key(asked, method, side), asked, method, side)

    def curve_job(self, payload: Plain) -> Plain:
        """How far that is."""
        method, side = _method(payload), which_side(payload)
        return self.curves.state(_key(pair(self.context, payload), method, side))

    def curve_cancel(self, payload: Plain) -> Plain:
        """Stop that."""
        method, side = _method(payload), which_side(payload)
        return self.curves.cancel(_key(pair(self.context, payload), method, side))

    def export(self, payload: Plain) -> Plain:
        """``{method, opacity}`` → one file that needs no other: ``{html, name}``."""
        method = _method(payload)
        opacity = fields.whole(payload, "opacity", 70, high=100) / 100
        asked = pair(self.context, payload)
        told = asked.explain(method)
        return {
            "html": why_export.document(asked, told, opacity),
            "name": f"why {asked.item.title}"[:80],
        }


def _method(payload: Plain) -> str | None:
    method = fields.text(payload, "method") or None
    if method is not None and method not in METHODS:
        raise fields.BadField("method", f"one of {', '.join(METHODS)}")
    return method


def _key(asked: Pair, method: str | None, side: str) -> str:
    """Stands for one measurement."""
    library, item = asked.library, asked.item
    told = [library.identity, library.profile, item.id, item.hash, asked.term, method, side]
    return hashlib.blake2b(json.dumps(told).encode(), digest_size=16).hexdigest()


def _term(context: Context, term: Plain) -> Plain:
    """A term of the query as the page shows it."""
    if term["kind"] == "text":
        return {
            "kind": "text",
            "title": term["text"],
            "text": term["text"],
            "modality": Modality.TEXT.value,
            "weight": term["weight"],
            "src": None,
            "thumb": None,
        }
    if term["kind"] == "file":
        upload = context.uploads.get(term["token"])
        src = f"/query-file/{upload.token}"
        return {
            "kind": "file",
            "title": upload.name,
            "text": "",
            "modality": upload.modality.value,
            "weight": term["weight"],
            "src": src,
            "thumb": f"{src}/thumb",
        }
    library = context.shelf.get(term["library"])
    shown = _item(library, library.item(term["id"]))
    return {**shown, "kind": "item", "weight": term["weight"]}


def _item(library: Library, item: Item) -> Plain:
    text = ""
    if item.modality is Modality.TEXT:
        text = "\n\n".join(part.text for part in library.parts(item.id))[:_PREVIEW]
    return {
        "library": library.name,
        "id": item.id,
        "title": item.title,
        "where": folder(item),
        "text": text,
        "modality": item.modality.value,
        "src": media_url(library.name, item),
        "thumb": media_url(library.name, item, "thumb"),
    }


PAGE = Page(
    "why",
    "Why",
    (
        *("heat", "lattice", "whywords", "whypicture", "whysound", "whyfilm", "whymodel"),
        *("whyaddress", "whysides", "whypointing", "whymatrix", "whyscore", "whycurve", "whatif"),
        *("whyprint", "whyexport", "why"),
    ),
    markup,
    actions,
)
