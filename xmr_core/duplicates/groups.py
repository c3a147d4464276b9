"""Pairs → groups in which every item is alike to one in the middle.

Chains are what groups by connected components suffer from: a is like b, b a little like c, and
by the end hundreds of unlike pictures are one group. Here a group is a star. The item that
is most alike to most others is its middle, those that are directly alike to it are its
members, and the rest is looked at again. Files that are the same count as one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from xmr_core.duplicates.pairs import Kind, Pair


@dataclass(frozen=True, slots=True)
class Member:
    """An item of a group: how, and how much, it is alike to the middle one."""

    id: int
    kind: Kind
    similarity: float


@dataclass(frozen=True, slots=True)
class Group:
    """Items that are alike.

    Attributes:
        middle: the item that all others are alike to.
        members: the others, most alike first.
    """

    middle: int
    members: tuple[Member, ...]

    @property
    def ids(self) -> list[int]:
        """All its items, the middle one first."""
        return [self.middle, *(member.id for member in self.members)]

    @property
    def similarity(self) -> float:
        """Of the least alike member."""
        return min(member.similarity for member in self.members)


def grouped(
    pairs: Iterable[Pair],
    least: float = 0.0,
    different: Collection[tuple[int, int]] = frozenset(),
) -> list[Group]:
    """Stars of pairs, the surest first.

    Args:
        pairs: of items that are alike.
        least: similarity of pairs that count.
        different: pairs (lower id, higher id) that a person said are different.

    >>> chain = [Pair.of(1, 2, Kind.SAME, 0.9), Pair.of(2, 3, Kind.SAME, 0.9),
    ...          Pair.of(3, 4, Kind.SAME, 0.9), Pair.of(4, 5, Kind.SAME, 0.9)]
    >>> [group.ids for group in grouped(chain)]
    [[2, 1, 3], [4, 5]]
    """
    near: dict[int, dict[int, Pair]] = defaultdict(dict)
    leader: dict[int, int] = {}
    followers: dict[int, list[int]] = defaultdict(list)
    unlike = set(different)
    rest = []
    for pair in pairs:
        if pair.similarity < least or (pair.first, pair.second) in unlike:
            continue
        if pair.kind is Kind.EXACT:
            leader[pair.second] = pair.first
            followers[pair.first].append(pair.second)
        else:
            rest.append(pair)
    for pair in rest:
        a, b = leader.get(pair.first, pair.first), leader.get(pair.second, pair.second)
        if a != b and (min(a, b), max(a, b)) not in unlike:
            near[a][b] = near[b][a] = pair
    groups = []
    weight = {id: sum(p.similarity for p in others.values()) for id, others in near.items()}
    free = set(near)
    while free:
        middle = min(free, key=lambda id: (-weight[id], id))
        star = [id for id in near[middle] if id in free]
        if not star:  # all that are left lost theirs
            free.discard(middle)
            continue
        groups.append(_star(middle, {id: near[middle][id] for id in star}, followers))
        taken = {middle, *star}
        free -= taken
        for id in taken:
            for other in near[id]:
                if other in free:
                    weight[other] -= near[id][other].similarity
    told = {id for group in groups for id in group.ids}
    for id, copies in followers.items():
        if id not in told:
            groups.append(_star(id, {}, {id: copies}))
    return sorted(groups, key=lambda group: (-group.similarity, group.middle))


def _star(middle: int, star: dict[int, Pair], followers: dict[int, list[int]]) -> Group:
    members = [Member(id, Kind.EXACT, 1.0) for id in followers.get(middle, [])]
    for id, pair in star.items():
        copies = (id, *followers.get(id, []))
        members += [Member(copy, pair.kind, pair.similarity) for copy in copies]
    return Group(middle, tuple(sorted(members, key=lambda one: (-one.similarity, one.id))))
