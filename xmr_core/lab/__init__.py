"""The lab: the field's methods behind one contract, measured on the same data.

A method learns heads for two or more media from pairs of features; what it gives is a joint
space as any other (:class:`xmr_core.space.JointSpace`). ``METHODS`` names them all, family by
family. What re-ranks by parts (``RERANKERS``) and what says in words what is shown
(``TRANSLATORS``) have contracts of their own.
"""

from collections.abc import Callable, Mapping

from xmr_core.errors import LabError
from xmr_core.lab import dictionaries, hashing, pairwise, ranking, supervised, unsupervised
from xmr_core.lab.contract import About, Labels, Method, Tell, Views
from xmr_core.lab.interaction import RERANKERS
from xmr_core.lab.translation import TRANSLATORS

METHODS: Mapping[str, Callable[[], Method]] = {
    **unsupervised.METHODS,
    **supervised.METHODS,
    **pairwise.METHODS,
    **ranking.METHODS,
    **dictionaries.METHODS,
    **hashing.METHODS,
}
"""Every method with its default hyper-parameters, by name."""


def method(name: str) -> Method:
    """The method of that name.

    Raises:
        LabError: there is none, or what is called so is no method.
    """
    if name in RERANKERS or name in TRANSLATORS:
        raise LabError(f"'{name}' makes no space.", f"These do: {', '.join(METHODS)}.")
    try:
        return METHODS[name]()
    except KeyError:
        raise LabError(
            f"There is no method '{name}'.", f"There are: {', '.join(METHODS)}."
        ) from None


__all__ = [
    "METHODS",
    "RERANKERS",
    "TRANSLATORS",
    "About",
    "Labels",
    "Method",
    "Tell",
    "Views",
    "method",
]
