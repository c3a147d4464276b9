"""Where the vectors of a library are searched: FAISS in its own files, or a Milvus server.

A setting names one: ``faiss``, or ``milvus:`` and a URI. Both keep a cache of the catalogue, which
stays the truth: to change from one to the other is to build the indexes once more.
"""

from collections.abc import Callable
from pathlib import Path

from xmr_core.errors import LibraryError
from xmr_core.stores.contract import Index, Source, Store
from xmr_core.stores.files import FileStore
from xmr_core.stores.milvus import MilvusStore, checked

FAISS = "faiss"
STORES: dict[str, Callable[[str, Path, str], Store]] = {
    FAISS: lambda rest, folder, key: FileStore(folder),
    "milvus": lambda rest, folder, key: MilvusStore(rest, folder, key),
}
"""By what a setting begins with; each is given the rest of it, a folder, and a key."""


def parse(setting: str) -> str:
    """A setting as it is kept.

    Raises:
        LibraryError: no store is called so, or its address is none.

    >>> parse("faiss"), parse("milvus:http://127.0.0.1:19530")
    ('faiss', 'milvus:http://127.0.0.1:19530')
    """
    kind, _, rest = setting.strip().partition(":")
    if kind not in STORES or (kind == FAISS and rest):
        raise LibraryError(
            f"There is no store '{setting}'.",
            "There are: faiss, milvus:FOLDER.db, milvus:http://HOST:PORT.",
        )
    return f"milvus:{checked(rest)}" if kind == "milvus" else kind


def open_store(setting: str, folder: Path, key: str) -> Store:
    """The store that a setting names; nothing is connected to before it is used.

    Args:
        setting: as of :func:`parse`.
        folder: where the library keeps files of this cache.
        key: tells the library from others in the same store.
    """
    kind, _, rest = setting.partition(":")
    return STORES[kind](rest, folder, key)


def check(setting: str) -> str:
    """A setting as it is kept, after its store has answered.

    Raises:
        LibraryError: as :func:`parse`.
        StoreUnavailable: it does not answer.
    """
    setting = parse(setting)
    store = open_store(setting, Path(), "")
    store.reach()
    store.close()
    return setting


__all__ = [
    "FAISS",
    "STORES",
    "FileStore",
    "Index",
    "MilvusStore",
    "Source",
    "Store",
    "check",
    "open_store",
    "parse",
]
