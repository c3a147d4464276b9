"""XMR: local cross-media retrieval.

``from xmr_core import Library`` does all of it: create, index, search.
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from xmr_core.errors import XMRError
    from xmr_core.filters import Filters
    from xmr_core.library import Library, search_libraries
    from xmr_core.media import Audio, Image, Mesh, Modality, Text, Video
    from xmr_core.query import Query, Term
    from xmr_core.results import Hit, Results

_HOMES = {
    "Audio": "media",
    "Filters": "filters",
    "Hit": "results",
    "Image": "media",
    "Library": "library",
    "Mesh": "media",
    "Modality": "media",
    "Query": "query",
    "Results": "results",
    "Term": "query",
    "Text": "media",
    "Video": "media",
    "XMRError": "errors",
    "search_libraries": "library",
}

__all__ = [
    "Audio",
    "Filters",
    "Hit",
    "Image",
    "Library",
    "Mesh",
    "Modality",
    "Query",
    "Results",
    "Term",
    "Text",
    "Video",
    "XMRError",
    "search_libraries",
]


def __getattr__(name: str) -> Any:
    """Import on first use, so that ``xmr --help`` does not load the engine."""
    if name not in _HOMES:
        raise AttributeError(f"module 'xmr_core' has no attribute '{name}'")
    import importlib

    return getattr(importlib.import_module(f"xmr_core.{_HOMES[name]}"), name)
