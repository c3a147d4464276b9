"""The benchmark of explanations: planted answers through real files, and real media."""

import numpy as np
import pytest

from tests.bench.coloured import coloured, guess, sides, true
from tests.fakes import fake_space
from xmr_core.bench import BENCHES
from xmr_core.bench.explain import bench_explain, faithful, wilson
from xmr_core.bench.games import GAMES, Game, by_itself, by_words, play, some
from xmr_core.bench.mosaics import JOINERS
from xmr_core.bench.nouns import NOUNS, noun_of
from xmr_core.bench.report import Report
from xmr_core.bench.stock import Thing, stock
from xmr_core.errors import ExplanationError
from xmr_core.explain.canvas import canvas_of
from xmr_core.media import Modality, modality_of
from xmr_core.readers import read

KINDS = {
    Modality.TEXT: "photographs",
    Modality.IMAGE: "photographs",
    Modality.AUDIO: "sounds",
    Modality.VIDEO: "clips",
    Modality.MESH: "models",
}


@pytest.fixture(scope="module")
def things(tmp_path_factory):
    return coloured(tmp_path_factory.mktemp("coloured"))


@pytest.fixture
def by_colour(monkeypatch):
    """Sides that tell things by their colours, in place of the real ones."""
    monkeypatch.setattr("xmr_core.explain.sides.SIDES", sides())


def unknown(query, hit, space):
    raise ExplanationError("This is for other encoders.")


@pytest.mark.parametrize("modality", Modality)
def test_perfect_map_finds_every_part_of_every_medium(modality, things, by_colour):
    game = Game("x", KINDS[modality], modality, by_words)
    rounds = 8 if modality in (Modality.VIDEO, Modality.MESH) else 16
    assert play(game, things, fake_space(), {"true": true}, rounds)["true"] == [True] * rounds


def test_perfect_map_finds_what_another_medium_asks_for(things, by_colour):
    for name in ("image by image", "sound by image", "image by sound", "text by image"):
        (game,) = (g for g in GAMES if g.name == name)
        assert play(game, things, fake_space(), {"true": true}, 6)["true"] == [True] * 6


@pytest.mark.parametrize("modality", [Modality.IMAGE, Modality.TEXT])
def test_guessing_finds_a_quarter(modality, things, by_colour):
    game = Game("x", KINDS[modality], modality, by_words)
    rng = np.random.default_rng(0)

    def other_guess(query, hit, space):
        return guess(query, hit, space, rng)

    found = play(game, things, fake_space(), {"guess": other_guess}, 120)["guess"]
    assert 0.13 < np.mean(found) < 0.37  # three deviations


def test_inverted_map_finds_nothing(things, by_colour):
    from dataclasses import replace

    def inverted(query, hit, space):
        made = true(query, hit, space)
        return replace(made, hit_heat=-made.hit_heat)

    game = Game("x", "photographs", Modality.IMAGE, by_words)
    assert not any(play(game, things, fake_space(), {"no": inverted}, 12)["no"])


def test_method_that_fails_at_some_mosaics_has_missed_those(things, by_colour):
    calls = iter(range(100))

    def moody(query, hit, space):
        return true(query, hit, space) if next(calls) % 2 else unknown(query, hit, space)

    game = Game("x", "photographs", Modality.IMAGE, by_words)
    found = play(game, things, fake_space(), {"moody": moody, "unknown": unknown}, 6)
    assert found == {"moody": [False, True] * 3}
    found = play(game, things, fake_space(), {"moody": moody}, 2, lambda query, hit: "moody")
    assert found["default"] == [False, True]


def test_game_is_the_same_each_time_and_another_with_another_seed(things, by_colour):
    shown = []

    def spy(query, hit, space):
        shown.append(hit.features.sum(axis=0).tobytes() + query.pooled.tobytes())
        return true(query, hit, space)

    game = Game("x", "photographs", Modality.IMAGE, by_itself)
    for seed in (0, 0, 1):
        play(game, things, fake_space(), {"spy": spy}, 5, seed=seed)
    order = [shown[i : i + 5] for i in (0, 5, 10)]
    assert order[0] == order[1] != order[2]


@pytest.mark.parametrize("modality", Modality)
def test_mosaics_are_files_like_any_other_and_know_where_their_parts_begin(
    modality, things, tmp_path
):
    shown = things.things[KINDS[modality]]
    tiles = [t.words[0] if modality is Modality.TEXT else t.path for t in shown]
    mosaic = JOINERS[modality](tiles, tmp_path / "mosaic")
    assert list(tmp_path.iterdir()) == [mosaic.path]
    whole = read(mosaic.path)
    assert modality_of(whole) is modality
    if modality is Modality.IMAGE:
        assert whole.pixels.shape == (448, 448, 3)
        places = [(0.1, 0.1), (0.1, 0.9), (0.9, 0.1), (0.9, 0.9)]
        for part, (y, x) in enumerate(places):
            colour = tuple(whole.pixels[int(448 * y), int(448 * x)])
            assert colour == tuple(read(shown[part].path).pixels[0, 0])
            assert mosaic.part(np.array([y, x])) == part
        return
    assert len(mosaic.bounds) == 3
    edges = [0.0, *mosaic.bounds, 1.0]
    assert edges == sorted(edges)
    for part in range(4):
        inside = np.array([(edges[part] + edges[part + 1]) / 2, 0.5, 0.5])
        assert mosaic.part(inside) == part
    if modality is Modality.AUDIO:
        lengths = [len(read(t.path).samples) for t in shown]
        assert len(whole.samples) == sum(lengths)
        assert mosaic.bounds[0] == pytest.approx(lengths[0] / sum(lengths))
    if modality is Modality.TEXT:
        assert whole.text == "Red. Green. Blue. Nothing."


def test_what_is_shown_together_is_of_different_kinds_and_all_kinds_come(things):
    from pathlib import Path

    many = [Thing(Path(str(i)), (str(i),), "ab"[i > 90] if i < 95 else str(i)) for i in range(100)]
    rng = np.random.default_rng(0)
    seen = []
    for _ in range(50):
        groups = [thing.group for thing in some(many, 4, rng)]
        assert len(set(groups)) == 4
        seen += groups
    assert set(seen) == {"a", "b", "95", "96", "97", "98", "99"}


def test_intervals_of_shares_are_known_ones():
    assert wilson(0, 10) == pytest.approx((0, 27.75), abs=0.01)
    assert wilson(10, 10) == pytest.approx((72.25, 100), abs=0.01)
    assert wilson(50, 200) == pytest.approx((19.5, 31.4), abs=0.1)
    assert wilson(0, 0) == (0, 100)


def test_true_map_is_more_faithful_than_its_opposite(by_colour, tmp_path, monkeypatch):
    from dataclasses import replace

    import PIL.Image

    from xmr_core.bench.stock import Stock

    pixels = np.zeros((96, 96, 3), np.uint8)
    pixels[..., 2] = 120
    pixels[8:40, 8:40] = (255, 0, 0)
    PIL.Image.fromarray(pixels).save(tmp_path / "corner.png")
    corner = Stock({"photographs": [Thing(tmp_path / "corner.png", ("red",), "red")]})

    def false(query, hit, space):
        made = true(query, hit, space)
        return replace(made, hit_heat=-made.hit_heat)

    # a blur keeps the mean colour, which is all that the fake encoder sees
    monkeypatch.setattr("xmr_core.bench.explain.canvas_of", lambda m: canvas_of(m, "grey"))
    game = Game("x", "photographs", Modality.IMAGE, by_words)
    pairs = faithful(game, corner, fake_space(), {"true": true, "false": false}, 3)
    assert len(pairs) == 3
    for pair in pairs:
        assert pair["true"] < min(pair["centre"], pair["random"])
        assert pair["true"] < pair["false"]


def test_every_method_and_game_stands_in_the_tables_and_bars_are_for_the_default(things, by_colour):
    games = [
        Game("image by caption", "photographs", Modality.IMAGE, by_words, 80.0, whole=1),
        Game("text by name", "sounds", Modality.TEXT, by_words),
    ]
    methods = {"unknown": unknown, "guess": guess, "true": true}
    figures = list(bench_explain(8, fake_space(), games, things, methods, lambda q, h: "true"))
    named = {figure.name: figure for figure in figures}
    assert len(named) == len(figures)
    first = named["image by caption: peak in the right part"]
    assert (first.value, first.bar, first.missed) == (100, 80, False)
    assert first.interval == wilson(8, 8)
    assert named["text by name: peak in the right part"].bar is None
    bars = [figure.name for figure in figures if figure.bar is not None]
    assert bars == [
        "image by caption: peak in the right part",
        "image by caption: deletion falls faster than for the smooth random map",
        "image by caption: deletion falls faster than for the centred Gaussian",
    ]
    told = Report(figures).table()
    assert "| peak in the right part | image by caption | text by name |" in told
    assert "| true | 100 % (67.6 to 100) | 100 % (34.2 to 100) |" in told
    assert "| unknown" not in told
    assert "| deletion falls faster than for the centred Gaussian | image by caption |" in told


def test_bar_of_a_game_that_cannot_be_played_is_missed(things, by_colour):
    games = [Game("image by caption", "photographs", Modality.IMAGE, by_words, 80.0)]

    def best(query, hit):
        return "true"

    (figure,) = bench_explain(2, fake_space(), games, things, {"unknown": unknown}, best)
    assert figure.missed
    (figure,) = bench_explain(2, fake_space(image=None), games, things, {"true": true}, best)
    assert figure.missed


def test_games_cover_all_media_and_have_the_bars_that_were_set():
    assert {game.modality for game in GAMES} == set(Modality)
    assert {game.name: game.bar for game in GAMES if game.bar is not None} == {
        "image by caption": 80,
        "image by class name": 85,
        "image by image": 95,
        "sound by label": 85,
        "text by image": 75,
    }
    assert {game.modality for game in GAMES if game.whole} == set(Modality)
    assert BENCHES["explain"] is bench_explain


def test_stock_of_the_data_folder(xmr_data):
    here = stock(xmr_data)
    assert not here.demo
    assert len(here.things["photographs"]) == 1000
    assert all(len(t.words) == 5 for t in here.things["photographs"])
    assert {t.group for t in here.things["sounds"]} >= {"cat", "dog", "lion"}
    assert len({t.group for t in here.things["pictures"]}) > 100
    assert {t.group for t in here.things["classes"]} >= {"bird", "fruit", "flower", "hat"}
    kin = {t.words[0] for t in here.things["classes"] if t.group == "fruit"}
    assert kin == {"fruit", "mushroom", "nut", "vegetable"}  # not told apart by these names
    nouns = {t.group for t in here.things["nouns"]}
    assert {"dog", "boat", "guitar"} <= nouns <= set(NOUNS)
    assert len(here.things["clips"]) == 12
    assert all(t.path.is_file() for kind in here.things.values() for t in kind)
    for game in GAMES:
        assert len({t.group for t in game.choices(here)}) >= 4


def test_captions_that_speak_of_two_things_or_disagree_name_none():
    assert noun_of(["A man rides a bike.", "A cyclist.", "A man outdoors."]) == "bicycle"
    assert noun_of(["A dog on a beach.", "A dog.", "A dog."]) is None
    assert noun_of(["A dog in a tent.", "A dog.", "A dog."]) is None
    assert noun_of(["A dog.", "An animal.", "Something runs."]) is None
    assert noun_of(["A carpet.", "A carpet."]) is None  # whole words alone
    assert noun_of([]) is None


@pytest.mark.slow
def test_without_data_the_demos_media_are_played_with_and_it_is_said(home, tmp_path):
    here = stock(tmp_path)
    assert here.demo == {
        "photographs",
        "pictures",
        "classes",
        "nouns",
        "sounds",
        "models",
        "clips",
    }
    assert here.beside("clips") == " (the demo's)"
    assert all(t.path.is_file() for kind in here.things.values() for t in kind)
    for game in GAMES:
        assert len({t.group for t in game.choices(here)}) >= 4
