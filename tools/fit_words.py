"""How often tags and captions are right: ``assets/words/strengths.json``.

On one half of media whose content is known (those that match strengths are fitted on, see
``tools/heads/things.py``) logistic regression gives the numbers of each medium; on the other half
it is told how far they hold.

    python tools/fit_words.py
"""

import json
import sys

import numpy as np
from heads.data import data_dir
from heads.things import FLICKR, Matrix, Stock, stocks

from xmr_core.bench.tag_truth import Judge, bag
from xmr_core.media import Floats, Modality
from xmr_core.paths import assets_dir
from xmr_core.profiles import load_profile
from xmr_core.translation import Captioner, Tagger, sentences, text_vectors, vocabulary
from xmr_core.translation.captioning import Trust
from xmr_core.translation.tagging import SURE, Curve, logit

MEDIA = (Modality.IMAGE, Modality.AUDIO, Modality.MESH, Modality.VIDEO)
MOST = 6  # tags of an item
EACH = 100  # items of a source


def fitted(features: Floats, right: Matrix, weights: Floats) -> list[float]:
    """Offset and slopes of a logistic curve."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=10.0).fit(features, right, sample_weight=weights)
    slopes = model.coef_[0] * (model.coef_[0] > 0)  # strengths grow with what speaks for them
    if (slopes != model.coef_[0]).any():
        kept = slopes > 0
        if kept.any():
            again = LogisticRegression(C=10.0).fit(features[:, kept], right, sample_weight=weights)
            slopes[kept] = np.maximum(again.coef_[0], 0)
            return [float(again.intercept_[0]), *slopes.tolist()]
    return [float(model.intercept_[0]), *slopes.tolist()]


def halves(stock: Stock) -> tuple[Matrix, Matrix]:
    """Item numbers: one half to fit on and one to tell on, of every source as many."""
    rng = np.random.default_rng(0)
    one: list[int] = []
    other: list[int] = []
    for source in sorted(set(stock.sources)):
        items = rng.permutation([i for i, name in enumerate(stock.sources) if name == source])
        items = items[: 2 * EACH]
        one += items[::2].tolist()
        other += items[1::2].tolist()
    return np.array(one), np.array(other)


def main() -> None:
    """Fit, tell, write."""
    space = load_profile("embedded")
    tagger, judge = Tagger(space, vocabulary(), {}), Judge(vocabulary())
    lines = sentences()
    vectors = text_vectors(space, [line.text for line in lines])
    captioner = Captioner(lines, vectors, {})
    bags = [bag(name) for name in judge.words.names]
    table: dict[str, dict[str, list[float]]] = {"tags": {}, "captions": {}}
    for medium, stock in stocks(data_dir(), space).items():
        if medium not in MEDIA:
            continue
        wholes = stock.rows[stock.whole]
        for half, items in zip(("fit", "told"), halves(stock), strict=True):
            sources = np.array([stock.sources[i] for i in items])
            share = {name: 1 / np.sum(sources == name) for name in set(sources)}
            masses = tagger.masses(medium, wholes[items])
            rows, right, of, first = [], [], [], []
            said, named = [], []
            measured = captioner.measures(medium, wholes[items])
            for i, item in enumerate(items):
                truth = judge.right(stock.words[item], stock.sources[item] == FLICKR)
                for rank, place in enumerate(tagger.ranked(medium, masses[i], MOST)):
                    rows.append([logit(float(masses[i, place])), float(tagger.specific[place])])
                    right.append(bool(truth[place]))
                    of.append(i)
                    first.append(rank == 0)
                text, lead, agreement = measured[i]
                words = bag(text)
                named.append(any(bags[place] <= words for place in np.flatnonzero(truth)))
                said.append([lead, agreement])
            x, y, owner = np.array(rows, np.float32), np.array(right), np.array(of)
            if half == "fit":
                weights = np.array([share[sources[i]] for i in owner], np.float32)
                table["tags"][medium] = fitted(x, y, weights / weights.mean())
                each = np.array([share[name] for name in sources], np.float32)
                table["captions"][medium] = fitted(
                    np.array(said, np.float32), np.array(named), each / each.mean()
                )
                continue
            curve, trust = Curve(*table["tags"][medium]), Trust(*table["captions"][medium])
            strength = np.array([curve.strength(1 / (1 + np.exp(-m)), s) for m, s in x])
            shown = strength >= SURE
            sure = np.array([trust.strength(*row) for row in said])
            for name in sorted(set(sources)):
                mine, items_ = sources[owner] == name, sources == name
                best, truth_ = np.array(first), np.array(named)[items_]
                cells = [
                    f"{medium} {name} n={items_.sum()}: first {y[mine & best].mean():.2f}",
                    f"of six {y[mine].mean():.2f}",
                    f"shown {shown[mine].sum() / items_.sum():.1f} an item, right "
                    f"{y[mine & shown].mean():.2f}",
                ]
                for bound in (0.5, 0.75):
                    over = mine & (strength >= bound)
                    cells.append(f"≥{bound}: {over.sum() / items_.sum():.1f}, {y[over].mean():.2f}")
                cells.append(f"captions right {truth_.mean():.2f}")
                for bound in (0.3, 0.5):
                    over = sure[items_] >= bound
                    cells.append(f"≥{bound}: {over.mean():.2f} said, {truth_[over].mean():.2f}")
                print(" | ".join(cells), file=sys.stderr, flush=True)
    rounded = {kind: {m: [round(v, 3) for v in row] for m, row in rows_.items()}
               for kind, rows_ in table.items()}  # fmt: skip
    file = assets_dir() / "words" / "strengths.json"
    file.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
