"""The servers of the tests of the interface, for those who attack them."""

from tests.ui.conftest import _made, served, site

__all__ = ["_made", "served", "site"]
