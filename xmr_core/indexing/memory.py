"""Memory that the C library keeps for later, given back to the system while a run goes on.

Decoded media and activations come and go by the hundred megabytes. What glibc's heap once needed
at the same time it keeps, in pieces between what is still in use: beside visitors, whose answers
take their share, a server grew by a seventh in ten minutes of a run and used no more than before.
"""

import ctypes
import functools
from collections.abc import Callable


def give_back() -> None:
    """Let go of what is free in the heap; takes a tenth of a second, on busy cores half of one.

    Does nothing where the C library is not glibc (malloc_trim(3)).
    """
    if (trim := _trim()) is not None:
        trim(0)


@functools.cache
def _trim() -> Callable[[int], int] | None:
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
    trim.argtypes, trim.restype = [ctypes.c_size_t], ctypes.c_int
    found: Callable[[int], int] = trim
    return found
