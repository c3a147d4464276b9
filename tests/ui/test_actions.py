"""The transport of actions: what is refused, and how errors are told."""

import threading
import time

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from xmr_core.errors import XMRError
from xmr_core.ui import actions


def client(**table):
    app = FastAPI()
    app.include_router(actions.router(table))
    return TestClient(app)


def test_an_action_takes_and_gives_plain_json():
    answer = client(double=lambda payload: {"n": 2 * payload["n"]}).post(
        "/call/double", json={"n": 4}
    )
    assert answer.json() == {"n": 8}


def test_an_error_that_xmr_knows_comes_with_its_hint():
    def action(_):
        raise XMRError("It is gone.", "Look elsewhere.")

    answer = client(look=action).post("/call/look", json={})
    assert answer.json() == {"error": {"message": "It is gone.", "hint": "Look elsewhere."}}


def test_an_unexpected_error_is_told_and_logged(caplog):
    answer = client(look=lambda _: {"x": 1 // 0}).post("/call/look", json={})
    error = answer.json()["error"]
    assert "ZeroDivisionError" in error["message"]
    assert "terminal" in error["hint"]
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    ("content", "type_", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"{}", "application/x-www-form-urlencoded", 415),
        (b"[1]", "application/json", 400),
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"n": NaN}', "application/json", 400),
        (b'{"n": 1e999}', "application/json", 400),
        (b'{"a":' * 100_000, "application/json", 400),
        (b'{"a": "' + b"x" * actions.MAX_BYTES + b'"}', "application/json", 413),
    ],
)
def test_what_no_page_of_ours_sends_is_refused(content, type_, status):
    answer = client(look=dict).post("/call/look", content=content, headers={"Content-Type": type_})
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def test_a_body_that_comes_without_its_length_is_refused():
    answer = client(look=dict).post(
        "/call/look", content=iter([b"{}"]), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 413


def test_an_unknown_action_is_not_found():
    assert client().post("/call/nothing", json={}).status_code == 404
    assert client(look=dict).get("/call/look").status_code == 405


def test_a_slow_action_does_not_hold_up_a_quick_one():
    release = threading.Event()

    def slow(_):
        return {"released": release.wait(20)}

    with client(slow=slow, quick=dict) as both:
        answers = []
        waiting = threading.Thread(
            target=lambda: answers.append(both.post("/call/slow", json={}).json())
        )
        waiting.start()
        time.sleep(0.1)
        assert both.post("/call/quick", json={}).json() == {}
        release.set()
        waiting.join(20)
    assert answers == [{"released": True}]
