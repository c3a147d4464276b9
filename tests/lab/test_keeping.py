"""Spaces fitted in the lab become profiles."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from xmr_core.datasets.made_up import made_up
from xmr_core.errors import LabError
from xmr_core.heads import Linear
from xmr_core.lab import method
from xmr_core.lab.keeping import keep
from xmr_core.profiles import describe_profile, load_profile


@pytest.fixture
def space():
    return method("cca").fit(made_up().train.views)


def test_a_space_takes_the_encoders_own_features_once_it_is_a_profile(
    space, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The views of a dataset are made of features; what is kept does both steps."""
    monkeypatch.setenv("XMR_HOME", str(tmp_path))
    base = load_profile("embedded")
    rng = np.random.default_rng(0)
    before, raw = {}, {}
    for modality, view in made_up().train.views.items():
        dim = base.encoders[modality].dim
        weight = rng.normal(size=(dim, view.shape[1])).astype(np.float32)
        before[modality] = (Linear(weight, np.zeros(view.shape[1], np.float32)),)
        raw[modality] = rng.normal(size=(30, dim)).astype(np.float32)
    data = replace(
        made_up(),
        before=before,
        encoders={m: base.encoders[m].fingerprint for m in before},
        raw=lambda n: {m: rows[:n] for m, rows in raw.items()},
    )
    name = keep("mine", space, data, "Things", "embedded")
    assert describe_profile(name).about.startswith(
        "Canonical correlation analysis, fitted on Things."
    )
    kept = load_profile(name)
    for modality, rows in raw.items():
        seen = before[modality][0](rows)
        np.testing.assert_allclose(
            kept.embed(modality, rows), space.embed(modality, seen), atol=1e-4
        )


def test_a_space_of_features_that_no_file_has_is_refused(space):
    with pytest.raises(LabError, match="Things came with features of its own"):
        keep("mine", space, made_up(), "Things")
