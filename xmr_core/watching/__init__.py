"""Watching folders: which of them changed, told once they have come to rest."""

from xmr_core.watching.settling import Settling
from xmr_core.watching.watcher import Noticed, Watcher

__all__ = ["Noticed", "Settling", "Watcher"]
