"""The embedded profile reaches for no network once its weights are here, and starts no cluster."""

import os
import subprocess
import sys
import textwrap

import pytest

from xmr_core.demo import WORKS
from xmr_core.library import Library

_PATHS = (
    *("cats/chelsea-the-cat.jpg", "cats/sitting-cat.glb", "cats/a-cat-looks-at-you.mp4"),
    *("cats/meow.wav", "cats/how-cats-talk.md", "music/how-a-piano-works.docx"),
)

FORBIDDEN = textwrap.dedent(
    """
    import socket, sys
    tried = []

    def forbid(event, args):
        if event in {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
                     "socket.gethostbyname", "socket.gethostbyaddr"}:
            family = args[0].family if hasattr(args[0], "family") else None
            if family != getattr(socket, "AF_UNIX", object()):
                tried.append((event, str(args[1:])))
                raise PermissionError(f"no network: {event} {args[1:]}")

    sys.addaudithook(forbid)
    """
)

USE = FORBIDDEN + textwrap.dedent(
    """
    from pathlib import Path
    from starlette.testclient import TestClient
    from xmr_core.library import Library
    from xmr_core.ui.app import build

    home, media = map(Path, sys.argv[1:])
    with Library.create("things", home=home) as library:
        for progress in library.index(media):
            pass
        assert not library.failures(), [one.reason for one in library.failures()]
        assert len(library.counts()) == 5, library.counts()
        hits = library.search("a cat").hits
        library.search(media / "cats/meow.wav")
        for hit in hits:
            library.explain("a cat", hit.item.id)
        for _ in library.look(["tags", "subtitles", "writing", "speech"]):
            pass
    with TestClient(build(home), base_url="http://127.0.0.1:7860") as client:
        query = {"terms": [{"kind": "text", "text": "a cat", "weight": 1}], "libraries": ["things"]}
        given = {"name": "things", "library": "things", "libraries": ["things"], "query": query,
                 "id": hits[0].item.id}
        assert client.get("/").status_code == 200
        for action in ("libraries", "library", "search", "search.status", "search.examples",
                       "item.detail", "library-shelf", "library-profiles", "library-places",
                       "words", "topics", "lab.open", "why.pair", "map.arrange", "jobs"):
            told = client.post(f"/call/{action}", json=given).json()
            assert "error" not in told, (action, told)
    assert not tried, tried
    for heavy in ("ray", "pymilvus", "milvus_lite"):
        assert heavy not in sys.modules, heavy
    print("done without")
    """
)


@pytest.fixture(scope="module")
def media(tmp_path_factory):
    """Files of every medium, indexed once so that all weights are here: the set-up."""
    place = tmp_path_factory.mktemp("offline")
    works = {work.path: work for work in WORKS}
    for path in _PATHS:
        (place / "media" / path).parent.mkdir(parents=True, exist_ok=True)
        (place / "media" / path).write_bytes(works[path].bytes())
    with Library.create("set-up", home=place / "first") as library:
        for _ in library.index(place / "media"):
            pass
        library.search("a cat")
        for _ in library.look(["writing", "speech"]):
            pass
    return place / "media"


def run(program, *given):
    offline = {**os.environ, "HF_HUB_OFFLINE": "0", "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, *map(str, given)],
        env=offline,
        capture_output=True,
        text=True,
        timeout=600,
    )


def test_indexing_searching_explaining_and_serving_open_no_socket(media, tmp_path):
    done = run(USE, tmp_path / "home", media)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip().endswith("done without")


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.create_connection(('192.0.2.1', 80), 1)",
        "socket.getaddrinfo('example.org', 443)",
        "import urllib.request; urllib.request.urlopen('http://192.0.2.1/', timeout=1)",
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b'x', ('192.0.2.1', 9))",
    ],
)
def test_what_forbids_the_network_does_forbid_it(attempt):
    done = run(FORBIDDEN + attempt)
    assert done.returncode != 0 and "no network" in done.stderr
