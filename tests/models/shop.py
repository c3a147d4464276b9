"""A package index on this machine, with one wheel in it, that can break off or lie."""

import base64
import hashlib
import http.server
import io
import re
import threading
import zipfile

from xmr_core.models import Artefact, PackageFile, WheelFile

REQUIREMENT = "tiny-weights==1.0"
WHEEL = "tiny_weights-1.0-py3-none-any.whl"
METADATA = b"Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0\n"


def content(size=3_000_000, seed=0):
    """Bytes that do not compress."""
    block = hashlib.sha512(bytes([seed])).digest()
    return (block * (size // 64 + 1))[:size]


def wheel_of(members):
    """A wheel that holds these files, stored as they are."""
    record = ""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as wheel:
        about = b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        info = "tiny_weights-1.0.dist-info"
        for name, data in {
            **members,
            f"{info}/METADATA": METADATA,
            f"{info}/WHEEL": about,
        }.items():
            wheel.writestr(name, data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record += f"{name},sha256={digest},{len(data)}\n"
        wheel.writestr(f"{info}/RECORD", record + f"{info}/RECORD,,\n")
    return target.getvalue()


def tiny(data, name="tiny", member="tiny_weights/model.bin", wheel_size=3_000_000):
    """The record of a file in the wheel."""
    return Artefact(
        name=name,
        filename=f"{name}.bin",
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        licence="MIT",
        about="a file for tests",
        sources=(
            PackageFile("tiny-weights", member),
            WheelFile(REQUIREMENT, member, wheel_size),
        ),
    )


class Shop:
    """Serves the wheel.

    Attributes:
        wheel: bytes.
        breaks: each answer ends after so many bytes; None for all of it.
        ranges: whether it continues where it is asked to.
        login: ``user:password`` that every question must carry; None for none.
        asked: (where the answer began, how many bytes were sent) of each request for the wheel.
    """

    def __init__(self, wheel):
        self.wheel = wheel
        self.breaks = None
        self.ranges = True
        self.login = None
        self.asked = []
        shop = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                shop.answer(self)

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def environment(self):
        """What sends pip here, and nowhere else."""
        return {
            "PIP_INDEX_URL": f"{self.url}/simple/",
            "PIP_CONFIG_FILE": "/dev/null",
            "PIP_NO_CACHE_DIR": "1",
            "NO_PROXY": "127.0.0.1",
        }

    def answer(self, request):
        given = request.headers.get("Authorization", "").removeprefix("Basic ")
        if self.login and base64.b64decode(given).decode() != self.login:
            request.send_response(401)
            request.send_header("WWW-Authenticate", 'Basic realm="shop"')
            request.send_header("Content-Length", "0")
            request.end_headers()
        elif request.path == "/simple/tiny-weights/":
            whole = hashlib.sha256(self.wheel).hexdigest()
            link = f'<a href="/files/{WHEEL}#sha256={whole}">{WHEEL}</a>'
            self.send(request, f"<html><body>{link}</body></html>".encode())
        elif request.path == f"/files/{WHEEL}":
            self.send_wheel(request)
        else:
            request.send_error(404)

    def send(self, request, body):
        request.send_response(200)
        request.send_header("Content-Type", "text/html")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def send_wheel(self, request):
        asked = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        start = int(asked[1]) if asked and self.ranges else 0
        if start >= len(self.wheel):
            request.send_error(416)
            return
        body = self.wheel[start:]
        sent = body if self.breaks is None else body[: self.breaks]
        self.asked.append((start, len(sent)))
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(body)))
        if start:
            end = len(self.wheel) - 1
            request.send_header("Content-Range", f"bytes {start}-{end}/{len(self.wheel)}")
        request.end_headers()
        try:
            request.wfile.write(sent)
        except ConnectionError:
            return  # whoever asked has left
        request.close_connection = True
