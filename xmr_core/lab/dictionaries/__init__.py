"""Methods that write both views in words of learned dictionaries."""

from collections.abc import Callable, Mapping

from xmr_core.lab.contract import Method

METHODS: Mapping[str, Callable[[], Method]] = {}
