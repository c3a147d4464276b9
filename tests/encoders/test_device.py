import os
import subprocess
import sys

import pytest

from xmr_core.encoders import device as devices
from xmr_core.encoders import onnx
from xmr_core.encoders.device import device, driver, execution_providers
from xmr_core.errors import ModelError


@pytest.fixture
def machine(monkeypatch):
    """A machine that has a card's driver or none, and a torch that has the card or not."""

    def make(card, torch_has=True, onnxruntime_has=False):
        monkeypatch.setattr(devices, "driver", lambda: card)
        if card:
            why = "" if torch_has else "torch 9 is built for processors alone"
            monkeypatch.setattr(devices, "_card_of_torch", lambda: why)
        monkeypatch.setattr(devices, "_card_of_onnxruntime", lambda: card and onnxruntime_has)

    def forget():
        devices._device.cache_clear()
        if hasattr(devices._card_of_torch, "cache_clear"):
            devices._card_of_torch.cache_clear()

    monkeypatch.delenv("XMR_DEVICE", raising=False)
    forget()
    yield make
    monkeypatch.undo()
    forget()


def test_card_is_used_where_there_is_one_and_can_be_declined(machine, monkeypatch):
    machine(card=True)
    assert device() == "cuda"
    assert execution_providers() == ["CPUExecutionProvider"]
    monkeypatch.setenv("XMR_DEVICE", "CPU")
    assert device() == "cpu"


def test_without_a_card_the_processors_are_used(machine):
    machine(card=False)
    assert device() == "cpu"
    assert execution_providers() == ["CPUExecutionProvider"]


def test_card_that_torch_cannot_use_is_left_to_onnxruntime_or_alone(machine, monkeypatch):
    machine(card=True, torch_has=False)
    assert device() == "cpu"
    assert execution_providers() == ["CPUExecutionProvider"]
    machine(card=True, torch_has=False, onnxruntime_has=True)
    assert execution_providers() == ["CUDAExecutionProvider", "CPUExecutionProvider"]
    monkeypatch.setenv("XMR_DEVICE", "cuda")
    assert device() == "cpu"  # what only torch runs
    monkeypatch.setenv("XMR_DEVICE", "cpu")
    assert execution_providers() == ["CPUExecutionProvider"]


def test_card_that_is_asked_for_and_not_there_is_an_error_that_says_so(machine, monkeypatch):
    monkeypatch.setenv("XMR_DEVICE", "cuda")
    machine(card=False)
    said = "XMR_DEVICE asks for a graphics card, but no driver of one is on this machine"
    with pytest.raises(ModelError, match=said) as caught:
        device()
    assert "Leave XMR_DEVICE out" in caught.value.hint
    machine(card=True, torch_has=False)
    with pytest.raises(ModelError, match="but torch 9 is built for processors alone"):
        device()


def test_device_that_nobody_knows_is_an_error_that_names_those_there_are(machine, monkeypatch):
    machine(card=True)
    monkeypatch.setenv("XMR_DEVICE", "tpu")
    with pytest.raises(ModelError, match="XMR_DEVICE is 'tpu', which is no device") as caught:
        device()
    assert caught.value.hint == "Set it to one of auto, cpu, cuda, or leave it out."


def test_graph_on_a_device_that_is_not_there_is_refused(machine, monkeypatch):
    machine(card=False)
    monkeypatch.setenv("XMR_DEVICE", "cuda")
    with pytest.raises(ModelError, match="asks for a graphics card"):
        onnx.graph("any", ["0"], 1, lambda: pytest.fail("built"))


@pytest.mark.skipif(sys.platform == "win32", reason="devices are no files there")
def test_cards_that_are_hidden_do_not_count(monkeypatch, tmp_path):
    monkeypatch.setattr(devices, "_DEV", tmp_path)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    (tmp_path / "nvidiactl").touch()
    assert driver() is False
    (tmp_path / "nvidia1").touch()
    assert driver() is True
    for hidden in ("", "-1", " "):
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", hidden)
        assert driver() is False


def test_asking_for_the_device_imports_no_torch_where_there_is_no_card():
    script = (
        "import sys; from xmr_core.encoders.device import device, execution_providers as e; "
        "print(device(), e(), 'torch' in sys.modules, 'onnxruntime' in sys.modules)"
    )
    bare = {k: v for k, v in os.environ.items() if k != "XMR_DEVICE"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=bare | {"CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "cpu ['CPUExecutionProvider'] False False"
