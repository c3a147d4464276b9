"""Each benchmark's layout in small: what is read from it, and what is said where it lacks."""

import json

import numpy as np
import pytest
import scipy.io

from tests.indexing.world import write_picture, write_sound
from xmr_core.datasets import LOADERS, Dataset, Gathered, load
from xmr_core.datasets.xmedia import read_xmedia
from xmr_core.errors import LabError, ManifestError
from xmr_core.media import Modality

IMAGE, TEXT, AUDIO, VIDEO = Modality.IMAGE, Modality.TEXT, Modality.AUDIO, Modality.VIDEO
COLOURS = ("red", "green", "blue")


def colour(i: int) -> str:
    return COLOURS[i % 3]


def karpathy(folder, table: str, places: list[str], splits: list[str]) -> None:
    """Pictures of one colour each with two sentences, and their table."""
    images = []
    for i, (place, split) in enumerate(zip(places, splits, strict=True)):
        write_picture(folder / place / f"{i}.png", colour(i))
        sentences = [{"raw": f"A {colour(i)} thing."}, {"raw": f"{colour(i)} {i}"}]
        images.append({"filename": f"{i}.png", "split": split, "sentences": sentences})
        if table == "dataset_coco.json":
            images[-1]["filepath"] = place
    (folder / table).write_text(json.dumps({"images": images}))


def test_karpathys_splits_are_kept(tmp_path, encoders):
    splits = ["train", "test", "val", "train", "test", "train"]
    karpathy(tmp_path, "dataset_flickr30k.json", ["flickr30k-images"] * 6, splits)
    data = load("flickr30k", tmp_path, encoders)
    assert data.train.owners[IMAGE].tolist() == [0, 3, 5]
    assert data.test.owners[TEXT].tolist() == [1, 1, 4, 4]
    assert data.val is not None and data.val.owners[IMAGE].tolist() == [2]
    assert data.test.names[TEXT][0] == "A green thing."
    assert data.relevant == "pairs" and not data.test.labels


def test_what_coco_left_over_is_to_train_on(tmp_path, encoders):
    splits = ["restval", "train", "test", "restval"]
    karpathy(tmp_path, "dataset_coco.json", ["val2014", "train2014"] * 2, splits)
    data = load("mscoco", tmp_path, encoders)
    assert data.train.owners[IMAGE].tolist() == [0, 1, 3] and data.val is None


def test_a_picture_that_is_missing_is_named(tmp_path, encoders):
    karpathy(tmp_path, "dataset_coco.json", ["val2014"] * 3, ["train", "train", "test"])
    (tmp_path / "val2014/1.png").unlink()
    with pytest.raises(LabError, match=r"picture 1\.png is not in .*cocodataset\.org"):
        load("mscoco", tmp_path, encoders)


@pytest.mark.parametrize("words", ["{}", "[", '{"images": [{"split": "train"}]}'])
def test_other_tables_are_none_of_karpathys(tmp_path, encoders, words):
    (tmp_path / "dataset_flickr30k.json").write_text(words)
    with pytest.raises(LabError, match=r"no table of Karpathy's splits"):
        load("flickr30k", tmp_path, encoders)


def test_flickr8k_of_a_table_is_split_by_a_seed(tmp_path, encoders):
    lines = ["path,caption1,caption2"]
    for i in range(20):
        write_picture(tmp_path / f"images/{i}.png", colour(i))
        lines.append(f"images/{i}.png,A {colour(i)} thing,{colour(i)}")
    (tmp_path / "captions.csv").write_text("\n".join(lines))
    data = load("flickr8k", tmp_path, encoders)
    test = data.test.owners[IMAGE]
    assert len(test) == 4 and len(data.train.owners[IMAGE]) == 16
    assert test.tolist() == sorted(np.random.default_rng(2026).permutation(20)[:4].tolist())
    assert set(data.test.owners[TEXT]) == set(test) and len(data.test.owners[TEXT]) == 8


def test_flickr8k_keeps_the_pictures_apart_that_the_heads_were_not_trained_on(xmr_data):
    found = LOADERS["flickr8k"].read(xmr_data / "flickr8k")
    assert isinstance(found, Gathered)
    counts = {part: len(things[IMAGE].media) for part, things in found.parts.items()}
    assert counts == {"train": 6091, "test": 1000}
    assert len(found.parts["test"][TEXT].media) == 5000
    first = np.sort(np.random.default_rng(2026).permutation(7091)[:1000])
    assert found.parts["test"][IMAGE].owners.tolist() == first.tolist()


def test_flickr8k_in_its_original_layout_has_karpathys_splits(tmp_path, encoders):
    karpathy(tmp_path, "dataset_flickr8k.json", ["images"] * 4, ["train"] * 3 + ["test"])
    assert load("flickr8k", tmp_path, encoders).test.owners[IMAGE].tolist() == [3]


def test_pascal_sentences(tmp_path, encoders):
    for c, name in enumerate(("cat", "aeroplane")):
        for i in range(20):
            write_picture(tmp_path / f"dataset/{name}/{i:02}.jpg", colour(c))
            (tmp_path / f"sentence/{name}").mkdir(parents=True, exist_ok=True)
            lines = f"A {colour(c)} {name}.\n\nNumber {i}.\n"
            (tmp_path / f"sentence/{name}/{i:02}.txt").write_text(lines)
    data = load("pascal", tmp_path, encoders)
    assert data.classes == ("aeroplane", "cat") and data.relevant == "labels"
    assert [len(s.owners[IMAGE]) for s in (data.train, data.val, data.test)] == [32, 4, 4]
    assert np.bincount(data.test.labels[IMAGE]).tolist() == [2, 2]
    assert np.bincount(data.test.labels[TEXT]).tolist() == [4, 4]
    assert {"aeroplane" in line for line in data.test.names[TEXT][::2][:2]} == {True}
    (tmp_path / "sentence/cat/00.txt").unlink()
    with pytest.raises(LabError, match=r"no cat/00\.txt.*pascal-sentences"):
        load("pascal", tmp_path, encoders)


def test_esc50(tmp_path, encoders):
    lines = ["filename,fold,target,category,esc10,src_file,take"]
    for i in range(15):
        write_sound(tmp_path / f"audio/{i}.wav", colour(i))
        lines.append(f"{i}.wav,{1 + i // 3},{i % 3},{colour(i)}_noise,False,0,A")
    (tmp_path / "meta").mkdir()
    (tmp_path / "meta/esc50.csv").write_text("\n".join(lines))
    data = load("esc50", tmp_path, encoders)
    assert [len(s.owners[AUDIO]) for s in (data.train, data.val, data.test)] == [9, 3, 3]
    assert data.classes == ("red noise", "green noise", "blue noise")
    assert data.test.names[TEXT] == [f"the sound of {c} noise" for c in COLOURS]
    views, labels = data.train.pairs()
    assert len(views[TEXT]) == 9 and sorted(labels.tolist()) == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    (tmp_path / "meta/esc50.csv").write_text("filename,fold\n1.wav,1\n")
    with pytest.raises(LabError, match="no filename, fold, target and category"):
        load("esc50", tmp_path, encoders)


def xmedia(folder) -> None:
    rng = np.random.default_rng(0)
    keys = {
        "I_{}_CNN": "{}ImgCat",
        "T_{}_BOW": "{}TxtCat",
        "A_{}": "{}AudCat",
        "V_{}_CNN": "{}VidCat",
    }
    arrays = {}
    for part, n in (("tr", 12), ("te", 6)):
        for features, classes in keys.items():
            count = n if features[0] in "IT" else n - 3
            arrays[features.format(part)] = rng.normal(size=(count, 5))
            order = 1 if features[0] != "V" else -1  # videos in another order of classes
            arrays[classes.format(part)] = (np.arange(count) % 3 + 1)[::order, None]
    scipy.io.savemat(folder / "XMediaFeatures.mat", arrays)


def test_xmedia_pairs_pictures_with_their_texts(tmp_path):
    xmedia(tmp_path)
    data = load("xmedia", tmp_path)
    assert len(data.train.pairs()[0][IMAGE]) == 12 and len(data.test.owners[TEXT]) == 6
    assert data.train.labels[IMAGE].tolist()[:4] == [0, 1, 2, 0] and len(data.classes) == 3


def test_xmedia_pairs_what_has_no_partner_within_its_class(tmp_path):
    xmedia(tmp_path)
    data = read_xmedia(tmp_path, (AUDIO, VIDEO, IMAGE))
    rows = data.train.rows()
    assert len(rows[AUDIO]) == 9
    for modality in rows:
        same = data.train.labels[modality][rows[modality]] == data.train.labels[AUDIO][rows[AUDIO]]
        assert same.all()
    with pytest.raises(LabError, match="does not hold d3_tr"):
        read_xmedia(tmp_path, (AUDIO, Modality.MESH))


def nuswide(folder, n: int = 300) -> np.ndarray:
    """Twelve concepts; the first ten are the largest."""
    rng = np.random.default_rng(0)
    shows = rng.integers(0, 12, n)
    shows[shows > 9] = np.where(np.arange((shows > 9).sum()) % 9 == 0, 11, 0)
    for place in ("Groundtruth/AllLabels", "NUS_WID_Tags", "Low_Level_Features"):
        (folder / place).mkdir(parents=True)
    flags = np.eye(12, dtype=int)[shows]
    flags[:3, :2] = 1  # of two classes: left out
    for c in range(12):
        file = folder / f"Groundtruth/AllLabels/Labels_concept{c:02}.txt"
        file.write_text("\n".join(map(str, flags[:, c])))
    tags, words = rng.integers(0, 2, (n, 6)), rng.integers(0, 9, (n, 4))
    tags[:, 0], tags[5] = 1, 0  # picture 5 has no tags
    for file, rows in (("NUS_WID_Tags/AllTags1k", tags), ("Low_Level_Features/BoW_int", words)):
        end = ".dat" if "BoW" in file else ".txt"
        (folder / (file + end)).write_text("\n".join(" ".join(map(str, r)) for r in rows))
    return words


def test_nuswide_takes_pictures_of_one_of_ten_classes(tmp_path):
    words = nuswide(tmp_path)
    data = load("nuswide", tmp_path)
    assert data.classes == tuple(f"concept{c:02}" for c in range(10))
    owners = np.concatenate([s.owners[IMAGE] for s in (data.train, data.val, data.test)])
    assert len(set(owners)) == len(owners) and not {0, 1, 2, 5} & set(owners.tolist())
    assert set(data.test.labels[TEXT]) == set(range(10))
    expected = np.sqrt(words[data.test.owners[IMAGE]])
    np.testing.assert_allclose(data.test.views[IMAGE], expected, rtol=1e-6)
    assert load("nuswide", tmp_path).checksum == data.checksum


def test_nuswide_with_lines_missing_is_refused(tmp_path):
    nuswide(tmp_path)
    tags = tmp_path / "NUS_WID_Tags/AllTags1k.txt"
    tags.write_text("\n".join(tags.read_text().splitlines()[:200]))
    with pytest.raises(LabError, match="300 labels and 200 lines of tags"):
        load("nuswide", tmp_path)


def listed(folder, header: str, row) -> None:
    lines = [header]
    for i in range(15):
        write_picture(folder / f"{i}.png", colour(i))
        write_sound(folder / f"{i}.wav", colour(i))
        lines.append(row(i))
    (folder / "manifest.csv").write_text("\n".join(lines))


def test_a_folder_with_captions(tmp_path, encoders):
    listed(tmp_path, "path,caption1,caption2", lambda i: f"{i}.png,a {colour(i)},")
    data = load("folder", tmp_path, encoders)
    assert len(data.test.owners[IMAGE]) == len(data.test.owners[TEXT]) == 3
    assert data.relevant == "pairs"


def test_a_folder_with_labels(tmp_path, encoders):
    listed(tmp_path, "path,label", lambda i: f"{i}.wav,{colour(i)}")
    data = load("folder", tmp_path, encoders)
    assert data.classes == ("blue", "green", "red") and data.relevant == "labels"
    assert len(data.train.pairs()[0][AUDIO]) == 12


def test_a_folder_with_partners(tmp_path, encoders):
    listed(tmp_path, "path,path2", lambda i: f"{i}.png,{i}.wav")
    data = load("folder", tmp_path, encoders)
    assert data.test.modalities == (IMAGE, AUDIO)
    assert data.test.owners[IMAGE].tolist() == data.test.owners[AUDIO].tolist()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (lambda i: f"{i}.png,{i}.png", "Both columns of the table hold image"),
        (
            lambda i: f"{i}.{'png' if i else 'wav'},{i}.wav",
            r"holds audio \(0.wav\), image \(1.png\)",
        ),
        (lambda i: f"{i}.xyz,{i}.wav", r"files of no known kind \(0.xyz\)"),
    ],
)
def test_tables_that_make_no_two_views_are_refused(tmp_path, encoders, row, says):
    listed(tmp_path, "path,path2", row)
    with pytest.raises(LabError, match=says):
        load("folder", tmp_path, encoders)


def test_a_folder_without_a_table_is_refused(tmp_path, encoders):
    with pytest.raises(ManifestError, match="no manifest"):
        load("folder", tmp_path, encoders)


@pytest.mark.parametrize("name", [name for name in LOADERS if name != "folder"])
def test_an_empty_folder_is_answered_with_where_to_get_the_data(name, tmp_path):
    with pytest.raises(LabError, match=r"there is no ") as error:
        LOADERS[name].read(tmp_path)
    assert error.value.hint == LOADERS[name].where


@pytest.mark.parametrize("name", LOADERS)
def test_every_loader_says_what_it_reads_and_whether_it_needs_encoders(name, tmp_path):
    loader = LOADERS[name]
    assert loader.title and "put" in loader.where.lower()
    made = loader.read.__annotations__["return"]
    assert made == (Gathered if loader.encoded else Dataset)


def test_media_without_encoders_are_refused(tmp_path):
    karpathy(tmp_path, "dataset_flickr30k.json", ["images"] * 2, ["train", "test"])
    with pytest.raises(LabError, match="holds media, no features"):
        load("flickr30k", tmp_path)


@pytest.mark.parametrize("name", LOADERS)
def test_a_folder_that_is_not_there_is_answered_with_where_to_get_the_data(
    name, tmp_path, monkeypatch
):
    for folder, data in ((tmp_path / "none", ""), (None, str(tmp_path)), (None, "")):
        monkeypatch.setenv("XMR_DATA", data)
        with pytest.raises(LabError) as error:
            load(name, folder)
        assert LOADERS[name].where in error.value.hint
