"""What looks into items for prints, one work a medium."""

from xmr_core.catalogue import Print
from xmr_core.duplicates import films, pictures, shapes, sounds, writings
from xmr_core.errors import UnsupportedMedia
from xmr_core.indexing import Found, Work
from xmr_core.media import Audio, Image, Item, Media, Mesh, Modality, Text, Video
from xmr_core.readers import read

KINDS: dict[Modality, tuple[str, ...]] = {
    Modality.IMAGE: (pictures.KIND,),
    Modality.AUDIO: (sounds.KIND,),
    Modality.VIDEO: (films.KIND, films.SOUND),
    Modality.MESH: (shapes.KIND,),
    Modality.TEXT: (writings.KIND,),
}
"""The kinds of prints of each medium; another way of making one gets another name."""


class Printing:
    """Makes the prints of one medium; see `xmr_core.indexing.Work`."""

    def __init__(self, modality: Modality) -> None:
        self.modality = modality
        self.name = f"prints of {modality}"
        self.kinds = KINDS[modality]
        self.version = " ".join(self.kinds)
        self.modalities = frozenset({modality})
        self.fields: tuple[str, ...] = ()
        self.threads = 2

    def look(self, item: Item) -> Found:
        """Read an item and make its prints.

        Raises:
            MediaError, OSError: its file cannot be read.
        """
        if not item.file.exists():
            raise FileNotFoundError(item.file)
        media = read(item.file)
        if type(media) is not _TYPES[self.modality]:
            raise UnsupportedMedia(
                item.file, "is another medium than it was", "Index its folder again."
            )
        made = _printed(item, media)
        return Found(prints=[Print(kind, 0, bits) for kind, bits in made.items()])


_TYPES: dict[Modality, type] = {
    Modality.IMAGE: Image,
    Modality.AUDIO: Audio,
    Modality.VIDEO: Video,
    Modality.MESH: Mesh,
    Modality.TEXT: Text,
}


def _printed(item: Item, media: Media) -> dict[str, bytes]:
    match media:
        case Image():
            return {pictures.KIND: pictures.print_of(media.pixels)}
        case Audio():
            return {sounds.KIND: sounds.print_of(media)}
        case Text():
            return {writings.KIND: writings.print_of(media.text)}
        case Mesh():
            return {shapes.KIND: shapes.print_of(media)}
        case _:
            made = {films.KIND: films.print_of(*films.frames_of(item.file, media))}
            if media.sound is not None:
                made[films.SOUND] = sounds.print_of(media.sound)
            return made


WORKS: tuple[Work, ...] = tuple(Printing(modality) for modality in KINDS)
