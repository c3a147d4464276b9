"""What all sides of a library share: its catalogue, bound to the joint space of a profile."""

from pathlib import Path
from typing import Self

from xmr_core.catalogue import Catalogue
from xmr_core.library.places import CATALOGUE
from xmr_core.profiles import load_profile
from xmr_core.space import JointSpace


class Binding:
    """A library's folder and catalogue, and its joint space.

    Args:
        path: the folder; its name is the library's.
        space: use this joint space instead of loading the profile.
    """

    def __init__(self, path: Path, space: JointSpace | None = None) -> None:
        self.path = path
        self.name = path.name
        self.catalogue = Catalogue(path / CATALOGUE)
        self._space = space

    @property
    def identity(self) -> int:
        """Tells this library from another one that has its name later; see `Catalogue`."""
        return self.catalogue.identity

    @property
    def profile(self) -> str:
        """The name of the profile that the library is bound to."""
        return self.catalogue.meta("profile") or "embedded"

    @property
    def space(self) -> JointSpace:
        """The profile's joint space, loaded on first use."""
        if self._space is None:
            self._space = load_profile(self.profile)
        return self._space

    def close(self) -> None:
        """Let go of the catalogue."""
        self.catalogue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _thumb(self, item_id: int, end: str) -> Path:
        """Where a thumbnail of an item lies, if there is one; ``end`` of `indexing.THUMBS`."""
        return self.path / "thumbs" / f"{int(item_id)}{end}"
