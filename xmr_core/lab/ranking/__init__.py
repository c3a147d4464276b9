"""Methods that learn from which of two should rank higher."""

from collections.abc import Callable, Mapping

from xmr_core.lab.contract import Method

METHODS: Mapping[str, Callable[[], Method]] = {}
