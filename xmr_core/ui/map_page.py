"""The Map page: the joint space on a plane, the gap between media, and queries as points."""

from collections.abc import Mapping, Sequence

import numpy as np

from xmr_core.chart import Chart, Ranked
from xmr_core.filters import Filters
from xmr_core.library import Library
from xmr_core.library.keepsakes import check_kept
from xmr_core.library.maps import Maps
from xmr_core.media import Item, Modality
from xmr_core.modality_gap import MEDIA, Gap, flat
from xmr_core.ui import fields, map_points, queries
from xmr_core.ui.cards import folder
from xmr_core.ui.context import Action, Context, Plain
from xmr_core.ui.map_markup import markup
from xmr_core.ui.page import Page
from xmr_core.ui.side_jobs import SideJobs
from xmr_core.ui.words import media_url

RANKED = 12
_SHOWN_AT_ONCE = 200  # items asked about in one call


def actions(context: Context) -> Mapping[str, Action]:
    """What the page asks of the server."""
    return MapPage(context).actions()


class MapPage:
    """The page's actions over a context."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.jobs = SideJobs(context.board(), "Arranging the map", lambda one: one.arrange)

    def actions(self) -> dict[str, Action]:
        """By name."""
        return {
            "map.chart": self.chart,
            "map.items": self.items,
            "map.ringed": self.ringed,
            "map.ask": self.ask,
            "map.arrange": self.arrange,
            "map.job": self.job,
            "map.cancel": self.cancel,
        }

    def chart(self, payload: Plain) -> Plain:
        """``{library}`` → everything that is drawn, in columns."""
        library = self._library(payload)
        total = sum(library.counts().values())
        chart = library.chart() if total else None
        if chart is None or not len(chart):
            return {"library": library.name, "count": 0, "total": total}
        codes, names = map_points.folders(chart.items)
        return {
            "library": library.name,
            "generation": chart.pieces.generation,
            "count": len(chart),
            "total": total,
            "ids": map_points.packed(chart.pieces.ids.astype(np.int32)),
            "media": map_points.packed(chart.pieces.codes),
            "folders": map_points.packed(codes),
            "folder_names": names,
            "clusters": map_points.packed(chart.labels.astype(np.uint8)),
            "cluster_names": [" · ".join(words) for words in chart.names],
            "layouts": map_points.layouts(chart),
            "shares": [round(share, 4) for share in chart.planes[0].shares],
            "gap": _gap(chart),
            "arranged": Maps.arranged(chart),
            "behind": chart.behind,
            "job": self.jobs.told(library),
        }

    def items(self, payload: Plain) -> Plain:
        """``{library, ids}`` → what is shown of items, those that are gone left out."""
        library = self._library(payload)
        ids = (fields.wholes(payload, "ids") or [])[:_SHOWN_AT_ONCE]
        return {"items": [_item(library, item) for item in library.catalogue.items(ids)]}

    def ringed(self, payload: Plain) -> Plain:
        """``{library, collection}`` or ``{library, tag}`` → ids of the items that are kept so."""
        collection, tag = fields.text(payload, "collection"), fields.text(payload, "tag")
        library = self._library(payload)
        filters = Filters(collection=collection or None, tags=frozenset({tag} if tag else ()))
        check_kept([library], filters)
        ids = library.catalogue.allowed(filters)
        return {"ids": [] if ids is None else ids.tolist()}

    def ask(self, payload: Plain) -> Plain:
        """``{library, terms}`` → where each term and their sums fall, and two rankings."""
        library = self._library(payload)
        asked = queries.asked(self.context, {**payload, "libraries": [library.name]})
        stated = queries.spread(self.context, asked.terms)
        terms = [queries.engine_term(self.context, term, library) for term in stated]
        hidden = [number for _, number in asked.itself]
        found = library.ask(terms, RANKED, hidden)
        chart = library.chart()
        weights = [term.weight for term in terms]
        return {
            "generation": chart.pieces.generation,
            "terms": map_points.places(found.terms, chart),
            "path": map_points.places(found.path, chart),
            # the path takes what is added first
            "order": sorted(range(len(terms)), key=lambda i: weights[i] <= 0),
            "names": [term.label for term in terms],
            "media": [str(term.modality) for term in terms],
            "weights": weights,
            "before": _ranking(library, found.before),
            "after": _ranking(library, found.after),
        }

    def arrange(self, payload: Plain) -> Plain:
        """``{library}``: begin to lay it out by UMAP, or join who does already."""
        return {"job": self.jobs.join(self._library(payload))}

    def job(self, payload: Plain) -> Plain:
        """``{library}`` → how far that is, and the state of the library."""
        library = self._library(payload)
        return {"job": self.jobs.told(library), "generation": library.catalogue.generation}

    def cancel(self, payload: Plain) -> Plain:
        """``{library}``: stop that."""
        return {"job": self.jobs.cancel(self._library(payload))}

    def _library(self, payload: Plain) -> Library:
        return self.context.shelf.get(fields.text(payload, "library"))


def _gap(chart: Chart) -> Plain:
    """The gap as it is and centred: its numbers, and the media's middles as points."""
    own_before, own_after, own_chance = chart.own
    return {
        "media": [str(m) for m in chart.gaps[0].media],
        "raw": _measured(chart.gaps[0]),
        "centred": _measured(chart.gaps[1]),
        "own": {
            "raw": round(own_before, 4),
            "centred": round(own_after, 4),
            "chance": round(own_chance, 4),
        },
        "shares": _shares([MEDIA[code] for code in chart.pieces.codes.tolist()]),
    }


def _measured(gap: Gap) -> Plain:
    return {
        "size": round(gap.size, 4),
        "chance": round(gap.chance, 4),
        "between": np.round(gap.between, 4).tolist(),
        "points": np.round(flat(gap.between), 4).tolist(),
    }


def _ranking(library: Library, ranked: Sequence[Ranked]) -> Plain:
    """A list of hits, and the share of each medium in it."""
    items = {item.id: item for item in library.catalogue.items([one.id for one in ranked])}
    hits = [
        {**_item(library, items[one.id]), "cosine": round(one.cosine, 4)}
        for one in ranked
        if one.id in items
    ]
    return {"hits": hits, "shares": _shares([one.medium for one in ranked])}


def _shares(media: Sequence[Modality]) -> dict[str, float]:
    return {str(m): round(media.count(m) / len(media), 4) for m in MEDIA if m in media}


def _item(library: Library, item: Item) -> Plain:
    return {
        "id": item.id,
        "title": item.title,
        "modality": item.modality.value,
        "where": folder(item),
        "src": media_url(library.name, item),
        "thumb": None
        if library.thumbnail(item.id) is None
        else media_url(library.name, item, "thumb"),
    }


PAGE = Page(
    "map",
    "Map",
    (
        *("glass", "stamps", "sketch", "pace", "scene", "atlas", "legend", "places", "roam"),
        *("finder", "tip", "course", "ringed", "arithmetic", "gap", "arranging", "map"),
    ),
    markup,
    actions,
)
