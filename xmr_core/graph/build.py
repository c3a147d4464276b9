"""Finding the links of a library, and keeping them up as it changes.

What is slow is kept in files beside the index, caches both: who is nearest to whom, and which
files a content names. What is left is done anew each time, and only links that differ are written.
"""

import contextlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path

import numpy as np

from xmr_core.catalogue import Catalogue, Link, Place
from xmr_core.gallery import Gallery
from xmr_core.graph.mentions import REFERS, find, looked_into, mentioned
from xmr_core.graph.near import KEPT, Ids, Near, Tell
from xmr_core.graph.places import FOLDER, STEM, by_folder, by_stem
from xmr_core.media import Floats, Modality
from xmr_core.shelf import QUERIES
from xmr_core.space import JointSpace

NEAR = "near"
KINDS = (NEAR, STEM, FOLDER, REFERS)
"""Kinds of links that are found here; near-duplicates are found elsewhere."""

MUTUAL = 3
"""Two items are linked that are among each other's nearest so many of the other's medium: few,
and as many in each medium, so that none of them swallows the rest."""

LEAST = 0.1
"""Of the match strength of two items, below which they are not linked however near they are."""

_FORMAT = 1
_NEAR, _MENTIONS = "near.npz", "mentions.json"
STAMP = "graph"


def stamp(catalogue: Catalogue) -> str:
    """What links are made from: they are behind where the one that was kept differs."""
    return f"{_FORMAT} {catalogue.generation} {catalogue.meta('fingerprint')}"


def is_current(catalogue: Catalogue) -> bool:
    """Whether the links are those of the library as it is now."""
    return catalogue.meta(STAMP) == stamp(catalogue)


def is_linked(catalogue: Catalogue) -> bool:
    """Whether links were ever made."""
    return bool(catalogue.meta(STAMP))


def update(
    catalogue: Catalogue, space: JointSpace, gallery: Gallery, folder: Path, tell: Tell
) -> tuple[int, int]:
    """Bring the links of a library up to date.

    Args:
        catalogue, space, gallery: of the library, on which no run goes on.
        folder: where the caches lie.
        tell: called with (done, total); may raise to cancel, which leaves the links as they were.

    Returns:
        how many links were added or changed, and how many dropped.
    """
    now = stamp(catalogue)
    places = catalogue.places()
    links = [*by_stem(places), *by_folder(places)]
    links += _references(places, _mentions(places, folder / _MENTIONS, tell))
    near = _nearest(catalogue, folder / _NEAR, tell)
    links += _weighed(catalogue, space, gallery, near)
    changed = catalogue.keep_links(KINDS, links)
    catalogue.set_meta(STAMP, now)
    return changed


# -- who is nearest to whom


def _nearest(catalogue: Catalogue, file: Path, tell: Tell) -> Near:
    media = list(Modality)
    present = [catalogue.whole_rows(medium)[0] for medium in media]

    def wholes(medium: int) -> tuple[Ids, Floats]:
        return present[medium], catalogue.row_vectors(present[medium])

    fingerprint = catalogue.meta("fingerprint") or ""
    before = _load(file, fingerprint, len(media))
    near = before.updated(present, wholes, tell)
    if not np.array_equal(before.rows, near.rows) or not file.exists():
        _save(file, near, fingerprint)
    return near


def _load(file: Path, fingerprint: str, media: int) -> Near:
    try:
        # opened here: what is no archive would be left open by numpy
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as kept:
            near = Near(*(kept[name] for name in ("rows", "media", "nearest", "scores")))
            made = str(kept["made"])
    except Exception:  # overwritten bytes make an archive raise anything
        return Near.empty(media)
    whole = near.nearest.shape == near.scores.shape == (len(near.rows), media, KEPT)
    return near if whole and made == _made(fingerprint) else Near.empty(media)


def _save(file: Path, near: Near, fingerprint: str) -> None:
    temporary = file.with_suffix(f".{os.getpid()}.tmp")
    with contextlib.suppress(OSError):  # a cache that cannot be kept is made again next time
        file.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as stream:
            np.savez(
                stream, made=np.array(_made(fingerprint)), rows=near.rows, media=near.media,
                nearest=near.nearest, scores=near.scores,
            )  # fmt: skip
        temporary.replace(file)
    with contextlib.suppress(OSError):
        temporary.unlink(missing_ok=True)


def _made(fingerprint: str) -> str:
    return f"{_FORMAT} {fingerprint}"


def _weighed(
    catalogue: Catalogue, space: JointSpace, gallery: Gallery, near: Near
) -> Iterator[Link]:
    """Links of mutual neighbours, by the strength of the match: the mean of both directions."""
    one, other, cosines = near.mutual(MUTUAL)
    ids, bias, usual = _read_against_chance(catalogue, space, gallery, near)
    shelves = gallery.shelves(fresh=True)
    odds = np.zeros((2, len(one)), np.float32)
    for direction, (asked, found) in enumerate(((one, other), (other, one))):
        for (a, query), (b, target) in product(enumerate(Modality), repeat=2):
            some = (near.media[asked] == a) & (near.media[found] == b)
            if not some.any() or target not in shelves:
                continue
            shelf, shares = shelves[target], {query: 1.0}
            chance = shelf.chance(shares, corrected=True)
            scale = space.scales.mixed(target, shares, shelf.own)
            near_by = cosines[some]
            if space.through(query, target):
                mine, theirs = (_vectors(catalogue, near.rows[x[some]]) for x in (asked, found))
                near_by = (space.aimed(mine, query, target) * theirs).sum(axis=1)
            scores = near_by - bias[found[some], a]
            lead = scores - usual[asked[some], b]
            odds[direction, some] = (
                scale.offset
                + scale.best * (scores - chance.best.median) / chance.best.spread
                + scale.lead * (lead - chance.lead.median) / chance.lead.spread
            )
    weights = 1 / (1 + np.exp(-np.clip(odds.mean(axis=0), -30, 30)))
    for i, j, weight in zip(ids[one].tolist(), ids[other].tolist(), weights.tolist(), strict=True):
        if weight >= LEAST:
            yield Link(min(i, j), max(i, j), NEAR, round(weight, 2))


def _vectors(catalogue: Catalogue, rows: Ids) -> Floats:
    """The vectors f32 (n, d) of rows i64 (n,), in their order; a row may come twice."""
    once, places = np.unique(rows, return_inverse=True)
    return catalogue.row_vectors(once)[places]


def _read_against_chance(
    catalogue: Catalogue, space: JointSpace, gallery: Gallery, near: Near
) -> tuple[Ids, Floats, Floats]:
    """What a search by each item would take into account beside cosines.

    Returns:
        ids i64 (n,) of the items, their hub bias by the query's medium f32 (n, media), and what
        they typically get as queries by the target's medium f32 (n, media).
    """
    ids = np.zeros(len(near.rows), np.int64)
    bias, usual = np.zeros((2, len(near.rows), len(Modality)), np.float32)
    shelves = gallery.shelves(fresh=True)
    for medium, shelf in shelves.items():
        rows, items = catalogue.whole_rows(medium)
        at = np.searchsorted(near.rows, rows)
        ids[at] = items
        taken = shelf.index.take(rows)  # (c, d + media), the bias negated
        bias[at] = -taken[:, space.dim :][:, [QUERIES.index(query) for query in Modality]]
        for b, target in enumerate(Modality):
            if target in shelves:
                vectors = space.aimed(taken[:, : space.dim], medium, target)
                usual[at, b] = shelves[target].typical(vectors, {medium: 1.0})
    return ids, bias, usual


# -- which files name each other


def _mentions(places: Iterable[Place], file: Path, tell: Tell) -> dict[str, list[str]]:
    """The names that each content mentions, by its hash; what was read once is not read again."""
    kept: dict[str, list[str]] = {}
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        table = json.loads(file.read_text("utf-8"))
        if table["format"] == _FORMAT:
            kept = {str(hash): list(map(str, names)) for hash, names in table["read"].items()}
    wanted = {place.hash: place for place in places if looked_into(place.path)}
    todo = [hash for hash in wanted if hash not in kept]
    for done, hash in enumerate(todo):
        tell(done, len(todo))
        kept[hash] = mentioned(wanted[hash].root / wanted[hash].path)
    if todo:
        temporary = file.with_suffix(f".{os.getpid()}.tmp")
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            table = {"format": _FORMAT, "read": {hash: kept[hash] for hash in wanted}}
            temporary.write_text(json.dumps(table), "utf-8")
            temporary.replace(file)
    return kept


def _references(places: Sequence[Place], mentions: dict[str, list[str]]) -> Iterator[Link]:
    roots: dict[Path, list[Place]] = {}
    for place in places:
        roots.setdefault(place.root, []).append(place)
    for mine in roots.values():
        paths = {place.path: place.id for place in mine}
        names = _names(mine)
        for place in mine:
            if looked_into(place.path):
                folder = place.path.rpartition("/")[0]
                for name in mentions.get(place.hash, ()):
                    other = find(name, folder, paths, names)
                    if other is not None and other != place.id:
                        yield Link(min(place.id, other), max(place.id, other), REFERS, 1.0)


def _names(places: Iterable[Place]) -> dict[str, int]:
    """Ids by file name, with its ending and without, where only one item is called so."""
    names: dict[str, int | None] = {}
    for place in places:
        name = place.path.rpartition("/")[2].lower()
        for key in {name, name.rpartition(".")[0] or name}:
            names[key] = None if key in names else place.id
    return {name: id for name, id in names.items() if id is not None}
