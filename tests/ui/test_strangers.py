"""Visitors over a network who gave no password: they search, and are told no folder of here."""

import io
import json
import re
import zipfile
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.ui.conftest import serving
from xmr_core.ui.pages import actions
from xmr_core.ui.strangers import Renaming, at_home, names_of

STRANGER = ("192.168.1.9", 50_000)
QUERY = {"terms": [{"kind": "text", "text": "red", "weight": 1}], "libraries": ["colours"]}
V1 = "/api/v1"
# what would leave nothing for the others to tell, or takes long
LAST = ("library-rename", "root-remove", "library-delete", "demo-build", "demo.build", "lab.run")


@contextmanager
def asked(made, tmp_path, client=STRANGER, **options):
    with serving(made, tmp_path / "site", client, **{"host": "0.0.0.0"} | options) as site:
        (site.media / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
        for _ in site.context.shelf.get("colours").index():
            pass
        (site.home / "damaged").mkdir()
        (site.home / "damaged" / "catalogue.sqlite").write_bytes(b"no database" * 1000)
        yield site


@pytest.fixture
def lan(_made, tmp_path):
    """A server for the network without a password, as a stranger reaches it."""
    with asked(_made, tmp_path) as site:
        yield site


def payload(site):
    """Something of everything that any action reads."""
    item = {"library": "colours", "id": site.ids["pictures/red.png"]}
    return item | {
        **{"name": "colours", "libraries": ["colours"], "query": QUERY, "term": QUERY["terms"][0]},
        **{"ids": [item["id"]], "items": [item], "format": "csv", "media": ["image"]},
        **{"root": 1, "folder": str(site.media), "path": str(site.home), "typed": "colours"},
        **{"folders": [str(site.media)], "listener": "pocketsphinx", "works": ["tags"]},
        **{"new": "others", "text": "red", "tag": "warm", "add": ["warm"], "data": "made-up"},
        **{"profile": f"openclip:ViT-B-32/{site.home}/x.pt"},
    }


def leaks(site, text):
    """The folders of this machine that a text holds, however they are written."""
    places = {str(site.media.parent), str(Path.home()), str(Path.cwd())}
    return [place for place in places if f"{place}/" in text or text.endswith(place)]


def test_strangers_are_told_no_folder_of_this_machine_by_any_action(lan):
    telling = payload(lan)
    names = [name for name in actions(lan.context) if name not in LAST]
    assert len(names) > 80
    for name in (*names, *LAST[:3]):
        for more in ({}, {"library": "damaged", "name": "damaged", "libraries": ["damaged"]}):
            answer = lan.client.post(f"/call/{name}", json=telling | more)
            assert answer.status_code in {200, 400}, (name, answer.text)
            assert not leaks(lan, answer.text), (name, answer.text)
            if isinstance(answer.json().get("url"), str):
                export = lan.client.get(answer.json()["url"])
                assert not leaks(lan, export.text), name


def test_strangers_are_told_no_folder_of_this_machine_by_any_other_address(lan):
    paths = ["/", "/config", "/api/v1/openapi.json", "/media/colours/999", "/export/none"]
    described = lan.client.get(f"{V1}/openapi.json").json()["paths"]
    fill = {"name": "colours", "item": str(lan.ids["red.txt"]), "library": "colours"}
    for path, methods in described.items():
        if "get" in methods:
            named = [_Filled(fill | {"name": name}) for name in ("colours", "damaged")]
            paths += [V1 + path.format_map(filled) for filled in named]
    assert len(paths) > 20
    for path in paths:
        answer = lan.client.get(path)
        assert not leaks(lan, answer.text), (path, answer.text[:2000])


class _Filled(dict):
    def __missing__(self, key):
        return "1"


@pytest.mark.parametrize("kind", ["csv", "json", "zip"])
def test_strangers_export_answers_without_the_folders_of_this_machine(lan, kind):
    for ask in (
        lambda: lan.client.get(
            lan.call("search.export", query=QUERY, format=kind)["url"],
            headers={"Range": "bytes=40-"},
        ),
        lambda: lan.client.post(f"{V1}/search/export", json={"search": SEARCH, "format": kind}),
    ):
        content = ask().content
        if kind == "zip":
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                content = b"".join(map(packed.read, packed.namelist()))
        assert b"red" in content
        assert not leaks(lan, content.decode("utf-8", "replace"))


SEARCH = {"terms": [{"text": "red"}], "libraries": ["colours"]}


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("library-folders", {"path": ""}),
        ("library-folders", {"path": "/etc"}),
        ("library-folders", {"path": "/not/there"}),
        ("library-places", {}),
        ("library-create", {"name": "new", "folder": "/etc"}),
        ("run-start", {"library": "colours", "folders": ["/etc"]}),
        ("estimate-start", {"library": "", "folders": ["/etc"]}),
        ("root-move", {"library": "colours", "root": 1, "folder": "/etc"}),
        ("library-profile", {"name": "openclip:ViT-B-32//etc/passwd.pt"}),
        ("library-check", {"name": "new", "profile": "openclip:ViT-B-32//etc/x.pt"}),
        ("run-profile", {"library": "colours", "profile": "openclip:ViT-B-32//etc/x.pt"}),
        ("words", {"library": "colours", "listener": "whisper:/etc"}),
        ("words-look", {"library": "colours", "listener": "whisper:/etc", "works": ["speech"]}),
    ],
)
def test_strangers_cannot_name_a_place_on_this_machine(lan, action, given):
    told = lan.refused(action, **given)
    assert "by visitors who gave no password" in told["message"]
    assert "--password" in told["hint"]


def test_strangers_cannot_name_a_place_to_programs_address_either(lan):
    given = {"folders": ["/etc"]}
    assert "no password" in lan.client.post(f"{V1}/libraries/colours/runs", json=given).text
    given = {"name": "new", "profile": "openclip:ViT-B-32//etc/x.pt"}
    assert "no password" in lan.client.post(f"{V1}/libraries", json=given).text


CHANGES = (
    *("concepts.forget", "concepts.rename", "concepts.save", "demo-build", "demo.build"),
    *("documents.join", "documents.split", "duplicates-different", "duplicates-look"),
    *("estimate-start", "item.reveal", "keep.collect", "keep.delete", "keep.note"),
    *("keep.rename", "keep.tag"),
    *("keep.uncollect", "lab.keep", "library-create", "library-delete", "library-folders"),
    *("library-ignore", "library-places", "library-rename", "library-salvage", "library-watch"),
    *("links.build", "links.cancel", "root-move", "root-remove", "run-again", "run-cancel"),
    *("run-dismiss", "run-pause", "run-profile", "run-resume", "run-retry", "run-start"),
    *("searches.forget", "searches.save", "words-look"),
)


def test_strangers_change_nothing_that_is_kept(lan):
    refused = {
        name
        for name in sorted(actions(lan.context))
        if "no password" in lan.client.post(f"/call/{name}", json=payload(lan)).text
    }
    assert refused == set(CHANGES)
    assert lan.context.shelf.get("colours").counts()


def test_strangers_change_nothing_by_programs_address(lan):
    described = lan.client.get(f"{V1}/openapi.json").json()["paths"]
    fill = _Filled({"name": "colours", "item": str(lan.ids["red.txt"]), "library": "colours"})
    refused, open_ = set(), set()
    for path, methods in described.items():
        for method in set(methods) - {"get", "head"}:
            answer = lan.client.request(method, V1 + path.format_map(fill), json={})
            (refused if "no password" in answer.text else open_).add(path)
    assert open_ == {
        *("/files", "/search", "/search/export", "/documents/search", "/moments/search"),
        "/libraries/{name}/say",
        "/libraries/{name}/items/{item}/explain",
        "/libraries/{name}/items/{item}/moments",
    }
    assert len(refused) > 12


def test_strangers_search_and_narrow_down_by_the_names_they_are_told(lan):
    told = lan.call("search.folders", libraries=["colours"])["folders"]
    assert told[0] == "media" and "media/pictures" in told
    within = QUERY | {"filters": {"folder": "media/pictures"}}
    cards = lan.call("search", query=within)["groups"][0]["cards"]
    ids = {int(re.search(r'data-id="(\d+)"', card)[1]) for card in cards}
    assert ids == {lan.ids[f"pictures/{colour}.png"] for colour in ("red", "green", "blue")}
    path = lan.call("item.path", library="colours", id=lan.ids["pictures/red.png"])["path"]
    assert path == "media/pictures/red.png"
    picture = lan.client.get(lan.url("pictures/red.png"), headers={"Range": "bytes=0-9"})
    assert (picture.status_code, len(picture.content)) == (206, 10)


@pytest.mark.parametrize(
    ("client", "options"),
    [
        (("127.0.0.1", 5), {}),
        (STRANGER, {"host": "127.0.0.1"}),  # such as through a tunnel of one's own
        (STRANGER, {"password": "open sesame"}),
    ],
)
def test_who_is_at_this_machine_or_gave_the_password_is_told_paths(
    _made, tmp_path, client, options
):
    with asked(_made, tmp_path, client, **options) as site:
        if "password" in options:
            site.client.auth = ("anyone", "open sesame")
        id = site.ids["red.txt"]
        assert site.call("item.path", library="colours", id=id)["path"] == str(
            site.media / "red.txt"
        )
        assert site.call("library-folders", path=str(site.media))["path"] == str(site.media)
        assert str(site.media) in site.call("library", name="colours")["html"]


@pytest.mark.parametrize(
    ("client", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("192.168.1.7", True),  # this machine by its own address
        ("192.168.1.9", False),
        ("fe80::1%eth0", False),
        ("", False),
        ("testclient", False),
    ],
)
def test_who_is_at_this_machine_is_known_by_the_connection(client, here):
    assert at_home({"client": (client, 50_000), "server": ("192.168.1.7", 7860)}) is here
    assert not at_home({"client": None, "server": ("/run/xmr.sock", None)})


def test_an_answer_to_a_stranger_stays_json_of_the_right_length(lan):
    answer = lan.client.post("/call/library", json={"name": "colours"})
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert "media" in json.loads(answer.content)["html"]


def test_files_of_weights_are_called_by_their_last_name():
    held = SimpleNamespace(
        roots=list, profile="openclip:ViT-B-32//opt/models/mine.pt", listener="whisper:~/heard/tiny"
    )
    renamed = Renaming(names_of([held], Path("/var/xmr")))
    assert renamed(held.profile) == "openclip:ViT-B-32/mine.pt"
    assert renamed(held.listener) == "whisper:tiny"
    assert renamed("/opt/models/mine.pt is damaged") == "mine.pt is damaged"
    assert renamed("/var/xmr/a/catalogue.sqlite") == "…/a/catalogue.sqlite"
