"""A library's own pairs: files of different media that share a name."""

import numpy as np
import pytest

from tests.fakes import fake_space
from xmr_core.datasets import halves, own_pairs
from xmr_core.errors import LabError
from xmr_core.media import Modality

IMAGE, TEXT, AUDIO, VIDEO = Modality.IMAGE, Modality.TEXT, Modality.AUDIO, Modality.VIDEO
ENCODERS = fake_space().encoders


def row(path: str, modality: Modality):
    rng = np.random.default_rng(abs(hash(path)) % 1000)
    return path, modality, rng.normal(size=4).astype(np.float32)


def library(n: int = 30):
    rows = [row(f"pictures/Bird{i}.jpg", IMAGE) for i in range(n)]
    rows += [row(f"sounds/bird{i}.wav", AUDIO) for i in range(n + 5)]
    return rows + [row(f"notes/bird{i}.txt", TEXT) for i in range(8)]


def test_files_of_one_name_are_pairs_wherever_they_lie():
    data = own_pairs(library(), ENCODERS)
    assert set(data.train.views) == {IMAGE, AUDIO} and data.relevant == "pairs"
    assert len(data.train.owners[IMAGE]) == 24 and len(data.test.owners[AUDIO]) == 6
    rows = data.train.rows()
    for i, a in zip(rows[IMAGE], rows[AUDIO], strict=True):
        picture, sound = data.train.names[IMAGE][i], data.train.names[AUDIO][a]
        assert picture.lower()[9:-4] == sound[7:-4]
    assert data.source == "30 things of library that audio and image show"


def test_a_name_of_several_folders_pairs_within_them_only():
    rows = []
    for folder in range(30):
        for number in range(2):
            rows.append(row(f"{folder}/{number}.jpg", IMAGE))
            rows.append(row(f"{folder}/{number}.wav", AUDIO))
    data = own_pairs(rows, ENCODERS)
    assert len(data.train.owners[IMAGE]) == 48
    pairs = data.train.rows()
    for i, a in zip(pairs[IMAGE], pairs[AUDIO], strict=True):
        assert data.train.names[IMAGE][i][:-4] == data.train.names[AUDIO][a][:-4]


def test_the_media_may_be_chosen():
    rows = library() + [row(f"notes/bird{i}.md", TEXT) for i in range(8, 30)]
    data = own_pairs(rows, ENCODERS, (TEXT, IMAGE), "birds")
    assert set(data.test.views) == {TEXT, IMAGE} and data.name == "birds"


def test_features_are_kept_beside_the_views():
    data = own_pairs(library(), ENCODERS)
    raw = data.raw(3)
    assert raw[IMAGE].shape == (3, 4)
    views, _ = data.train.pairs()
    (layer,) = data.before[IMAGE]
    np.testing.assert_allclose(layer(raw[IMAGE]), views[IMAGE][:3], atol=1e-5)


@pytest.mark.parametrize("media", [None, (IMAGE, TEXT)])
def test_too_few_names_in_common_are_refused_with_what_to_do(media):
    rows = library(10)
    with pytest.raises(LabError, match=r"things share a name\. Give files of two media"):
        own_pairs(rows, ENCODERS, media)
    with pytest.raises(LabError, match="0 things"):
        own_pairs([row("a.jpg", IMAGE), row("b.wav", AUDIO)], ENCODERS, media)


def test_a_video_and_its_sound_are_a_pair():
    rng = np.random.default_rng(0)
    rows = [(f"film{i}.mp4", VIDEO, rng.normal(size=8).astype(np.float32)) for i in range(30)]
    rows[3][2][4:] = 0  # a silent one
    pictures = list(halves(rows, 4))
    assert len(pictures) == 58 and {m for _, m, _ in pictures} == {IMAGE, AUDIO}
    data = own_pairs(pictures, ENCODERS, (IMAGE, AUDIO))
    views = data.train.rows()
    for i, a in zip(views[IMAGE], views[AUDIO], strict=True):
        assert data.train.names[IMAGE][i] == data.train.names[AUDIO][a] != "film3.mp4"


def test_texts_are_called_by_their_words():
    words = {f"notes/bird{i}.txt": f"a bird called {i}" for i in range(30)}
    rows = library() + [row(f"notes/bird{i}.txt", TEXT) for i in range(8, 30)]
    data = own_pairs(rows, ENCODERS, (IMAGE, TEXT), called=words)
    assert all(name.startswith("a bird called") for name in data.test.names[TEXT])
    assert all(name.endswith(".jpg") for name in data.test.names[IMAGE])
