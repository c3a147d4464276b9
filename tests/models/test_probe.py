import http.server
import socket
import threading
import time

import pytest

from xmr_core.models import hub_reachable, probe


@pytest.fixture(autouse=True)
def forgetful(monkeypatch):
    """Nothing is remembered from elsewhere, and no setting of this machine counts."""
    monkeypatch.setattr(probe, "_last", None)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def hub(monkeypatch):
    """A hub that answers every question with ``hub.status``."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.server.asked += 1
            self.send_response(self.server.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.status, server.asked = 200, 0
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}/")
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def timed(timeout):
    started = time.monotonic()
    return hub_reachable(timeout), time.monotonic() - started


def test_hub_that_answers_is_reachable_and_asked_once_a_minute(hub, monkeypatch):
    assert hub_reachable(2.0)
    hub.status = 500
    assert hub_reachable(2.0)
    assert hub.asked == 1
    monkeypatch.setattr(probe, "_REMEMBERED", 0.0)
    assert not hub_reachable(2.0)
    assert hub.asked == 2


def test_proxy_that_forbids_it_is_a_no(hub):
    hub.status = 403
    assert not hub_reachable(2.0)


def test_hub_that_takes_the_call_and_says_nothing_is_given_up_in_time(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        reachable, took = timed(0.5)
    assert not reachable
    assert 0.4 < took < 1.0


def test_hub_that_drips_without_end_is_given_up_in_time(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip():
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                try:
                    for _ in range(15):
                        connection.sendall(b"H")
                        time.sleep(0.1)
                except OSError:
                    pass

        thread = threading.Thread(target=drip)
        thread.start()
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.getsockname()[1]}")
        reachable, took = timed(0.5)
        thread.join()
    assert not reachable
    assert took < 1.0


def test_hub_that_refuses_or_talks_nonsense_is_no_hub(monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    reachable, took = timed(5.0)
    assert not reachable
    assert took < 1.0
    with socket.create_server(("127.0.0.1", 0)) as server:

        def babble():
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"220 mail.example.org\r\n\r\n")

        thread = threading.Thread(target=babble)
        thread.start()
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.getsockname()[1]}")
        assert not hub_reachable(5.0)
        thread.join()


def test_address_that_is_no_address_is_no_hub(monkeypatch):
    for endpoint in ("file:///etc", "nonsense", "http://[::1", "http://no.such.name.invalid"):
        monkeypatch.setattr(probe, "_last", None)
        monkeypatch.setenv("HF_ENDPOINT", endpoint)
        assert not hub_reachable(3.0)


def test_offline_by_the_users_word_is_not_even_tried(hub, monkeypatch):
    for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.setenv(variable, "1")
        assert not hub_reachable()
        monkeypatch.delenv(variable)
    assert hub.asked == 0


def test_another_hub_is_asked_anew(hub, monkeypatch):
    assert hub_reachable(2.0)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert not hub_reachable(2.0)
