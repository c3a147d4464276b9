"""Scores taken apart: on the colours, whose numbers can be told, and on the embedded heads."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.test_search import BLUE, GREEN, RED, colours, put
from xmr_core.errors import ExplanationError
from xmr_core.explain.branches import Branch, branches_of
from xmr_core.heads import Head
from xmr_core.heads.layers import Gelu, Linear, Unit
from xmr_core.heads.stacks import Blend, Branches
from xmr_core.hubness import ALPHA, NEAREST
from xmr_core.library import Library, make_query
from xmr_core.media import Modality, Part
from xmr_core.query import Query
from xmr_core.space import JointSpace


def make(tmp_path, space, many=0):
    """Items of every colour, and so many more sounds that they serve as their own bank."""
    library = Library.create("colours", home=tmp_path / "indexes", space=space)
    folder = tmp_path / "media"
    folder.mkdir()
    root = library.add_root(folder)
    put(library, root, "red.png", "image", RED)
    put(library, root, "purple.png", "image", RED + BLUE)
    put(library, root, "red.glb", "mesh", RED + GREEN, RED, parts=[Part(1, "view 1", (0,), (1,))])
    pages = [Part(1, "page 1", (0,), (5,), "all red"), Part(2, "page 2", (5,), (9,), "all green")]
    put(library, root, "novel.txt", "text", RED + 2 * GREEN, RED, GREEN, parts=pages)
    rng = np.random.default_rng(0)
    for i in range(many):
        put(library, root, f"{i}.wav", "audio", RED + rng.random(4).astype(np.float32))
    library.catalogue.activate(library.space.fingerprint)
    return library


@pytest.fixture
def library(tmp_path, monkeypatch):
    monkeypatch.setenv("XMR_CACHE", str(tmp_path / "cache"))
    with make(tmp_path, colours()) as made:
        yield made


def apart(library, *what, hit=0, **options):
    """The hit of a query, which looks into no names, and its score in parts."""
    query = replace(make_query(what, **options), names=False)
    found = library.answer(query).hits[hit]
    return found, library.breakdown(query, found)


def agree(hit, parts):
    """A breakdown says what the hit says, and adds up."""
    assert np.isclose(parts.score, hit.score, atol=1e-6)
    assert np.isclose(parts.odds, hit.odds, atol=1e-4)
    assert np.isclose(parts.strength, hit.strength, atol=1e-5)
    added = sum(term.share for term in (*parts.terms, *parts.marks))
    assert np.isclose(added, parts.cosine, atol=1e-12)
    assert np.isclose(sum(parts.by_branch), parts.cosine, atol=1e-12)
    assert np.isclose(
        parts.cosine - sum(c.bias for c in parts.corrections) + parts.learned,
        parts.score,
        atol=1e-12,
    )
    (best, lead), scale = parts.standard, parts.scale
    assert np.isclose((parts.score - parts.chance.best.median) / parts.chance.best.spread, best)
    above = parts.score - parts.typical - parts.chance.lead.median
    assert np.isclose(above / parts.chance.lead.spread, lead)
    read = scale.offset + scale.best * best + scale.lead * lead
    assert np.isclose(read + sum(parts.evidence.values()), parts.odds)
    assert np.isclose(1 / (1 + np.exp(-parts.odds)), parts.strength)


@pytest.mark.parametrize("words", [("red",), ("red", "blue")])
def test_likes_and_dislikes_are_told_beside_the_terms(library, words):
    liked, disliked, other = (library.items()[at].id for at in range(3))
    marks = library.marks([liked, other], [disliked])
    query = replace(make_query(words), marks=marks)
    for hit in library.answer(query).hits:
        parts = library.breakdown(query, hit)
        agree(hit, parts)
        assert [one.weight for one in parts.marks] == [0.25, 0.25, -0.25]
        assert len(parts.terms) == len(words)


def test_what_marks_taught_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("XMR_CACHE", str(tmp_path / "cache"))
    with make(tmp_path, colours(), many=20) as library:
        sounds = [item.id for item in library.items() if item.modality is Modality.AUDIO]
        marks = library.marks(sounds[:6], sounds[6:12])
        query = replace(make_query(["red"], k=40), marks=marks)
        learned = []
        for hit in library.answer(query).hits:
            parts = library.breakdown(query, hit)
            agree(hit, parts)
            learned.append(parts.learned)
        assert min(learned) < 0 < max(learned)


def test_a_concept_alone_is_the_query_with_marks_that_it_is(library):
    liked, disliked = (item.id for item in library.items()[:2])
    library.save_concept("Sea", {"red": 1.0}, [liked], [disliked])
    query = Query((library.concept_term("Sea"),))
    for hit in library.answer(query).hits:
        parts = library.breakdown(query, hit)
        agree(hit, parts)
        assert [term.label for term in parts.terms] == ["red"] and len(parts.marks) == 2


@pytest.mark.parametrize("corrected", [True, False])
@pytest.mark.parametrize("minus", [(), ("green",)])
def test_numbers_are_those_of_every_hit_and_add_up(library, minus, corrected):
    query = make_query(["red", "blue"], minus=minus, corrected=corrected)
    hits = library.answer(query).hits
    assert len(hits) == 4
    for hit in hits:
        agree(hit, library.breakdown(query, hit))


def test_terms_of_a_composed_query_have_their_shares(library):
    """2 · red + blue against purple: the first adds twice what the second does."""
    red, blue, green = make_query(["red", "blue", "green"]).terms
    hit, parts = apart(
        library,
        replace(red, weight=2.0),
        blue,
        replace(green, weight=-1.0),
        to=["image"],
        corrected=False,
    )
    assert hit.item.path == "purple.png"
    first, second, third = parts.terms
    assert (first.label, first.modality, first.weight) == ("red", Modality.TEXT, 2.0)
    taken = 0.15 * np.sqrt(5)  # of green the sum has nothing: it is pushed back a little
    length = np.sqrt(4 + 1 + taken**2)
    assert np.isclose(first.cosine, np.sqrt(0.5), atol=1e-3)  # kept in half precision
    assert np.isclose(first.share, 2 * np.sqrt(0.5) / length, atol=1e-3)
    assert np.isclose(second.share, np.sqrt(0.5) / length, atol=1e-3)
    assert np.isclose(third.share, 0, atol=1e-6)
    assert np.isclose(parts.cosine, hit.cosine, atol=1e-6)


def test_term_without_weight_is_no_part(library):
    _, parts = apart(library, "red", replace(make_query(["blue"]).terms[0], weight=0.0))
    assert [term.label for term in parts.terms] == ["red"]


def test_subtracted_term_takes_away(library):
    _, parts = apart(library, "red", minus=["blue"], to=["image"], hit=1)
    assert parts.terms[1].share < -0.05


def test_hub_bias_names_the_sentences_it_comes_from(library):
    """Red is nearest to the sentence with all three colours; half of its four count."""
    hit, parts = apart(library, "red", to=["image"])
    assert hit.item.path == "red.png"
    (correction,) = parts.corrections
    assert (correction.modality, correction.share, correction.nearest) == (Modality.TEXT, 1.0, 2)
    assert correction.neighbours[0].label == "red green blue"
    assert correction.neighbours[0].item is None
    near = correction.neighbours
    assert np.isclose(near[0].cosine, np.sqrt(1 / 3), atol=1e-3)
    assert np.isclose(correction.mean, np.mean([n.cosine for n in near]), atol=1e-6)
    assert np.isclose(correction.bias, 0.5 * correction.mean)
    assert parts.cosine > parts.score


def test_query_that_asks_for_none_has_no_correction(library):
    hit, parts = apart(library, "red", corrected=False)
    assert parts.corrections == ()
    assert parts.bias == 0
    assert parts.score == parts.cosine
    agree(hit, parts)


def test_librarys_own_items_are_named_where_they_are_the_bank(tmp_path, monkeypatch):
    monkeypatch.setenv("XMR_CACHE", str(tmp_path / "cache"))
    with make(tmp_path, colours(), many=70) as library:
        sound = library.items(limit=100)
        item = next(i for i in sound if i.modality is Modality.AUDIO)
        term = library.term(item.id)
        query = make_query([term, "red"], to=["image"])
        hit = library.answer(query).hits[0]
        parts = library.breakdown(query, hit)
        agree(hit, parts)
        own, words = parts.corrections
        assert (own.modality, own.share, own.nearest) == (Modality.AUDIO, ALPHA, NEAREST)
        assert words.modality is Modality.TEXT
        assert len(own.neighbours) == 5
        for neighbour in own.neighbours:
            assert library.item(neighbour.item).title == neighbour.label
        cosines = [n.cosine for n in own.neighbours]
        assert cosines == sorted(cosines, reverse=True)


def test_row_that_won_is_told(library):
    """The novel's second page is green; a mesh is found by its whole."""
    query = make_query(["green"])
    rows = {h.item.path: library.breakdown(query, h).no for h in library.answer(query).hits}
    assert rows["novel.txt"] == 2
    assert rows["red.glb"] == 0


def test_row_that_won_by_the_correction_is_told(library):
    """Page 1 is nearer to red, and page 2 less of a hub."""
    pages = [Part(1, "page 1", (0,), (5,), ""), Part(2, "page 2", (5,), (9,), "")]
    rows = (GREEN, RED, RED - 0.3 * (GREEN + BLUE))
    put(library, library.roots()[0], "pages.txt", "text", *rows, parts=pages)
    library.catalogue.activate(library.space.fingerprint)
    for corrected, expected in ((True, 2), (False, 1)):
        query = make_query(["red"], to=["text"], corrected=corrected)
        found = library.answer(query).hits  # another text holds the word itself
        hit = next(hit for hit in found if hit.item.path == "pages.txt")
        parts = library.breakdown(query, hit)
        agree(hit, parts)
        assert parts.no == hit.part.no == expected


def test_hit_of_another_library_and_item_that_has_gone_are_refused(library):
    query = make_query(["red"])
    hit = library.answer(query).hits[0]
    with pytest.raises(ExplanationError, match="from the library 'other', not from 'colours'"):
        library.breakdown(query, replace(hit, library="other"))
    gone = replace(hit, item=replace(hit.item, id=999_999))
    with pytest.raises(ExplanationError, match=r"no longer in the library 'colours'. Search again"):
        library.breakdown(query, gone)


def branched():
    """Three branches of 2, 3 and 1 numbers from four features."""
    rng = np.random.default_rng(0)

    def linear(a, b):
        return Linear(rng.normal(size=(a, b)).astype(np.float32), np.zeros(b, np.float32))

    network = (linear(4, 2), Gelu(), linear(2, 3), Unit())
    parts = ((linear(4, 2), Unit()), network, (linear(4, 1), Unit()))
    return Head(4, (Unit(), Branches("concat", parts, (0.5, 1.0, 0.8)), Unit()))


def test_branches_are_the_blocks_of_the_texts_head():
    space = colours()
    head = branched()
    made = JointSpace("made", 6, space.encoders, {(Modality.TEXT, "gallery"): head})
    assert branches_of(made) == [
        Branch("correlation", 0, 2),
        Branch("network", 2, 5),
        Branch("correlation (2)", 5, 6),
    ]
    assert branches_of(replace(made, heads={})) == [Branch("whole", 0, 6)]
    assert branches_of(space) == [Branch("whole", 0, 4)]
    identity = {(Modality.TEXT, "gallery"): Head.identity(6)}
    assert branches_of(replace(made, heads=identity)) == [Branch("whole", 0, 6)]


def test_branches_of_the_embedded_profile_fill_its_joint_space():
    path = Path(__file__).parents[2] / "assets" / "heads" / "text.safetensors"
    head = Head.load(path)
    space = JointSpace("embedded", head.dim, {}, {(Modality.TEXT, "gallery"): head})
    found = branches_of(space)
    assert [branch.name for branch in found] == [
        *("class names", "network", "network (2)", "correlation", "network (3)")
    ]
    assert [found[0].start, found[-1].stop] == [0, head.dim]
    assert [b.start for b in found[1:]] == [b.stop for b in found[:-1]]
    row = head(np.random.default_rng(0).normal(size=(1, head.dim_in)).astype(np.float32))[0]
    weights = np.array([np.linalg.norm(row[b.start : b.stop]) for b in found])
    blend = next(layer for layer in head.layers if isinstance(layer, Blend))
    between = np.stack([blend.low, blend.high])
    between /= np.linalg.norm(between, axis=1, keepdims=True)
    assert (weights >= between.min(0) - 0.02).all() and (weights <= between.max(0) + 0.02).all()


def test_branches_share_out_the_cosine_of_a_hit(tmp_path, monkeypatch):
    """Two branches of red and green, and of blue and none: purple is half in each."""
    monkeypatch.setenv("XMR_CACHE", str(tmp_path / "cache"))
    space = colours()
    halves = [np.eye(4, dtype=np.float32)[:, a:b] for a, b in ((0, 2), (2, 4))]
    parts = tuple((Linear(half, np.zeros(2, np.float32)),) for half in halves)
    head = Head(4, (Branches("concat", parts, (1.0, 1.0)),))
    heads = {(m, "gallery"): head for m in space.encoders if m is not Modality.VIDEO}
    with make(tmp_path, replace(space, heads=heads)) as library:
        hit, parts = apart(library, "red blue", to=["image"])
        assert hit.item.path == "purple.png"
        agree(hit, parts)
        assert parts.branches == ("correlation", "correlation (2)")
        assert np.allclose(parts.by_branch, [0.5, 0.5], atol=1e-3)
        assert np.allclose(parts.terms[0].by_branch, parts.by_branch)


def test_rows_of_the_bank_are_named_by_what_they_are():
    told = replace(colours(), bank_texts=("red", "blue"))
    assert [told.stand_in(i, Modality.IMAGE) for i in (0, 1)] == ["red", "blue"]
    middle = np.eye(told.dim, dtype=np.float32)[:1]
    more = replace(told, centres={Modality.TEXT: middle, Modality.IMAGE: middle})
    named = [more.stand_in(i) for i in (1, 2)]
    assert named == ["blue", "captions of one kind"]
    assert more.stand_in(0, Modality.VIDEO) == "pictures of one kind"


def test_words_that_an_item_holds_are_part_of_its_odds(library):
    hits = {hit.item.path: hit for hit in library.answer(make_query(["red"])).hits}
    said = library.breakdown(make_query(["red"]), hits["novel.txt"])
    shown = library.breakdown(make_query(["red"]), hits["red.png"])
    assert said.evidence.keys() == {"words"} and shown.evidence.keys() == {"name"}
    assert said.evidence["words"] > 0 and shown.evidence["name"] > 0
    agree(hits["novel.txt"], said)
    agree(hits["red.png"], shown)
