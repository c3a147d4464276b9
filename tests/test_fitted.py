"""Spaces fitted in the lab, kept and used as profiles."""

import json
from pathlib import Path

import numpy as np
import pytest

from xmr_core.errors import LabError, UnknownProfile, WeightsDamaged
from xmr_core.heads import Head, Linear, Unit
from xmr_core.media import Floats, Modality
from xmr_core.profiles import describe_profile, load_profile
from xmr_core.profiles.fitted import delete_fitted, fitted_names, save_fitted
from xmr_core.space import JointSpace

IMAGE, TEXT, AUDIO = Modality.IMAGE, Modality.TEXT, Modality.AUDIO


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XMR_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def base() -> JointSpace:
    return load_profile("embedded")


@pytest.fixture(scope="module")
def views(base: JointSpace) -> dict[Modality, Floats]:
    """Features as wide as the encoders', of things with four numbers behind them."""
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(60, 4))
    return {
        m: (hidden @ rng.normal(size=(4, base.encoders[m].dim))).astype(np.float32)
        for m in (IMAGE, TEXT)
    }


@pytest.fixture(scope="module")
def turned(base: JointSpace) -> JointSpace:
    """The same space seen through a rotation: what carries over is known."""
    turn, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(base.dim, base.dim)))
    step = Linear(turn.astype(np.float32), np.zeros(base.dim, np.float32))
    heads = {}
    for modality in (IMAGE, TEXT):
        old = base.head(modality)
        assert isinstance(old, Head)
        heads[modality, "gallery"] = Head(old.dim_in, (*old.layers, Unit(), step))
    return JointSpace("turned", base.dim, {}, heads)  # type: ignore[arg-type]


def learned(views: dict[Modality, Floats], dim: int = 4) -> JointSpace:
    """Heads of the kind that linear methods give."""
    rng = np.random.default_rng(3)
    heads = {
        (m, "gallery"): Head.affine(rng.normal(size=(view.shape[1], dim)).astype(np.float32))
        for m, view in views.items()
    }
    return JointSpace("learned", dim, {}, heads)  # type: ignore[arg-type]


def test_a_kept_space_gives_the_vectors_that_it_was_fitted_to_give(base, views):
    space = learned(views)
    assert save_fitted("mine", base, space, views, "CCA on made-up pairs.") == "lab:mine"
    again = load_profile("lab:mine")
    assert again.name == "lab:mine" and again.dim == space.dim
    for modality, view in views.items():
        np.testing.assert_array_equal(again.embed(modality, view), space.embed(modality, view))
    assert {m: e.fingerprint for m, e in again.encoders.items()} == {
        m: e.fingerprint for m, e in base.encoders.items()
    }
    assert again.fingerprint != base.fingerprint


def test_media_that_it_was_not_fitted_on_are_carried_over(base, turned):
    rng = np.random.default_rng(2)
    views = {m: rng.normal(size=(900, base.encoders[m].dim)).astype("f4") for m in (IMAGE, TEXT)}
    save_fitted("turned", base, turned, views, "A rotation.")
    space = load_profile("lab:turned")
    for modality in Modality:
        features = rng.normal(size=(5, base.encoders[modality].dim)).astype(np.float32)
        old, new = base.embed(modality, features), space.embed(modality, features)
        known = (base.embed(TEXT, views[TEXT][:200]) @ old.T).ravel()
        found = (space.embed(TEXT, views[TEXT][:200]) @ new.T).ravel()
        assert np.corrcoef(known, found)[0, 1] > 0.9, modality


def test_what_is_kept_is_listed_described_and_forgotten(base, views, home: Path):
    assert fitted_names() == []
    save_fitted("birds 2", base, learned(views), views, "CCA on birds.")
    assert fitted_names() == ["lab:birds 2"]
    info = describe_profile("lab:birds 2")
    assert info.about == "CCA on birds. Encoders of the profile embedded."
    assert info.dim == 4 and not info.needs_hub and set(info.modalities) == set(Modality)
    delete_fitted("lab:birds 2")
    assert fitted_names() == [] and not list((home / "spaces").iterdir())
    with pytest.raises(UnknownProfile, match="none yet"):
        describe_profile("lab:birds 2")


@pytest.mark.parametrize("name", ["", "..", "../out", "a/b", ".hidden", "x" * 70, "a\nb"])
def test_names_that_are_no_folders_names_are_refused(base, views, name: str):
    with pytest.raises(LabError, match="cannot be the name"):
        save_fitted(name, base, learned(views), views, "")


def test_a_name_is_taken_once(base, views):
    space = learned(views)
    save_fitted("one", base, space, views, "")
    with pytest.raises(LabError, match="already"):
        save_fitted("one", base, space, views, "")


def test_a_space_of_other_features_is_refused(base, views):
    narrow = {m: view[:, :20] for m, view in views.items()}
    with pytest.raises(LabError, match="not fitted on embedded's"):
        save_fitted("narrow", base, learned(narrow), narrow, "")
    assert fitted_names() == []


@pytest.mark.parametrize("spoilt", ["space.json", "carry.safetensors", "text.gallery.safetensors"])
def test_a_damaged_file_is_named_by_its_space(base, views, home: Path, spoilt: str):
    save_fitted("frail", base, learned(views), views, "")
    (home / "spaces" / "frail" / spoilt).write_bytes(b"{}")
    with pytest.raises(WeightsDamaged, match="'lab:frail' is damaged"):
        load_profile("lab:frail")


def test_a_space_on_a_space_is_refused(base, views, home: Path):
    save_fitted("loop", base, learned(views), views, "")
    sheet = home / "spaces" / "loop" / "space.json"
    sheet.write_text(json.dumps(json.loads(sheet.read_text()) | {"base": "lab:loop"}))
    with pytest.raises(WeightsDamaged, match="stands on another"):
        load_profile("lab:loop")
