"""Words inside media that are no texts, and beside them.

What a picture says is read, what a sound says is heard, what a file says of itself is taken
over. Each is a work that looks into items one by one (:mod:`xmr_core.indexing.looking`) and
leaves lines with their place in the catalogue.
"""

from collections.abc import Callable, Sequence

from xmr_core.errors import QueryError
from xmr_core.indexing import Work
from xmr_core.words.listening import Listener, ListenerInfo
from xmr_core.words.speech import LISTENERS, OFFERED, USUAL, Speech, listener
from xmr_core.words.subtitles import Subtitles
from xmr_core.words.tags import Tags
from xmr_core.words.writing import Writing

# In the order in which they are done: what costs little comes first.
WORKS: dict[str, Callable[[], Work]] = {
    "tags": Tags,
    "subtitles": Subtitles,
    "writing": Writing,
    "speech": Speech,
}


def works(names: Sequence[str] = (), speech: Speech | None = None) -> list[Work]:
    """The works of some names, in their order; all of them if none is named.

    Args:
        names: keys of `WORKS`.
        speech: in place of the one that listens as usual.

    Raises:
        QueryError: there is none of that name.

    >>> [work.name for work in works(["speech", "tags"])]
    ['tags', 'speech']
    """
    for name in names:
        if name not in WORKS:
            raise QueryError(f"Nothing looks for '{name}'.", f"There are: {', '.join(WORKS)}.")
    return [
        speech if speech is not None and name == speech.name else make()
        for name, make in WORKS.items()
        if not names or name in names
    ]


__all__ = [
    "LISTENERS",
    "OFFERED",
    "USUAL",
    "WORKS",
    "Listener",
    "ListenerInfo",
    "Speech",
    "listener",
    "works",
]
