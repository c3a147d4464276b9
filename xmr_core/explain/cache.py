"""Media taken apart, kept for a while: the parts cost seconds, what is made of them little."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from xmr_core.explain.explanation import Side
from xmr_core.explain.sides import side_of
from xmr_core.media import Media, Modality, digest, modality_of
from xmr_core.space import JointSpace

LIMIT = 512 * 1024 * 1024  # bytes: some thirty pictures, or two long sounds
_PAIR = 2  # sides that are looked at together: they stay, whatever they take


class SideCache:
    """Sides by their medium's content and their encoder; the longest unused go first.

    Safe to use from several threads. The same medium asked for twice at once is taken apart
    once, and the second asker waits.

    Args:
        limit: bytes of the media and of the arrays of their parts; the two that were asked for
            last stay even if larger, since a query is looked at beside a hit.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._sides: OrderedDict[tuple[str, str], Side] = OrderedDict()
        self._busy: dict[tuple[str, str], threading.Lock] = {}
        self._lock = threading.Lock()

    def side(self, media: Media, space: JointSpace) -> Side:
        """The side of a medium, made if it is not here.

        Raises:
            ExplanationError: it cannot be taken apart.
        """
        return self.side_by(digest(media), modality_of(media), lambda: media, space)

    def side_by(
        self,
        key: str,
        modality: Modality,
        load: Callable[[], Media],
        space: JointSpace,
        make: Callable[[Media, JointSpace], Side] = side_of,
    ) -> Side:
        """The same of a medium that is only decoded if its side is not here.

        Args:
            key: stands for its content.
            modality: of the medium.
            load: decodes it.
            space: in which it is taken apart.
            make: takes it apart.

        Raises:
            ExplanationError: it cannot be taken apart.
            MediaError: what ``load`` raises.
        """
        encoder = space.encoders.get(modality)
        whole_key = (key, encoder.fingerprint if encoder else "")
        with self._lock:
            mine = self._busy.setdefault(whole_key, threading.Lock())
        try:
            with mine:
                known = self._known(whole_key)
                return known or self._keep(whole_key, make(load(), space))
        finally:
            with self._lock:
                self._busy.pop(whole_key, None)

    @property
    def nbytes(self) -> int:
        """Bytes that are held."""
        with self._lock:
            return sum(side.nbytes for side in self._sides.values())

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._sides.clear()

    def _known(self, key: tuple[str, str]) -> Side | None:
        with self._lock:
            if key in self._sides:
                self._sides.move_to_end(key)
            return self._sides.get(key)

    def _keep(self, key: tuple[str, str], side: Side) -> Side:
        with self._lock:
            self._sides[key] = side
            held = sum(s.nbytes for s in self._sides.values())
            while held > self._limit and len(self._sides) > _PAIR:
                held -= self._sides.popitem(last=False)[1].nbytes
        return side
