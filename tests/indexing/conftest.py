import pytest

from xmr_core.catalogue import Catalogue


@pytest.fixture
def library(tmp_path):
    """The catalogue of a new library, in a folder of its own."""
    folder = tmp_path / "library"
    folder.mkdir()
    with Catalogue(folder / "catalogue.sqlite") as catalogue:
        yield catalogue


@pytest.fixture
def media(tmp_path):
    """A folder for media."""
    folder = tmp_path / "media"
    folder.mkdir()
    return folder
