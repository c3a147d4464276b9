"""The fields of what a page sends, by kind; what no page of ours would send is refused.

A field that is absent or null has its usual value.
"""

from typing import Any

from xmr_core.errors import XMRError
from xmr_core.ui.context import Plain

MOST = 4096  # characters of a name or a path
_HINT = "Load the page again; if you wrote this request yourself, see what the pages send."


class BadField(XMRError):
    """A field is of the wrong kind, or missing."""

    def __init__(self, name: str, kind: str) -> None:
        super().__init__(f"The field '{name}' must be {kind}.", _HINT)


def text(payload: Plain, name: str, most: int = MOST) -> str:
    """Characters; none usually.

    Args:
        payload: what was sent.
        name: of the field.
        most: how many characters there may be.

    Raises:
        BadField: it is something else, or longer.

    >>> text({"name": "a"}, "name"), text({}, "name"), text({"name": None}, "name")
    ('a', '', '')
    >>> text({"name": 7}, "name")
    Traceback (most recent call last):
    ...
    xmr_core.ui.fields.BadField: The field 'name' must be text. Load the page again; ...
    """
    value = payload.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadField(name, "text")
    if len(value) > most:
        raise BadField(name, f"at most {most:,} characters long")
    return value


def whole(
    payload: Plain, name: str, usual: int | None = None, low: int = 0, high: int = 2**62
) -> int:
    """A whole number, brought within bounds.

    Args:
        payload: what was sent.
        name: of the field.
        usual: what it is if it is absent; without it, it must be there.
        low: the least it becomes.
        high: the most it becomes.

    Raises:
        BadField: it is something else.

    >>> whole({"k": 7}, "k"), whole({"k": 1e300}, "k", high=9), whole({}, "k", 5)
    (7, 9, 5)
    """
    value = payload.get(name)
    if value is None and usual is not None:
        return usual
    return max(low, min(high, _whole(value, name)))


def truth(payload: Plain, name: str, usual: bool = False) -> bool:
    """Yes or no; raises BadField for anything else.

    >>> truth({"columns": True}, "columns"), truth({}, "columns")
    (True, False)
    """
    value = payload.get(name)
    if value is None:
        return usual
    if not isinstance(value, bool):
        raise BadField(name, "true or false")
    return value


def texts(payload: Plain, name: str) -> list[str]:
    """A list of texts, empty usually; raises BadField for anything else.

    >>> texts({"to": ["image"]}, "to"), texts({}, "to")
    (['image'], [])
    """
    return [text({name: one}, name) for one in _list(payload, name, "a list of texts", str)]


def wholes(payload: Plain, name: str) -> list[int] | None:
    """A list of whole numbers; None if it is absent; raises BadField for anything else.

    >>> wholes({"ids": [1, 2]}, "ids"), wholes({}, "ids")
    ([1, 2], None)
    """
    if payload.get(name) is None:
        return None
    kind = "a list of whole numbers"
    return [_whole(one, name) for one in _list(payload, name, kind, int | float)]


def record(payload: Plain, name: str) -> Plain:
    """Fields within a field, none usually; raises BadField for anything else.

    >>> record({"query": {"k": 1}}, "query"), record({}, "query")
    ({'k': 1}, {})
    """
    value = payload.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadField(name, "an object")
    return value


def records(payload: Plain, name: str) -> list[Plain]:
    """A list of objects, empty usually; raises BadField for anything else.

    >>> records({"terms": [{"kind": "text"}]}, "terms")
    [{'kind': 'text'}]
    """
    return _list(payload, name, "a list of objects", dict)


def _list(payload: Plain, name: str, kind: str, of: Any) -> list[Any]:
    value = payload.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, of) for one in value):
        raise BadField(name, kind)
    return value


def _whole(value: Any, name: str) -> int:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or value != int(value):
        raise BadField(name, "a whole number")
    return int(value)
