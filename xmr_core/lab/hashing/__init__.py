"""Methods whose vectors are short codes of bits."""

from collections.abc import Callable, Mapping

from xmr_core.lab.contract import Method

METHODS: Mapping[str, Callable[[], Method]] = {}
