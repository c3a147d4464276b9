"""Where XMR keeps things on this machine."""

import os
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent


def assets_dir() -> Path:
    """The heads, styles and demo sources: inside the wheel, or beside the package in a checkout."""
    shipped = _PACKAGE / "assets"
    return shipped if shipped.is_dir() else _PACKAGE.parent / "assets"


def indexes_dir() -> Path:
    """The folder of libraries: in ``$XMR_HOME``, in a checkout, or in the user's data folder."""
    if home := os.environ.get("XMR_HOME"):
        return Path(home).expanduser() / "indexes"
    checkout = _PACKAGE.parent / "indexes"
    if (_PACKAGE.parent / "pyproject.toml").is_file() and checkout.is_dir():
        return checkout
    return Path(platformdirs.user_data_dir("xmr")) / "indexes"


def spaces_dir() -> Path:
    """The folder of joint spaces that were fitted here, beside the libraries."""
    return indexes_dir().parent / "spaces"


def cache_dir() -> Path:
    """The folder of fetched and converted weights: ``$XMR_CACHE`` or the user's cache."""
    if cache := os.environ.get("XMR_CACHE"):
        return Path(cache).expanduser()
    return Path(platformdirs.user_cache_dir("xmr"))
