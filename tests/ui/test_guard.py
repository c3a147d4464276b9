"""Who may talk to the server."""

import pytest
from starlette.websockets import WebSocketDisconnect

OURS = "http://127.0.0.1:7860"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:7860", "", "[::2]:7860"])
@pytest.mark.parametrize("path", ["/", "/call/libraries", "/media/colours/1", "/assets/js/core.js"])
def test_a_foreign_host_name_is_refused_everywhere(site, host, path):
    answer = site.client.get(path, headers={"Host": host})
    assert answer.status_code == 403
    assert "Open the address" in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:1234", "LOCALHOST:1", "[::1]:7860"])
def test_this_machines_names_are_served(site, host):
    assert site.client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999"])
def test_a_foreign_origin_may_not_act(site, origin):
    answer = site.client.post("/call/libraries", json={}, headers={"Origin": origin})
    assert answer.status_code == 403
    upload = site.client.post("/query-file?name=a.txt", content=b"red", headers={"Origin": origin})
    assert upload.status_code == 403


def test_our_own_page_may_act(site):
    answer = site.client.post("/call/libraries", json={}, headers={"Origin": OURS})
    assert answer.status_code == 200


def test_another_site_may_link_to_the_page_and_load_nothing_else(site):
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert site.client.get("/", headers={**link, "Sec-Fetch-Dest": "document"}).status_code == 200
    assert site.client.get("/", headers={**link, "Sec-Fetch-Dest": "iframe"}).status_code == 403
    load = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    assert site.client.get(site.url("pictures/red.png"), headers=load).status_code == 403


def test_a_foreign_websocket_is_closed(site):
    with (
        pytest.raises(WebSocketDisconnect) as closed,
        site.client.websocket_connect("/queue/join", headers={"Origin": "http://evil.example"}),
    ):
        pass
    assert closed.value.code == 1008


def test_the_page_may_run_only_what_comes_from_here(site):
    headers = site.client.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
