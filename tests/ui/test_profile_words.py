"""Profiles in plain words."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import named
from tests.tiny import tiny_openclip
from xmr_core.errors import UnknownProfile, WeightsDamaged, WeightsMissing
from xmr_core.ui import profile_words

_ASK = """
import json, sys, time
from xmr_core.errors import HubUnreachable
from xmr_core.ui import profile_words
started = time.monotonic()
try:
    profile_words.check_can_be_had("openclip:ViT-B-32/laion2b_s34b_b79k")
except HubUnreachable as error:
    seconds = time.monotonic() - started
    print(json.dumps([error.message, error.hint, seconds, "torch" in sys.modules]))
"""


def test_an_absent_hub_is_told_in_one_sentence_within_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HF_HOME", str(tmp_path))  # nothing was ever fetched
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    done = subprocess.run(
        [sys.executable, "-c", _ASK], capture_output=True, text=True, check=True, timeout=60
    )
    message, hint, seconds, heavy = json.loads(done.stdout)
    assert message == (
        "OpenCLIP ViT-B-32 needs its weights from the model hub, which cannot be reached."
    )
    assert "checkpoint file" in hint
    assert seconds < 10
    assert not heavy  # which alone may take so long


def test_a_checkpoint_on_this_machine_needs_no_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    file = tiny_openclip(tmp_path) / "tiny.safetensors"
    told = profile_words.described(f"openclip:tiny-vit/{file}")
    assert told["title"] == f"OpenCLIP tiny-vit, {file.name}"
    assert not told["hub"]
    assert told["problem"] is None
    assert [medium["word"] for medium in told["media"]][-1] == "3D models"


def test_a_name_that_no_profile_has_is_refused():
    with pytest.raises(UnknownProfile):
        profile_words.described("embeded")


def test_the_fixed_profiles_are_told_without_loading_one():
    with named.registered():
        names = [one["name"] for one in profile_words.fixed()]
    assert names[:2] == ["embedded", "embedded-multilingual"]
    assert set(named.NAMES) <= set(names)


@pytest.mark.parametrize(
    ("content", "error"), [(None, WeightsMissing), (b"no tensors", WeightsDamaged)]
)
def test_a_checkpoint_that_is_none_is_told_and_refused(tmp_path: Path, content, error):
    file = tiny_openclip(tmp_path).with_name("other.safetensors")
    if content is not None:
        file.write_bytes(content)
    name = f"openclip:ViT-B-32/{file}"
    told = profile_words.described(name)
    assert file.name in told["problem"]["message"]
    with pytest.raises(error, match=file.name):
        profile_words.check_can_be_had(name)
