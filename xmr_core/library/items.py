"""The items of a library, and the files behind them."""

from pathlib import Path

from xmr_core.errors import LibraryError
from xmr_core.filters import Filters
from xmr_core.library.folders import Folders
from xmr_core.media import Item, Modality, Part


class Items(Folders):
    """Items, their parts, their files and their thumbnails."""

    def item(self, item_id: int) -> Item:
        """One item.

        Raises:
            LibraryError: no such item.
        """
        items = self.catalogue.items([item_id])
        if not items:
            raise LibraryError(f"{self.name} has no item {item_id}.", "Search again.")
        return items[0]

    def items(
        self, filters: Filters | None = None, offset: int = 0, limit: int = 100
    ) -> list[Item]:
        """Items in order of their paths."""
        return self.catalogue.find(filters or Filters(), offset, limit)

    def parts(self, item_id: int) -> list[Part]:
        """An item's coarse parts."""
        return self.catalogue.parts(item_id)

    def counts(self) -> dict[Modality, int]:
        """Items by modality, missing ones left out."""
        return self.catalogue.counts()

    def media_path(self, item_id: int) -> Path:
        """An item's file, only if it really lies inside the root it was found in.

        Raises:
            LibraryError: no such item, the file is gone, or a link leads out of the root.
        """
        item = self.item(item_id)
        try:
            path, root = item.file.resolve(strict=True), item.root.resolve(strict=True)
        except (OSError, RuntimeError) as error:  # the latter of a loop of links, before 3.13
            raise LibraryError(
                f"{item.title} is not where it was.", "Index its folder again."
            ) from error
        if not path.is_relative_to(root) or not path.is_file():
            raise LibraryError(f"{item.title} lies outside its folder.", "Index its folder again.")
        return path

    def thumbnail(self, item_id: int) -> Path | None:
        """The picture of an item for cards, or None where none could be made."""
        return _if_there(self._thumb(item_id, ".webp"))

    def turntable(self, item_id: int) -> Path | None:
        """The strip of views of a mesh, or None."""
        return _if_there(self._thumb(item_id, ".turn.webp"))


def _if_there(path: Path) -> Path | None:
    return path if path.is_file() else None
