"""Sounds: mono at 44,100 Hz, whatever they were."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from xmr_core.errors import BlankMedia, DamagedMedia
from xmr_core.media import Audio, Floats
from xmr_core.readers import container
from xmr_core.readers.limits import Limits
from xmr_core.readers.source import Source

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

RATE = 44_100
_SLOWEST, _FASTEST = 1_000, 1_000_000  # Hz: beyond lies damage that a resampler would act on


def read(source: Source, kind: str, limits: Limits) -> Audio:
    """Open a file that can only be a sound, and read it as `heard` does."""
    with container.opened(source, kind) as box:
        return heard(source, kind, box, limits)


def heard(source: Source, kind: str, box: "InputContainer", limits: Limits) -> Audio:
    """Read the sound of a container, up to ``limits.seconds`` of it.

    Returns:
        samples f32 (n,) at 44,100 Hz, channels averaged, clipped to −1…1; fact ``seconds``,
        the length of the whole file.

    Raises:
        BlankMedia: no samples.
        DamagedMedia: broken off, undecodable, or with samples that are not numbers.
    """
    stream = container.sounding(box)
    if stream is None:
        raise BlankMedia(source.path, "holds no sound")
    declared = container.declared_seconds(box, kind)
    samples = decode(source, box, stream, limits.seconds)
    whole = float(box.duration or 0) / 1e6
    if not len(samples):
        raise BlankMedia(source.path, "holds no samples", "Record or export it again.")
    found = len(samples) / RATE
    limited = found >= limits.seconds - 0.01
    if not limited:
        container.refuse_broken_off(source, found, declared)
    return Audio(samples, RATE, {"seconds": max(found, whole) if limited else found})


def decode(source: Source, box: "InputContainer", stream: "AudioStream", seconds: float) -> Floats:
    """Samples f32 (n,) of a stream at 44,100 Hz, at most ``seconds`` of them.

    FFmpeg's own mixing to mono adds the channels up to 1.41; here they are averaged.

    Raises:
        DamagedMedia: more packets are malformed than sound, samples are not finite, or their
            rate is none that a sound can have.
    """
    container.check_codec(source, stream)
    rate = stream.codec_context.sample_rate
    if not _SLOWEST <= rate <= _FASTEST:
        raise DamagedMedia(
            source.path, f"says it has {rate:,} samples a second", "Convert it again."
        )
    room = int(seconds * RATE)
    pieces: list[Floats] = []
    for piece in _resampled(_frames(source, box, stream)):  # (n, c)
        mono = piece.mean(axis=1, dtype=np.float32)[:room]  # (n,)
        if not np.isfinite(mono).all():
            raise DamagedMedia(
                source.path,
                "holds samples that are not numbers (NaN or infinite)",
                "Export it again from the program that made it.",
            )
        pieces.append(np.clip(mono, -1.0, 1.0))
        room -= len(mono)
        if room <= 0:
            break
    return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)


def _frames(source: Source, box: "InputContainer", stream: "AudioStream") -> "Iterator[AudioFrame]":
    """Decoded frames; single malformed packets are passed over, as players do."""
    import av

    good = bad = 0
    try:
        for packet in box.demux(stream):
            try:
                frames = packet.decode()
            except av.FFmpegError:
                bad += 1
                continue
            good += len(frames)
            yield from frames
    except av.FFmpegError:
        bad += 1
    if bad > good:
        raise DamagedMedia(
            source.path, "holds sound that cannot be decoded", "Copy or convert it again."
        )


def _resampled(frames: "Iterator[AudioFrame]") -> Iterator[Floats]:
    """Frames as f32 (n, c) at 44,100 Hz; streams may change their rate or channels midway.

    Channels come side by side: PyAV takes frames of separate ones apart beyond their end where
    there are eight or more.
    """
    from av.audio.resampler import AudioResampler

    resampler, setup = AudioResampler(format="flt", rate=RATE), None
    for frame in frames:
        now = (frame.format.name, frame.layout.name, frame.sample_rate)
        if setup not in (None, now):
            for tail in resampler.resample(None):
                yield _side_by_side(tail)
            resampler = AudioResampler(format="flt", rate=RATE)
        setup = now
        frame.pts = None  # gaps in the clock are not silence
        for out in resampler.resample(frame):
            yield _side_by_side(out)
    if setup is not None:
        for tail in resampler.resample(None):
            yield _side_by_side(tail)


def _side_by_side(frame: "AudioFrame") -> Floats:
    """The samples of a packed frame, f32 (n, c)."""
    return np.asarray(frame.to_ndarray(), np.float32).reshape(-1, frame.layout.nb_channels)
