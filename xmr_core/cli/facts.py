"""What is told of a library, as plain data."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from xmr_core.errors import XMRError

if TYPE_CHECKING:
    from xmr_core.catalogue import Catalogue, Failure, Run, Search
    from xmr_core.library import Library

BROKEN_OFF = "broken off"
"""The state of a run whose process died."""


def facts(library: "Library") -> dict[str, Any]:
    """A library's name, place, profile, store, items by medium, size, folders and last run."""
    from xmr_core.media import Modality

    counts = library.counts()
    run = next(iter(library.catalogue.runs(1)), None)
    return {
        "name": library.name,
        "path": str(library.path),
        "profile": library.profile,
        "store": library.store,
        "items": {str(m): counts[m] for m in Modality if counts.get(m)},
        "bytes": library.size_on_disk(),
        "folders": [
            {"id": root.id, "path": str(root.path), "there": root.path.is_dir()}
            for root in library.roots()
        ],
        "ignore": library.patterns(),
        "failures": len(library.failures()),
        "last_run": run and {"state": _state(run, library.catalogue), "began": moment(run.started)},
    }


def facts_of(name: str) -> dict[str, Any]:
    """The same by name; of a library that cannot be opened, its name and the problem."""
    from xmr_core.library import Library

    try:
        with Library.open(name) as library:
            return facts(library)
    except XMRError as error:
        return {"name": name, "problem": str(error)}


def failure(one: "Failure") -> dict[str, Any]:
    """A file that could not be indexed."""
    return {"path": str(one.file), "reason": one.reason, "hint": one.hint, "kind": one.kind}


def search(one: "Search") -> dict[str, Any]:
    """A search that was saved or made before."""
    from xmr_core.ui.query_form import label

    return {
        "name": one.name,
        "query": label(one.query.get("terms", [])),
        "when": moment(one.when),
        "stated": one.query,
    }


def _state(run: "Run", catalogue: "Catalogue") -> str:
    """Where a run stands; one whose process died would call itself running for ever."""
    from xmr_core.indexing import is_held

    if run.state != "running" or catalogue.read_only or is_held(catalogue):
        return run.state
    return BROKEN_OFF


def moment(seconds: float) -> str:
    """A time as ISO 8601, in this machine's zone, to the second.

    >>> moment(0)[4:5], len(moment(0))
    ('-', 25)
    """
    return datetime.fromtimestamp(seconds).astimezone().isoformat(timespec="seconds")
