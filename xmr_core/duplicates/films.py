"""Videos: a print of a frame each second, and the print of their sound.

Frames of two videos are alike as pictures are; two videos are when most frames of the shorter
are alike to frames of the longer by one and the same delay. Black and plain frames say nothing.
The sound, where both have one, decides where the frames leave it open.
"""

from collections import Counter
from pathlib import Path

import numpy as np

from xmr_core.duplicates import pictures, sounds
from xmr_core.duplicates.nearby import within
from xmr_core.duplicates.pairs import Kind, Pair, Prints, Tell, silent
from xmr_core.errors import DamagedMedia
from xmr_core.media import Bytes, Floats, Video
from xmr_core.readers import container

KIND = "film-1"
SOUND = "film-sound-2"

_FRAMES = 48
_SIDE = 256
_NEAR = 14  # bits of 64
_PLAIN = 3.0  # grey levels: frames that vary less say nothing
_SHARE = 0.6  # of the shorter's frames that must agree
_SURE = 0.5  # the same where the sound agrees too
_WHOLE = 0.75
_LATE = 1.1  # seconds by which frames may be off: half a step of either


def frames_of(path: Path, video: Video) -> tuple[Bytes, Floats]:
    """Frames u8 (t, H, W, 3) at even distances, and their seconds f32 (t,).

    Args:
        path: of the file.
        video: as its reader returned it, which keeps few frames of one long shot.

    Raises:
        DamagedMedia: it cannot be decoded any more.
    """
    import av

    seconds = max(float(video.facts.get("seconds", 0.0)), 0.1)
    step = max(1.0, seconds / _FRAMES)
    frames, times, due = [], [], 0.0
    try:
        with av.open(str(path)) as box:
            stream = box.streams.video[0]
            stream.thread_type = "AUTO"
            if seconds > 4 * _FRAMES:
                stream.codec_context.skip_frame = "NONKEY"
            for frame in box.decode(stream):
                at = float(frame.time or 0.0)
                if at + 1e-3 < due:
                    continue
                frames.append(container.pixels(frame, _SIDE, least=2))
                times.append(at)
                due = at + step
                if len(frames) >= _FRAMES + 2:
                    break
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise DamagedMedia(path, "cannot be decoded any more", "Copy it again.") from error
    if not frames:
        return video.frames, video.seconds
    same = [i for i, frame in enumerate(frames) if frame.shape == frames[0].shape]
    return np.stack([frames[i] for i in same]), np.array([times[i] for i in same], np.float32)


def print_of(frames: Bytes, seconds: Floats) -> bytes:
    """The print of frames u8 (t, H, W, 3) at seconds f32 (t,)."""
    head = np.array([len(frames)], "<u4").tobytes() + seconds.astype("<f4").tobytes()
    return head + b"".join(pictures.print_of(frame) for frame in frames)


def unpacked(print: bytes) -> tuple[Floats, Floats]:
    """The frames f32 (t, 32, 32) of a print, and their seconds f32 (t,)."""
    count = int(np.frombuffer(print, "<u4", 1)[0])
    seconds = np.frombuffer(print, "<f4", count, 4)
    cells = np.frombuffer(print, np.uint8, -1, 4 + 4 * count)
    side = pictures.SIDE
    return cells.reshape(-1, side, side).astype(np.float32), seconds


def pairs(prints: Prints, heard: Prints, tell: Tell = silent) -> list[Pair]:
    """All pairs of videos that are alike.

    Args:
        prints, heard: of the kinds ``KIND`` and ``SOUND``.
        tell: told (candidates compared, candidates).
    """
    ids = [id for id, found in prints.items() for _ in found]
    films = [unpacked(one) for found in prints.values() for one in found]
    alike_by_ear = {(p.first, p.second): p for p in sounds.pairs(heard)}
    found = []
    candidates = _candidates(films)
    for done, (a, b) in enumerate(candidates):
        if done % 64 == 0:
            tell(done, len(candidates))
        ear = alike_by_ear.get((min(ids[a], ids[b]), max(ids[a], ids[b])))
        share, alike, mirrored = _agreement(films[a], films[b])
        if share < (_SHARE if ear is None else _SURE):
            continue
        counts = sorted((len(films[a][0]), len(films[b][0])))
        lengths = counts[0] / counts[1]
        kind = Kind.MIRRORED if mirrored else Kind.SAME if lengths >= _WHOLE else Kind.PART
        both = alike * (0.5 + 0.5 * share)
        found.append(Pair.of(ids[a], ids[b], kind, max(both, ear.similarity) if ear else both))
    return found


def _candidates(films: list[tuple[Floats, Floats]]) -> list[tuple[int, int]]:
    """Videos with a frame in common, as it seems."""
    if not films:
        return []
    owner = np.repeat(np.arange(len(films)), [len(frames) for frames, _ in films])
    frames = np.concatenate([frames for frames, _ in films])
    told = frames.std(axis=(1, 2)) > _PLAIN
    owner, bits = owner[told], pictures.hashes(frames[told])
    votes: Counter[tuple[int, int]] = Counter()
    for flip in (np.uint8(0), pictures.MIRROR):
        rows = within(bits ^ flip, bits, _NEAR)
        votes.update(zip(owner[rows[:, 0]].tolist(), owner[rows[:, 1]].tolist(), strict=True))
    return sorted({(min(pair), max(pair)) for pair in votes if pair[0] != pair[1]})


def _agreement(
    one: tuple[Floats, Floats], other: tuple[Floats, Floats]
) -> tuple[float, float, bool]:
    """The share of the shorter's frames that agree by one delay, how alike, and mirrored."""
    best = (0.0, 0.0, False)
    (short, when), (long, then) = sorted((one, other), key=lambda film: len(film[0]))
    told = np.flatnonzero(short.std(axis=(1, 2)) > _PLAIN)
    if not len(told):
        return best
    rows = np.repeat(told, len(long))
    columns = np.tile(np.arange(len(long)), len(told))
    for mirrored in (False, True):
        laid = short[rows][:, :, ::-1] if mirrored else short[rows]
        alike = pictures.slope_likeness(laid, long[columns]).reshape(len(told), len(long))
        late = then[None, :] - when[told, None]  # (s, l)
        for delay in np.unique(np.round(late[alike > 0])):
            fits = np.where(np.abs(late - delay) <= _LATE, alike, 0.0).max(axis=1)
            share = float((fits > 0).mean())
            if share > best[0]:
                best = (share, float(fits[fits > 0].mean()), mirrored)
    return best
