import dataclasses
import hashlib

import pytest

from tests.encoders.test_hub import CONTENT, FILES, served  # noqa: F401 - a fixture
from xmr_core.errors import HubUnreachable, WeightsDamaged, WeightsMissing
from xmr_core.models import ARTEFACTS, Artefact, HubFile, fetch, locate, probe


@pytest.fixture
def record(cache, monkeypatch):
    """An artefact that only the hub has."""
    made = Artefact(
        name="hubbed",
        filename="hubbed.bin",
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        size=len(CONTENT),
        licence="MIT",
        about="",
        sources=(HubFile("someone/model", "weights.bin"),),
    )
    monkeypatch.setitem(ARTEFACTS, "hubbed", made)
    monkeypatch.setattr(probe, "_last", None)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return made


def test_file_comes_from_the_hub_with_progress(served, record, cache):  # noqa: F811
    told = []
    path = fetch("hubbed", lambda done, total: told.append(done))
    assert path == cache / "hubbed.bin"
    assert path.read_bytes() == CONTENT
    assert told == sorted(told)
    assert told[-1] == len(CONTENT)
    assert not (cache / ".hub" / "hubbed").exists()


def test_other_content_is_damaged_and_not_kept(served, record, cache, monkeypatch):  # noqa: F811
    other = dataclasses.replace(record, sha256="0" * 64)
    monkeypatch.setitem(ARTEFACTS, "hubbed", other)
    with pytest.raises(WeightsDamaged, match=r"weights\.bin is not 'hubbed'"):
        fetch("hubbed")
    assert locate("hubbed") is None
    assert not (cache / ".hub" / "hubbed").exists()


def test_file_that_the_hub_does_not_have_is_missing(served, record, monkeypatch):  # noqa: F811
    monkeypatch.delitem(FILES, "/someone/model/resolve/main/weights.bin")
    with pytest.raises(WeightsMissing, match=r"does not give someone/model/weights\.bin"):
        fetch("hubbed")


def test_stopping_is_not_taken_for_a_fault_of_the_hub(served, record):  # noqa: F811
    with pytest.raises(KeyboardInterrupt):
        fetch("hubbed", lambda done, total: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(ZeroDivisionError):
        fetch("hubbed", lambda done, total: 1 / 0)


def test_hub_out_of_reach_is_one_sentence_with_size_and_place(record, cache, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(HubUnreachable, match=r"'hubbed' needs 1 MB from http://127.*") as error:
        fetch("hubbed")
    assert str(cache / "hubbed.bin") in error.value.hint
