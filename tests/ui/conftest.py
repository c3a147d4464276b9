"""A real server over a small library of three colours, without a browser."""

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.indexing import world
from tests.named import registered
from xmr_core.library import Library
from xmr_core.ui.app import build
from xmr_core.ui.context import Context

ADDRESS = "http://127.0.0.1:7860"


@dataclass
class Site:
    """A server, with what it serves.

    Attributes:
        client: asks it as a page of its own does.
        media: the folder that the library holds.
        ids: path below the folder → the item's id.
    """

    client: TestClient
    context: Context
    home: Path
    media: Path
    ids: dict[str, int]

    def call(self, action, **payload):
        """The answer of an action that succeeds."""
        answer = self.client.post(f"/call/{action}", json=payload)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert "error" not in told, told
        return told

    def refused(self, action, **payload):
        """The error of an action that fails."""
        answer = self.client.post(f"/call/{action}", json=payload)
        assert answer.status_code == 200, answer.text
        return answer.json()["error"]

    def url(self, path, tail=""):
        return f"/media/colours/{self.ids[path]}{tail}"


def fill(media):
    """Six files of each colour's word, and files that a page must be careful with."""
    for colour in ("red", "green", "blue"):
        world.write_text(media / f"{colour}.txt", f"The first passage is {colour}.\n\nThe second.")
        world.write_picture(media / f"pictures/{colour}.png", colour, 32)
        world.write_sound(media / f"sounds/{colour}.wav", colour)
        world.write_film(media / f"films/{colour}.gif", colour)
        world.write_solid(media / f"solids/{colour}.ply", colour)
    script = "<html><body><script>alert(1)</script><p>red red page</p></body></html>"
    world.write_text(media / "page.html", script)
    world.write_text(media / '<img src=x onerror="alert(1)">.txt', "red <b>bold</b>")
    return media


@pytest.fixture(scope="session")
def _made(tmp_path_factory):
    """The library, made once; tests work on copies of it."""
    place = tmp_path_factory.mktemp("ui")
    media = fill(place / "media")
    with registered(), Library.create("colours", "colours", place / "indexes") as library:
        for _ in library.index(media):
            pass
        assert not library.failures()
    return place


@contextmanager
def serving(made, place, client=("127.0.0.1", 50_000), **options):
    """A server over a copy of the library at a place, asked from an address."""
    shutil.copytree(made, place)
    home = place / "indexes"
    with registered():
        with Library.open("colours", home) as library:
            library.move_root(library.roots()[0].id, place / "media")
            ids = {item.path: item.id for item in library.items(limit=1000)}
        app = build(home, "colours", **options)
        with TestClient(app, base_url=ADDRESS, client=client) as asking:
            yield Site(asking, app.state.context, home, place / "media", ids)


@pytest.fixture
def site(_made, tmp_path):
    """A server of this test alone."""
    with serving(_made, tmp_path / "site") as served:
        yield served


@pytest.fixture(scope="module")
def served(_made, tmp_path_factory):
    """A server for tests that change nothing."""
    with serving(_made, tmp_path_factory.mktemp("served") / "site") as one:
        yield one


@pytest.fixture
def bare(tmp_path):
    """A server without any library."""
    home = tmp_path / "indexes"
    home.mkdir()
    with registered():
        app = build(home)
        with TestClient(app, base_url=ADDRESS) as client:
            yield Site(client, app.state.context, home, tmp_path, {})
