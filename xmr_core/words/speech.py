"""Speech in sounds and videos, heard by a listener of one's choice."""

import time
from collections.abc import Callable

from xmr_core.errors import QueryError
from xmr_core.indexing import Control, Found, Stopped
from xmr_core.indexing.labels import clock
from xmr_core.media import Item, Modality
from xmr_core.words.listening import Listener
from xmr_core.words.sounds import sound_of
from xmr_core.words.sphinx import PocketSphinx
from xmr_core.words.whisper import SIZES, Whisper

USUAL = "pocketsphinx"
_HEARTBEAT = 0.25  # seconds
LISTENERS: dict[str, Callable[[str], Listener]] = {
    USUAL: lambda _: PocketSphinx(),
    "whisper": Whisper,
}
"""By what stands before the colon of a name; each is given what stands behind it."""

OFFERED: tuple[str, ...] = (USUAL, *(f"whisper:{repo}" for repo in SIZES))
"""Listeners that are worth a try, the smallest first."""


def listener(name: str) -> Listener:
    """The listener of that name.

    Raises:
        QueryError: there is none.

    >>> listener("whisper:openai/whisper-tiny").name
    'whisper:openai/whisper-tiny'
    """
    kind, colon, rest = name.partition(":")
    if kind not in LISTENERS or bool(colon) != (kind != USUAL):
        raise QueryError(
            f"There is no listener '{name}'.",
            f"There are: {', '.join(OFFERED)}, and whisper:/path/to/a/folder.",
        )
    return LISTENERS[kind](rest)


class Speech:
    """Lines of the fields ``spoken``, with their seconds, and ``language``.

    Args:
        hearing: what listens.
        control: pauses and cancels in the middle of a sound.
    """

    name = "speech"
    modalities = frozenset({Modality.AUDIO, Modality.VIDEO})
    fields: tuple[str, ...] = ("spoken", "language")
    kinds: tuple[str, ...] = ()
    threads = 1

    def __init__(self, hearing: Listener | None = None, control: Control | None = None) -> None:
        self.listener = hearing or listener(USUAL)
        self.version = self.listener.version
        self.now = ""
        """The sound it listens to and how far it is, for people."""
        self._control = control or Control()

    def look(self, item: Item) -> Found:
        """Listen to one sound or video.

        Raises:
            Stopped: it was cancelled.
        """
        sound = sound_of(item.file)
        if sound is None:
            return Found([])

        def tell(done: int, total: int) -> None:
            while self._control.paused and not self._control.cancelled:
                time.sleep(_HEARTBEAT)
            if self._control.cancelled:
                raise Stopped
            share = done / max(total, 1)
            self.now = f"{item.path}, {clock(share * sound.seconds)} of {clock(sound.seconds)}"

        try:
            return Found(self.listener.lines(sound, tell))
        finally:
            self.now = ""
