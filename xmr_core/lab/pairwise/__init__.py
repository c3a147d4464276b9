"""Methods that learn from which two belong together, by a loss over pairs."""

from collections.abc import Callable, Mapping

from xmr_core.lab.contract import Method

METHODS: Mapping[str, Callable[[], Method]] = {}
