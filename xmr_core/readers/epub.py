"""EPUB books by their chapters, in reading order.

Read by hand from its three steps (container → package → spine, EPUB 3.3, W3C 2023): the
library for it keeps every picture and font of a book in memory to give its words.
"""

import posixpath
import zipfile
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from xmr_core.errors import DamagedMedia, OversizedMedia, ProtectedMedia
from xmr_core.readers import markup
from xmr_core.readers.archive import unpacked
from xmr_core.readers.limits import Limits
from xmr_core.readers.passages import Passage
from xmr_core.readers.source import Source


def chapters(source: Source, limits: Limits) -> list[Passage]:
    """The words of each document of the spine, labelled with its first heading.

    Raises:
        ProtectedMedia: the chapters are encrypted.
        OversizedMedia: over ``limits.unpacked_bytes``, ``pages`` or ``characters``.
        DamagedMedia: a part that the others name is missing or malformed.
    """
    source.refuse_over(limits.file_bytes)
    with unpacked(source, limits.unpacked_bytes) as archive:
        names = _spine(source, archive)
        if len(names) > limits.pages:
            raise OversizedMedia(
                source.path,
                f"has {len(names):,} chapters; at most {limits.pages:,} are read",
                "Split it into smaller files.",
            )
        locked = _locked(archive)
        if locked.intersection(names):
            raise ProtectedMedia(
                source.path,
                "has encrypted chapters (DRM)",
                "Only books without copy protection can be read.",
            )
        passages: list[Passage] = []
        characters = 0
        for number, name in enumerate(names, start=1):
            passages.extend(_chapter(_member(source, archive, name), number))
            characters = sum(len(passage.text) for passage in passages)
            if characters > limits.characters:
                break  # the caller refuses it
        return passages


def _chapter(data: bytes, number: int) -> list[Passage]:
    pieces = markup.html(data.decode("utf-8", errors="replace"))
    text = "\n\n".join(piece.text for piece in pieces)
    label = next((piece.label for piece in pieces if piece.label), f"chapter {number}")
    return [Passage(label, text)] if text.strip() else []


def _spine(source: Source, archive: zipfile.ZipFile) -> list[str]:
    """Member names of the book's documents, in reading order."""
    container = _parsed(source, archive, "META-INF/container.xml")
    rootfile = container.find(".//{*}rootfile")
    if rootfile is None:
        raise _damaged(source, "names no package document")
    package_name = unquote(rootfile.get("full-path", ""))
    package = _parsed(source, archive, package_name)
    folder = posixpath.dirname(package_name)
    documents = {
        item.get("id", ""): posixpath.normpath(
            posixpath.join(folder, unquote(item.get("href", "").partition("#")[0]))
        )
        for item in package.iterfind(".//{*}manifest/{*}item")
        if "html" in item.get("media-type", "")
    }
    order = [ref.get("idref", "") for ref in package.iterfind(".//{*}spine/{*}itemref")]
    return [documents[idref] for idref in order if idref in documents]


def _locked(archive: zipfile.ZipFile) -> set[str]:
    """Members that the book declares encrypted; obfuscated fonts are among them, harmlessly."""
    if "META-INF/encryption.xml" not in archive.namelist():
        return set()
    root: Element = fromstring(archive.read("META-INF/encryption.xml"), forbid_dtd=True)
    return {unquote(ref.get("URI", "")) for ref in root.iterfind(".//{*}CipherReference")}


def _parsed(source: Source, archive: zipfile.ZipFile, name: str) -> Element:
    root: Element = fromstring(_member(source, archive, name))
    return root


def _member(source: Source, archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except KeyError as error:
        raise _damaged(source, f"names a part that is missing ({name[:80]})") from error


def _damaged(source: Source, reason: str) -> DamagedMedia:
    return DamagedMedia(source.path, f"is a book that {reason}", "Copy or convert it again.")
