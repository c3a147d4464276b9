"""What files promise to be, by their suffixes, and how long one of them takes."""

import json
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from xmr_core import readers
from xmr_core.catalogue import Catalogue
from xmr_core.media import Modality

_ENOUGH = 4  # files of a modality whose mean says something about this machine

# Seconds until this machine has measured its own; from the demo library on two cores.
_SECONDS = MappingProxyType(
    {
        Modality.TEXT: 0.05,
        Modality.IMAGE: 0.04,
        Modality.AUDIO: 0.3,
        Modality.VIDEO: 2.0,
        Modality.MESH: 1.0,
    }
)
# For estimates alone; what a file is, its content says.
_PROMISED = {
    suffix: modality
    for modality, all_of_it in {
        Modality.IMAGE: ".jpg .jpeg .jpe .jfif .png .webp .gif .bmp .tif .tiff .heic .heif .avif",
        Modality.AUDIO: ".wav .flac .ogg .oga .opus .mp3 .m4a .aac",
        Modality.VIDEO: ".mp4 .m4v .mkv .webm .mov .avi .ogv",
        Modality.MESH: ".glb .gltf .obj .stl .ply .off .3mf .dae",
    }.items()
    for suffix in all_of_it.split()
}
# A text takes as long as it is: every passage is encoded. Files of text alone, measured with the
# embedded profile in CPU seconds: 100,000 bytes took 5.3 s, 400,000 took 19.1 s.
_BYTES = 20_000  # a second
_WRITTEN = frozenset({".txt", ".md", ".markdown", ".csv", ".tsv", ".json", ".srt", ".vtt"})
_FADE = 0.5 ** (1 / 30)  # a file counts half as much once thirty others have come after it


def suffixes() -> dict[str, Modality]:
    """The suffixes that a walk looks at, with the modality that each promises."""
    return {suffix: _PROMISED.get(suffix, Modality.TEXT) for suffix in readers.SUFFIXES}


class Costs:
    """Seconds of work that a file takes, by the modality that it promises to be.

    Known is a cost that an earlier run has left, or that at least four files of this run
    were measured for; otherwise it is a guess.

    Args:
        before: what earlier runs have measured.

    >>> costs = Costs({Modality.TEXT: 0.1})
    >>> for _ in range(5):
    ...     costs.add(Modality.IMAGE, 0.2)
    >>> round(costs[Modality.IMAGE], 3), costs[Modality.TEXT], costs[Modality.MESH]
    (0.2, 0.1, 1.0)
    >>> [costs.known(m) for m in (Modality.IMAGE, Modality.TEXT, Modality.MESH)]
    [True, True, False]
    """

    def __init__(self, before: Mapping[Modality, float] | None = None) -> None:
        self._before = dict(before or {})
        # Fading sums of all that was handled; what earlier runs say weighs as a few files.
        self._files = {m: float(_ENOUGH if m in self._before else 0) for m in Modality}
        self._seconds = {m: self._files[m] * self._before.get(m, 0.0) for m in Modality}
        self._encoded: Counter[Modality] = Counter()
        self._encoding = dict.fromkeys(Modality, 0.0)

    @classmethod
    def of(cls, catalogue: Catalogue) -> "Costs":
        """As the runs of a library have left them."""
        kept = json.loads(catalogue.meta("costs") or "{}")
        return cls({m: float(kept[m]) for m in Modality if m in kept})

    def add(self, modality: Modality, seconds: float, *, encoded: bool = True) -> None:
        """A file has taken so much.

        Leave out files of the batch that an encoder was loaded for.

        Args:
            modality: that the file promised to be.
            seconds: of work.
            encoded: it was; not, say, known already, or beyond reading. Those tell how quickly
                the run goes on, but nothing about the files of another one.
        """
        self._files[modality] = self._files[modality] * _FADE + 1
        self._seconds[modality] = self._seconds[modality] * _FADE + seconds
        if encoded:
            self._encoded[modality] += 1
            self._encoding[modality] += seconds

    def known(self, modality: Modality) -> bool:
        """Whether the cost is more than a guess."""
        return modality in self._before or self._encoded[modality] >= _ENOUGH

    def __getitem__(self, modality: Modality) -> float:
        """Seconds that a file takes."""
        if self.known(modality):
            return self._seconds[modality] / self._files[modality]
        return _SECONDS[modality]

    def of_file(self, modality: Modality, path: str, size: int) -> float:
        """Seconds that a file takes that is not read yet; a long text takes longer than others.

        Args:
            modality: that it promises to be.
            path: its name.
            size: bytes.

        >>> costs = Costs()
        >>> [costs.of_file(Modality.TEXT, "a.md", size) for size in (300, 2_400_000)]
        [0.05, 120.0]
        """
        suffix = path[path.rfind(".") :].lower()
        length = size / _BYTES if suffix in _WRITTEN else 0.0
        return max(self[modality], length)

    def keep(self, catalogue: Catalogue, pace: float) -> None:
        """Leave what was measured for estimates and for the runs to come.

        Args:
            catalogue: of the library.
            pace: seconds that a second of work has taken; less than one where readers and
                encoder work side by side.
        """
        measured = {
            m: pace * self._encoding[m] / n for m, n in self._encoded.items() if n >= _ENOUGH
        }
        if measured:
            catalogue.set_meta("costs", json.dumps({**self._before, **measured}))
