"""What was fitted of how far tags and captions can be trusted, as it is kept."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from xmr_core.errors import WeightsDamaged
from xmr_core.media import Modality
from xmr_core.paths import assets_dir

T = TypeVar("T")


def fitted(kind: str, make: Callable[..., T], path: Path | None = None) -> dict[Modality, T]:
    """What was fitted, by medium; none where there is no such file.

    Args:
        kind: ``tags`` or ``captions``.
        make: takes the numbers of one medium.
        path: of the file; XMR's own if None.

    Raises:
        WeightsDamaged: it cannot be read.
    """
    file = path or assets_dir() / "words" / "strengths.json"
    if not file.is_file():
        return {}
    try:
        table = json.loads(file.read_text(encoding="utf-8"))
        return {Modality(m): make(*map(float, row)) for m, row in table[kind].items()}
    except (OSError, ValueError, TypeError, AttributeError, LookupError) as error:
        raise WeightsDamaged(
            f"The strengths of {kind} in {file.name} cannot be used ({error}).",
            "Install XMR again.",
        ) from error
