"""One file of the demo library: where it goes, what it is about, and how it is made."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.media import Modality

Array = npt.NDArray[Any]
"""Numbers; the docstrings say which and how many."""

_MODALITIES: dict[str, Modality] = {
    **dict.fromkeys([".png", ".jpg", ".webp"], Modality.IMAGE),
    **dict.fromkeys([".wav", ".flac", ".ogg", ".mp3"], Modality.AUDIO),
    **dict.fromkeys([".mp4", ".webm"], Modality.VIDEO),
    **dict.fromkeys([".glb", ".obj", ".ply", ".stl"], Modality.MESH),
    **dict.fromkeys(
        [".txt", ".md", ".html", ".srt", ".csv", ".pdf", ".docx", ".pptx", ".epub"], Modality.TEXT
    ),
}


@dataclass(frozen=True, slots=True)
class Work:
    """A recipe for one file.

    Attributes:
        path: below the demo folder, with ``/``; its suffix tells the medium.
        themes: what it is about, the main theme first.
        make: random numbers → the bytes of the file.
    """

    path: str
    themes: tuple[str, ...]
    make: Callable[[np.random.Generator], bytes]

    @property
    def suffix(self) -> str:
        """The ending of the name, with its dot."""
        return PurePosixPath(self.path).suffix

    @property
    def modality(self) -> Modality:
        """The medium.

        >>> str(Work("sea/waves.mp4", ("sea",), lambda rng: b"").modality)
        'video'
        """
        return _MODALITIES[self.suffix]

    def bytes(self) -> bytes:
        """The file's content, the same every time: the path is the seed."""
        return self.make(np.random.default_rng(zlib.crc32(self.path.encode())))


def by_theme(works: Sequence[Work]) -> dict[str, dict[Modality, tuple[str, ...]]]:
    """Theme → medium → paths, both sorted.

    >>> by_theme([Work("sea/gulls.wav", ("sea", "birds"), lambda rng: b"")])["birds"]
    {<Modality.AUDIO: 'audio'>: ('sea/gulls.wav',)}
    """
    themes: dict[str, dict[Modality, tuple[str, ...]]] = {}
    for work in sorted(works, key=lambda work: work.path):
        for theme in work.themes:
            media = themes.setdefault(theme, {})
            media[work.modality] = (*media.get(work.modality, ()), work.path)
    return dict(sorted(themes.items()))
