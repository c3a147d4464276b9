import numpy as np
import pytest

from xmr_core.bridge import Bridge, cached_bridge, fit_bridge
from xmr_core.errors import ModelError, WeightsDamaged


def planted(n=400, m=24, d=16, noise=0.0, seed=0):
    """Sentence vectors in two spaces that a turn, a shift and noise relate."""
    rng = np.random.default_rng(seed)
    source = rng.normal(size=(n, m))
    turn = rng.normal(size=(m, d)) / np.sqrt(m)
    target = source @ turn + rng.normal(size=d) + noise * rng.normal(size=(n, d))
    return source.astype(np.float32), target.astype(np.float32), turn


def rows(a):
    return a / np.linalg.norm(a, axis=1, keepdims=True)


def test_planted_linear_map_is_found():
    source, target, turn = planted()
    bridge = fit_bridge(source, target)
    assert bridge.cosine > 0.9999
    assert bridge.recall == 1.0
    fresh = np.random.default_rng(1).normal(size=(50, 24)).astype(np.float32)
    shift = target[0] - source[0] @ turn
    assert np.allclose(bridge.head(fresh), rows(fresh @ turn + shift), atol=1e-3)


def test_what_lives_beside_the_sentences_is_carried_too():
    """Sounds lie near their sentences in the first space; so must they in the second."""
    source, target, _ = planted(noise=0.3)
    bridge = fit_bridge(source, target)
    sounds = source + 0.2 * np.random.default_rng(2).normal(size=source.shape)
    likeness = bridge.head(sounds.astype(np.float32)) @ rows(target).T
    assert (likeness.argmax(axis=1) == np.arange(len(source))).mean() > 0.6


def test_ridge_beats_plain_regression_where_sentences_are_few():
    source, target, _ = planted(n=60, m=40, noise=1.0)
    bridge = fit_bridge(source, target)
    plain, test = [], np.arange(60) % 5
    for out in range(5):
        x, y = source[test != out], target[test != out]
        x1 = np.c_[x, np.ones(len(x))]
        weight = np.linalg.lstsq(x1, y, rcond=None)[0]
        guess = np.c_[source[test == out], np.ones((test == out).sum())] @ weight
        plain += (rows(guess) * rows(target[test == out])).sum(axis=1).tolist()
    assert bridge.ridge > 1e-5
    assert bridge.cosine > np.mean(plain) + 0.02


def test_quality_of_unrelated_spaces_is_told_as_none():
    rng = np.random.default_rng(0)
    source, target = rng.normal(size=(2, 300, 12)).astype(np.float32)
    bridge = fit_bridge(source, target)
    assert bridge.cosine < 0.2
    assert bridge.recall < 0.1
    shifted = fit_bridge(source, target + 10)
    assert shifted.baseline > 0.9  # a cosine that high says nothing, and the baseline shows it
    assert shifted.cosine - shifted.baseline < 0.02


def test_the_quality_told_is_that_of_sentences_held_out():
    source, target, _ = planted(n=60, m=50, noise=2.0)
    bridge = fit_bridge(source, target)
    seen = (bridge.head(source) * rows(target)).sum(axis=1).mean()
    assert bridge.cosine < seen - 0.1


def test_fit_is_the_same_every_time():
    source, target, _ = planted(noise=0.5)
    assert fit_bridge(source, target).head.fingerprint == (
        fit_bridge(source, target).head.fingerprint
    )


@pytest.mark.parametrize("scale", [1e-3, 1e3])
def test_scale_of_the_first_space_does_not_matter(scale):
    source, target, _ = planted(noise=0.5)
    a, b = fit_bridge(source, target), fit_bridge(source * np.float32(scale), target)
    assert a.ridge == b.ridge
    assert np.isclose(a.cosine, b.cosine, atol=1e-3)


def test_constant_dimensions_and_repeated_sentences_do_no_harm():
    source, target, _ = planted()
    source[:, 3] = 7
    bridge = fit_bridge(np.repeat(source, 2, axis=0), np.repeat(target, 2, axis=0))
    assert np.isfinite(bridge.head(source)).all()
    assert np.isfinite(fit_bridge(np.ones_like(source), target).cosine)


def test_too_few_sentences_and_unequal_lists_are_refused():
    source, target, _ = planted(n=10)
    with pytest.raises(ModelError, match="needs 20 sentences or more, not 10"):
        fit_bridge(source, target)
    with pytest.raises(ModelError, match="needs pairs"):
        fit_bridge(source, target[:5])


def test_saved_bridge_comes_back_with_its_quality(tmp_path):
    source, target, _ = planted(noise=0.5)
    bridge = fit_bridge(source, target)
    bridge.save(tmp_path / "new" / "a.safetensors")
    again = Bridge.load(tmp_path / "new" / "a.safetensors")
    assert np.array_equal(again.head(source), bridge.head(source))
    quality = ("ridge", "cosine", "baseline", "recall")
    assert [getattr(again, q) for q in quality] == [getattr(bridge, q) for q in quality]
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["a.safetensors"]
    bridge.head.save(tmp_path / "plain.safetensors")
    with pytest.raises(WeightsDamaged, match="does not tell its quality"):
        Bridge.load(tmp_path / "plain.safetensors")


def test_bridge_is_fitted_once_for_the_same_encoders_and_sentences(tmp_path, monkeypatch):
    monkeypatch.setenv("XMR_CACHE", str(tmp_path))
    source, target, _ = planted(n=30)
    sentences = [f"sentence {i}" for i in range(30)]
    calls = []

    def read(lines):
        calls.append(len(lines))
        return source[: len(lines)]

    def joint(lines):
        return target[: len(lines)]

    first = cached_bridge(("a", "b"), sentences, read, joint)
    again = cached_bridge(("a", "b"), sentences, read, joint)
    assert calls == [30]
    assert again.head.fingerprint == first.head.fingerprint
    cached_bridge(("a", "other"), sentences, read, joint)
    cached_bridge(("a", "b"), sentences[:-1], read, joint)
    assert calls == [30, 30, 29]
    for file in (tmp_path / "bridges").iterdir():
        file.write_bytes(b"damaged")
    cached_bridge(("a", "b"), sentences, read, joint)
    assert calls == [30, 30, 29, 30]
