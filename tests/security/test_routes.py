"""Every address of the server, asked for what it must not give: other files, and files that run."""

import io
import json
import os
import time
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Mount

from tests.ui.rest.test_searching import V1
from xmr_core.media import Modality
from xmr_core.ui.media_route import content_type
from xmr_core.ui.pages import actions

SECRET = "TOP SECRET red"
RUN = ("html", "svg", "xml", "javascript", "ecmascript")
QUERY = {"terms": [{"kind": "text", "text": "red", "weight": 1}], "libraries": ["colours"]}


def templates(routes, before=""):
    """(address, names of its parameters) of all that can be asked for, Gradio's included."""
    found = []
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            found += templates(inner.routes, before)
        elif isinstance(route, Mount):
            found += templates(route.app.routes, before + route.path)
        elif isinstance(route, APIRoute) and "GET" in route.methods:
            found.append((before + route.path_format, list(route.param_convertors)))
    return found


def hidden(site):
    """Files that no address gives, and ways to write them in one."""
    (site.media.parent / "secret.txt").write_text(SECRET)
    places = [site.media.parent / "secret.txt", site.home / "colours" / "catalogue.sqlite"]
    for place in (*map(str, places), "/etc/passwd"):
        for up in (
            "",
            "../" * 2,
            "../" * 12,
            "....//" * 12,
            "..\\" * 12,
            "file://",
            "media/../../",
        ):
            for way in (up + place, up + place.lstrip("/")):
                yield way
                for _ in range(3):  # the client of these tests undoes one of them itself
                    way = quote(way, safe="")
                    yield way
    for way in ("../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt", "secret.txt%00.png"):
        yield way
        yield f"%2e%2e%2f{way}"


def given_away(content):
    return SECRET.encode() in content or b"SQLite format" in content or b"root:x:" in content


def test_no_address_leads_to_another_file_however_it_is_written(site):
    ways = list(dict.fromkeys(hidden(site)))
    asked = templates(site.client.app.routes)
    whole = {address for address, _ in asked}
    assert {"/media/{library}/{item_id}", "/query-file/{token}", "/export/{token}"} <= whole
    assert {"/gradio_api/file={path_or_url}", f"{V1}/libraries/{{name}}/items"} <= whole
    fill = {"library": "colours", "name": "colours", "item_id": "1", "item": "1", "kind": "css"}
    tried = 0
    for address, names in asked:
        for name in names:
            for way in ways:
                parts = {one: fill.get(one, "1") for one in names} | {name: way}
                answer = site.client.get(address.format_map(parts))
                assert answer.status_code < 500, (address, way, answer.text[:500])
                assert not given_away(answer.content), (address, way)
                tried += 1
    assert tried > 2000


@pytest.mark.parametrize("name", ["../media", "..", "/etc", "colours/../../media", "a\0b", "..\\x"])
def test_no_action_takes_a_library_for_a_path(site, name):
    (site.media / "catalogue.sqlite").write_text(SECRET)
    before = sorted(site.media.parent.rglob("*"))
    payload = {
        **{"library": name, "name": name, "libraries": [name], "new": name, "typed": name},
        **{"id": 1, "ids": [1], "items": [{"library": name, "id": 1}], "root": 1, "tag": "warm"},
        **{"query": QUERY | {"libraries": [name]}, "folder": str(site.media), "format": "json"},
    }
    for action in actions(site.context):
        if action in {"demo-build", "demo.build", "lab.run"}:
            continue
        answer = site.client.post(f"/call/{action}", json=payload)
        assert answer.status_code in {200, 400}, (action, answer.text)
        assert not given_away(answer.content), action
    left = [path for path in site.media.parent.rglob("*") if site.home not in path.parents]
    assert sorted(left) == [path for path in before if site.home not in path.parents]
    assert {path.name for path in site.home.iterdir() if path.is_dir()} == {"colours"}


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_out_of_the_folder_gives_nothing_by_any_address(site):
    """Whoever may write into a folder of a library could link to what only its owner may read."""
    secret = site.media.parent / "secret.txt"
    secret.write_text(SECRET)
    (site.media / "red.txt").unlink()
    (site.media / "red.txt").symlink_to(secret)
    (site.media / "pictures/red.png").unlink()
    (site.media / "pictures/red.png").symlink_to(secret)
    for _ in range(2):
        for path in ("red.txt", "pictures/red.png"):
            check_gives_nothing(site, site.ids[path])
        while site.context.jobs.active():  # of what was started
            time.sleep(0.05)
        for _ in site.context.shelf.get("colours").index():  # nor after it was looked at again
            pass
    listed = json.dumps(site.client.get(f"{V1}/libraries/colours/items").json())
    assert "secret" not in listed.lower()


def check_gives_nothing(site, id):
    """No address gives the secret for an item."""
    for tail in ("", "/thumb", "/turn", "/view.glb"):
        assert SECRET not in site.client.get(f"/media/colours/{id}{tail}").text
    item = {"kind": "item", "library": "colours", "id": id, "title": "a", "modality": "text",
            "src": "", "weight": 1}  # fmt: skip
    payload = {
        **{"library": "colours", "libraries": ["colours"], "id": id, "ids": [id], "name": "x"},
        **{"query": QUERY | {"terms": [item]}, "term": item, "items": [item], "no": 0, "k": 9},
        **{"side": "hit", "without": {"side": "hit", "parts": [0]}, "tag": "warm", "root": 1},
    }
    for action in actions(site.context):
        # those read no file of an item, and some go on long after the test
        if action.startswith(("library-", "root-", "demo", "lab.", "run", "map.")):
            continue
        for kind in ("json", "zip"):
            answer = site.client.post(f"/call/{action}", json=payload | {"format": kind})
            assert SECRET not in answer.text, action
            if (url := answer.json().get("url")) is not None:
                content = site.client.get(url).content
                if kind == "zip":
                    with zipfile.ZipFile(io.BytesIO(content)) as packed:
                        content = b"".join(map(packed.read, packed.namelist()))
                assert SECRET.encode() not in content, action


FILES = {
    "page.html": "<html><script>alert(1)</script>red</html>",
    "page.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script>red</html>',
    "picture.svg": '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script>red</svg>',
    "picture.png": "<html><script>alert(1)</script>red</html>",
    "book.pdf": "<html><script>alert(1)</script>red</html>",
    "feed.xml": "<?xml version='1.0'?><red><script>alert(1)</script></red>",
    "red.js": "alert('red')",
}


@pytest.mark.parametrize("name", FILES)
def test_what_could_run_is_never_sent_as_what_runs(site, name):
    (site.media / name).write_text(FILES[name])
    library = site.context.shelf.get("colours")
    for _ in library.index():
        pass
    urls = [f"/media/colours/{item.id}" for item in library.items() if item.path == name]
    sent = site.client.post("/query-file", params={"name": name}, content=FILES[name].encode())
    if sent.status_code == 200:
        urls.append(f"/query-file/{sent.json()['token']}")
    else:
        assert name in sent.json()["error"]["message"] and "<script" not in sent.text
    for url in urls:
        headers = site.client.get(url).headers
        kind = headers["Content-Type"]
        assert not any(word in kind for word in RUN), (url, kind)
        assert headers["X-Content-Type-Options"] == "nosniff"
        shut = "sandbox" in headers["Content-Security-Policy"]
        assert shut or kind == "application/pdf", url
        assert "allow-scripts" not in headers["Content-Security-Policy"]


def test_no_suffix_and_no_medium_gives_a_type_that_runs():
    suffixes = ("html", "htm", "xhtml", "shtml", "svg", "svgz", "xml", "xsl", "js", "mjs", "mht",
                "wasm", "swf", "hta", "", "HTML", "png.html", "x3d", "dae", "rdf")  # fmt: skip
    for suffix in suffixes:
        for modality in Modality:
            kind = content_type(Path(f"a.{suffix}"), modality)
            assert kind in {"text/plain; charset=utf-8", "application/octet-stream"}, suffix


def test_every_answer_forbids_sniffing_and_sharing(site):
    paths = ["/", "/config", "/theme.css", "/media/colours/1", "/media/colours/1/thumb",
             "/export/none", "/query-file/none", "/assets/js/core.js", f"{V1}/libraries",
             "/media/colours/999", "/nothing"]  # fmt: skip
    for path in paths:
        headers = site.client.get(path).headers
        if path == "/nothing":  # refused by the guard itself
            assert headers["Content-Type"].startswith("text/plain")
            continue
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", path
        assert "Access-Control-Allow-Origin" not in headers, path
