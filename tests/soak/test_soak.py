"""The short form of everything that ``make soak`` does in full."""

import shutil
from pathlib import Path

import pytest

from tests import children
from tests.readers import made
from tests.soak.__main__ import SOAKS
from tests.soak.fuzzing import READERS, Fallen, Victim
from tests.soak.length import FULL, Length, scaled
from tests.soak.sessions import CHROMIUM
from xmr_core import readers

FOLDER = Path(readers.__file__).parent
pytestmark = [children.posix, pytest.mark.slow]

# A busy machine says little about speed and memory in some seconds.
_TIMED = ("p95 during a run", "growth of", "longest reading")


@pytest.mark.parametrize("name", SOAKS)
def test_nothing_is_lost_and_nothing_falls(name: str) -> None:
    if name == "sessions" and not any(map(shutil.which, CHROMIUM)):
        pytest.skip("there is no Chromium on the PATH")
    figures = list(SOAKS[name](Length()))
    assert figures
    assert [f for f in figures if f.missed and not f.name.startswith(_TIMED)] == []


def test_a_reader_that_dies_or_hangs_is_seen_and_another_takes_its_place(tmp_path, monkeypatch):
    file = tmp_path / "a.txt"
    file.write_text("an owl")
    with Victim() as victim:
        assert victim.read(file) == "read"
        victim._process.kill()
        victim._process.wait()
        with pytest.raises(Fallen, match=r"died \(SIGKILL\)"):
            victim.read(file)
        assert victim.read(file) == "read"
        monkeypatch.setattr("tests.soak.fuzzing.PATIENCE", 0.0)
        with pytest.raises(Fallen, match="no answer"):
            victim.read(file)
    assert victim.most > 0


def test_the_length_is_a_share_of_the_full_one() -> None:
    assert scaled(1.0) == FULL
    assert scaled(0.1).sessions == 8 and scaled(0.1).kills == 10


def test_every_format_is_spoiled_for_one_reader_and_every_reader_is_there():
    assert sorted(name for names in READERS.values() for name in names) == sorted(made.FILES)
    assert all((FOLDER / f"{reader}.py").is_file() for reader in READERS)
