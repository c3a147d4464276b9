import hashlib
import http.server
import threading

import pytest

from xmr_core.encoders import hub
from xmr_core.errors import HubUnreachable, WeightsMissing

CONTENT = bytes(range(256)) * 4000
FILES = {"/": b"", "/someone/model/resolve/main/weights.bin": CONTENT}


class Hub(http.server.BaseHTTPRequestHandler):
    """Speaks as much of the model hub's protocol as a download needs."""

    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self.answer(body=False)

    def do_GET(self):
        self.answer(body=True)

    def answer(self, body):
        content = FILES.get(self.path)
        self.send_response(404 if content is None else 200)
        if content is None:
            self.send_header("X-Error-Code", "EntryNotFound")
        content = content or b""
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("X-Repo-Commit", "0" * 40)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, *args):
        pass


@pytest.fixture
def served(monkeypatch, tmp_path):
    """A hub on this machine, and an empty cache to fetch into."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.file_download.constants.HF_HUB_CACHE", str(tmp_path))
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_file_is_fetched_once_with_progress_and_then_needs_no_hub(served, monkeypatch):
    told = []
    asked = {"what": "A model", "size": 9, "instead": "Do without."}
    names = ["weights.safetensors", "weights.bin"]  # the first is not there
    path = hub.hub_file("someone/model", names, progress=lambda *n: told.append(n), **asked)
    assert path.read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert hub.file_sha256(path) == hashlib.sha256(CONTENT).hexdigest()
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert hub.hub_file("someone/model", names, **asked) == path
    assert hub.in_hub_cache("someone/model", names) == path


def test_size_is_told_before_anything_is_fetched(served):
    assert hub.hub_size("someone/model", ["weights.safetensors", "weights.bin"]) == len(CONTENT)
    assert hub.hub_size("someone/model", ["other.bin"]) is None
    assert hub.in_hub_cache("someone/model", ["weights.bin"]) is None


def test_file_that_the_hub_does_not_have_is_missing_not_unreachable(served):
    with pytest.raises(WeightsMissing, match=r"does not give someone/model/other\.bin"):
        hub.hub_file("someone/model", ["other.bin"], what="It", size=None, instead="")


def test_hub_that_cannot_be_reached_is_said_with_size_and_way_out(monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(HubUnreachable, match="A model needs 1,234 MB") as error:
        hub.hub_file(
            "someone/other", ["x"], what="A model", size=1_234_000_000, instead="Do without."
        )
    assert error.value.hint == "Do without."
    assert hub.hub_size("someone/other", ["x"]) is None


def test_digest_of_a_plain_file_is_of_its_content(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert hub.file_sha256(tmp_path / "a").startswith("ba7816bf")
