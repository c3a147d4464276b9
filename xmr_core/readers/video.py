"""Videos: key frames at the changes of scene, and the sound."""

from typing import TYPE_CHECKING

import numpy as np

from xmr_core.errors import BlankMedia, DamagedMedia, OversizedMedia
from xmr_core.media import Audio, Bytes, Floats, Video
from xmr_core.readers import audio, container, scenes
from xmr_core.readers.limits import Limits
from xmr_core.readers.source import Source

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

_WHOLE = 60.0  # seconds: shorter videos are decoded whole, of longer ones only key packets
_PER_SECOND = 4.0  # candidates: a scene shorter than a quarter of a second is not one
_MOST = 4000  # candidates: some hours of key packets


def read(source: Source, kind: str, limits: Limits) -> Video:
    """Open a file that can only be moving pictures, and read it as `seen` does."""
    with container.opened(source, kind) as box:
        return seen(source, kind, box, limits)


def seen(source: Source, kind: str, box: "InputContainer", limits: Limits) -> Video:
    """Read the key frames and the sound of a container.

    Returns:
        frames u8 (t, H, W, 3), the longer side at most ``limits.frame_side``, at seconds
        f32 (t,); facts ``seconds``, ``width``, ``height`` (upright) and ``fps``.

    Raises:
        BlankMedia: no frame can be decoded from a healthy file.
        OversizedMedia: frames over ``limits.pixels``.
        DamagedMedia: broken off or undecodable.
    """
    stream = container.moving(box)
    if stream is None:
        raise BlankMedia(source.path, "holds no moving pictures")
    container.check_codec(source, stream)
    width, height = stream.codec_context.width, stream.codec_context.height
    _refuse_huge(source, width, height, limits)
    declared = container.declared_seconds(box, kind)
    length = float(box.duration or 0) / 1e6
    if length > _WHOLE:
        stream.codec_context.skip_frame = "NONKEY"
    fps = float(stream.average_rate or stream.guessed_rate or 0)
    times, frames, end, turns = _candidates(source, box, stream, limits)
    sound = _sound(source, kind, limits) if container.sounding(box) is not None else None
    if length <= _WHOLE:
        container.refuse_broken_off(source, max(end, sound.seconds if sound else 0.0), declared)
    chosen = scenes.choose(times, [scenes.signature(frame) for frame in frames], limits.frames)
    if turns % 2:
        width, height = height, width
    facts = {"seconds": max(length, end), "width": width, "height": height, "fps": fps}
    return Video(
        np.stack([np.rot90(frames[i], turns) for i in chosen]),  # (t, H, W, 3)
        np.array([times[i] for i in chosen], np.float32),  # (t,)
        sound,
        {name: float(value) for name, value in facts.items()},
    )


def _candidates(
    source: Source, box: "InputContainer", stream: "VideoStream", limits: Limits
) -> tuple[list[float], list[Bytes], float, int]:
    """Times and small pictures of the candidates, the last time, the quarter turns."""
    times: list[float] = []
    frames: list[Bytes] = []
    end, turns, damaged = 0.0, 0, False
    for frame in container.decoded(box, stream):
        if frame is None:
            damaged = True
            continue
        _refuse_huge(source, frame.width, frame.height, limits)
        end = float(frame.time) if frame.time is not None else end
        # FFmpeg's display matrix turns anticlockwise by degrees; so does rot90.
        turns = round(float(getattr(frame, "rotation", 0) or 0) / 90) % 4
        if times and end - times[-1] < 1 / _PER_SECOND:
            continue
        times.append(end)
        frames.append(container.pixels(frame, limits.frame_side))
        if len(times) >= _MOST:
            break
    if not times:
        if damaged:
            raise DamagedMedia(
                source.path, "holds pictures that cannot be decoded", "Copy or convert it again."
            )
        raise BlankMedia(source.path, "is a video without frames", "Export it again.")
    first = (frames[0].shape[0], frames[0].shape[1])
    same = [i for i, frame in enumerate(frames) if frame.shape[:2] == first]
    return [times[i] for i in same], [frames[i] for i in same], end, turns


def _refuse_huge(source: Source, width: int, height: int, limits: Limits) -> None:
    if width * height > limits.pixels:
        raise OversizedMedia(
            source.path,
            f"has frames of {width:,} × {height:,} pixels; they are read up to "
            f"{limits.pixels / 1e6:,.0f} million pixels",
            "Save a smaller version.",
        )


def _sound(source: Source, kind: str, limits: Limits) -> Audio | None:
    """The sound, or None where there is none that can be decoded: the pictures still count."""
    with container.opened(source, kind) as box:
        stream = container.sounding(box)
        if stream is None:
            return None
        try:
            samples: Floats = audio.decode(source, box, stream, limits.seconds)
        except DamagedMedia:
            return None
    return Audio(samples, audio.RATE) if len(samples) else None
