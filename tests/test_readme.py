"""What the README tells people to type works as written."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", README, re.S)
    for line in block.splitlines()
    if line.startswith("xmr ") and not line.startswith(("xmr app", "xmr demo", "xmr bench"))
]
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.S)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home folder with what the README's examples speak of."""
    import skimage.data
    import soundfile

    folder = tmp_path_factory.mktemp("home")
    for name in ("Pictures", "Sounds", "birds"):
        (folder / name).mkdir()
    cat = PIL.Image.fromarray(skimage.data.chelsea())
    coffee = PIL.Image.fromarray(skimage.data.coffee())
    cat.save(folder / "bird.jpg")
    cat.save(folder / "Pictures" / "cat.jpg")
    coffee.save(folder / "Pictures" / "coffee.png")
    coffee.save(folder / "birds" / "owl.jpg")
    t = np.arange(44_100) / 44_100
    hoot = 0.3 * np.sin(2 * np.pi * 400 * t) * np.sin(np.pi * t)
    soundfile.write(folder / "Sounds" / "hoot.wav", hoot, 44_100)
    soundfile.write(folder / "hoot.wav", hoot, 44_100)
    (folder / "captions.csv").write_text(
        "path,caption\nPictures/cat.jpg,a cat\nPictures/coffee.png,a cup of coffee\n", "utf-8"
    )
    return folder


def environment(home):
    folder = Path(sys.executable).parent
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "HOME": str(home), "XMR_HOME": str(home / "xmr"), "PATH": path,
            "XMR_CACHE": str(_cache())}  # fmt: skip


def _cache():
    from xmr_core.paths import cache_dir

    return cache_dir()


def test_commands_of_the_readme_work_in_their_order(home):
    assert len(COMMANDS) >= 5
    for command in COMMANDS:
        done = subprocess.run(
            command, shell=True, cwd=home, env=environment(home), capture_output=True, text=True
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert done.stdout.strip(), command


def test_python_of_the_readme_works(home):
    assert SNIPPETS
    for snippet in SNIPPETS:
        done = subprocess.run(
            [sys.executable, "-c", snippet],
            cwd=home,
            env=environment(home),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip()


def test_links_and_pictures_of_the_documents_are_there():
    for document in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        text = document.read_text("utf-8")
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
