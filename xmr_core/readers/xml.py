"""XML without entities: a document that declares any is refused before it is parsed."""

from collections.abc import Iterable
from typing import IO
from xml.parsers import expat

from defusedxml.common import DTDForbidden

from xmr_core.errors import DamagedMedia
from xmr_core.readers.source import Source

_BLOCK = 1 << 16


class _RootReached(Exception):
    """The prolog ended well."""


def refuse_doctype(file: IO[bytes] | Iterable[bytes]) -> None:
    """Raise when a document type is declared; entities can be defined nowhere else.

    Only the prolog is parsed, in whatever encoding it declares, so that the size of the
    document does not matter.

    Args:
        file: the document, as a file or as blocks of bytes.

    Raises:
        DTDForbidden: there is a document type.
        ExpatError: not XML.

    >>> refuse_doctype([b'<?xml version="1.0"?><a/>'])
    """
    parser = expat.ParserCreate()

    def doctype(name: str, sysid: str | None, pubid: str | None, internal: int) -> None:
        raise DTDForbidden(name, sysid, pubid)

    def root(name: str, attributes: object) -> None:
        raise _RootReached

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = root
    blocks = iter(lambda: file.read(_BLOCK), b"") if hasattr(file, "read") else iter(file)
    try:
        for block in blocks:
            parser.Parse(block, False)
        parser.Parse(b"", True)
    except _RootReached:
        return


def refuse_entities(source: Source, file: IO[bytes]) -> None:
    """Raise `DamagedMedia` when a document declares a type, and with it perhaps entities."""
    try:
        refuse_doctype(file)
    except DTDForbidden as error:
        raise DamagedMedia(
            source.path,
            "declares XML entities, which no program needs to write",
            "Open it in its own program and save it again.",
        ) from error
