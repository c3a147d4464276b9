"""How large a file may be before it is refused rather than read."""

from dataclasses import dataclass

_MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on the memory and the time that one file may take.

    What is over a bound is refused with `OversizedMedia`, from its header wherever the format
    tells, with two exceptions that lose nothing a search would miss: sounds are read up to
    ``seconds`` and say their full length in their facts, and films are thinned to ``frames``.

    Attributes:
        file_bytes: of files that are held in memory whole: pictures, documents, meshes.
            Sounds and videos are streamed and have no bound of bytes.
        unpacked_bytes: of everything in a zip container (docx, pptx, epub, 3mf), of one stream of
            a pdf, and of those of its streams together that are packed suspiciously well.
        characters: of one text; plain text files may have four bytes for each.
        pages: of one pdf, or slides, or chapters.
        pixels: decoded at once. A baseline JPEG may have sixteen times as many, because it is
            decoded at a reduced scale.
        image_side: the longer side of `Image.pixels`.
        enough_side: what is enough of it, if the shorter side then has 13/20 of it: twice what
            thumbnails (400) and towers (260) are made from. Larger pictures are reduced to it,
            JPEGs while they are decoded where that leaves no less.
        seconds: of sound that is read.
        frames: key frames of one video.
        frame_side: the longer side of `Video.frames`.
        faces: triangles of one mesh, instances counted.
    """

    file_bytes: int = 512 * _MB
    unpacked_bytes: int = 512 * _MB
    characters: int = 4_000_000
    pages: int = 5_000
    pixels: int = 150_000_000
    image_side: int = 1024
    enough_side: int = 800
    seconds: float = 1200.0
    frames: int = 64
    frame_side: int = 448
    faces: int = 2_000_000

    @property
    def text_bytes(self) -> int:
        """Bytes that a plain text file may have.

        >>> Limits(characters=10).text_bytes
        40
        """
        return 4 * self.characters


LIMITS = Limits()
