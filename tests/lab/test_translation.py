"""One contract for every translator, each against its formula, and the measures of captions."""

import sys
from functools import cache
from itertools import combinations

import numpy as np
import pytest

from tests.lab.planted import CLASSES, IMAGE, Planted, planted
from xmr_core.errors import LabError
from xmr_core.lab.translation import TRANSLATORS, Translation, Words, bleu, cider_d
from xmr_core.lab.translation.conse import ConSE
from xmr_core.lab.translation.consensus import Consensus
from xmr_core.lab.translation.grams import Bags, spread
from xmr_core.lab.translation.linear_map import LinearMap

NAMES = ("cat", "dog", "boat", "tree", "bread", "piano")  # the last two are said of nothing
SAYERS = [name for name in TRANSLATORS if TRANSLATORS[name]().says_words]
WORDS = Words(NAMES, np.random.default_rng(2).normal(size=(6, 12)).astype(np.float32))


def said(things: Planted) -> list[list[str]]:
    """Two sentences of each thing that name its class, and the bare name."""
    rng = np.random.default_rng(4)
    places = ["in the sun", "on a hill", "at home", "by the road"]
    texts = []
    for label in things.labels:
        one, two = rng.choice(places, 2, replace=False)
        texts.append([f"a {NAMES[label]} {one}", f"the {NAMES[label]} {two}", NAMES[label]])
    return texts


@cache
def learned(name: str) -> Translation:
    train = planted()
    return TRANSLATORS[name]().fit(train.views[IMAGE], said(train), WORDS, seed=1)


@pytest.mark.parametrize("name", TRANSLATORS)
def test_what_may_be_said_comes_in_order_with_its_sources(name: str):
    sayings = learned(name).say(planted(30, draw=1).views[IMAGE], most=3)
    assert len(sayings) == 30
    for row in sayings:
        assert len(row) == len({saying.text for saying in row}) == 3
        scores = [saying.score for saying in row]
        assert scores == sorted(scores, reverse=True)
        for saying in row:
            shares = [source.share for source in saying.sources]
            assert shares == sorted(shares, reverse=True)
            assert sum(shares) <= 1 + 1e-5 and all(share > 0 for share in shares)
        assert row[0].sources


@pytest.mark.parametrize("name", TRANSLATORS)
def test_things_never_seen_are_called_by_their_class(name: str):
    fresh = planted(120, draw=1)
    right = [
        NAMES[label] in row[0].text
        for label, row in zip(fresh.labels, learned(name).say(fresh.views[IMAGE]), strict=True)
    ]
    assert np.mean(right) > 0.8


@pytest.mark.parametrize("name", TRANSLATORS)
def test_sources_are_things_of_which_the_same_is_said(name: str):
    train, fresh = planted(), planted(60, draw=1)
    texts = said(train)
    hits = []
    for row in learned(name).say(fresh.views[IMAGE]):
        (word,) = [n for n in NAMES if n in row[0].text.split()]
        source = row[0].sources[0]
        hits.append(word in source.text)
        if source.row is not None:
            assert source.text in (*texts[source.row], ", ".join(texts[source.row]))
    assert np.mean(hits) > 0.8


@pytest.mark.parametrize("name", TRANSLATORS)
def test_texts_of_other_things_teach_nothing(name: str):
    train, fresh = planted(), planted(120, draw=1)
    texts = said(train)
    mixed = [texts[i] for i in np.random.default_rng(3).permutation(len(texts))]
    made = TRANSLATORS[name]().fit(train.views[IMAGE], mixed, WORDS, seed=1)
    right = [
        NAMES[label] in row[0].text
        for label, row in zip(fresh.labels, made.say(fresh.views[IMAGE]), strict=True)
    ]
    assert np.mean(right) < 2 / CLASSES


@pytest.mark.parametrize("name", TRANSLATORS)
def test_the_same_seed_says_the_same(name: str):
    train, fresh = planted(), planted(20, draw=1)
    again = TRANSLATORS[name]().fit(train.views[IMAGE], said(train), WORDS, seed=1)
    for one, other in zip(
        again.say(fresh.views[IMAGE]), learned(name).say(fresh.views[IMAGE]), strict=True
    ):
        assert [s.text for s in one] == [s.text for s in other]
        np.testing.assert_allclose([s.score for s in one], [s.score for s in other], atol=1e-5)


@pytest.mark.parametrize("name", TRANSLATORS)
@pytest.mark.parametrize(
    ("features", "texts", "says"),
    [
        (np.zeros((20, 3, 2)), [["a"]] * 20, "not \\(things, features\\)"),
        (np.full((20, 3), np.inf), [["a"]] * 20, "not finite"),
        (np.zeros((20, 3)), [["a"]] * 19, "texts of 19 things"),
        (np.zeros((4, 3)), [["a"]] * 4, "4 things"),
        (np.zeros((20, 3)), [["a"]] * 19 + [[" "]], "Nothing is said of thing 19"),
        (np.zeros((20, 3)), ["a"] * 20, "list of texts"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(name: str, features, texts, says: str):
    with pytest.raises(LabError) as refused:
        TRANSLATORS[name]().fit(features, texts, WORDS)
    assert refused.match(says) or says in refused.value.hint


@pytest.mark.parametrize("name", TRANSLATORS)
def test_features_of_another_width_are_refused(name: str):
    with pytest.raises(LabError, match="not \\(things, 24\\)"):
        learned(name).say(np.zeros((2, 7), np.float32))
    with pytest.raises(LabError, match="not finite"):
        learned(name).say(np.full((2, 24), np.nan, np.float32))


@pytest.mark.parametrize("name", SAYERS)
def test_words_are_needed_and_some_must_be_said(name: str):
    train = planted()
    with pytest.raises(LabError, match="chooses among words"):
        TRANSLATORS[name]().fit(train.views[IMAGE], said(train))
    with pytest.raises(LabError, match="two words or more"):
        TRANSLATORS[name]().fit(
            train.views[IMAGE], said(train), Words(NAMES[3:], WORDS.vectors[3:])
        )


@pytest.mark.parametrize("name", SAYERS)
def test_a_class_never_named_is_found_by_the_vector_of_its_name(name: str):
    """Words' vectors lie as the classes do, so that a new class's word is near what is mapped."""
    fixed = np.random.default_rng(6)
    hidden = fixed.normal(size=(12, 4))  # of 12 classes, of which two are never named
    to_view, to_word = fixed.normal(size=(4, 20)), fixed.normal(size=(4, 15))
    names = tuple("abcdefghijkl")
    words = Words(names, (hidden @ to_word).astype(np.float32))
    labels = np.tile(np.arange(12), 30)
    view = hidden[labels] @ to_view + fixed.normal(size=(360, 20))
    view = view.astype(np.float32)
    known = labels < 10
    made = TRANSLATORS[name]().fit(
        view[known], [[names[label]] for label in labels[known]], words, seed=1
    )
    sayings = made.say(view[~known], most=3)
    among = [
        names[k] in [s.text for s in row] for k, row in zip(labels[~known], sayings, strict=True)
    ]
    assert np.mean(among) > 0.5  # by chance a quarter


@pytest.mark.parametrize(
    ("texts", "vectors", "says"),
    [
        (("a", "b"), np.zeros((3, 2)), "vectors of 2 words"),
        ((), np.zeros((0, 2)), "vectors of 0 words"),
        (("a", "b"), np.full((2, 2), np.nan), "not finite"),
        (("a", "a"), np.zeros((2, 2)), "twice"),
    ],
)
def test_spoilt_words_are_refused(texts, vectors, says: str):
    with pytest.raises(LabError, match=says):
        Words(texts, vectors)


def test_translators_name_their_papers_and_objectives():
    for name in TRANSLATORS:
        made = TRANSLATORS[name]()
        assert made.about.title and any(c.isdigit() for c in made.about.paper)
        assert ".. math::" in (sys.modules[type(made).__module__].__doc__ or "")


# Each against its formula


def test_the_consensus_is_the_caption_with_the_likest_others():
    train = planted(40)
    texts = said(train)
    made = Consensus(near=5, agreeing=4).fit(train.views[IMAGE], texts)
    asked = planted(6, draw=1).views[IMAGE]
    view = train.views[IMAGE] - train.views[IMAGE].mean(axis=0)
    view /= np.linalg.norm(view, axis=1, keepdims=True)
    for row, sayings in zip(asked - train.views[IMAGE].mean(axis=0), made.say(asked), strict=True):
        near = np.argsort(-(view @ row))[:5]
        candidates = [text for i in near for text in texts[i]]
        bags = Bags.of(candidates, spread(texts), 40)
        likeness = bags.likeness(np.arange(15))
        best = max(np.mean(sorted(np.delete(likeness[c], c), reverse=True)[:4]) for c in range(15))
        assert sayings[0].score == pytest.approx(best, abs=1e-5)
        assert all(source.row in near for source in sayings[0].sources)


def test_the_overlap_of_words_can_stand_for_cider():
    train, fresh = planted(), planted(60, draw=1)
    made = Consensus(likeness="overlap").fit(train.views[IMAGE], said(train))
    right = [
        NAMES[label] in row[0].text
        for label, row in zip(fresh.labels, made.say(fresh.views[IMAGE]), strict=True)
    ]
    assert np.mean(right) > 0.8


def test_what_things_add_to_the_linear_map_is_what_it_says():
    """The sum over all that it was learned from is ridge regression's answer."""
    from sklearn.linear_model import Ridge

    train, fresh = planted(), planted(8, draw=1)
    made = LinearMap(ridge=0.1).fit(train.views[IMAGE], said(train), WORDS)
    ridge = Ridge(alpha=0.1 * 240, fit_intercept=False).fit(made.rows, made.targets)
    asked = (fresh.views[IMAGE] - made.mean) * made.scale
    answer = ridge.predict(asked)
    answer /= np.linalg.norm(answer, axis=1, keepdims=True)
    np.testing.assert_allclose(made.scores(fresh.views[IMAGE]), answer @ made.vectors.T, atol=1e-4)
    pull = made.rows @ made.gain @ asked[0]
    summed = pull @ made.targets
    np.testing.assert_allclose(summed / np.linalg.norm(summed), answer[0], atol=1e-4)


def test_the_combination_of_known_words_is_convex_and_of_few():
    train, fresh = planted(), planted(8, draw=1)
    made = ConSE(top=2).fit(train.views[IMAGE], said(train), WORDS, seed=1)
    likely = made.likelihoods(fresh.views[IMAGE])
    np.testing.assert_allclose(likely.sum(axis=1), 1, atol=1e-5)
    assert ((likely > 0).sum(axis=1) <= 2).all() and (likely >= 0).all()
    assert [NAMES[k] for k in made.known] == list(NAMES[:CLASSES])
    alone = ConSE(top=1).fit(train.views[IMAGE], said(train), WORDS, seed=1)
    for row, (saying,) in zip(likely, alone.say(fresh.views[IMAGE], most=1), strict=True):
        assert saying.text == NAMES[made.known[row.argmax()]]


# The measures

GUIDE = [
    "It is a guide to action that ensures that the military will forever heed Party commands",
    "It is the guiding principle which guarantees the military forces always being under the "
    "command of the Party",
    "It is the practical guide for the army always to heed the directions of the party",
]


def test_bleu_is_what_the_textbook_example_gives():
    """Papineni et al.'s example, and its value in NLTK's documentation."""
    caption = (
        "It is a guide to action which ensures that the military always obeys the commands of "
        "the party"
    )
    assert bleu([caption], [GUIDE]) == pytest.approx(0.5045666840058485)
    other = "he read the book because he was interested in world history"
    reference = "he was interested in world history because he read the book"
    both = bleu([caption, other], [GUIDE, [reference]])
    assert both == pytest.approx(0.5920778868801042)


def test_bleu_counts_short_captions_less():
    reference = "a black dog runs over the green grass"
    assert bleu([reference], [[reference]]) == pytest.approx(1)
    short = bleu(["a black dog runs over"], [[reference]])
    assert short == pytest.approx(np.exp(1 - 8 / 5))
    assert bleu(["nothing of this"], [[reference]]) == 0
    # A word said more often than in any reference counts as often as there
    assert bleu(["the the the"], [["the cat", "the dog and the cat"]], 1) == pytest.approx(2 / 3)
    # Of references at the same distance the shorter one counts
    assert bleu(["a b c d e"], [["a b c d e f", "a b c d"]]) == pytest.approx(1)


def _cider_by_hand(caption: str, texts: list[str], all_texts: list[list[str]]) -> float:
    def vector(text: str, grams: list[str], n: int) -> np.ndarray:
        own = text.split()
        runs = [" ".join(own[i : i + n]) for i in range(len(own) - n + 1)]
        made = []
        for gram in grams:
            things = sum(any(f" {gram} " in f" {t} " for t in row) for row in all_texts)
            made.append(runs.count(gram) * np.log(len(all_texts) / max(things, 1)))
        return np.array(made)

    total = 0.0
    for n in (1, 2, 3, 4):
        every = [caption, *texts]
        grams = sorted(
            {" ".join(t.split()[i : i + n]) for t in every for i in range(len(t.split()) - n + 1)}
        )
        c = vector(caption, grams, n)
        for text in texts:
            s = vector(text, grams, n)
            lengths = np.linalg.norm(c) * np.linalg.norm(s)
            gap = len(caption.split()) - len(text.split())
            if lengths > 0:
                total += np.exp(-(gap**2) / 72) * (np.minimum(c, s) @ s) / lengths
    return 10 * total / 4 / len(texts)


def test_cider_d_is_its_formula():
    rng = np.random.default_rng(0)
    words = ["dog", "cat", "red", "runs", "grass", "the", "a", "ball"]

    def sentence() -> str:
        return " ".join(rng.choice(words, rng.integers(2, 9)))

    references = [[sentence() for _ in range(3)] for _ in range(12)]
    captions = [sentence() for _ in range(12)]
    captions[0] = references[0][0]
    expected = [
        _cider_by_hand(c, texts, references) for c, texts in zip(captions, references, strict=True)
    ]
    np.testing.assert_allclose(cider_d(captions, references), expected, atol=1e-4)


def test_the_same_words_as_the_only_reference_score_ten():
    references = [["a black dog runs fast"], ["two boats lie on sand"]]
    assert cider_d([row[0] for row in references], references).tolist() == [10, 10]


@pytest.mark.parametrize("measure", [bleu, cider_d])
def test_captions_without_references_are_refused(measure):
    for captions, references in ([], []), (["a"], []), (["a"], [[]]):
        with pytest.raises(LabError):
            measure(captions, references)


def test_likeness_is_the_mean_of_cosines_by_length_of_run():
    texts = ["a red dog runs", "a red cat runs", "blue boats"]
    found = Bags.of(texts, longest=2).likeness(np.arange(3))
    np.testing.assert_allclose(np.diag(found), 1, atol=1e-5)
    assert found[0, 1] == pytest.approx((3 / 4 + 1 / 3) / 2)
    assert all(found[i, 2] == 0 for i, _ in combinations(range(2), 2))
