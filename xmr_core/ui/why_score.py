"""The score of a hit taken apart, as the page Why draws it."""

from collections.abc import Sequence

from xmr_core.calibration import Null
from xmr_core.evidence import BESIDE, MARK, NAME, WORDS
from xmr_core.explain.breakdown import Breakdown, TermPart
from xmr_core.results import Hit
from xmr_core.ui.context import Plain
from xmr_core.ui.why_pair import Pair
from xmr_core.ui.words import NAMES, strength

_EVIDENCE = {
    WORDS: "the words that it holds",
    NAME: "its name",
    BESIDE: "what it is to an item of the query",
    MARK: "your mark",
}


def score(pair: Pair) -> Plain:
    """Every number from the media to the match strength."""
    # of a hit, the numbers are computed anew; what counts is which item it is
    hit = Hit(pair.library.name, pair.item, None, 0.0, 0.0, 0.0, 0.0, 1)
    return plain(pair.library.breakdown(pair.query(), hit), pair)


def plain(parts: Breakdown, pair: Pair) -> Plain:
    """A breakdown in plain form."""
    part = pair.library.catalogue.part(pair.item.id, parts.no) if parts.no else None
    return {
        "where": "" if part is None else part.label,
        "cosine": parts.cosine,
        "bias": parts.bias,
        "score": parts.score,
        "chance": {
            "offset": parts.scale.offset,
            "best": _against(parts.chance.best, parts.standard.best, parts.scale.best),
            "lead": _against(parts.chance.lead, parts.standard.lead, parts.scale.lead),
        },
        "typical": parts.typical,
        "evidence": [
            {"adds": _EVIDENCE[kind], "odds": odds} for kind, odds in parts.evidence.items()
        ],
        "odds": parts.odds,
        "strength": parts.strength,
        "words": strength(parts.strength),
        "corrected": pair.corrected,
        "branches": [
            {"name": name, "share": share}
            for name, share in zip(parts.branches, parts.by_branch, strict=True)
        ],
        "terms": [
            {
                "label": term.label,
                "modality": term.modality.value,
                "weight": term.weight,
                "cosine": term.cosine,
                "share": term.share,
                "through": [{"name": name, "share": share} for name, share in term.through],
            }
            for term in parts.terms
        ]
        + _marked(parts.marks),
        "learned": parts.learned,
        "hubs": [
            {
                "medium": NAMES[one.modality][1].lower(),
                "bias": one.bias,
                "mean": one.mean,
                "nearest": one.nearest,
                "alpha": one.alpha,
                "share": one.share,
                "neighbours": [
                    {"label": near.label, "cosine": near.cosine} for near in one.neighbours
                ],
            }
            for one in parts.corrections
        ],
    }


def _marked(marks: Sequence[TermPart]) -> list[Plain]:
    """Likes and dislikes as a term each, however many they are."""
    sides = {
        "liked": [one for one in marks if one.weight > 0],
        "disliked": [one for one in marks if one.weight < 0],
    }
    return [
        {
            "label": f"{side[0].label} ({name})" if len(side) == 1 else f"{len(side)} {name}",
            "modality": side[0].modality.value,
            "weight": sum(one.weight for one in side),
            "cosine": sum(one.cosine for one in side) / len(side),
            "share": sum(one.share for one in side),
        }
        for name, side in sides.items()
        if side
    ]


def rows(told: Plain) -> list[tuple[str, str]]:
    """The plain form as a table of names and numbers, from the terms to the match strength."""
    terms = [(f"“{term['label'][:80]}” adds", f"{term['share']:+.3f}") for term in told["terms"]]
    return [
        *(terms if len(terms) > 1 else []),
        *(
            ("Looks for sounds through words", _listed(term["through"]))
            for term in told["terms"]
            if term.get("through")
        ),
        ("Raw cosine", f"{told['cosine']:.3f}"),
        ("Hub bias", f"−{told['bias']:.3f}"),
        *([("What the marks taught adds", f"{told['learned']:+.3f}")] if told["learned"] else []),
        ("Score", f"{told['score']:.3f}"),
        ("Spreads above a chance query’s best", f"{told['chance']['best']['spreads']:+.2f}"),
        ("Spreads above a chance query’s lead", f"{told['chance']['lead']['spreads']:+.2f}"),
        *((f"Added for {one['adds']}", f"{one['odds']:+.2f} log-odds") for one in told["evidence"]),
        ("Match strength", f"{100 * told['strength']:.0f} % ({told['words']})"),
    ]


def _listed(words: Sequence[Plain]) -> str:
    """Words and their shares."""
    return ", ".join(f"{word['name']} {100 * word['share']:.0f} %" for word in words)


def _against(null: Null, spreads: float, weight: float) -> Plain:
    """What chance gets, how many spreads this lies above it, and what each of those is worth."""
    return {"median": null.median, "spread": null.spread, "spreads": spreads, "weight": weight}
