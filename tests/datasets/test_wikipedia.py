"""The loader of Wikipedia's featured articles."""

import numpy as np
import pytest
import scipy.io

from xmr_core.datasets import load
from xmr_core.errors import LabError
from xmr_core.media import Modality

IMAGE, TEXT = Modality.IMAGE, Modality.TEXT


@pytest.fixture
def folder(tmp_path):
    """Four pairs to train and two to test, in the original layout."""
    rng = np.random.default_rng(0)
    arrays = {
        f"{view}_{part}": rng.random((n, m))
        for part, n in (("tr", 4), ("te", 2))
        for view, m in (("I", 5), ("T", 3))
    }
    scipy.io.savemat(tmp_path / "raw_features.mat", arrays)
    (tmp_path / "categories.list").write_text("art\nbiology\n")
    (tmp_path / "trainset_txt_img_cat.list").write_text("a\tx\t1\nb\ty\t2\nc\tz\t2\nd\tw\t1\n")
    (tmp_path / "testset_txt_img_cat.list").write_text("e\tv\t2\nf\tu\t1\n")
    return tmp_path


def test_the_original_layout_is_read(folder):
    data = load("wikipedia", folder)
    assert data.train.views[IMAGE].shape == (4, 5) and data.test.views[TEXT].shape == (2, 3)
    assert data.train.views[IMAGE].dtype == np.float32
    assert data.test.labels[IMAGE].tolist() == data.test.labels[TEXT].tolist() == [1, 0]
    assert data.classes == ("art", "biology") and data.val is None
    assert data.relevant == "labels" and not data.known
    assert data.train.names[IMAGE] == ["x", "y", "z", "w"]


def test_missing_files_are_named_with_where_to_get_them(folder):
    (folder / "raw_features.mat").unlink()
    with pytest.raises(LabError, match=r"no raw_features\.mat.*svcl\.ucsd\.edu"):
        load("wikipedia", folder)


def test_tables_that_do_not_fit_are_refused(folder):
    (folder / "testset_txt_img_cat.list").write_text("e\tv\t2\n")
    with pytest.raises(LabError, match="1 rows for 2 pictures"):
        load("wikipedia", folder)


def test_a_damaged_file_is_refused(folder):
    (folder / "raw_features.mat").write_bytes(b"no matrix")
    with pytest.raises(LabError, match=r"raw_features\.mat cannot be read"):
        load("wikipedia", folder)
    scipy.io.savemat(folder / "raw_features.mat", {"I_tr": np.ones(3)})
    with pytest.raises(LabError, match="does not hold T_tr, I_te, T_te"):
        load("wikipedia", folder)


def test_the_folder_is_found_through_the_environment(folder, monkeypatch):
    monkeypatch.delenv("XMR_DATA", raising=False)
    with pytest.raises(LabError, match="set XMR_DATA"):
        load("wikipedia")
    monkeypatch.setenv("XMR_DATA", str(folder.parent))
    with pytest.raises(LabError, match="no folder"):
        load("wikipedia")
    folder.rename(folder.parent / "wikipedia")
    assert load("wikipedia").name == "wikipedia"


def test_an_unknown_dataset_is_named_with_the_known_ones():
    with pytest.raises(LabError, match=r"no dataset 'wiki'.*wikipedia"):
        load("wiki")


def test_the_published_files_are_known(xmr_data):
    data = load("wikipedia")
    assert data.known and len(data.classes) == 10
    assert len(data.train.owners[IMAGE]) == 2173 and len(data.test.owners[TEXT]) == 693
