"""How many faces a graph of objects within objects unfolds to, told without unfolding it."""

from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Census(Generic[Key]):
    """Counts faces below each object once, however often it is used.

    Args:
        own: the faces of an object itself.
        parts: the objects that it uses, one for each use.
    """

    def __init__(self, own: Callable[[Key], int], parts: Callable[[Key], Iterable[Key]]) -> None:
        self._own, self._parts = own, parts
        self._known: dict[Key, int | None] = {}

    def below(self, key: Key) -> int:
        """Faces of an object and of all that it uses.

        Raises:
            ValueError: it uses itself.

        >>> doubled = Census(lambda n: int(n == 0), lambda n: [n - 1] * 2 if n else [])
        >>> doubled.below(100) == 2**100
        True
        """
        if key not in self._known:
            self._known[key] = None
            self._known[key] = self._own(key) + sum(self.below(part) for part in self._parts(key))
        known = self._known[key]
        if known is None:
            raise ValueError("an object is a part of itself")
        return known
