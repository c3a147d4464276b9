"""Where the package index has a wheel (PEP 503, the simple repository)."""

import html
import http.client
import os
import re
import subprocess  # noqa: S404, RUF100 - pip has no programming interface, its command line is the supported one
import sys
import urllib.parse
import urllib.request

# pip's own default has no public name; where this one goes, pip itself fetches the wheel
_DEFAULT = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"
_PATIENCE = 10.0  # seconds
_MOST = 32 << 20  # bytes of a page


def find_wheel(requirement: str) -> tuple[str, str] | None:
    """Address and SHA-256 of the wheel of ``name==version``, for any platform.

    Only the index that pip uses first is asked, and only the plain way: where that has no
    answer, pip may still know another.
    """
    name, _, version = requirement.partition("==")
    page = f"{index_url().rstrip('/')}/{re.sub(r'[-_.]+', '-', name).lower()}/"
    if not page.startswith(("https://", "http://")):
        return None
    try:
        asked = urllib.request.Request(page, headers={"Accept": "text/html"})  # noqa: S310 - the scheme is checked above
        with urllib.request.urlopen(asked, timeout=_PATIENCE) as answer:  # noqa: S310 - as above
            return wheel_in(
                answer.read(_MOST).decode("utf-8", "replace"), name, version, answer.url
            )
    except (OSError, ValueError, http.client.HTTPException):
        return None


def wheel_in(page: str, name: str, version: str, url: str) -> tuple[str, str] | None:
    """The link to a wheel on a page of the index, absolute, and its SHA-256.

    >>> wheel_in('<a href="../f/a_b-1.0-py3-none-any.whl#sha256=' + 64 * "0" + '">', "a-b", "1.0",
    ...          "https://index.example/simple/a-b/")[0]
    'https://index.example/simple/f/a_b-1.0-py3-none-any.whl'
    """
    stem = re.sub(r"[-_.]+", "[-_.]+", name)
    file = rf"(?:[^\"#]*/)?{stem}-{re.escape(version)}-[\w.]+-none-any\.whl"
    found = re.search(rf"href=\"({file})#sha256=([0-9a-f]{{64}})\"", page, re.IGNORECASE)
    return (urllib.parse.urljoin(url, html.unescape(found[1])), found[2]) if found else None


def index_url() -> str:
    """The package index that pip is set to, or "" where pip does not say."""
    if url := os.environ.get("PIP_INDEX_URL"):
        return url
    asked = ["-m", "pip", "config", "get", "global.index-url"]
    return _said(*asked) or _said("-c", _DEFAULT)


def _said(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() if done.returncode == 0 else ""
