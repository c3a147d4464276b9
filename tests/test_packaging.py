"""The wheel gives the same ``xmr`` in a fresh environment as the checkout does."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from xmr_core import __version__

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"

_LOAD = """
import json
from xmr_core import paths
from xmr_core.profiles import load_profile
space = load_profile("embedded")
print(json.dumps({
    "assets": str(paths.assets_dir()),
    "indexes": str(paths.indexes_dir()),
    "fingerprint": space.fingerprint,
    "bank": len(space.bank_texts),
}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True)
    (file,) = out.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def fresh(wheel, tmp_path_factory):
    """An environment with the wheel, and beside it the packages that it depends on."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.EnvBuilder(with_pip=False, symlinks=True).create(folder)
    python = folder / "bin" / "python"
    (site,) = folder.glob("lib/python3*/site-packages")
    # a path in a .pth file is searched after the environment's own, and its own .pth files,
    # one of which leads to the checkout, are not read
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps"]
    quiet = ["--quiet", "--disable-pip-version-check", "--force-reinstall"]
    subprocess.run([*command, *quiet, str(wheel)], check=True, capture_output=True)
    return folder


def test_wheel_carries_every_asset_and_module(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for file in ASSETS.rglob("*"):
        if file.is_file():
            assert f"xmr_core/assets/{file.relative_to(ASSETS).as_posix()}" in names
    for file in (ROOT / "xmr_core").rglob("*.py"):
        assert file.relative_to(ROOT).as_posix() in names
    assert not [name for name in names if name.startswith(("tests/", "indexes/", "tools/"))]


def test_installed_wheel_gives_the_same_space_as_the_checkout(fresh, tmp_path):
    here = json.loads(_run(sys.executable, "-c", _LOAD, home=tmp_path / "a", cwd=ROOT))
    there = json.loads(_run(fresh / "bin" / "python", "-c", _LOAD, home=tmp_path / "b"))
    assert there["assets"].startswith(str(fresh))
    assert there["fingerprint"] == here["fingerprint"]
    assert there["bank"] == here["bank"] > 0


def test_installed_command_indexes_and_searches(fresh, tmp_path):
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "owl.txt").write_text("An owl hoots in the dark wood.", "utf-8")
    (notes / "soup.txt").write_text("Boil the onions, then add the stock.", "utf-8")
    xmr = fresh / "bin" / "xmr"
    assert __version__ in _run(xmr, "--version", home=tmp_path)
    _run(xmr, "index", notes, "--library", "notes", home=tmp_path)
    found = json.loads(
        _run(xmr, "search", "birds at night", "-l", "notes", "--json", home=tmp_path)
    )
    assert Path(found["hits"][0]["path"]).name == "owl.txt"


def _run(*command, home, cwd=None):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment["XMR_HOME"] = str(home)
    done = subprocess.run(
        [str(part) for part in command],
        env=environment,
        cwd=cwd or Path("/"),  # not the checkout, whose package would be found first
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
