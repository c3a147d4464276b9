"""Settings of the environment that hold while something is measured."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def setting(name: str, value: str) -> Iterator[None]:
    """A variable of the environment has a value inside, and what it had before afterwards.

    >>> with setting("XMR_NO_SUCH_THING", "yes"):
    ...     os.environ["XMR_NO_SUCH_THING"]
    'yes'
    >>> "XMR_NO_SUCH_THING" in os.environ
    False
    """
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
