"""The public API: what ``xmr_core`` promises, and nothing heavy at import."""

import subprocess
import sys

import pytest

import xmr_core


def test_all_is_sorted_and_complete():
    assert xmr_core.__all__ == sorted(xmr_core.__all__)
    assert set(xmr_core.__all__) == set(xmr_core._HOMES)


@pytest.mark.parametrize("name", xmr_core.__all__)
def test_every_name_can_be_had(name):
    assert getattr(xmr_core, name).__module__ == f"xmr_core.{xmr_core._HOMES[name]}"


def test_unknown_names_are_refused():
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = xmr_core.Nothing


def test_neither_the_api_nor_the_command_line_imports_anything_heavy():
    heavy = [
        "torch",
        "gradio",
        "trimesh",
        "librosa",
        "timm",
        "open_clip",
        "transformers",
        "sklearn",
    ]
    code = (
        "import sys, xmr_core.cli, xmr_core.library\n"
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
