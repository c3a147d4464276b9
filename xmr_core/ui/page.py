"""What a page of the application is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from xmr_core.ui.context import Action, Context


@dataclass(frozen=True, slots=True)
class Page:
    """One page: a python module that names it, a style sheet of its name, its scripts.

    Attributes:
        name: its address, ``#name``; its styles are ``assets/css/name.css``.
        title: in the navigation.
        scripts: names in ``assets/js``, in the order they are loaded; the last one calls
            ``XMR.page(name, …)``.
        markup: the page's HTML before anything is known.
        actions: what it asks of the server.
        listed: in the navigation; other pages lead to one that is not.
    """

    name: str
    title: str
    scripts: tuple[str, ...]
    markup: Callable[[Context], str]
    actions: Callable[[Context], Mapping[str, Action]]
    listed: bool = True
