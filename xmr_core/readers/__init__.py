"""Readers: a path → media, told by content.

``detect`` says which medium a file is, ``read`` decodes it; both raise nothing but
`MediaError`, whatever the file holds.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from xmr_core.errors import DamagedMedia, MediaError, OversizedMedia
from xmr_core.media import Media, Modality
from xmr_core.readers.limits import LIMITS, Limits
from xmr_core.readers.quiet import quiet
from xmr_core.readers.sniff import sniff
from xmr_core.readers.source import Source, opened, unreadable

# Kind → medium; None where only a look into the container tells.
FORMATS: dict[str, Modality | None] = {
    **dict.fromkeys(
        ("plain", "csv", "json", "markdown", "html", "srt", "vtt", "pdf", "docx", "pptx", "epub"),
        Modality.TEXT,
    ),
    **dict.fromkeys(("png", "jpeg", "webp", "bmp", "tiff", "avif", "heic"), Modality.IMAGE),
    **dict.fromkeys(("wav", "flac", "mp3", "aac"), Modality.AUDIO),
    **dict.fromkeys(("glb", "gltf", "obj", "stl", "ply", "off", "3mf", "dae"), Modality.MESH),
    "gif": None,
    "ogg": None,
    "mp4": None,
    "matroska": None,
    "avi": None,
}

# Lower-case suffixes by the medium they promise: what a walk over folders looks at.
PROMISES: dict[str, Modality] = {
    **dict.fromkeys(
        (
            ".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf", ".docx", ".pptx",
            ".epub", ".csv", ".tsv", ".json", ".srt", ".vtt",
        ),
        Modality.TEXT,
    ),
    **dict.fromkeys(
        (
            ".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif",
            ".avif",
        ),
        Modality.IMAGE,
    ),
    **dict.fromkeys(
        (".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".m4a", ".aac"), Modality.AUDIO
    ),
    **dict.fromkeys((".mp4", ".m4v", ".mkv", ".webm", ".mov", ".avi", ".ogv"), Modality.VIDEO),
    **dict.fromkeys(
        (".glb", ".gltf", ".obj", ".stl", ".ply", ".off", ".3mf", ".dae"), Modality.MESH
    ),
}  # fmt: skip
SUFFIXES: frozenset[str] = frozenset(PROMISES)


def detect(path: Path) -> Modality:
    """Which medium a file is.

    Raises:
        MediaError: no reader knows it, or it cannot be opened.
    """
    with known(path) as (source, kind):
        return _modality(source, kind)


def read(path: Path, limits: Limits = LIMITS) -> Media:
    """Decode a file.

    Args:
        path: of a regular file.
        limits: on memory and time; see `Limits`.

    Raises:
        MediaError: and nothing else, for anything that a file can do.
    """
    with known(path) as (source, kind):
        if FORMATS[kind] is None and kind != "gif":
            return _contained(source, kind, limits)
        return _reader(_modality(source, kind))(source, kind, limits)


@contextmanager
def known(path: Path) -> Iterator[tuple[Source, str]]:
    """The open file and its kind; whatever decoders raise comes out as a `MediaError`."""
    try:
        with quiet(), opened(path) as source:
            yield source, sniff(source)
    except MediaError:
        raise
    except (MemoryError, RecursionError) as error:
        raise OversizedMedia(
            path, "needs more memory than there is to decode", "Save a simpler version."
        ) from error
    except OSError as error:
        raise unreadable(path, error) or _damaged(path, error) from error
    except Exception as error:  # decoders raise anything on hostile bytes; one file stops nothing
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> DamagedMedia:
    return DamagedMedia(
        path,
        f"is malformed: its decoder gave up ({type(error).__name__})",
        "Open it in its own program and save it again.",
    )


def _modality(source: Source, kind: str) -> Modality:
    known = FORMATS[kind]
    if known is not None:
        return known
    if kind == "gif":
        from xmr_core.readers import image

        return image.gif_modality(source)
    from xmr_core.readers import container

    with container.opened(source, kind) as box:
        return container.modality(source, box)


def _contained(source: Source, kind: str, limits: Limits) -> Media:
    """Read what a container holds; it is opened once, which takes as long as a second of film."""
    from xmr_core.readers import audio, container, video

    with container.opened(source, kind) as box:
        if container.modality(source, box) is Modality.VIDEO:
            return video.seen(source, kind, box, limits)
        return audio.heard(source, kind, box, limits)


def _reader(modality: Modality) -> Callable[[Source, str, Limits], Media]:
    """The reader of a medium; each brings its own decoders, imported on first use."""
    from xmr_core.readers import audio, image, mesh, text, video

    readers: dict[Modality, Callable[[Source, str, Limits], Media]] = {
        Modality.TEXT: text.read,
        Modality.IMAGE: image.read,
        Modality.AUDIO: audio.read,
        Modality.VIDEO: video.read,
        Modality.MESH: mesh.read,
    }
    return readers[modality]


__all__ = ["FORMATS", "LIMITS", "PROMISES", "SUFFIXES", "Limits", "detect", "known", "read"]
