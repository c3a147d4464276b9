"""Looking through folders before a run, in the background: it may take longer than a click."""

import itertools
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from xmr_core.errors import XMRError
from xmr_core.indexing import Control, Estimate

_KEPT = 20

Tell = Callable[[int, str], None]
Look = Callable[[Control, Tell], Estimate]


@dataclass(eq=False)
class Looking:
    """One estimate, under way or done.

    Attributes:
        control: cancels it.
        seen: files so far.
        result: once it is done.
        error: why it failed.
    """

    control: Control = field(default_factory=Control)
    seen: int = 0
    result: Estimate | None = None
    error: XMRError | None = None

    @property
    def active(self) -> bool:
        """Still looking."""
        return self.result is None and self.error is None


class Estimates:
    """The latest estimates that pages asked for, by number."""

    def __init__(self) -> None:
        self._all: OrderedDict[int, Looking] = OrderedDict()
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)

    def start(self, look: Look) -> int:
        """Begin one; its number."""
        looking = Looking()
        with self._lock:
            number = next(self._numbers)
            self._all[number] = looking
            while len(self._all) > _KEPT:
                _, old = self._all.popitem(last=False)
                old.control.cancel()
        threading.Thread(
            target=_work, args=(looking, look), name=f"estimate-{number}", daemon=True
        ).start()
        return number

    def get(self, number: int) -> Looking:
        """One of them; raises XMRError where it is not kept any more."""
        try:
            return self._all[number]
        except KeyError:
            raise XMRError("That estimate is not kept any more.", "Ask for it again.") from None

    def stop(self, number: int) -> None:
        """Cancel one and forget it."""
        with self._lock:
            if looking := self._all.pop(number, None):
                looking.control.cancel()


def _work(looking: Looking, look: Look) -> None:
    def tell(seen: int, _: str) -> None:
        looking.seen = seen

    try:
        looking.result = look(looking.control, tell)
    except XMRError as error:
        looking.error = error
    except Exception as error:  # nothing above this thread would ever show it
        looking.error = XMRError(
            f"The folders could not be looked through ({type(error).__name__}: {error}).",
            "Choose another folder.",
        )
