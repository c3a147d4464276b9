"""Zip containers, told apart by their members and never unpacked beyond a limit."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from xmr_core.errors import DamagedMedia, OversizedMedia, ProtectedMedia
from xmr_core.readers.source import Source

# A member, in lower case, that only this kind of container has.
_MEMBERS: dict[str, str] = {
    "word/document.xml": "docx",
    "ppt/presentation.xml": "pptx",
    "3d/3dmodel.model": "3mf",
    "meta-inf/container.xml": "epub",
}
_ENTRIES = 20_000


def kind_of_zip(source: Source) -> str | None:
    """The kind of a zip container by its list of members; None for any other zip.

    Raises:
        DamagedMedia: the list of members is missing, as in a truncated file.
    """
    with _listed(source) as archive:
        for info in archive.infolist():
            if kind := _MEMBERS.get(info.filename.lower()):
                return kind
    return None


@contextmanager
def unpacked(source: Source, limit: int) -> Iterator[zipfile.ZipFile]:
    """The container, after its members' sizes were found to be bearable.

    `zipfile` never yields more bytes of a member than its entry declares, so the declared
    sizes bound what can come out; one that lies fails its checksum instead.

    Args:
        limit: bytes of all members together.

    Raises:
        ProtectedMedia: a member is encrypted.
        OversizedMedia: more than ``limit`` bytes, or a huge number of members.
    """
    with _listed(source) as archive:
        entries = archive.infolist()
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise ProtectedMedia(
                source.path, "is locked with a password", "Save a copy without the password."
            )
        total = sum(entry.file_size for entry in entries)
        if total > limit or len(entries) > _ENTRIES:
            raise OversizedMedia(
                source.path,
                f"unpacks to {total / 1e6:,.0f} MB in {len(entries):,} parts "
                f"from {source.size / 1e6:,.1f} MB; the limit is {limit / 1e6:,.0f} MB",
                "Open it in its own program and save a smaller version.",
            )
        yield archive
    source.file.seek(0)


@contextmanager
def _listed(source: Source) -> Iterator[zipfile.ZipFile]:
    source.file.seek(0)
    file: BinaryIO = source.file
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise DamagedMedia(
            source.path,
            "is a zip container whose list of members is missing, so it breaks off",
            "Copy or download it again.",
        ) from error
    with archive:
        yield archive
