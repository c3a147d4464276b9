"""What looks into items for prints."""

import pytest

from tests.duplicates import made
from xmr_core.duplicates import KINDS, WORKS
from xmr_core.errors import MediaError
from xmr_core.media import Item, Modality


def item(path, modality):
    return Item(1, path.parent, path.name, modality, 1, 0.0, "", path.name, {})


def work(modality):
    return next(one for one in WORKS if one.modalities == {modality})


def test_every_medium_has_one_work_and_kinds_of_its_own():
    assert {m for one in WORKS for m in one.modalities} == set(Modality)
    kinds = [kind for one in WORKS for kind in one.kinds]
    assert len(kinds) == len(set(kinds)) == sum(map(len, KINDS.values()))


def test_a_picture_gets_its_print(tmp_path):
    made.photograph("coffee").save(tmp_path / "cup.png")
    (print,) = work(Modality.IMAGE).look(item(tmp_path / "cup.png", Modality.IMAGE)).prints
    assert print.kind == "picture-1" and len(print.bits) == 32 * 32


def test_a_file_that_is_away_or_became_another_medium_is_told(tmp_path):
    with pytest.raises(FileNotFoundError):
        work(Modality.IMAGE).look(item(tmp_path / "gone.png", Modality.IMAGE))
    made.photograph("coffee").save(tmp_path / "cup.png")
    with pytest.raises(MediaError, match="another medium"):
        work(Modality.AUDIO).look(item(tmp_path / "cup.png", Modality.AUDIO))
