"""What papers report of the methods, and in which order slides and surveys put them.

A table that misses a figure of ``FIGURES`` misses a bar; what falls out of an order is said
beside the table.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from xmr_core.media import Modality
from xmr_core.report import Direction

_IMAGE, _TEXT = Modality.IMAGE, Modality.TEXT
BY_IMAGE: Direction = (_IMAGE, _TEXT)
BY_TEXT: Direction = (_TEXT, _IMAGE)


@dataclass(frozen=True, slots=True)
class Published:
    """A figure that a paper reports.

    Attributes:
        method: name in the registry.
        direction, measure: of what.
        value: as printed, to ``digits`` after the point.
        within: how far ours may be from it, either way; None: ours is to reach it.
        digits: after the point.
    """

    method: str
    direction: Direction
    measure: str
    value: float
    within: float | None = None
    digits: int = 3

    def held(self, ours: float) -> bool:
        """Whether our figure does, rounded as the paper's.

        >>> figure = Published("cca", BY_IMAGE, "map", 0.249, within=0.01)
        >>> figure.held(0.2391), figure.held(0.2384), figure.held(0.2602)
        (True, False, False)
        """
        rounded = round(ours, self.digits)
        if self.within is None:
            return rounded >= self.value
        return abs(round(rounded - self.value, self.digits)) <= self.within


FIGURES: Mapping[str, tuple[Published, ...]] = {
    # Rasiwasia et al., A new approach to cross-modal multimedia retrieval, ACM MM 2010, table 1
    "wikipedia": (
        Published("cca", BY_IMAGE, "map", 0.249, within=0.01),
        Published("cca", BY_TEXT, "map", 0.196, within=0.01),
        Published("sm", BY_IMAGE, "map", 0.225),
        Published("sm", BY_TEXT, "map", 0.223),
        Published("scm", BY_IMAGE, "map", 0.277),
        Published("scm", BY_TEXT, "map", 0.226),
    ),
}
"""By dataset."""


@dataclass(frozen=True, slots=True)
class Order:
    """Methods in the order that was published, the worst first.

    Attributes:
        methods: names in the registry; those that a table lacks are passed over.
        direction: of the measure, or None for an overall one.
        measure: of a report.
        source: who says so.
    """

    methods: tuple[str, ...]
    direction: Direction | None
    measure: str
    source: str


ORDERS: Mapping[str, tuple[Order, ...]] = {
    "wikipedia": tuple(
        Order(methods, direction, measure, source)
        for methods, directions, source in (
            (("cca", "pamir", "uni-cmsrm", "bi-cmsrm"), (BY_TEXT,), "Wu et al. 2013"),
            (("cca", "gmlda", "slim2"), (BY_IMAGE, BY_TEXT), "Zhuang et al. 2013"),
            (("cmssh", "cvh", "sm2h"), (BY_IMAGE, BY_TEXT), "Wu et al. 2014"),
        )
        for direction in directions
        for measure in ("map", "map@50")
    ),
    "flickr8k": (
        Order(("vse", "vse++"), None, "rsum", "Faghri et al. 2018"),
        Order(("cca", "infonce"), None, "rsum", "Radford et al. 2021"),
        Order(("cca", "scan"), None, "rsum", "Lee et al. 2018"),
    ),
}
"""By dataset."""
