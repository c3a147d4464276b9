"""Decoders that neither warn nor log: what matters comes out as an error."""

import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

# Chatty third parties; ours is the only voice, and it raises.
_LOGGERS = ("trimesh", "collada", "charset_normalizer", "libav", "PIL", "pypdfium2")

_lock = threading.Lock()
_depth = 0
_saved: AbstractContextManager[object] | None = None


@contextmanager
def quiet() -> Iterator[None]:
    """Ignore warnings and third-party logs inside the block, in any number of threads.

    `warnings.catch_warnings` alone is not safe in threads: two that overlap put back each
    other's filters. Here the first one in saves them and the last one out puts them back.
    """
    global _depth, _saved
    with _lock:
        if _depth == 0:
            for name in _LOGGERS:
                logging.getLogger(name).setLevel(logging.CRITICAL + 1)
            _saved = warnings.catch_warnings()
            _saved.__enter__()
            warnings.simplefilter("ignore")
        _depth += 1
    try:
        yield
    finally:
        with _lock:
            _depth -= 1
            if _depth == 0 and _saved is not None:
                _saved.__exit__(None, None, None)
                _saved = None
