"""Evaluation on tables whose right answers are known."""

import numpy as np
import pytest
from PIL import Image as Picture

from tests.test_space import space
from xmr_core.errors import ManifestError
from xmr_core.evaluation import evaluate
from xmr_core.manifest import Manifest

# The toy space maps the letters a, b, c to red, green, blue.
COLOURS = {"a": (255, 0, 0), "b": (0, 255, 0), "c": (0, 0, 255)}


@pytest.fixture
def pictures(tmp_path):
    paths = {}
    for letter, colour in COLOURS.items():
        for shade in (0, 1):
            path = tmp_path / f"{letter}{shade}.png"
            tint = tuple(max(v, 40 * shade) for v in colour)
            Picture.new("RGB", (8, 8), tint).save(path)
            paths[letter, shade] = path
    return paths


def test_perfect_captions_reach_the_highest_numbers(pictures):
    paths = tuple(pictures[letter, 0] for letter in COLOURS)
    manifest = Manifest("captions", paths, captions=(("a", "aa"), ("b",), ("c", "ccc")))
    done = []
    measured = evaluate(manifest, space(), lambda *p: done.append(p))
    results = measured.as_json()
    assert measured.n == 3
    assert results["text_to_media"]["recall@1"] == 1
    assert results["media_to_text"]["median_rank"] == 1
    assert results["rsum"] == 600
    assert set(results["corrected"]) == {"text_to_media", "media_to_text", "rsum"}
    assert done[-1] == (3, 3)


def test_wrong_captions_do_not(pictures):
    paths = tuple(pictures[letter, 0] for letter in COLOURS)
    measured = evaluate(Manifest("captions", paths, captions=(("b",), ("c",), ("a",))), space())
    assert measured.results["text_to_media"]["recall@1"] == 0
    assert measured.results["text_to_media"]["recall@5"] == 1
    assert measured.results["rsum"] == 400


def test_labels_measure_all_directions(pictures):
    manifest = Manifest("labels", tuple(pictures.values()), labels=tuple(k[0] for k in pictures))
    results = evaluate(manifest, space()).results
    assert results["label_to_media"]["map"] == 1
    assert results["label_to_media"]["precision@10"] == pytest.approx(2 / 6)
    assert results["zero_shot_accuracy"] == 1
    assert results["media_to_media"]["map"] == 1
    assert results["presence_auroc"] == 1


def test_an_item_is_not_its_own_answer(pictures):
    paths = (pictures["a", 0], pictures["b", 0], pictures["b", 1])
    results = evaluate(Manifest("labels", paths, labels=("x", "x", "y")), space()).results
    # Red's only partner is green, second to nothing but behind no one else's colour; green's
    # only partner is red, behind the other green.
    assert results["media_to_media"]["map"] == pytest.approx((0.5 + 0.5) / 2, abs=0.26)
    assert results["media_to_media"]["map"] < 1


def test_pairs_of_media(pictures):
    first = tuple(pictures[letter, 0] for letter in COLOURS)
    second = tuple(pictures[letter, 1] for letter in COLOURS)
    results = evaluate(Manifest("pairs", first, paths2=second), space()).results
    assert results["path_to_path2"]["recall@1"] == results["path2_to_path"]["recall@1"] == 1


def test_unreadable_files_are_named_and_left_out(pictures, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n junk")
    manifest = Manifest("labels", (*pictures.values(), broken), labels=("a",) * 7)
    measured = evaluate(manifest, space())
    assert measured.n == 6
    ((path, reason),) = measured.failures
    assert path == broken
    assert "broken.png" in reason


def test_nothing_readable_is_an_error(tmp_path):
    with pytest.raises(ManifestError, match="None of the manifest's files"):
        evaluate(Manifest("labels", (tmp_path / "gone.png",), labels=("a",)), space())


def test_vectors_come_back_to_their_own_files(tmp_path):
    """More files than one batch, in mixed order."""
    rng = np.random.default_rng(0)
    letters = [str(x) for x in rng.choice(list("abc"), 70)]
    paths = []
    for i, letter in enumerate(letters):
        paths.append(tmp_path / f"{i}.png")
        Picture.new("RGB", (4, 4), COLOURS[letter]).save(paths[-1])
    results = evaluate(Manifest("labels", tuple(paths), labels=tuple(letters)), space()).results
    assert results["zero_shot_accuracy"] == 1
