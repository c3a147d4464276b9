"""A password before everything."""

import base64

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from xmr_core.ui import login
from xmr_core.ui.app import build

HTML = {"Accept": "text/html,*/*"}


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.setattr(login, "_PAUSE", 0.0)
    app = build(home=tmp_path, password="open sesame")
    with TestClient(app, base_url="http://127.0.0.1:7860", follow_redirects=False) as made:
        yield made


def give(client, password, **fields):
    return client.post("/enter", data={"password": password} | fields)


def basic(password, name="anyone"):
    return {"Authorization": f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"}


@pytest.mark.parametrize(
    "path",
    ["/", "/media/demo/1", "/assets/js/core.js", "/api/v1/libraries", "/config", "/theme.css"],
)
def test_nothing_is_given_before_the_password(client, path):
    answer = client.get(path)
    assert answer.status_code == 401
    assert answer.json()["error"]["message"] == "This server asks for a password."


def test_nothing_is_done_before_the_password(client):
    assert client.post("/call/libraries", json={}).status_code == 401
    assert client.post("/query-file?name=a.txt", content=b"red").status_code == 401
    assert client.post("/api/v1/libraries", json={"name": "a"}).status_code == 401
    with pytest.raises(WebSocketDisconnect) as closed, client.websocket_connect("/queue/join"):
        pass
    assert closed.value.code == 1008


def test_a_browser_is_led_to_the_form_and_back(client):
    asked = client.get("/media/demo/1", headers=HTML)
    assert (asked.status_code, asked.headers["Location"]) == (303, "/enter?next=/media/demo/1")
    form = client.get(asked.headers["Location"])
    assert 'name="next" value="/media/demo/1"' in form.text
    entered = give(client, "open sesame", next="/media/demo/1")
    assert (entered.status_code, entered.headers["Location"]) == (303, "/media/demo/1")
    cookie = entered.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert client.get("/").status_code == 200
    assert client.post("/call/libraries", json={}).status_code == 200


@pytest.mark.parametrize("password", ["", "Open sesame", "open sesame ", "🗝️", "x" * 5000])
def test_a_wrong_password_opens_nothing(client, password):
    answer = give(client, password)
    assert answer.status_code == 401
    assert "That is not the password." in answer.text
    assert "set-cookie" not in answer.headers
    assert client.get("/").status_code == 401


def test_a_form_that_is_too_long_is_refused(client):
    assert give(client, "x" * 20_000).status_code == 413


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil", "a\nb"])
def test_the_form_leads_nowhere_else(client, target):
    assert give(client, "open sesame", next=target).headers["Location"] == "/"


def test_what_was_asked_for_is_escaped_in_the_form(client):
    page = client.get("/enter", params={"next": '/"><script>alert(1)</script>'}).text
    assert "<script>" not in page


def test_programs_send_the_password_with_each_request(client):
    assert client.get("/api/v1/libraries", headers=basic("open sesame")).status_code == 200
    assert client.get("/api/v1/libraries", headers=basic("wrong")).status_code == 401
    assert client.get("/api/v1/libraries").status_code == 401
    for broken in ("Basic", "Basic !!!", "Basic /w==", "Bearer open sesame"):
        assert client.get("/api/v1/libraries", headers={"Authorization": broken}).status_code == 401


def test_a_cookie_that_was_not_given_here_is_worth_nothing(client):
    client.cookies.set(login.COOKIE, "x" * 43)
    assert client.get("/").status_code == 401


def test_another_site_may_not_fill_in_the_form(client):
    origin = {"Origin": "http://evil.example"}
    answer = client.post("/enter", data={"password": "open sesame"}, headers=origin)
    assert answer.status_code == 403


def test_who_guesses_has_to_wait_even_with_the_right_password(client, monkeypatch):
    for _ in range(10):
        assert give(client, "wrong").status_code == 401
    assert give(client, "open sesame").status_code == 429
    assert client.get("/", headers=basic("open sesame")).status_code == 429
    monkeypatch.setattr(login, "_WHILE", -1.0)  # five minutes later
    assert give(client, "open sesame").status_code == 303


def test_visits_are_bounded(client, monkeypatch):
    monkeypatch.setattr(login, "_VISITS", 2)
    first = give(client, "open sesame").cookies[login.COOKIE]
    for _ in range(2):
        give(client, "open sesame")
    client.cookies.clear()
    client.cookies.set(login.COOKIE, first)
    assert client.get("/").status_code == 401


def test_without_a_password_nothing_is_asked(tmp_path):
    with TestClient(build(home=tmp_path), base_url="http://127.0.0.1:7860") as made:
        assert made.get("/").status_code == 200
        assert made.get("/enter").status_code == 404
