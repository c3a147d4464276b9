"""Media through encoders: once, in the cache, on their principal components."""

import numpy as np
import pytest

from tests.fakes import DIM, PictureEncoder, WordEncoder
from tests.indexing.world import write_picture, write_sound
from xmr_core import paths
from xmr_core.datasets import Gathered, encoded, shards
from xmr_core.datasets.gathered import captioned
from xmr_core.datasets.reduction import reduction
from xmr_core.encoders import Encoder
from xmr_core.errors import LabError
from xmr_core.lab.unsupervised.cca import CCA
from xmr_core.media import Encoding, Modality

IMAGE, TEXT = Modality.IMAGE, Modality.TEXT
COLOURS = ("red", "green", "blue")


def gathered(folder, n: int = 24, name: str = "mine") -> Gathered:
    """Pictures of three colours in shades, with two captions each; every fourth to test."""
    images, captions = [], []
    for i in range(n):
        path = folder / f"{i:02}.png"
        write_picture(path, COLOURS[i % 3], side=6 + i)
        images.append(path)
        captions.append([f"{COLOURS[i % 3]} " * (1 + i % 4), f"nothing {i}"])
    rows = {"train": [i for i in range(n) if i % 4], "test": list(range(0, n, 4))}
    return Gathered(name, captioned(images, captions, rows), "pairs", "Made up")


class Counting(PictureEncoder):
    """Counts what it encodes."""

    def __init__(self) -> None:
        self.seen = 0

    def encode(self, batch) -> list[Encoding]:
        self.seen += len(batch)
        return super().encode(batch)


@pytest.fixture
def counting(cache) -> dict[Modality, Encoder]:
    return {IMAGE: Counting(), TEXT: WordEncoder()}


def test_features_are_computed_once(tmp_path, counting):
    first = encoded(gathered(tmp_path), counting)
    again = encoded(gathered(tmp_path), counting)
    assert counting[IMAGE].seen == 24 and again.checksum == first.checksum
    write_picture(tmp_path / "03.png", "green", side=40)
    assert encoded(gathered(tmp_path, name="mine"), counting).checksum == first.checksum


def test_a_changed_file_is_read_again(tmp_path, counting):
    there = gathered(tmp_path)
    first = encoded(there, counting)
    (tmp_path / "00.png").write_bytes((tmp_path / "01.png").read_bytes())
    assert encoded(there, counting).checksum != first.checksum


def test_what_an_interruption_leaves_is_taken_up(tmp_path, counting, monkeypatch):
    monkeypatch.setattr(shards, "SHARD", 10)
    monkeypatch.setattr(shards, "_BATCH", 4)
    there = gathered(tmp_path)
    (tmp_path / "03.png").write_bytes(b"")
    told = []

    def stop(done, total):
        told.append(done)
        if counting[IMAGE].seen == 17:  # ten and eight more, of which one could not be read
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encoded(there, counting, stop)
    again = []
    data = encoded(there, counting, lambda *step: again.append(step))
    assert counting[IMAGE].seen == 23, "each was encoded once"
    assert again[0][0] == told[-1] > 0 and again[-1][0] == again[-1][1], (
        "what is kept is told first"
    )
    assert [path for path, _ in data.failures] == [str(tmp_path / "03.png")]
    assert encoded(there, counting).checksum == data.checksum
    assert not list((paths.cache_dir() / "lab").glob("*.part.*"))


def test_a_part_that_is_damaged_is_encoded_again(tmp_path, counting, monkeypatch):
    there = gathered(tmp_path)
    first = shards.shards_of("mine", there.parts["train"][IMAGE].media, counting[IMAGE])[0]
    first.begun.parent.mkdir(parents=True)
    first.begun.write_bytes(b"no array")
    shards.features_of([first], counting[IMAGE])
    assert counting[IMAGE].seen == 18 and first.known() == 18


def test_shards_change_nothing(tmp_path, counting, monkeypatch):
    whole = encoded(gathered(tmp_path), counting)
    monkeypatch.setattr(shards, "SHARD", 7)
    parted = encoded(gathered(tmp_path), counting)
    for modality, view in whole.test.views.items():
        np.testing.assert_allclose(parted.test.views[modality], view, atol=1e-5)


def test_files_that_cannot_be_read_are_left_out_and_named(tmp_path, counting):
    there = gathered(tmp_path)
    (tmp_path / "05.png").write_bytes(b"")
    write_sound(tmp_path / "sound.wav", "red")
    (tmp_path / "sound.wav").rename(tmp_path / "08.png")
    data = encoded(there, counting)
    assert 5 not in data.train.owners[IMAGE] and 8 not in data.test.owners[IMAGE]
    assert 5 in data.train.owners[TEXT] and 5 not in data.train.owners[IMAGE]
    reasons = dict(data.failures)
    assert "is empty" in reasons[str(tmp_path / "05.png")]
    assert "This is audio, not image" in reasons[str(tmp_path / "08.png")]
    assert encoded(there, counting).failures == data.failures, "the cache remembers them"
    assert all(np.isfinite(view).all() for view in data.train.views.values())


def test_a_part_that_cannot_be_read_at_all_is_an_error(tmp_path, counting):
    there = gathered(tmp_path)
    for path in there.parts["test"][IMAGE].media:
        path.write_bytes(b"")
    with pytest.raises(LabError, match=r"Nothing of a part of mine could be read.*is empty"):
        encoded(there, counting)


def test_a_profile_without_the_encoder_is_refused(tmp_path, cache):
    with pytest.raises(LabError, match="no encoder for image"):
        encoded(gathered(tmp_path), {TEXT: WordEncoder()})


def test_progress_is_told(tmp_path, counting):
    told = []
    encoded(gathered(tmp_path), counting, lambda *steps: told.append(steps))
    assert told[0] == (0, 240) and told[-1] == (240, 240)  # a picture counts as eight sentences
    assert sorted(told) == told


def test_a_space_fitted_on_views_takes_the_encoders_features(tmp_path, counting):
    data = encoded(gathered(tmp_path), counting)
    views, _ = data.train.pairs()
    space = CCA().fit(views)
    whole = data.whole(space)
    raw = data.raw(1000)
    rows = data.train.rows()
    assert raw[IMAGE].shape == (len(rows[IMAGE]), DIM)
    for modality in views:
        np.testing.assert_allclose(
            whole.embed(modality, raw[modality]), space.embed(modality, views[modality]), atol=1e-3
        )
    assert len(data.raw(5)[TEXT]) == 5
    assert data.encoders == {m: e.fingerprint for m, e in counting.items()}


def test_what_towers_learned_from_captions_is_left_out(tmp_path, counting):
    class Tuned(Counting):
        dim = DIM + 2
        fingerprint = "tuned"

        class tuning:  # noqa: N801
            dim = 2

        def encode(self, batch):
            made = super().encode(batch)
            extra = np.random.default_rng(0).normal(size=2).astype(np.float32)
            return [Encoding(np.append(e.pooled, extra), e.parts, e.boxes) for e in made]

    plain = encoded(gathered(tmp_path), counting)
    tuned = encoded(gathered(tmp_path), counting | {IMAGE: Tuned()})
    assert tuned.raw(3)[IMAGE].shape == (3, DIM + 2)
    np.testing.assert_allclose(tuned.test.views[IMAGE], plain.test.views[IMAGE], atol=1e-5)


def test_views_are_the_principal_components():
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(300, 4)) * [8, 4, 2, 1]
    rows = (hidden @ rng.normal(size=(4, 40)) + 0.1 * rng.normal(size=(300, 40))).astype("f4")
    rows[:, 7] = 3  # says nothing
    (layer,) = reduction(rows, 4)
    view = layer(rows)
    assert view.shape == (300, 4) and view.std() == pytest.approx(1, abs=1e-3)
    level = (rows - rows.mean(axis=0)) / np.where(rows.std(axis=0) > 0, rows.std(axis=0), 1)
    u, s, _ = np.linalg.svd(level, full_matrices=False)
    exact = u[:, :4] * s[:4]
    agree = np.abs(np.corrcoef(exact.T, view.T)[:4, 4:])
    np.testing.assert_allclose(np.diag(agree), 1, atol=1e-3)


def test_narrow_features_are_standardised_only():
    rows = np.random.default_rng(0).normal(3, 5, size=(50, 6)).astype(np.float32)
    (layer,) = reduction(rows)
    view = layer(rows)
    np.testing.assert_allclose(view.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(view.std(axis=0), 1, atol=1e-4)
