"""Real files, spoiled: some bytes changed, cut out, put in twice or broken off."""

import io
import struct
import zipfile
import zlib

import numpy as np
from hypothesis import strategies as st

from tests.readers import made
from xmr_core.media import Audio, Image, Media, Mesh, Text, Video


@st.composite
def spoiled(draw: st.DrawFn, data: bytes) -> bytes:
    """A file spoiled so that its reader is likely to notice late.

    Checks of containers would refuse nearly all that is spoiled at random: the sums in a PNG
    are put right afterwards, and of half the zip files a member is spoiled, then packed again.
    """
    if data.startswith(b"PK") and draw(st.booleans()):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        chosen = draw(st.sampled_from(sorted(members)))
        members[chosen] = draw(mutations(members[chosen]))
        return made.zipped(members)
    found = draw(mutations(data))
    return summed(found) if data.startswith(b"\x89PNG") and draw(st.booleans()) else found


@st.composite
def mutations(draw: st.DrawFn, data: bytes) -> bytes:
    """A file with some bytes changed, cut out, put in twice or broken off."""
    found = bytearray(data)
    for _ in range(draw(st.integers(1, 6))):
        if not found:
            break
        # half of the places are near the beginning, where headers are
        span = draw(st.sampled_from([min(len(found), 200), len(found)]))
        at = draw(st.integers(0, span - 1))
        length = draw(st.integers(1, 40))
        match draw(st.sampled_from(["change", "extreme", "cut", "twice", "break off"])):
            case "change":
                found[at] = draw(st.integers(0, 255))
            case "extreme":
                filler = draw(st.sampled_from([b"\xff", b"\0", b"\x7f", b"9", b"-"]))
                width = draw(st.sampled_from([1, 2, 4, 8]))
                found[at : at + width] = filler * len(found[at : at + width])
            case "cut":
                del found[at : at + length]
            case "twice":
                found[at:at] = found[at : at + length]
            case "break off":
                if draw(st.booleans()):
                    del found[at:]
    return bytes(found)


def summed(data: bytes) -> bytes:
    """A PNG, or what is left of one, with the sums of its chunks put right.

    >>> chunk = b"\\0\\0\\0\\1tEXta" + zlib.crc32(b"tEXta").to_bytes(4)
    >>> summed(b"12345678" + chunk[:-4] + b"    ") == b"12345678" + chunk
    True
    """
    found, at = bytearray(data), 8
    while at + 12 <= len(found):
        (length,) = struct.unpack_from(">I", found, at)
        end = at + 8 + length
        if end + 4 > len(found):
            break
        struct.pack_into(">I", found, end, zlib.crc32(found[at + 4 : end]))
        at = end + 4
    return bytes(found)


def check(media: Media) -> None:
    """What every encoder takes for granted."""
    match media:
        case Image():
            assert media.pixels.dtype == np.uint8 and media.pixels.ndim == 3
            assert media.pixels.shape[2] == 3 and media.pixels.size
        case Audio():
            assert len(media.samples) and np.isfinite(media.samples).all()
            assert np.abs(media.samples).max() <= 1
        case Video():
            assert len(media.frames) == len(media.seconds) > 0
            assert np.isfinite(media.seconds).all()
        case Text():
            assert media.text.strip()
            assert all(0 <= s.start <= s.end <= len(media.text) for s in media.sections)
        case Mesh():
            assert np.isfinite(media.vertices).all() and len(media.faces)
            assert media.faces.min() >= 0 and media.faces.max() < len(media.vertices)
            assert len(media.colours) == len(media.faces)
    assert all(np.isfinite(value) for value in media.facts.values())
