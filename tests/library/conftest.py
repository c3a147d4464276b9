from collections.abc import Iterator

import pytest

from tests import named
from tests.fakes import fake_space
from tests.indexing.world import write_picture, write_sound, write_text
from tests.library.steps import paint
from xmr_core.library import Library


@pytest.fixture
def media(tmp_path):
    """A folder with a text, a picture and a sound."""
    folder = tmp_path / "media"
    write_text(folder / "red.txt", "red")
    write_picture(folder / "deep/green.png", "green")
    write_sound(folder / "blue.wav", "blue")
    return folder


@pytest.fixture
def library(home, media, cache):
    """An empty library of three colours."""
    with Library.create("colours", space=fake_space()) as made:
        yield made


@pytest.fixture
def profiles() -> Iterator[None]:
    """Profiles of three colours, by name; see `tests.named`."""
    with named.registered():
        yield


@pytest.fixture
def folder(tmp_path):
    """Three small pictures."""
    return paint(tmp_path / "pictures", 3)
