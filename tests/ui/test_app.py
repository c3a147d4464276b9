"""The shell: one page, our styles over Gradio's, ports and addresses."""

import json
import os
import re
import subprocess
import sys
import urllib.request

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from xmr_core.errors import LibraryNotFound, XMRError
from xmr_core.paths import assets_dir
from xmr_core.ui import app, document, styles_route
from xmr_core.ui.app import build, listen
from xmr_core.ui.pages import PAGES


def test_the_page_carries_our_head_before_anything_of_gradios(served):
    html = served.client.get("/").text
    assert html.index("dataset.theme") < html.index("window.gradio_config")
    for name in document.STYLES:
        assert f'href="/assets/css/{name}.css"' in html
    for name in document.SCRIPTS:
        assert f'<script defer src="/assets/js/{name}.js">' in html


def test_the_page_holds_the_header_and_every_page(served):
    html = served.client.get("/").text
    config = json.loads(re.search(r"window\.gradio_config = (\{.*?\});</script>", html)[1])
    parts = {c["props"]["elem_id"]: c["props"]["value"] for c in config["components"]}
    assert set(parts) == {"x-head", *(f"x-{page.name}" for page in PAGES)}
    assert 'role="search"' in parts["x-search"]
    assert config["analytics_enabled"] is False


def test_a_page_is_one_module_one_style_sheet_and_its_scripts(served):
    """Whoever adds a page names it in pages.py, and nowhere else."""
    html = served.client.get("/").text
    for one in PAGES:
        named = f'<a href="#{one.name}">{one.title}</a>' in document.header()
        assert named == one.listed
        assert f'body:not([data-page="{one.name}"]) #x-{one.name}' in html
        assert one.name in document.STYLES
        assert set(one.scripts) <= set(document.SCRIPTS)
        last = (assets_dir() / "js" / f"{one.scripts[-1]}.js").read_text()
        assert f'XMR.page("{one.name}"' in last
    written = [path.stem for path in (assets_dir() / "js").glob("*.js")]
    assert sorted(document.SCRIPTS) == sorted(written)  # none twice, none forgotten


def test_every_style_and_script_of_the_page_is_there_and_asked_for_again(served):
    for kind, names in (("css", document.STYLES), ("js", document.SCRIPTS)):
        for name in names:
            answer = served.client.get(f"/assets/{kind}/{name}.{kind}")
            assert answer.status_code == 200, name
            assert answer.headers["Cache-Control"] == "no-cache"
            again = served.client.get(
                f"/assets/{kind}/{name}.{kind}", headers={"If-None-Match": answer.headers["ETag"]}
            )
            assert again.status_code == 304
            assert not again.content


@pytest.mark.parametrize(
    "path",
    [
        "/assets/css/../../pyproject.toml",
        "/assets/css/..%2f..%2fpyproject.toml",
        "/assets/js/%2e%2e%2fcss%2fbase.css",
        "/assets/heads/text.safetensors",
        "/assets/css/base.js",
    ],
)
def test_no_other_file_is_an_asset(served, path):
    assert served.client.get(path).status_code in {403, 404}


def test_only_styles_and_scripts_are_served_from_the_folder_of_assets(tmp_path):
    (tmp_path / "css").mkdir()
    for name in ("ours.css", "notes.txt", "ours.css.bak", "Other.css"):
        (tmp_path / "css" / name).write_text("a {}")
    served = FastAPI()
    served.include_router(styles_route.router(tmp_path))
    client = TestClient(served)
    assert client.get("/assets/css/ours.css").status_code == 200
    for name in ("notes.txt", "ours.css.bak", "Other.css", "%2e%2e%5cours.css"):
        assert client.get(f"/assets/css/{name}").status_code == 404, name


def test_gradios_styles_lie_in_a_layer_below_ours(served):
    html = served.client.get("/", headers={"Accept-Encoding": "gzip, br"}).text
    sheet = re.search(r'href="\./(assets/index-[^"]+\.css)"', html)[1]
    answer = served.client.get(f"/{sheet}", headers={"Accept-Encoding": "gzip, br"})
    assert answer.text.startswith("@layer gradio {")
    assert answer.text.endswith("}")
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert not served.client.get("/assets/css/base.css").text.startswith("@layer")


def test_an_unknown_library_is_refused_before_anything_is_served(home):
    with pytest.raises(LibraryNotFound, match="no library 'birds'"):
        build(home, "birds")


def test_the_next_free_port_is_taken():
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with listen("127.0.0.1", port) as second:
            assert port < second.getsockname()[1] < port + 50


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(XMRError, match=r"cannot listen on 203\.0\.113\.7"):
        listen("203.0.113.7", 7860)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_a_server_on_this_machine_alone_answers_to_no_further_name(host):
    assert app._names(host) == frozenset()


def test_a_server_on_all_addresses_answers_to_this_machines_names():
    import socket

    assert {"127.0.0.1", socket.gethostname().lower()} <= app._names("0.0.0.0")
    assert app._names("192.168.1.7") == {"192.168.1.7"}
    assert app._names("fd00::7") == {"[fd00::7]"}


@pytest.mark.slow
def test_the_command_serves_the_page_and_stops_when_told(tmp_path):
    env = {**os.environ, "XMR_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "xmr_core.cli", "app", "--port", "0"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as server:
        try:
            line = server.stdout.readline()
            url = re.search(r"http://127\.0\.0\.1:\d+/", line)[0]
            local = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with local.open(url, timeout=60) as answer:
                assert b"XMR" in answer.read()
            server.terminate()
            assert server.wait(20) in {0, -15}
        finally:
            server.kill()


@pytest.mark.parametrize("port", [-1, 65_536, 99_999])
def test_what_is_no_port_is_told(port):
    with pytest.raises(XMRError, match="is no port"):
        listen("127.0.0.1", port)
