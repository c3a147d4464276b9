"""How much match strengths may be trusted: ``assets/heads/strengths.json``.

Libraries of five to four hundred items are drawn from media whose content is known, and
asked for things of which half are there. The first ten hits are right or wrong, and
logistic regression on their standard scores gives the three numbers of each pair of media
(see ``xmr_core/calibration.py``). Queries by words share theirs for all media: with numbers
for each, mixed lists came out worse (see the model card).
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from heads import data as tables
from heads.relevance import RIGHT, UNSURE, WRONG, Vocabulary, relevance
from heads.things import FLICKR, Matrix, Stock, phrases, stocks
from xmr_core import metrics
from xmr_core.calibration import Chance, Pair, Scale, Scales, typical
from xmr_core.heads import Head
from xmr_core.hubness import hub_bias
from xmr_core.media import Floats, Modality
from xmr_core.paths import assets_dir
from xmr_core.profiles import load_profile
from xmr_core.results import PRESENT

SIZES = {5: 40, 20: 30, 100: 20, 400: 10}  # items of a library → how many such are drawn
QUERIES = 15  # whose answer is there, and as many whose answer is not, for each library
HITS = 10  # of each query
_BACKGROUND = 256  # as many background queries as a library takes
_LEAST_OWN = 64  # of them, where they are the library's own items
_LEAST = 100  # right hits from which on numbers of its own are worth having
_LEAST_SLOPE = 0.01  # strengths grow with scores, wherever these say next to nothing
_MARKS = ("text", "image", "audio", "mesh")  # heads whose fingerprints are kept


@dataclass(frozen=True)
class Asked:
    """Queries of one medium.

    Attributes:
        medium: theirs.
        vectors: unit f32 (q, d).
        sources: where each comes from.
        items: i64 (q,), the item of its own stock that each is, or −1.
    """

    medium: Modality
    vectors: Floats
    sources: list[str]
    items: Matrix


@dataclass(frozen=True)
class Hits:
    """What came back, a row for each hit: standard scores and what is known of them.

    Attributes:
        standard: f32 (h, 2), above the best of chance queries and above their lead.
        right, first, there: bool (h,): the hit answers the query; it is the query's best;
            something in its library does answer the query.
    """

    standard: Floats
    right: Matrix
    first: Matrix
    there: Matrix


def train(data: Path) -> None:
    """Fit, tell how far the strengths hold on libraries drawn anew, and write the table."""
    space = load_profile("embedded")
    shelves = stocks(data, space)
    lines, sources = phrases(data)
    vectors = space.embed(Modality.TEXT, tables.sentences("asked", lines), "query")
    words = Asked(Modality.TEXT, vectors, sources, np.full(len(lines), -1))
    known_words = {phrase for stock in shelves.values() for said in stock.words for phrase in said}
    vocabulary = Vocabulary.of(sorted({*known_words, *lines}))
    fitted: list[tuple[Pair, Hits]] = []
    judged: list[tuple[Pair, Hits]] = []
    for query in Modality:
        asked = words if query is Modality.TEXT else _items(query, shelves[query])
        for target in Modality:
            stock = shelves[target]
            bank = space.aimed(space.bank(query), query, target)
            aimed = replace(asked, vectors=space.aimed(asked.vectors, query, target))
            if query is Modality.TEXT:
                truth = relevance(vocabulary, [(line,) for line in lines], stock)
                if target is Modality.TEXT:  # captions are there word by word
                    truth[np.array(sources) == FLICKR] = UNSURE
            else:
                told = [shelves[query].words[i] for i in asked.items]
                truth = relevance(vocabulary, told, stock, asked.sources)
            for own in (False,) if query is Modality.TEXT else (False, True):
                for seed, out in enumerate((fitted, judged)):
                    hits = _hits(aimed, stock, query == target, truth, bank, own, seed)
                    if hits is not None and hits.right.sum() >= _LEAST:
                        out.append(((query, target, own), hits))
    known = fit(fitted)
    judged = [(pair, hits) for pair, hits in judged if pair in known]
    for pair, hits in judged:
        print(_told(pair, hits, known[pair]), file=sys.stderr, flush=True)
    print(_bounds(known, judged), file=sys.stderr, flush=True)
    folder = assets_dir() / "heads"
    marks = {m: Head.load(folder / f"{m}.safetensors").fingerprint for m in _MARKS}
    Scales(known, marks).save(folder / "strengths.json")


def fit(drawn: Sequence[tuple[Pair, Hits]]) -> dict[Pair, Scale]:
    """The scale of each pair; those of words share one, every medium counting alike."""
    words = [hits for (query, _, _), hits in drawn if query is Modality.TEXT]
    shared = _logistic(words)
    return {pair: shared if pair[0] is Modality.TEXT else _logistic([hits]) for pair, hits in drawn}


def _logistic(groups: Sequence[Hits]) -> Scale:
    """The likeliest scale whose slopes are not negative: one that would be is left out."""
    from sklearn.linear_model import LogisticRegression

    scores = np.concatenate([hits.standard for hits in groups])  # (h, 2)
    right = np.concatenate([hits.right for hits in groups])
    weights = np.concatenate([np.full(len(h.right), 1e4 / len(h.right)) for h in groups])
    columns, slopes = [0, 1], np.zeros(2)
    while True:
        model = LogisticRegression(C=1e3).fit(scores[:, columns], right, sample_weight=weights)
        kept = [c for c, slope in zip(columns, model.coef_[0], strict=True) if slope > 0]
        if kept == columns or not kept:
            slopes[columns] = np.maximum(model.coef_[0], _LEAST_SLOPE)
            return Scale(float(model.intercept_[0]), *slopes.tolist())
        columns = kept


def _items(medium: Modality, stock: Stock) -> Asked:
    """The items of a stock as queries."""
    items = stock.owners[stock.whole]
    return Asked(medium, stock.rows[stock.whole], [stock.sources[i] for i in items], items)


def _libraries(stock: Stock, rng: np.random.Generator) -> Iterator[Matrix]:
    """Item numbers, ascending: half of the libraries from one source, half from all.

    Within a source every kind of thing comes in as often as any other.
    """
    kinds: dict[str, dict[tuple[str, ...], list[int]]] = {}
    for item, (words, source) in enumerate(zip(stock.words, stock.sources, strict=True)):
        kinds.setdefault(source, {}).setdefault(words, []).append(item)
    names = sorted(kinds)
    for size, times in SIZES.items():
        for _ in range(times):
            some = names if rng.random() < 0.5 else [names[rng.integers(len(names))]]
            most = sum(len(kinds[name][kind]) for name in some for kind in kinds[name])
            wanted, picked = min(size, max(5, most // 2)), set[int]()
            for _ in range(20 * wanted):
                things = list(kinds[some[rng.integers(len(some))]].values())
                items = things[rng.integers(len(things))]
                picked.add(items[rng.integers(len(items))])
                if len(picked) == wanted:
                    break
            yield np.array(sorted(picked))


def _hits(
    asked: Asked, stock: Stock, same: bool, truth: Matrix, bank: Floats, own: bool, seed: int
) -> Hits | None:
    """Draw libraries and ask them; None where no library has background queries of its own.

    Args:
        asked: q queries.
        stock: where n items of a library come from.
        same: whether the queries are items of this stock.
        truth: i8 (q, n).
        bank: sentences f32 (b, d).
        own: whether background queries are the library's items and not sentences.
        seed: of the draws.
    """
    rng = np.random.default_rng(seed)
    biases = None if own else hub_bias(stock.rows, bank)
    found: list[tuple[float, float, bool, bool, bool]] = []
    for library in _libraries(stock, rng):
        background: Floats = bank[:: max(1, len(bank) // _BACKGROUND)]
        theirs: Matrix | None = None
        usable = np.ones(len(asked.vectors), bool)
        if own:
            if same:
                among = np.flatnonzero(np.isin(asked.items, library))[:_BACKGROUND]
            else:  # half of the queries are items of the library, the others ask
                among = rng.permutation(len(asked.items))[: min(_BACKGROUND, len(usable) // 2)]
                usable[among] = False
            if len(among) < _LEAST_OWN:
                continue
            background, theirs = asked.vectors[among], asked.items[among] if same else None
        rows = np.isin(stock.owners, library)
        vectors, owners = stock.rows[rows], np.searchsorted(library, stock.owners[rows])
        wholes = np.flatnonzero(stock.whole[rows])
        bias = hub_bias(vectors, background) if biases is None else biases[rows]
        by_chance = background @ vectors.T - bias  # (b, rows)
        best = _best(by_chance, owners)  # (b, items)
        if theirs is not None:
            best[theirs[:, None] == library] = -np.inf
        chance = Chance.fit(best.max(axis=1), typical(by_chance[:, wholes]))
        itself = (asked.items[:, None] == library) & same
        known = np.where(itself, UNSURE, truth[:, library])
        there = (known == RIGHT).any(axis=1) & usable
        absent = ((known == WRONG) | itself).all(axis=1) & usable
        for present, some in ((True, there), (False, absent)):
            chosen = _choose(np.flatnonzero(some), asked.sources, rng)
            scores = asked.vectors[chosen] @ vectors.T - bias
            usual = typical(scores[:, wholes]).tolist()
            scores = _best(scores, owners)
            scores[itself[chosen]] = -np.inf
            for query, row, middle in zip(chosen, scores, usual, strict=True):
                for rank, item in enumerate(np.argsort(-row)[:HITS]):
                    if known[query, item] != UNSURE:
                        right = bool(known[query, item] == RIGHT)
                        standard = chance.standard(float(row[item]), middle)
                        found.append((*standard, right, rank == 0, present))
    if not found:
        return None
    table = np.array(found, np.float32)
    return Hits(table[:, :2], *(table[:, i] > 0 for i in (2, 3, 4)))


def _best(scores: Floats, owners: Matrix) -> Floats:
    """The best row of each item: f32 (q, r), owners ascending (r,) → (q, items)."""
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    return np.asarray(np.maximum.reduceat(scores, starts, axis=1), np.float32)


def _choose(rows: Matrix, sources: Sequence[str], rng: np.random.Generator) -> Matrix:
    """Some of the queries, of every source as many."""
    groups: dict[str, list[int]] = {}
    for row in rows:
        groups.setdefault(sources[row], []).append(int(row))
    names = sorted(groups)
    chosen = [groups[names[rng.integers(len(names))]] for _ in range(QUERIES if names else 0)]
    return np.array([group[rng.integers(len(group))] for group in chosen], int)


def _told(pair: Pair, hits: Hits, scale: Scale) -> str:
    """What strengths say, and how often they are right."""
    query, target, own = pair
    strength = _strengths(hits, scale)
    best, there = strength[hits.first], hits.there[hits.first]
    cells = [
        f"{query}→{target}{' own' if own else ''}: {scale.offset:.2f} "
        f"{scale.best:.2f} {scale.lead:.2f}",
        f"presence AUROC {metrics.auroc(best[there], best[~there]):.2f}",
    ]
    for bound in (0.75, 0.5):
        over = strength >= bound
        share = f"{hits.right[over].mean():.2f}" if over.any() else "none"
        cells.append(f"≥{bound}: right {share}, absent {np.mean(best[~there] >= bound):.3f}")
    said: Mapping[str, float] = {
        "there": float(np.mean(best[there] >= PRESENT)),
        "absent": float(np.mean(best[~there] >= PRESENT)),
    }
    cells.append("said to be there: " + ", ".join(f"{k} {v:.2f}" for k, v in said.items()))
    return " | ".join(cells)


def _strengths(hits: Hits, scale: Scale) -> Floats:
    odds = scale.offset + hits.standard @ np.array([scale.best, scale.lead])
    return np.asarray(1 / (1 + np.exp(-odds)), np.float32)


def _bounds(known: Mapping[Pair, Scale], judged: Sequence[tuple[Pair, Hits]]) -> str:
    """How often bounds of presence are right about queries, every pair counting alike."""
    cells = []
    for bound in np.arange(0.05, 0.35, 0.025):
        right = []
        for pair, hits in judged:
            best = _strengths(hits, known[pair])[hits.first]
            said = (best >= bound) == hits.there[hits.first]
            there = hits.there[hits.first]
            right.append((said[there].mean() + said[~there].mean()) / 2)
        cells.append(f"{bound:.3f} {np.mean(right):.3f}")
    return "presence, right by bound: " + ", ".join(cells)
