"""Visitors who reach the server over a network and gave no password.

They look, search, and try methods in the lab, but change nothing that is kept, and are not told
where anything lies on this machine: in what is answered to them a registered folder is called by
its name alone, and the other folders that XMR works in by an ellipsis. Nor may they name places
here: the picker of folders and files of weights ask who is there with :func:`no_stranger`.

Who sits at this machine is known by the connection, both ends of which are here. A proxy on this
machine is believed what it says of its client, as uvicorn has it.
"""

import contextlib
import html
import ipaddress
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from xmr_core.errors import LibraryError, XMRError
from xmr_core.library import Library
from xmr_core.paths import assets_dir, cache_dir, indexes_dir
from xmr_core.ui.bodies import changed

_STRANGER: ContextVar[bool] = ContextVar("stranger", default=False)
_AWAY = "…"  # what a folder is called that is none of a library
_TOLD = ("application/json", "text/html", "text/csv")
_FILE = re.compile(r"[/:]((?:[~/]|[A-Za-z]:[\\/])[^+]+)")  # in the name of a profile or a listener
_FILES = ("/media/", "/query-file", "/assets/")  # sent as they are, in ranges where asked for

# What the pages ask for that changes nothing; what is added later is not for strangers until it
# stands here.
_LOOKS = frozenset(
    {
        *("compare", "concepts", "documents.list", "documents.one", "documents.search"),
        *("duplicates", "duplicates-copies", "duplicates-export", "estimate", "estimate-stop"),
        *("item.detail", "item.path", "item.words", "jobs", "keep", "keep.browse"),
        *("keep.export", "keep.item", "lab.bits", "lab.cancel", "lab.columns", "lab.job"),
        *("lab.open", "lab.pairs", "lab.pictures", "lab.planes", "lab.queries", "lab.run"),
        *("lab.said", "libraries", "library", "library-check", "library-failures"),
        *("library-profile", "library-profiles", "library-shelf", "links.around"),
        *("links.state", "map.arrange", "map.ask", "map.cancel", "map.chart", "map.items"),
        *("map.job", "map.ringed", "moments", "run", "search", "search.examples"),
        *("search.export", "search.folders", "search.status", "search.warm", "searches"),
        *("topics", "topics.cancel", "translation.words", "why.curve", "why.curve.cancel"),
        *("why.curve.job", "why.explain", "why.export", "why.occlude", "why.pair"),
        *("why.pictures", "why.score", "why.warp", "words"),
    }
)
_ASKED = frozenset(  # of programs' addresses
    {
        *("/files", "/search", "/search/export", "/documents/search", "/moments/search"),
        "/libraries/{name}/say",
        "/libraries/{name}/items/{item}/explain",
        "/libraries/{name}/items/{item}/moments",
    }
)

Names = Callable[[], Mapping[str, str]]
"""Folders of this machine → what strangers are told instead."""


def no_stranger(what: str) -> None:
    """Raise XMRError where the one who asks has come over a network without a password.

    Args:
        what: is not for strangers, as a sentence begins.
    """
    if _STRANGER.get():
        raise XMRError(
            f"{what} by visitors who gave no password.",
            "Do it on the machine that XMR runs on, or start XMR there with --password.",
        )


def look_only(action: str) -> None:
    """Raise XMRError where a stranger asks for an action that changes something."""
    if action not in _LOOKS:
        no_stranger("What is kept is not changed")


def ask_only(request: Request) -> None:
    """The same of the interface for programs."""
    if request.method not in {"GET", "HEAD"} and request.scope["route"].path not in _ASKED:
        no_stranger("What is kept is not changed")


class Strangers:
    """ASGI middleware: marks strangers, and takes folders out of what is answered to them.

    Args:
        app: what it guards.
        names: folders, and what they are called instead.
    """

    def __init__(self, app: ASGIApp, names: Names) -> None:
        self.app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; to strangers without folders."""
        if scope["type"] != "http" or at_home(scope):
            await self.app(scope, receive, send)
            return
        _STRANGER.set(True)
        if scope["path"].startswith(_FILES) or scope["method"] == "HEAD":
            await self.app(scope, receive, send)
            return
        # neither a piece of an answer nor one that is compressed could be looked through
        kept = [pair for pair in scope["headers"] if pair[0] not in {b"range", b"accept-encoding"}]
        await self.app({**scope, "headers": kept}, receive, self._without_folders(send))

    def _without_folders(self, send: Send) -> Send:
        def told(body: bytes, kind: str) -> bytes:
            return _rewritten(body, kind, Renaming(self._names()))

        return changed(send, told, lambda _, kind: kind.startswith(_TOLD))


class Renaming:
    """Calls folders something else wherever they stand in what is answered.

    Args:
        names: folders → what they are called instead.

    >>> renamed = Renaming({"/home/ann": "…", "/home/ann/My R&D": "My R&D"})
    >>> renamed("/home/ann/x is damaged"), renamed("<b>/home/ann/My R&amp;D/a.png</b>")
    ('…/x is damaged', '<b>My R&amp;D/a.png</b>')
    >>> renamed({"file": ["/home/ann/My R&D"], "url": "/media/home/ann"})
    {'file': ['My R&D'], 'url': '/media/home/ann'}
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = {
            write(folder): write(name) for folder, name in names.items() for write in _WAYS
        }
        longest_first = sorted(self._names, key=len, reverse=True)
        # not in the middle of an address: a folder may be called /data
        self._known = re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, longest_first))})")

    def __call__(self, told: Any) -> Any:
        """A text, or plain data with texts in it."""
        match told:
            case str():
                return self._known.sub(lambda found: self._names[found[0]], told)
            case list():
                return [self(one) for one in told]
            case dict():
                return {self(key): self(value) for key, value in told.items()}
        return told


# how a path is written within HTML, a cell of a table, and JSON in a text
_WAYS: tuple[Callable[[str], str], ...] = (
    str,
    html.escape,
    lambda text: text.replace('"', '""'),
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: text.replace("\\", "/"),
)


def _rewritten(body: bytes, kind: str, renamed: Renaming) -> bytes:
    if kind.startswith("application/json"):
        try:
            return json.dumps(renamed(json.loads(body)), separators=(",", ":")).encode("ascii")
        except (ValueError, RecursionError):
            pass
    text = body.decode("utf-8", "surrogateescape")
    return str(renamed(text)).encode("utf-8", "surrogateescape")


def at_home(scope: Scope) -> bool:
    """Whether both ends of a connection are on this machine.

    >>> at_home({"client": ("127.0.0.1", 5), "server": ("127.0.0.1", 7860)})
    True
    >>> at_home({"client": ("192.168.1.9", 5), "server": ("192.168.1.7", 7860)})
    False
    """
    try:
        client = ipaddress.ip_address(scope["client"][0].partition("%")[0])
    except (KeyError, TypeError, ValueError):  # a socket without addresses: who knows
        return False
    if isinstance(client, ipaddress.IPv6Address) and client.ipv4_mapped:
        client = client.ipv4_mapped
    return client.is_loopback or scope["client"][0] == (scope.get("server") or ("",))[0]


def names_of(libraries: Iterable[Library], home: Path | None) -> dict[str, str]:
    """What strangers are told instead of the folders of this machine.

    Args:
        libraries: their registered folders keep their last name.
        home: the folder of libraries; the default one if None.
    """
    places = [home or indexes_dir(), cache_dir(), assets_dir(), Path.cwd(), Path(sys.prefix)]
    places += [Path(tempfile.gettempdir()), Path(__file__).parents[1]]
    with contextlib.suppress(RuntimeError):  # no HOME and no entry in the user database
        places.append(Path.home())
    names = {str(way): _AWAY for place in places for way in (place.absolute(), place.resolve())}
    for library in libraries:
        with contextlib.suppress(LibraryError):  # one that has just gone
            names |= _called(library)
    # the top of a disk says nothing of whose it is, and stands in every address
    return {folder: name for folder, name in names.items() if len(Path(folder).parts) > 1}


def _called(library: Library) -> dict[str, str]:
    names: dict[str, str] = {}
    for root in library.roots():
        names |= {str(root.path): root.path.name, str(root.path.resolve()): root.path.name}
    for named in (library.profile, library.listener):
        names |= {way: Path(way).name for way in _FILE.findall(named)}
    return names
