"""What the Why page asks of the server, in the space of three colours."""

import base64
import io
import re
import threading
import time
from dataclasses import replace

import numpy as np
import PIL.Image
import pytest

from tests.ui.test_jobs import until
from xmr_core.errors import ExplanationError
from xmr_core.explain import Explanation, Side
from xmr_core.explain.faithfulness import faithfulness
from xmr_core.media import Audio, Image, Mesh, Text, Video
from xmr_core.space import unit
from xmr_core.ui import why_export, why_media, why_parts, why_warp
from xmr_core.ui.why_changes import without

WORDS = {"kind": "text", "text": "a red thing", "weight": 1}
MEDIA = {
    "text": "red.txt",
    "image": "pictures/red.png",
    "audio": "sounds/red.wav",
    "video": "films/red.gif",
    "mesh": "solids/red.ply",
}


def asking(site, path, term=WORDS, **more):
    """The payload that explains an item by a query of one term."""
    return {"library": "colours", "id": site.ids[path], "query": {"terms": [term]}, **more}


def item(site, path, weight=1):
    return {"kind": "item", "library": "colours", "id": site.ids[path], "weight": weight}


def numbers(text, kind=np.float32):
    return np.frombuffer(base64.b64decode(text), kind)


@pytest.mark.parametrize("found", MEDIA)
@pytest.mark.parametrize("asked", [*MEDIA, "words"])
def test_every_pair_of_media_is_taken_apart(served, asked, found):
    term = WORDS if asked == "words" else item(served, MEDIA[asked])
    payload = asking(served, MEDIA[found], term)
    pair = served.call("why.pair", **payload)
    assert pair["hit"]["modality"] == found
    told = served.call("why.explain", **payload)
    for side in ("query", "hit"):
        count = told[side]["count"]
        assert len(numbers(told[f"{side}_heat"])) == count == len(told[side]["labels"])
        axes = told[side]["axes"]
        assert len(numbers(told[side]["boxes"])) == count * 2 * axes
        groups = numbers(told[side]["groups"], np.int32)
        edge = "rows" if side == "query" else "columns"
        assert groups.max() + 1 == told["alignment"][edge]
    levels = numbers(told["alignment"]["levels"], np.uint8)
    assert len(levels) == told["alignment"]["rows"] * told["alignment"]["columns"]
    assert told["score"] == pytest.approx(1, abs=0.5)  # red is near to red, whatever the medium


def test_the_parts_travel_once(served):
    payload = asking(served, "pictures/red.png")
    whole = served.call("why.explain", **payload)
    bare = served.call("why.explain", **payload, method="without", bare=True)
    assert "query" not in bare and "hit" not in bare
    assert bare["method"] == "without"
    assert len(numbers(bare["hit_heat"])) == whole["hit"]["count"]


def test_methods_that_need_attention_are_not_offered_without_it(served):
    told = served.call("why.explain", **asking(served, "pictures/red.png"))
    names = {one["name"] for one in told["methods"]}
    assert {"similarity", "gradient", "without", "attention"} <= names
    assert not {"value", "relevance"} & names
    assert all(one["title"] and one["about"] for one in told["methods"])


def test_a_close_up_is_offered_where_something_is_seen_closer(served):
    term = item(served, "solids/green.ply")
    told = served.call("why.explain", **asking(served, "solids/red.ply", term))
    assert "closeup" not in {one["name"] for one in told["methods"]}
    worded = served.call("why.explain", **asking(served, "solids/red.ply"))
    assert "closeup" in {one["name"] for one in worded["methods"]}


def test_a_page_knows_how_much_of_a_text_is_read():
    text = Text("one two, three four")
    spans = np.array([[0, 3], [4, 7]], np.float32)[:, :, None]
    side = replace(_side(2, (2,)), media=text, boxes=spans)
    assert why_parts.read(side) == pytest.approx(6 / 15)
    assert why_parts.read(_side(2, (2,))) == 1


def test_alignments_too_large_to_travel_are_joined_by_moments(monkeypatch):
    monkeypatch.setattr(why_parts, "MOST_PAIRS", 40)
    query, hit = _side(4, ()), _side(12, (3, 4))
    table = np.arange(48, dtype=np.float32).reshape(4, 12)
    told = Explanation(
        query, hit, table, np.zeros(4, np.float32), np.zeros(12, np.float32), "similarity", 0.0
    )
    rows, columns, joined = why_parts.joined(told)
    assert rows.tolist() == [0, 1, 2, 3]
    assert columns.tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert np.allclose(joined, table.reshape(4, 3, 4).mean(axis=2))


def film_told():
    """A query of three words, and a video of two cells and three moments that are far hotter."""
    pixels = np.zeros((1, 4, 4, 3), np.uint8)
    labels = ("left", "right", "sound 0:00", "sound 0:01", "sound 0:02")
    boxes = np.tile(np.array([[0, 0, 0], [1, 1, 1]], np.float32), (5, 1, 1))
    media = Video(pixels, np.zeros(1, np.float32))
    film = replace(_side(5, (1, 1, 2)), media=media, labels=labels, boxes=boxes)
    query = replace(_side(3, (3,)), labels=("a", "red", "thing"))
    table = np.array([[1, 2, 300, 500, 400], [3, 4, 100, 200, 300], [0, 0, 0, 0, 0]], np.float32)
    return Explanation(query, film, table, table.sum(axis=1), table.sum(axis=0), "gradient", 0.5)


def test_what_is_seen_and_what_is_heard_travel_on_scales_of_their_own():
    plain = why_parts.explanation(film_told(), bare=True)["alignment"]
    assert plain["low"] == [[0, 0]] and plain["high"] == [[4, 500]]
    levels = numbers(plain["levels"], np.uint8).reshape(3, 5)
    assert levels[:, :2].tolist() == [[64, 128], [191, 255], [0, 0]]
    assert levels[0, 2:].tolist() == [153, 255, 204]


def test_the_export_tells_and_shows_what_is_seen_beside_what_is_heard():
    told = film_told()
    most = why_export._hottest(told.hit, told.hit_heat)
    assert most == "right, left; sound 0:01, sound 0:02, sound 0:00"
    quiet = np.array([1, 2, 0, 0, 0], np.float32)  # as where the sound was never taken away
    assert why_export._hottest(told.hit, quiet) == "right, left"
    drawn = re.findall(r'src="data:image/png;base64,([^"]*)"', why_export._frames(
        told.hit.media, told.hit, told.hit_heat, 1.0))  # fmt: skip
    over = np.asarray(PIL.Image.open(io.BytesIO(base64.b64decode(drawn[-1]))))
    assert over[..., 3].max() == 255
    rows = re.findall(r"heat\) (\d+)%", why_export._alignment(told))
    assert [int(share) for share in rows[5:10]] == [60, 100, 0, 0, 33]


def _side(count, grid):
    rows = np.eye(count, dtype=np.float32)
    boxes = np.zeros((count, 2, 2), np.float32)
    pixels = np.zeros((2, 2, 3), np.uint8)
    even = np.full(count, 1 / count, np.float32)
    return Side(Image(pixels), rows, even, rows.mean(0), boxes, ("",) * count, grid)


def test_a_word_that_is_taken_away_takes_its_score_along(served):
    term = {**WORDS, "text": "red red and blue"}
    payload = asking(served, "pictures/red.png", term)
    gone = {"query": {"boxes": [[[0], [3]], [[4], [7]]]}}  # both times "red"
    told = served.call("why.occlude", **payload, without=gone)
    assert told["score_after"] < told["score"] - 0.1
    assert told["rank"] == 1 < told["rank_after"]
    assert told["among"] == 3
    kept = served.call("why.occlude", **payload, without={"query": {"boxes": [[[8], [11]]]}})
    assert kept["score_after"] == pytest.approx(kept["score"], abs=0.05)


def test_nothing_taken_away_changes_nothing(served):
    told = served.call("why.occlude", **asking(served, "sounds/red.wav"))
    assert told["score"] == told["score_after"] and told["rank"] == told["rank_after"]


def test_a_region_of_a_hit_is_taken_away_in_its_own_medium(served):
    boxes = {
        "pictures/red.png": [[[0, 0], [1, 1]]],
        "sounds/red.wav": [[[0, 0], [0.2, 96]]],
        "solids/red.ply": [[[0, 0, 0], [1, 1, 1]]],
    }
    for path, box in boxes.items():
        told = served.call("why.occlude", **asking(served, path), without={"hit": {"boxes": box}})
        assert np.isfinite(told["score_after"]), path


def test_a_text_without_its_last_word_is_refused_in_words(served):
    whole = {"query": {"boxes": [[[0], [11]]]}}
    error = served.refused("why.occlude", **asking(served, "pictures/red.png"), without=whole)
    assert "nothing of it would be left" in error["message"]
    assert error["hint"]


NO_SOUND = np.zeros((0, 2), np.float32)


@pytest.mark.parametrize(
    ("path", "boxes"),
    [
        ("sounds/red.wav", [[[0, 0], [100, 96]]]),
        ("sounds/red.wav", [[[0, 0], [100, 50]], [[0, 50], [100, 96]]]),
        ("solids/red.ply", [[[view, 0, 0], [view + 1, 1, 1]] for view in range(12)]),
    ],
)
def test_what_is_neither_heard_nor_seen_any_more_is_refused_in_words(served, path, boxes):
    gone = {"hit": {"boxes": boxes}}
    error = served.refused("why.occlude", **asking(served, path), without=gone)
    assert "nothing of it would be left" in error["message"]


def test_a_silent_sound_can_still_be_looked_at():
    still = Audio(np.zeros(8000, np.float32), 8000)
    side = replace(_side(2, (2, 1)), media=still)
    with pytest.raises(ExplanationError, match="nothing of it"):
        without(side, np.array([[[0, 0], [0.5, 96]]], np.float32), NO_SOUND)
    nothing = np.zeros((0, 2, 2), np.float32)
    assert without(side, nothing, NO_SOUND) is still


def pyramid(inside=False):
    """A side of a closed model of four faces, with a smaller one within it that nobody sees."""
    corners = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    faces = np.array([[0, 1, 2], [0, 1, 3], [0, 2, 3], [1, 2, 3]], np.int32)
    if inside:
        corners = np.concatenate([corners, corners * 0.1 + 0.1])
        faces = np.concatenate([faces, faces + 4])
    mesh = Mesh(corners, faces, np.full((len(faces), 3), 200, np.uint8))
    return replace(_side(12, (12, 1, 1)), media=mesh, boxes=np.zeros((12, 2, 3), np.float32))


def test_views_of_a_model_are_hidden_together_as_they_are_seen():
    one = without(pyramid(), np.array([[[0, 0, 0], [1, 1, 1]]], np.float32), NO_SOUND)
    assert 0 < len(one.faces) < 4


def test_what_lies_within_a_model_is_nothing_without_its_views():
    views = np.array([[[view, 0, 0], [view + 1, 1, 1]] for view in range(12)], np.float32)
    left = without(pyramid(inside=True), views[:1], NO_SOUND)
    assert 4 < len(left.faces) < 8
    with pytest.raises(ExplanationError, match="nothing of it"):
        without(pyramid(inside=True), views, NO_SOUND)


def test_boxes_of_another_medium_are_refused(served):
    payload = asking(served, "pictures/red.png", without={"hit": {"boxes": [[[0], [1]]]}})
    answer = served.client.post("/call/why.occlude", json=payload)
    assert answer.status_code == 400
    assert "boxes of 2 numbers" in answer.json()["error"]["message"]


def test_the_score_adds_up_over_the_terms(served):
    query = {"terms": [WORDS, item(served, "pictures/blue.png", -0.4)]}
    told = served.call(
        "why.score", library="colours", id=served.ids["pictures/red.png"], query=query
    )
    assert sum(term["share"] for term in told["terms"]) == pytest.approx(told["cosine"], abs=1e-5)
    assert told["cosine"] - told["bias"] == pytest.approx(told["score"], abs=1e-9)
    chance = told["chance"]
    added = sum(chance[one]["spreads"] * chance[one]["weight"] for one in ("best", "lead"))
    (name,) = told["evidence"]
    assert name["adds"] == "its name" and name["odds"] > 0.1
    assert chance["offset"] + added + name["odds"] == pytest.approx(told["odds"])
    lead = told["score"] - told["typical"] - chance["lead"]["median"]
    assert lead / chance["lead"]["spread"] == pytest.approx(chance["lead"]["spreads"])
    assert [term["weight"] for term in told["terms"]] == [1, -0.4]
    found = served.call("search", query=query | {"libraries": ["colours"]}, k=50)
    shown = "".join(found["groups"][0]["cards"])
    assert f"score {told['score']:.3f}" in shown  # the very number of the ranking


def test_any_term_of_a_query_can_be_looked_at(served):
    query = {"terms": [WORDS, item(served, "pictures/blue.png", 2)]}
    payload = {"library": "colours", "id": served.ids["pictures/red.png"], "query": query}
    assert served.call("why.pair", **payload)["term"] == 1  # the heaviest
    words = served.call("why.explain", **payload, term=0)
    assert words["query"]["labels"] == ["a", "red", "thing"]
    heat = numbers(words["query_heat"])
    assert heat.argmax() == 1


def test_an_item_that_is_deleted_meanwhile_is_told(site):
    gone = asking(site, "pictures/red.png") | {"id": 999_999}
    assert "has no item" in site.refused("why.pair", **gone)["message"]
    path = site.media / "pictures/red.png"
    path.unlink()
    error = site.refused("why.explain", **asking(site, "pictures/red.png"))
    assert "is not where it was" in error["message"] and error["hint"]


def test_an_item_that_goes_while_it_is_looked_at_is_told_by_all_that_need_it(site):
    payload = asking(site, "pictures/red.png", item(site, "sounds/red.wav"))
    site.call("why.explain", **payload)  # which remembers both in their parts
    (site.media / "pictures/red.png").unlink()
    for action in ("explain", "pictures", "occlude", "warp", "export"):
        error = site.refused(f"why.{action}", **payload)
        assert "red.png is not where it was" in error["message"] and error["hint"], action
    site.call("why.curve", **payload)
    until(lambda: not site.call("why.curve.job", **payload)["job"]["active"])
    told = site.call("why.curve.job", **payload)["job"]
    assert told["state"] == "failed" and "is not where it was" in told["message"]


def test_a_query_file_that_is_gone_is_told(served):
    gone = {"kind": "file", "token": "0" * 32, "name": "a.png", "weight": 1}
    for action in ("pair", "explain", "score", "occlude"):
        error = served.refused(f"why.{action}", **asking(served, "pictures/red.png", gone))
        assert "no longer here" in error["message"] and error["hint"], action


def test_a_region_without_any_size_takes_nothing_away(served):
    for path, box in {
        "pictures/red.png": [[0.5, 0.5], [0.5, 0.5]],
        "sounds/red.wav": [[0.5, 3], [0.5, 3]],
        "films/red.gif": [[0.1, 0, 0], [0.1, 0, 0]],
        "solids/red.ply": [[1, 0.5, 0.5], [1, 0.5, 0.5]],
        "red.txt": [[4], [4]],
    }.items():
        told = served.call("why.occlude", **asking(served, path), without={"hit": {"boxes": [box]}})
        assert told["score_after"] == pytest.approx(told["score"], abs=1e-4), path


def test_words_without_words_are_told(served):
    dots = {"kind": "text", "text": "   ", "weight": 1}
    assert served.refused("why.pair", **asking(served, "red.txt", dots))["message"]


class _Plane:
    """A joint space that leaves features as they are."""

    def embed(self, modality, features, role):
        return unit(features)


def test_a_path_through_time_goes_with_what_is_alike():
    still = Audio(np.zeros(100, np.float32), 100)
    angles = np.array([0, 0, 0.5, 1, 1, 1.5], np.float32)
    rows = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    first = replace(_side(6, (6, 1)), media=still, features=rows, pooled=rows.mean(0))
    second = replace(_side(6, (6, 1)), media=still, features=rows[::-1], pooled=rows.mean(0))
    same = why_warp.warped(first, first, _Plane(), "joint")
    assert same["pairs"] == [[i, i] for i in range(6)]
    assert same["cost"] == pytest.approx(0, abs=1e-5)
    turned = why_warp.warped(first, second, _Plane(), "joint")
    assert turned["pairs"][0] == [0, 0] and turned["pairs"][-1] == [5, 5]
    assert turned["cost"] > 0.1
    shared = why_warp.warped(first, first, _Plane(), "canonical")
    assert shared["pairs"] == [[i, i] for i in range(6)] and shared["correlations"][0] > 0.9


def test_what_does_not_run_in_time_has_no_path(served):
    error = served.refused("why.warp", **asking(served, "pictures/red.png"))
    assert "run in time" in error["message"]
    still = asking(served, "films/red.gif", item(served, "films/green.gif"))
    assert "single moment" in served.refused("why.warp", **still)["message"]


def test_paths_are_offered_where_there_are_moments_to_go_through(served):
    pixels = np.zeros((6, 4, 4, 3), np.uint8)
    sound = replace(_side(6, (6, 1)), media=Audio(np.zeros(100, np.float32), 100))
    film = replace(_side(8, (6, 1)), media=Video(pixels, np.arange(6, dtype=np.float32)))
    words, word = (replace(_side(n, (n,)), media=Text("red")) for n in (2, 1))
    single = replace(_side(8, (1, 6)), media=film.media)  # one frame, and two moments of sound
    picture = _side(6, (2, 3))
    for pair in ((sound, sound), (words, film), (film, sound), (sound, single), (single, sound)):
        assert why_warp.may_warp(*pair)
    for pair in ((words, word), (film, word), (single, film), (sound, picture), (words, words)):
        assert not why_warp.may_warp(*pair)
    still = asking(served, "films/red.gif", item(served, "red.txt"))
    assert served.call("why.explain", **still)["warps"] is False


def test_curves_are_measured_in_the_background_and_are_those_of_the_engine(site):
    payload = asking(site, "red.txt", method="similarity")
    site.call("why.curve", **payload)
    until(lambda: not site.call("why.curve.job", **payload)["job"]["active"])
    told = site.call("why.curve.job", **payload)
    assert told["job"]["state"] == "done", told
    library = site.context.shelf.get("colours")
    explained = library.explain(WORDS["text"], site.ids["red.txt"], "similarity")
    wanted = faithfulness(explained, library.space)
    for name, kinds in wanted.items():
        for kind, curve in kinds.items():
            assert np.allclose(told["curves"][name][kind]["scores"], curve.scores, atol=1e-4)


def test_a_measurement_stops_when_it_is_told_to(site, monkeypatch):
    library = site.context.shelf.get("colours")
    payload = asking(site, "solids/red.ply")
    encode = type(library.space).encode

    def slow(self, media, role="query"):
        time.sleep(0.05)
        return encode(self, media, role)

    monkeypatch.setattr(type(library.space), "encode", slow)
    site.call("why.curve", **payload)
    site.call("why.curve.cancel", **payload)
    until(lambda: not site.call("why.curve.job", **payload)["job"]["active"])
    assert site.call("why.curve.job", **payload)["job"]["state"] == "cancelled"


def test_who_has_been_told_to_stop_measuring_is_not_joined(site, monkeypatch):
    space = site.context.shelf.get("colours").space
    payload = asking(site, "red.txt")
    site.call("why.explain", **payload)
    encode, go, held = type(space).encode, threading.Event(), threading.Event()

    def slow(self, media, role="query"):
        held.set()
        assert go.wait(30)
        return encode(self, media, role)

    monkeypatch.setattr(type(space), "encode", slow)
    site.call("why.curve", **payload)
    assert held.wait(30)
    site.call("why.curve.cancel", **payload)  # while media are being encoded
    told = site.call("why.curve", **payload)
    assert told["job"]["active"]
    go.set()
    until(lambda: not site.call("why.curve.job", **payload)["job"]["active"])
    assert site.call("why.curve.job", **payload)["job"]["state"] == "done"


@pytest.mark.parametrize("found", MEDIA)
def test_the_export_asks_nothing_of_anybody(served, found):
    told = served.call("why.export", **asking(served, MEDIA[found]))
    text = told["html"]
    assert "default-src 'none'" in text
    assert "<script" not in text and "onerror=" not in text.replace("&", "")
    for address in re.findall(r'(?:src|href)="([^"]*)"', text):
        assert address.startswith("data:"), address[:80]
    assert text.count("<h2>") >= 4


def test_the_export_escapes_names_and_words(served):
    nasty = '<img src=x onerror="alert(1)">.txt'
    told = served.call("why.export", **asking(served, nasty, {**WORDS, "text": "<b>red</b> & co"}))
    assert "<img src=x" not in told["html"]
    assert "<b>red" not in told["html"]
    assert "&lt;b&gt;" in told["html"].replace("</mark>", "").replace("&lt;</mark>", "&lt;")


def test_words_are_shaded_by_their_heat():
    text = Text("a <red> thing")
    spans = np.array([[0, 1], [2, 7], [8, 13]], np.float32)[:, :, None]
    side = replace(_side(3, (3,)), media=text, boxes=spans)
    shaded = why_export.words(side, np.array([0, 1, 0], np.float32), 0.5)
    assert re.sub(r"</?mark[^>]*>", "", shaded) == "a &lt;red&gt; thing"
    assert re.findall(r"(\d+)%", shaded) == ["0", "50", "0"]


def test_a_face_is_of_the_parts_that_show_it():
    corners = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], np.float32)
    faces = np.array([[0, 1, 2], [0, 2, 3]], np.int32)  # right below, left above
    mesh = Mesh(corners, faces, np.full((2, 3), 200, np.uint8))
    side = replace(_side(48, (12, 2, 2)), media=mesh)
    parts, shares = why_media.of_faces(mesh, side)
    assert (shares.sum(axis=1) > 240).all()
    lower, upper = (set((row % 4).tolist()) for row in parts)
    weights = [np.bincount(p % 4, s, minlength=4) for p, s in zip(parts, shares, strict=True)]
    assert lower and upper
    assert weights[0][3] > weights[0][0]  # below right rather than above left
    assert weights[1][0] > weights[1][3]


def test_a_face_that_is_too_small_to_be_seen_is_of_what_is_beside_it():
    square = [[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]]
    small = [[0.9, 0.9, 0], [0.9001, 0.9, 0], [0.9, 0.9001, 0]]
    corners = np.array([*square, *small], np.float32)
    faces = np.array([[0, 1, 2], [0, 2, 3], [4, 5, 6]], np.int32)
    mesh = Mesh(corners, faces, np.full((3, 3), 200, np.uint8))
    parts, shares = why_media.of_faces(mesh, replace(_side(48, (12, 2, 2)), media=mesh))
    assert (parts[:, 0] >= 0).all() and (shares.sum(axis=1) > 240).all()


def test_faces_that_are_near_share_what_is_seen_of_them():
    """Hundreds of slivers are one surface: what is seen of one is not all by chance."""
    x = np.linspace(-1, 1, 401, dtype=np.float32)
    flat = np.zeros(len(x), np.float32)
    corners = np.stack([np.stack([x, flat + y, flat], axis=1) for y in (-1, 1)], axis=1)
    low = 2 * np.arange(len(x) - 1)
    faces = np.concatenate(
        [np.stack([low, low + 1, low + 2], axis=1), np.stack([low + 1, low + 3, low + 2], axis=1)]
    ).astype(np.int32)
    mesh = Mesh(corners.reshape(-1, 3), faces, np.full((len(faces), 3), 200, np.uint8))
    parts, shares = why_media.of_faces(mesh, replace(_side(192, (12, 4, 4)), media=mesh))
    weights = np.zeros((len(faces), 192))
    np.add.at(
        weights, (np.arange(len(faces))[:, None], np.maximum(parts, 0)), shares * (parts >= 0)
    )
    strip = weights[:400][np.abs(x[:400]) < 0.8]  # neighbours, from left to right
    assert np.abs(np.diff(strip, axis=0)).sum(axis=1).mean() < 100  # of 510 that can change


def test_a_spectrogram_has_low_bands_below(tmp_path):
    rate = 44_100
    low = np.sin(2 * np.pi * 150 * np.arange(rate) / rate).astype(np.float32)
    drawn = why_media.spectrogram(Audio(low, rate))
    assert drawn.shape[0] == 96
    assert drawn[-12:].mean() > 2 * drawn[:48].mean()


def test_pictures_of_a_side_are_inside_the_answer(served):
    film = served.call("why.pictures", **asking(served, "films/red.gif"), side="hit")
    assert film["frames"] and all(f.startswith("data:image/jpeg") for f in film["frames"])
    solid = served.call("why.pictures", **asking(served, "solids/red.ply"), side="hit")
    assert base64.b64decode(solid["model"]["glb"])[:4] == b"glTF"
    parts = numbers(solid["model"]["parts"], np.int16)
    assert len(parts) == solid["model"]["faces"] * solid["model"]["most"]


def test_a_card_leads_to_the_page(served):
    found = served.call("search", query={"terms": [WORDS], "libraries": ["colours"]})
    assert 'data-do="why"' in found["groups"][0]["cards"][0]
    told = served.call("item.detail", library="colours", id=served.ids["red.txt"])
    assert 'data-do="why"' in told["html"]
