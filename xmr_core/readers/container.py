"""Sound and video containers through PyAV, opened as what their content showed them to be."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

import numpy as np

from xmr_core.errors import BlankMedia, DamagedMedia, ProtectedMedia, UnsupportedMedia
from xmr_core.media import Bytes, Modality
from xmr_core.readers.source import Source

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

# FFmpeg's demuxer for each kind. Naming it keeps playlists and other formats that fetch
# further files or addresses from being recognised in a file that claims to be a video.
_DEMUXERS: dict[str, str] = {
    "wav": "wav",
    "flac": "flac",
    "ogg": "ogg",
    "mp3": "mp3",
    "aac": "aac",
    "mp4": "mov",
    "matroska": "matroska",
    "avi": "avi",
    "gif": "gif",
}
_ENCRYPTED_TAGS = frozenset({"encv", "enca", "drms", "drmi"})
# Kinds whose length is declared, so that one that breaks off shows. MP3 and AAC lengths are
# estimates from the bit rate, that of Ogg is read from the last page there is.
_DECLARED = frozenset({"wav", "flac", "mp4", "matroska", "avi"})
_UNKNOWN = 0x7FFF0000  # bytes
_BAD = 50  # undecodable packets in a row after which the rest is given up
_ALONE = 640 * 480  # pixels: frames so small are decoded by one thread, for several take as long
_OPENING = 128 << 20  # bytes: the index of a film of ten hours has less


@contextmanager
def opened(source: Source, kind: str) -> "Iterator[InputContainer]":
    """Open the container; nothing beside the file itself is ever opened.

    Raises:
        DamagedMedia: its header is malformed, or its index is missing.
    """
    import av

    _refuse_short(source)
    # Any other level calls Python for each complaint, from decoding threads that are waited for
    # by one which holds the interpreter: both would wait for ever.
    av.logging.set_level(None)
    source.file.seek(0)
    file = _Metered(source.file)
    try:
        container = av.open(
            file,
            mode="r",
            format=_DEMUXERS[kind],
            metadata_errors="replace",
            io_open=_refuse,
        )
    except (av.FFmpegError, ValueError, EOFError) as error:
        raise DamagedMedia(
            source.path,
            "is a sound or video whose header or index is malformed or missing",
            "Copy or download it again.",
        ) from error
    file.left = None
    with container:
        yield container


def modality(source: Source, container: "InputContainer") -> Modality:
    """Video where pictures move, audio where there is only sound, with or without a cover.

    Raises:
        BlankMedia: neither.
    """
    if moving(container) is not None:
        return Modality.VIDEO
    if sounding(container) is not None:
        return Modality.AUDIO
    raise BlankMedia(source.path, "holds neither sound nor moving pictures")


def moving(container: "InputContainer") -> "VideoStream | None":
    """The first stream of moving pictures; a cover picture is none."""
    import av

    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic:
            return stream
    return None


def sounding(container: "InputContainer") -> "AudioStream | None":
    """The first stream of sound."""
    return next(iter(container.streams.audio), None)


def decoded(box: "InputContainer", stream: "VideoStream") -> "Iterator[VideoFrame | None]":
    """Frames in order, None for a packet that cannot be decoded."""
    import av

    codec = stream.codec_context
    if codec.width * codec.height > _ALONE:
        stream.thread_type = "AUTO"
    else:
        codec.thread_count = 1
    bad = 0
    packets = box.demux(stream)
    while bad < _BAD:
        try:
            packet = next(packets)
            yield from packet.decode()
            bad = 0
        except StopIteration:
            return
        except (av.FFmpegError, ValueError, EOFError):
            bad += 1
            yield None


def pixels(frame: "VideoFrame", side: int, least: int = 1) -> Bytes:
    """A frame u8 (H, W, 3), no side of which is longer than ``side``, none shorter than ``least``.

    It is scaled by one thread: starting several for each frame takes longer than the frame.
    """
    scale = min(1.0, side / max(frame.width, frame.height))
    width, height = (max(least, round(n * scale)) for n in (frame.width, frame.height))
    scaled = frame.to_ndarray(format="rgb24", width=width, height=height, threads=1)
    return np.asarray(scaled, np.uint8)


def check_codec(source: Source, stream: Any) -> None:
    """Refuse a stream that cannot be decoded.

    Raises:
        ProtectedMedia: it is encrypted.
        UnsupportedMedia: no decoder.
    """
    context = stream.codec_context
    if context is not None and context.codec_tag in _ENCRYPTED_TAGS:
        raise ProtectedMedia(
            source.path, "is copy-protected (DRM)", "Only unprotected files can be read."
        )
    if context is None:
        raise UnsupportedMedia(
            source.path,
            "is encoded in a way that this version of FFmpeg does not know",
            "Convert it to MP4 (H.264, AAC).",
        )


def declared_seconds(container: "InputContainer", kind: str) -> float | None:
    """The length the header promises, where it is a promise and not an estimate."""
    if kind not in _DECLARED or not container.duration or container.duration < 0:
        return None
    return float(container.duration) / 1e6


def refuse_broken_off(source: Source, found: float, declared: float | None) -> None:
    """Raise `DamagedMedia` when clearly less was decoded than was declared, both in seconds."""
    if declared is not None and found < 0.9 * declared - 0.5:
        raise DamagedMedia(
            source.path,
            f"breaks off after {found:.1f} of {declared:.1f} seconds",
            "Copy or download it again.",
        )


class _Metered:
    """A file of which only so much may be read before its container is open.

    FFmpeg looks for a missing header to the end of the file, of some formats in steps of eight
    bytes, which in a long one takes hours.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.left: int | None = _OPENING
        self.tell, self._file = file.tell, file

    def read(self, size: int) -> bytes:
        """Bytes, until there were too many."""
        data = self._file.read(size)
        self._count(len(data))
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        """Another position, which counts as a kilobyte."""
        self._count(1 << 10)
        return self._file.seek(offset, whence)

    def _count(self, amount: int) -> None:
        if self.left is not None:
            self.left -= amount
            if self.left < 0:
                raise EOFError("no header so far")


def _refuse_short(source: Source) -> None:
    """Raise `DamagedMedia` for a RIFF file (wav, avi) of which clearly a part is missing.

    FFmpeg takes their length from what there is. A size near the largest number stands for
    one that its writer did not know.
    """
    head = source.head(8)
    size = int.from_bytes(head[4:8], "little")
    if head[:4] == b"RIFF" and 1.1 * source.size < size + 8 and size < _UNKNOWN:
        raise DamagedMedia(
            source.path,
            f"breaks off: it has {source.size:,} of {size + 8:,} bytes",
            "Copy or download it again.",
        )


def _refuse(*_: object, **__: object) -> NoReturn:
    raise PermissionError("a media file may not open other files")
