import inspect
import re

import pytest

from xmr_core import errors
from xmr_core.errors import MediaError, XMRError

CLASSES = [c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, XMRError)]


def test_the_tree_drawn_is_the_tree_there_is():
    drawn, above = {}, []
    for line in re.findall(r"^    ((?:[│├└─ ]*)\w+)", errors.__doc__, re.M):
        name = re.search(r"\w+", line).group()
        depth = line.index(name) // 4
        above[depth:] = [name]
        drawn[name] = above[depth - 1] if depth else None
    real = {c.__name__: c.__base__.__name__ if c is not XMRError else None for c in CLASSES}
    assert drawn == real


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_error_says_what_happened_and_what_to_do(kind):
    if issubclass(kind, MediaError):
        error = kind("/a/b.png", "is cut short.", "Copy it again.")
        assert str(error) == "b.png is cut short. Copy it again."
        assert (str(error.path), error.reason) == ("/a/b.png", "is cut short.")
    else:
        error = kind("It is gone.", "Look elsewhere.")
        assert str(error) == "It is gone. Look elsewhere."
    assert error.hint and error.message in str(error)
    assert isinstance(error, XMRError) and kind.__doc__


def test_without_a_hint_nothing_follows():
    assert str(XMRError("It is gone.")) == "It is gone."
    assert str(MediaError("a.png", "is bad")) == "a.png is bad."
