"""Files that a mesh refers to: only from its own folder and the folders in it."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from xmr_core.errors import DamagedMedia, EmptyFile, UnreadableFile
from xmr_core.readers.source import Source, opened


class Neighbours:
    """Read-only access to what lies beside and below a file, in trimesh's terms a resolver.

    Args:
        source: the file that refers to others.
        limit: bytes of all neighbours together.
    """

    def __init__(self, source: Source, limit: int) -> None:
        self.file_name = source.path.name
        self._source = source
        self._left = limit

    def get(self, name: str) -> bytes:
        """The bytes of a neighbour.

        Args:
            name: as the file writes it, relative, with ``/`` or ``\\``.

        Raises:
            DamagedMedia: it is missing, unreadable or outside of the folder.
            OversizedMedia: together with those before it is over the limit.
        """
        path = self._path(name)
        try:
            with opened(path) as neighbour:
                data = neighbour.whole(self._left)
        except (UnreadableFile, EmptyFile) as error:
            raise DamagedMedia(
                self._source.path,
                f"needs the file {name[:80]!r}, which {error.reason}",
                "Copy the two together from where they came.",
            ) from error
        self._left -= len(data)
        return data

    __getitem__ = get

    def keys(self) -> Iterator[str]:
        """No names: nobody needs to look around."""
        return iter(())

    def _path(self, name: str) -> Path:
        folder = self._source.path.parent.resolve()
        relative = PurePosixPath(name.strip().replace("\\", "/"))
        if ":" not in name and "\0" not in name:  # no address, no drive
            path = (folder / relative).resolve()  # through links and ..
            if path.is_relative_to(folder):
                return path
        raise DamagedMedia(
            self._source.path,
            f"refers to {name[:80]!r}, which is not in its folder",
            "Put the file beside it, or export it with everything embedded.",
        )
