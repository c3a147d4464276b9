"""`xmr models`."""

import json
from pathlib import Path


def test_models_are_listed_with_licence_and_place(xmr):
    status, out, _ = xmr("models", "list")
    assert status == 0
    from xmr_core import models

    for name, artefact in models.ARTEFACTS.items():
        line = next(line for line in out.splitlines() if line.startswith(f"{name} "))
        assert artefact.licence in line and (" yes " in line or " no " in line)


def test_models_are_listed_as_json(xmr):
    from xmr_core import models

    status, out, _ = xmr("models", "list", "--json")
    told = {one["name"]: one for one in json.loads(out)}
    assert status == 0 and told.keys() == models.ARTEFACTS.keys()
    here = told["minilm-l6-v2-tokenizer"]
    assert here["bytes"] == Path(here["path"]).stat().st_size
    assert here["licence"] == "Apache-2.0" and "word pieces" in here["about"]


def test_models_are_verified(xmr):
    status, out, _ = xmr("models", "verify", "minilm-l6-v2-tokenizer")
    assert (status, out) == (0, "minilm-l6-v2-tokenizer: good\n")


def test_a_damaged_model_is_told_with_exit_status_1(xmr, monkeypatch):
    from dataclasses import replace

    from xmr_core import models

    wrong = replace(models.ARTEFACTS["minilm-l6-v2-tokenizer"], sha256="0" * 64)
    monkeypatch.setitem(models.ARTEFACTS, "minilm-l6-v2-tokenizer", wrong)
    status, out, err = xmr("models", "verify", "minilm-l6-v2-tokenizer")
    assert status == 1 and "minilm-l6-v2-tokenizer: DAMAGED" in out and "xmr models pull" in err


def test_a_model_that_is_here_is_pulled_at_once(xmr):
    status, out, _ = xmr("models", "pull", "minilm-l6-v2-tokenizer")
    assert status == 0 and Path(out.removeprefix("minilm-l6-v2-tokenizer: ").strip()).is_file()
