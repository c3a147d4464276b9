"""Who may talk to the server."""

import pytest
from starlette.websockets import WebSocketDisconnect

OURS = "http://127.0.0.1:7860"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:7860", "", "[::2]:7860"])
@pytest.mark.parametrize("path", ["/", "/call/libraries", "/media/colours/1", "/assets/js/core.js"])
def test_a_foreign_host_name_is_refused_everywhere(served, host, path):
    answer = served.client.get(path, headers={"Host": host})
    assert answer.status_code == 403
    assert "Open the address" in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:1234", "LOCALHOST:1", "[::1]:7860"])
def test_this_machines_names_are_served(served, host):
    assert served.client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999"])
def test_a_foreign_origin_may_not_act(served, origin):
    answer = served.client.post("/call/libraries", json={}, headers={"Origin": origin})
    assert answer.status_code == 403
    upload = served.client.post(
        "/query-file?name=a.txt", content=b"red", headers={"Origin": origin}
    )
    assert upload.status_code == 403


def test_our_own_page_may_act(served):
    answer = served.client.post("/call/libraries", json={}, headers={"Origin": OURS})
    assert answer.status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])  # the latter: another port of here
def test_another_site_may_link_to_the_page_and_load_nothing_else(served, site):
    link = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}
    assert served.client.get("/", headers={**link, "Sec-Fetch-Dest": "document"}).status_code == 200
    assert served.client.get("/", headers={**link, "Sec-Fetch-Dest": "iframe"}).status_code == 403
    load = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    assert served.client.get(served.url("pictures/red.png"), headers=load).status_code == 403


def test_a_foreign_websocket_is_closed(served):
    with (
        pytest.raises(WebSocketDisconnect) as closed,
        served.client.websocket_connect("/queue/join", headers={"Origin": "http://evil.example"}),
    ):
        pass
    assert closed.value.code == 1008


def test_the_page_may_run_only_what_comes_from_here(served):
    headers = served.client.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/upload/",
        "/gradio_api/queue/join",
        "/login",
        "/query",
        "/",
    ],
)
def test_a_body_is_taken_at_our_own_addresses_alone(served, path):
    files = {"files": ("large.bin", b"x" * 100_000)}
    answer = served.client.post(path, files=files, headers={"Origin": OURS})
    assert answer.status_code == 404
    assert "Query files go to /query-file" in answer.text
    assert served.client.put(path, content=b"x").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *("/gradio_api/info", "/gradio_api/startup-events", "/gradio_api/queue/data"),
        *("/gradio_api/proxy=https://evil.example/", "/gradio_api/file=/etc/passwd", "/file=a.txt"),
        *("/gradio_api/file/etc/passwd", "/gradio_api/app_id", "/gradio_api/runs"),
        *("/gradio_api/custom_component/a/b/c/d", "/gradio_api/vibe-code", "/monitoring/summary"),
        *(
            "/gradio_api/deep_link",
            "/svelte/index.js",
            "/openapi.json",
            "/docs",
        ),
    ],
)
def test_of_gradios_addresses_only_those_of_the_page_answer(served, path):
    answer = served.client.get(path)
    assert (answer.status_code, answer.text) == (404, f"XMR has nothing at {path}.")
    with (
        pytest.raises(WebSocketDisconnect) as closed,
        served.client.websocket_connect("/gradio_api/queue/join"),
    ):
        pass
    assert closed.value.code == 1008
