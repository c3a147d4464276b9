import sys

import pytest

from tests import named
from tests.indexing.world import (
    write_film,
    write_picture,
    write_solid,
    write_sound,
    write_text,
)
from xmr_core import cli


@pytest.fixture(autouse=True)
def _apart(home, cache):
    """Libraries and weights of this test alone, and profiles that tell things by their colours."""
    with named.registered():
        yield


@pytest.fixture
def xmr(monkeypatch, capsys):
    """Run a command; (exit status, standard output, standard error)."""
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["xmr", *map(str, words)])
        status = 0
        try:
            cli.main()
        except SystemExit as end:
            status = end.code or 0
        out, err = capsys.readouterr()
        return status, out, err

    return run


@pytest.fixture
def media(tmp_path):
    """A folder with one of each medium."""
    folder = tmp_path / "media"
    write_text(folder / "red.txt", "red")
    write_picture(folder / "deep/green.png", "green")
    write_sound(folder / "blue.wav", "blue")
    write_film(folder / "film.gif", "red")
    write_solid(folder / "solid.ply", "green")
    return folder


@pytest.fixture
def library(xmr, media):
    """That folder, indexed into the library ``hues``."""
    assert xmr("index", media, "--library", "hues", "--profile", "colours")[0] == 0
    return media
