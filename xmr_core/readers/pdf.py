"""PDF documents, page by page, through PDFium."""

import threading
from typing import Any

from xmr_core.errors import DamagedMedia, OversizedMedia, ProtectedMedia
from xmr_core.readers.limits import Limits
from xmr_core.readers.passages import Passage
from xmr_core.readers.pdfstreams import refuse_bombs
from xmr_core.readers.source import Source

# PDFium keeps global state: one thread at a time.
pdfium = threading.Lock()


def pages(source: Source, limits: Limits) -> list[Passage]:
    """The words of each page, blank ones included.

    Raises:
        ProtectedMedia: a password is asked for.
        OversizedMedia: over ``limits.pages``, ``limits.characters`` or ``limits.unpacked_bytes``.
        DamagedMedia: malformed.
    """
    import pypdfium2

    data = source.whole(limits.file_bytes)
    refuse_bombs(source, data, limits.unpacked_bytes)
    with pdfium:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower() or "security" in str(error).lower():
                raise ProtectedMedia(
                    source.path, "is locked with a password", "Save a copy without the password."
                ) from error
            raise DamagedMedia(
                source.path, "is a PDF that breaks off or is malformed", "Copy it again."
            ) from error
        try:
            return _pages(document, source, limits)
        finally:
            document.close()


def _pages(document: Any, source: Source, limits: Limits) -> list[Passage]:
    count = len(document)
    if count > limits.pages:
        raise OversizedMedia(
            source.path,
            f"has {count:,} pages; documents are read up to {limits.pages:,}",
            "Split it into smaller files.",
        )
    passages: list[Passage] = []
    characters = 0
    for number in range(count):
        page = document[number]
        words = page.get_textpage()
        text = words.get_text_bounded().replace("\r\n", "\n").replace("\ufffe", "")
        words.close()
        page.close()
        passages.append(Passage(f"page {number + 1}", text))
        characters += len(text)
        if characters > limits.characters:
            break  # the caller refuses it; further pages would only cost time
    return passages
