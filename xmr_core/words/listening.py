"""What hears speech, and what there is to know of it before it is used."""

from dataclasses import dataclass
from typing import Protocol

from xmr_core.catalogue import Line
from xmr_core.media import Audio
from xmr_core.models import Progress


@dataclass(frozen=True, slots=True)
class ListenerInfo:
    """What a listener is and costs.

    Attributes:
        name: to choose it by.
        about: a sentence for people.
        licence: of its weights.
        download_bytes: still to fetch; 0 when everything is here, None when it cannot be told.
        needs_hub: whether the model hub must be reached to use it now.
    """

    name: str
    about: str
    licence: str
    download_bytes: int | None
    needs_hub: bool


class Listener(Protocol):
    """Hears what is said in sounds.

    Attributes:
        name: to choose it by.
    """

    name: str

    @property
    def version(self) -> str:
        """Changes when it would hear something else; nothing is fetched to tell it."""

    def describe(self) -> ListenerInfo:
        """What it is; nothing is read or fetched."""
        ...

    def prepare(self, progress: Progress | None = None) -> None:
        """Fetch what is missing, so that it can listen.

        Raises:
            ModelError: it cannot be had.
        """
        ...

    def lines(self, sound: Audio, tell: Progress) -> list[Line]:
        """What is said in a sound: lines of the field ``spoken`` with their seconds, and one of
        the field ``language`` where that is known.

        Args:
            sound: of any rate and length.
            tell: called now and then with what is done and all that is to be done; it may raise
                `Stopped`, which is let through.

        Raises:
            ModelError: it cannot listen at all.
        """
        ...
