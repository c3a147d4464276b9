"""Near-duplicates: prints of all media, pairs that agree, and groups of them.

Nothing here changes or deletes a user's file.
"""

from xmr_core.duplicates.best import best
from xmr_core.duplicates.groups import Group, Member, grouped
from xmr_core.duplicates.pairing import all_pairs
from xmr_core.duplicates.pairs import Kind, Pair
from xmr_core.duplicates.wide import close
from xmr_core.duplicates.works import KINDS, WORKS

__all__ = [
    "KINDS",
    "WORKS",
    "Group",
    "Kind",
    "Member",
    "Pair",
    "all_pairs",
    "best",
    "close",
    "grouped",
]
