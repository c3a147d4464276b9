"""What the compressed streams of a PDF unpack to, counted before PDFium unpacks them whole.

PDFium has no limit of its own: 5 KB, compressed twice, take it gigabytes. Whatever follows the word
``stream`` and is zlib's is unpacked here in small blocks and thrown away, whatever the document
calls it; streams in other compressions, and those of encrypted documents, are not looked into.
"""

import re
import zlib
from collections import deque
from collections.abc import Iterable, Iterator

from xmr_core.errors import OversizedMedia
from xmr_core.readers.source import Source

_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\r|\n)?")
_BLOCK = 1 << 16
_DEEP = 3  # compressions of each other that are followed
_DENSE = 200  # times its size: below that many streams of a document are counted one by one


class _TooMuch(Exception):
    """More bytes than the limit."""


def refuse_bombs(source: Source, data: bytes, limit: int) -> None:
    """Raise OversizedMedia where streams unpack to too much.

    Args:
        source: the document.
        data: all of it.
        limit: bytes of one stream, and of all together that are packed suspiciously well.
    """
    together = 0
    for found in _STREAM.finditer(data):
        sizes = [0] * (_DEEP + 1)
        try:
            _count(memoryview(data)[found.end() :], sizes, limit)
        except _TooMuch:
            together = limit + 1
        if max(sizes) > _DENSE * sizes[0]:
            together += max(sizes)
        if together > limit:
            raise OversizedMedia(
                source.path,
                f"unpacks to more than {limit / 1e6:,.0f} MB from {source.size / 1e6:,.1f} MB",
                "Print it to a new PDF from the program that made it.",
            )


def _count(packed: memoryview, sizes: list[int], limit: int) -> None:
    """Bytes of a stream as it is, and unpacked once, twice …, as far as it can be."""
    levels: list[Iterator[bytes]] = [_blocks(packed)]
    for level in range(1, _DEEP + 1):
        inside = _inflated(levels[-1], sizes, level - 1)
        levels.append(_bounded(inside, sizes, level, limit))
    for one in reversed(levels[1:]):
        deque(one, maxlen=0)


def _blocks(data: memoryview) -> Iterator[bytes]:
    for start in range(0, len(data), _BLOCK):
        yield bytes(data[start : start + _BLOCK])


def _inflated(blocks: Iterable[bytes], sizes: list[int], level: int) -> Iterator[bytes]:
    """Unpacked in blocks; what is not compressed ends it."""
    inflater = zlib.decompressobj()
    for block in blocks:
        left = block
        while left and not inflater.eof:
            try:
                out = inflater.decompress(left, _BLOCK)
            except zlib.error:
                return
            left = inflater.unconsumed_tail
            yield out
        if level == 0:
            sizes[0] += len(block) - len(inflater.unused_data)
        if inflater.eof:
            return


def _bounded(blocks: Iterable[bytes], sizes: list[int], level: int, limit: int) -> Iterator[bytes]:
    for block in blocks:
        sizes[level] += len(block)
        if sizes[level] > limit:
            raise _TooMuch
        yield block
