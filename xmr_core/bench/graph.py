"""What links are worth: ranking over them, documents against single items, topics against themes.

Two libraries: the demo's own media, whose files name their themes, and the stamps of the folder
``XMR_DATA`` where there is one, cut-out pictures with captions and some with sounds, in folders of
one class of things. In both, items of one theme or class answer its name and each other. Links of
names and of likeness are followed, never of folders, which the themes are. Words are not looked for
in the names of files, which often are the themes' own.
"""

import csv
import math
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from xmr_core import clusters, topics
from xmr_core.bench.report import Figure
from xmr_core.bench.stock import CLASSES
from xmr_core.demo import WORKS, make
from xmr_core.graph.places import by_stem
from xmr_core.library import Library, make_query
from xmr_core.media import Modality
from xmr_core.query import Query
from xmr_core.space import JointSpace

EXAMPLES = 60  # items of each medium that are queries, at most
_FAR = 300  # hits that a ranking is judged by
_FEWEST = 3  # right answers that a query needs


def bench_graph(space: JointSpace | None = None, examples: int = EXAMPLES) -> Iterator[Figure]:
    """Rankings with and without links, documents, and topics.

    Args:
        space: the profile ``embedded`` if None.
        examples: of each medium, at most.
    """
    with tempfile.TemporaryDirectory(prefix="xmr-graph-") as place:
        for name, kinds in _collections(Path(place)).items():
            library = Library.create(name, home=Path(place) / "home", space=space)
            with library:
                for _ in library.index(Path(place) / name):
                    pass
                before = _sought(library, kinds, examples)
                for _ in library.link():
                    pass
                yield from _spreading(library, name, before)
                yield from _documents(library, name, before)
                yield from _topics(library, name, kinds)


def _collections(place: Path) -> dict[str, dict[str, tuple[str, ...]]]:
    """Folders that are filled here, with the themes of their files by path."""
    made = {"demo": {work.path: work.themes for work in WORKS}}
    make(place / "demo")
    stamps = Path(os.environ.get("XMR_DATA") or "/nowhere") / "stamps"
    if (stamps / "manifest.csv").is_file():
        made["stamps"] = _stamps(stamps, place / "stamps")
    return made


def _stamps(stamps: Path, place: Path) -> dict[str, tuple[str, ...]]:
    kinds: dict[str, tuple[str, ...]] = {}
    with (stamps / "manifest.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            path = place / row["image"]
            path.parent.mkdir(parents=True, exist_ok=True)
            files = [path]
            shutil.copyfile(stamps / row["image"], path)
            if row["sound"] and (stamps / row["sound"]).is_file():
                files.append(path.with_suffix(Path(row["sound"]).suffix))
                shutil.copyfile(stamps / row["sound"], files[-1])
            if row["caption"]:
                files.append(path.with_suffix(".txt"))
                files[-1].write_text(row["caption"], "utf-8")
            kind = CLASSES.get(path.parent.name)
            for one in files:
                kinds[one.relative_to(place).as_posix()] = (kind,) if kind else ()
    return kinds


@dataclass(frozen=True)
class _Sought:
    """A query, the ids that answer it, the item that it is (or 0), and whether it is a word."""

    query: Query
    right: set[int]
    itself: int
    words: bool


def _sought(library: Library, kinds: Mapping[str, Sequence[str]], examples: int) -> list[_Sought]:
    of: dict[str, set[int]] = {}
    places = library.catalogue.places()
    for place in places:
        for kind in kinds.get(place.path, ()):
            of.setdefault(kind, set()).add(place.id)
    found = [
        _Sought(replace(make_query([kind], k=_FAR), names=False), ids, 0, True)
        for kind, ids in sorted(of.items())
        if len(ids) >= _FEWEST
    ]
    rng = np.random.default_rng(0)
    for medium in Modality:
        ids = [place.id for place in places if place.modality is medium and kinds.get(place.path)]
        path = {place.id: place.path for place in places}
        for id in rng.permutation(ids)[:examples].tolist():
            right = set().union(*(of[kind] for kind in kinds[path[id]])) - {id}
            if len(right) >= _FEWEST:
                query = replace(make_query([library.term(id)], k=_FAR), names=False)
                found.append(_Sought(query, right, id, False))
    return found


def _precision(ranked: Sequence[bool], right: int) -> float:
    hits = np.array(ranked, bool)
    at = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float((at * hits).sum() / min(right, _FAR)) if len(hits) else 0.0


def _spreading(library: Library, name: str, sought: Sequence[_Sought]) -> Iterator[Figure]:
    for words in (True, False):
        some = [one for one in sought if one.words is words]
        scores = np.zeros((2, len(some)))
        for i, one in enumerate(some):
            for spread in (False, True):
                hits = library.answer(replace(one.query, spread=spread)).hits
                ranked = [hit.item.id in one.right for hit in hits if hit.item.id != one.itself]
                scores[int(spread), i] = _precision(ranked, len(one.right))
        what = f"{name}: {len(some)} queries by {'words' if words else 'example'}"
        yield Figure(f"{what}, mAP alone", float(scores[0].mean()), "")
        gain = float((scores[1] - scores[0]).mean())
        yield Figure(f"{what}, mAP over links less alone", gain, "", 0.0)
        lifted = float((scores[1] >= scores[0]).mean())
        yield Figure(f"{what}, not worse over links", 100 * lifted, "%")


def _documents(library: Library, name: str, sought: Sequence[_Sought]) -> Iterator[Figure]:
    """The word of a class and an example of it together: is the first hit right?"""
    if not list(by_stem(library.catalogue.places())):
        return
    words = {frozenset(one.right): one.query.terms for one in sought if one.words}
    first: list[tuple[bool, bool]] = []
    for one in sought:
        terms = words.get(frozenset(one.right | {one.itself}))
        if one.words or terms is None:
            continue
        own = {item.id for item in library.document(one.itself).members}
        if not one.right - own:
            continue
        query = replace(one.query, terms=(*terms, *one.query.terms), k=40)
        items = [h.item.id for h in library.answer(query).hits if h.item.id not in own]
        documents = [
            {item.id for item in hit.document.members}
            for hit in library.answer_documents(query).hits
            if hit.document.id not in own
        ]
        first.append(
            (
                bool(items) and items[0] in one.right,
                bool(documents) and bool(documents[0] & one.right),
            )
        )
    if first:
        alone, together = np.mean(first, axis=0)
        apart = sum(item != document for item, document in first)
        chance = 2 * math.sqrt(apart) / len(first)  # two standard errors of a paired difference
        what = f"{name}: {len(first)} queries by word and example"
        yield Figure(f"{what}, first item right", 100 * float(alone), "%")
        yield Figure(
            f"{what}, first document right", 100 * float(together), "%", 100 * float(alone - chance)
        )


def _topics(library: Library, name: str, kinds: Mapping[str, Sequence[str]]) -> Iterator[Figure]:
    chart = library.chart()
    truth = [next(iter(kinds.get(item.path, ())), "") for item in chart.items]
    some = np.array([bool(kind) for kind in truth])
    labels, _ = clusters.cluster(chart.centred, topics.count_for(len(chart)))
    known = [kind for kind in truth if kind]
    purity, agreed = topics.agreement(labels[some], known)
    shuffled = np.random.default_rng(0).permutation(labels[some])
    by_chance = topics.agreement(shuffled, known)
    what = f"{name}: {int(some.sum())} items in {int(labels.max()) + 1} topics"
    yield Figure(f"{what}, purity", purity, "", by_chance[0])
    yield Figure(f"{what}, mutual information", agreed, "", by_chance[1])
