"""Looking into items that are indexed already: for words inside them, for fingerprints.

Such work is slower than indexing, or wanted by few, so that it is a pass of its own: one item
after the other, each kept as soon as it is done, so that a pass that is cancelled or killed
goes on where it was. An item that cannot be looked into keeps the reason and stops nothing.
"""

import logging
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Protocol

from xmr_core.catalogue import Catalogue, Line, Print
from xmr_core.errors import MediaError, ModelError
from xmr_core.indexing.following import Stopped
from xmr_core.indexing.holding import held_open
from xmr_core.indexing.progress import Control, Progress, Tally
from xmr_core.indexing.reading import unexpected, unreadable
from xmr_core.media import Item, Modality

_LOG = logging.getLogger(__name__)
_HEARTBEAT = 0.25  # seconds between two signs of life


@dataclass(frozen=True, slots=True)
class Found:
    """What a work found in an item.

    Attributes:
        lines, prints: of the fields and kinds that the work names.
    """

    lines: Sequence[Line] = ()
    prints: Sequence[Print] = ()


class Work(Protocol):
    """One way of looking into items.

    Attributes:
        name: under which the catalogue keeps that it was done.
        version: changes when it would find something else; items are then looked into again.
        modalities: that it looks into.
        fields, kinds: of the lines and prints that it finds.
        threads: that may call :meth:`look` at once.
    """

    name: str
    version: str
    modalities: frozenset[Modality]
    fields: tuple[str, ...]
    kinds: tuple[str, ...]
    threads: int

    def look(self, item: Item) -> Found:
        """Look into one item.

        Raises:
            MediaError, OSError: its file cannot be read.
            ModelError: nothing can be looked into.
            Stopped: the pass was cancelled meanwhile; another one looks into the item.
        """


_Answer = tuple[Found | None, str]
"""What was found in an item, or None where another pass is to look; why nothing was found."""


def look(
    catalogue: Catalogue, works: Sequence[Work], control: Control | None = None
) -> Iterator[Progress]:
    """Let works look into all items that they have not looked into.

    Args:
        catalogue: of the library, which is held meanwhile.
        works: one after the other.
        control: pauses and cancels.

    Yields:
        progress, with ``failed`` counting the items that could not be looked into.

    Raises:
        LibraryBusy: a run holds the library.
        ModelError: a work cannot do anything.
    """
    control = control or Control()
    with held_open(catalogue):
        todo = [(w, catalogue.unlooked(w.name, w.version, w.modalities)) for w in works]
        tally = Tally(Progress("look", total=sum(len(ids) for _, ids in todo)))
        yield tally.now
        worked, before = 0.0, time.monotonic()
        for work, ids in todo:
            for _ in _through(catalogue, work, ids, control, tally):
                now = time.monotonic()
                worked += 0.0 if control.paused else now - before
                before = now
                rate = tally.now.done / max(worked, 1e-6)
                left = (tally.now.total - tally.now.done) / rate if rate else 0.0
                yield tally.set(rate=round(rate, 2), left=round(left, 1), paused=control.paused)
            if control.cancelled:
                break
        yield tally.set(stage="cancelled" if control.cancelled else "done", left=0.0, paused=False)


def _through(
    catalogue: Catalogue, work: Work, ids: Sequence[int], control: Control, tally: Tally
) -> Iterator[None]:
    """Look into items; yields a few times a second."""
    waiting = deque(catalogue.items(ids))
    running: dict[Future[_Answer], Item] = {}
    pool = ThreadPoolExecutor(work.threads, thread_name_prefix="xmr-look")
    try:
        while running or (waiting and not control.cancelled):
            if control.paused and not control.cancelled:
                if not running:
                    time.sleep(_HEARTBEAT)
            elif waiting and not control.cancelled:
                for _ in range(work.threads - len(running)):
                    if waiting:
                        item = waiting.popleft()
                        running[pool.submit(_looked, work, item)] = item
            for done in wait(running, _HEARTBEAT, FIRST_COMPLETED).done:
                item = running.pop(done)
                found, reason = done.result()
                if found is not None:
                    _keep(catalogue, work, item, found, reason)
                tally.count(done=1, failed=int(bool(reason)))
                tally.set(current=item.path)
            yield
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _keep(catalogue: Catalogue, work: Work, item: Item, found: Found, reason: str) -> None:
    catalogue.keep_found(
        item.id,
        item.hash,
        work.name,
        work.version,
        found.lines,
        found.prints,
        fields=work.fields,
        kinds=work.kinds,
        reason=reason,
    )


def _looked(work: Work, item: Item) -> _Answer:
    try:
        return work.look(item), ""
    except ModelError:
        raise
    except MediaError as error:
        return Found(), error.reason
    except Stopped:
        return None, ""
    except FileNotFoundError:  # its disk may be away: another pass will find it
        return None, "is not there"
    except OSError as error:
        return Found(), unreadable(error).reason
    except MemoryError:
        return Found(), "does not fit into this machine's memory"
    except Exception as error:
        _LOG.exception("unexpected, at %r", item.path)
        return Found(), unexpected(f"looking for {work.name}", error).reason
