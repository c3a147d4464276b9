"""What all methods share: data are looked at once, and the heads learned become a named space."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import ClassVar

from xmr_core.heads import Head
from xmr_core.lab.checks import checked
from xmr_core.lab.contract import SEED, About, Labels, Method, Tell, Views, space_of
from xmr_core.media import Modality
from xmr_core.space import JointSpace, Role

Heads = Mapping[Modality, Head] | Mapping[tuple[Modality, Role], Head]
"""By modality, or by (modality, role) where each direction has heads of its own."""


class _Named(ABC):
    """A :class:`xmr_core.lab.contract.Method` that is known by its name in the registry."""

    about: ClassVar[About]
    name: ClassVar[str]

    def fit(
        self,
        views: Views,
        labels: Labels | None = None,
        *,
        seed: int = SEED,
        tell: Tell | None = None,
    ) -> JointSpace:
        """See :class:`xmr_core.lab.contract.Method`."""
        made, known = checked(self.about, views, labels)
        return space_of(self.name, self._heads(made, known, seed, tell))

    @abstractmethod
    def _heads(self, views: Views, labels: Labels | None, seed: int, tell: Tell | None) -> Heads:
        """Learn from what was looked at; labels are there where ``about`` says so."""


class FromPairs(_Named):
    """A method that learns from pairs alone; labels are left aside."""

    def _heads(self, views: Views, labels: Labels | None, seed: int, tell: Tell | None) -> Heads:
        return self.learn(views, seed=seed, tell=tell)

    @abstractmethod
    def learn(self, views: Views, *, seed: int, tell: Tell | None) -> Heads:
        """Learn heads, in numpy alone.

        Args:
            views: finite f32 (n, m) by modality, as many as ``about`` allows.
            seed: of whatever is drawn.
            tell: told how far it is.
        """


class FromClasses(_Named):
    """A method that learns from pairs and their classes."""

    def _heads(self, views: Views, labels: Labels | None, seed: int, tell: Tell | None) -> Heads:
        assert labels is not None  # noqa: S101 - of such methods they are looked for
        return self.learn(views, labels, seed=seed, tell=tell)

    @abstractmethod
    def learn(self, views: Views, labels: Labels, *, seed: int, tell: Tell | None) -> Heads:
        """Learn heads, in numpy alone.

        Args:
            views: finite f32 (n, m) by modality, as many as ``about`` allows.
            labels: i64 (n,) from 0, or bool (n, c); two different ones or more.
            seed: of whatever is drawn.
            tell: told how far it is.
        """


def named(*methods: type[Method]) -> Mapping[str, Callable[[], Method]]:
    """A registry of methods by their names."""
    return {method.name: method for method in methods}
