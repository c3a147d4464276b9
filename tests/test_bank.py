"""The bank that comes with XMR."""

import numpy as np
import pytest

from xmr_core.heads import Head
from xmr_core.media import Modality
from xmr_core.profiles import bank, load_profile
from xmr_core.profiles.bank import bank_centres, heads_mark, heard_texts, save_bank


@pytest.fixture
def assets(tmp_path, monkeypatch):
    (tmp_path / "bank").mkdir()
    monkeypatch.setattr(bank, "assets_dir", lambda: tmp_path)
    return tmp_path


def test_centres_come_back_as_unit_rows_for_the_heads_they_belong_to(assets):
    rows = np.random.default_rng(0).normal(size=(5, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    save_bank({Modality.IMAGE: rows}, "these")
    kept = bank_centres("these")
    np.testing.assert_allclose(kept[Modality.IMAGE], rows, atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(kept[Modality.IMAGE], axis=1), 1, atol=1e-6)
    assert bank_centres("others") == {}


def test_damaged_or_absent_centres_leave_the_sentences_alone(assets):
    assert bank_centres("these") == {}
    (assets / "bank" / "centres.safetensors").write_bytes(b"no tensors")
    assert bank_centres("these") == {}


def test_centres_were_made_with_the_heads_that_come_with_xmr():
    space = load_profile("embedded")
    image, text = (space.heads[m, "gallery"] for m in (Modality.IMAGE, Modality.TEXT))
    assert isinstance(image, Head)
    assert isinstance(text, Head)
    centres = bank_centres(heads_mark(image, text))
    assert set(centres) == {Modality.IMAGE, Modality.TEXT}
    assert len(space.bank()) == len(space.bank_texts) + len(centres[Modality.TEXT])
    np.testing.assert_array_equal(space.bank(Modality.VIDEO), centres[Modality.IMAGE])


def test_what_may_be_heard_is_read_from_its_categories_each_name_once(assets):
    assert heard_texts() == []
    lines = "# said before\nanimals: a dog barking; dog\n\nhuman: a cough; dog;\n"
    (assets / "bank" / "heard.txt").write_text(lines, encoding="utf-8")
    assert heard_texts() == ["a dog barking", "dog", "a cough"]
