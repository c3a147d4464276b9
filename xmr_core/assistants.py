"""Libraries for assistants: the Model Context Protocol over standard input and output.

An assistant on this machine starts ``xmr mcp`` itself and talks to it through its pipes, so that
no port is open and nobody else is served. It may search, read passages and look at thumbnails;
nothing it can ask for changes a library or a file. See https://modelcontextprotocol.io.
"""

import functools
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from xmr_core import __version__, export
from xmr_core.errors import LibraryNotFound, ModelError, QueryError, XMRError
from xmr_core.library import Library, make_query, search_libraries

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

P = ParamSpec("P")
T = TypeVar("T")

MAX_K = 100
_PARTS = 200  # parts of an item that are told
_GUIDE = (
    "Searches the user's own folders of texts, pictures, sounds, videos and 3D models by words or"
    " by a file of any of these media. A hit's strength is the probability that it is right;"
    " below 0.2 probably nothing fits. Ask `libraries` first."
)


class Tools:
    """What an assistant may ask for.

    Args:
        home: the folder of libraries; the default one if None.
    """

    def __init__(self, home: Path | None = None) -> None:
        self._home = home
        self._open: dict[str, Library] = {}
        self._stack = ExitStack()
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of all libraries."""
        self._stack.close()
        self._open.clear()

    def libraries(self) -> list[dict[str, Any]]:
        """The libraries there are: name, profile, number of items of each medium."""
        told = []
        for name in Library.names(self._home):
            library = self._get(name)
            counts = {str(modality): n for modality, n in library.counts().items()}
            told.append({"name": name, "profile": library.profile, "items": counts})
        return told

    def search(
        self,
        words: str = "",
        file: str = "",
        without: str = "",
        media: list[str] | None = None,
        library: str = "",
        k: int = 10,
    ) -> dict[str, Any]:
        """Find items by meaning.

        Args:
            words: what to look for, such as "a dog barking".
            file: path of a picture, sound, video, 3D model or text to look for things like it;
                together with words it is added to them.
            without: what to leave out, in words.
            media: only these: text, image, audio, video, mesh; all if empty.
            library: its name; all libraries if empty.
            k: how many hits, 1 to 100.
        """
        what: list[str | Path] = [words] if words.strip() else []
        what += [Path(file).expanduser()] if file else []
        if not what:
            raise QueryError("There is nothing to look for.", "Give words, or a file's path.")
        if not 1 <= k <= MAX_K:
            raise QueryError(f"{k} hits cannot be had.", f"Ask for 1 to {MAX_K}.")
        query = make_query(what, [without] if without.strip() else (), media or (), k)
        names = [library] if library else Library.names(self._home)
        if not names:
            raise LibraryNotFound("There is no library yet.", "The user can make one: xmr demo.")
        return export.as_plain(search_libraries([self._get(name) for name in names], query))

    def more_like(
        self, library: str, item: int, media: list[str] | None = None, k: int = 10
    ) -> dict[str, Any]:
        """Find items like one of a library, of some media or of all.

        Args:
            library: its name.
            item: the item's number there.
            media: only these: text, image, audio, video, mesh; all if empty.
            k: how many hits, 1 to 100.
        """
        if not 1 <= k <= MAX_K:
            raise QueryError(f"{k} hits cannot be had.", f"Ask for 1 to {MAX_K}.")
        return export.as_plain(self._get(library).more_like(item, k, to=media or ()))

    def item(self, library: str, item: int) -> dict[str, Any]:
        """One item: its path, facts, and its parts, with the passages of texts."""
        opened = self._get(library)
        found, parts = opened.item(item), opened.parts(item)
        return {
            "path": str(found.file),
            "medium": str(found.modality),
            "bytes": found.size,
            "facts": dict(found.facts),
            "parts": [{"label": p.label, "text": p.text} for p in parts[:_PARTS]],
            "more_parts": max(0, len(parts) - _PARTS),
        }

    def look(self, library: str, item: int) -> bytes:
        """A small picture of an item, as WebP: of a sound its waveform, of a 3D model a view."""
        path = self._get(library).thumbnail(item)
        if path is None:
            raise QueryError(f"There is no picture of item {item}.", "Ask for the item itself.")
        return path.read_bytes()

    def _get(self, name: str) -> Library:
        with self._lock:
            if name not in self._open:
                library = Library.open(name, self._home)
                self._open[name] = self._stack.enter_context(library)
            return self._open[name]


def server(tools: Tools) -> "MCPServer":
    """The protocol's server over these tools.

    Raises:
        ModelError: the package for it is not installed.
    """
    try:
        from mcp.server.mcpserver import Image, MCPServer
    except ImportError as error:
        raise ModelError(
            "The package for assistants is not installed.", "Run: pip install 'xmr[mcp]'."
        ) from error
    from mcp.types import ToolAnnotations

    made = MCPServer("XMR", instructions=_GUIDE, version=__version__, log_level="WARNING")
    only = ToolAnnotations(read_only_hint=True, open_world_hint=False)

    def look(library: str, item: int) -> Image:
        return Image(data=tools.look(library, item), format="webp")

    look.__doc__ = tools.look.__doc__
    for tool in (tools.libraries, tools.search, tools.more_like, tools.item, look):
        made.tool(annotations=only)(_told(tool))
    return made


def _told(tool: Callable[P, T]) -> Callable[P, T]:
    """A tool whose errors reach the assistant as sentences."""
    from mcp.server.mcpserver.exceptions import ToolError

    @functools.wraps(tool)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return tool(*args, **kwargs)
        except XMRError as error:
            raise ToolError(str(error)) from error

    return call
