"""Sounds: prints that outlive another format, loudness, and a beginning or an end cut off.

Two witnesses again. Landmarks find candidates, and by how much one is late: pairs of peaks of
the spectrogram, by their frequencies and the time between them (Wang, An Industrial-Strength
Audio Search Algorithm, ISMIR 2003). Where at least a few agree on one delay, the bits of both
are compared there: whether the energy between neighbouring bands grows or falls from one
moment to the next (Haitsma and Kalker, A Highly Robust Audio Fingerprinting System, ISMIR
2002). A bit that hardly grows or falls, or in a band that is nearly silent, is what noise and
codecs turn over, and is kept as untold: of what both tell, half agrees by chance, and a copy
keeps nineteen in twenty. What one tells, a copy mostly tells as well.

Only the first five minutes are looked at. Another speed or pitch is another recording here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.duplicates.pairs import Kind, Pair, Prints, Tell, silent
from xmr_core.media import Audio, Floats

KIND = "sound-2"

RATE = 11_025  # Hz
HOP = 256  # samples: 23 ms
_WINDOW = 2048  # of the bits: long, so that a delay of half a hop changes little
_PEAKED = 1024  # of the landmarks
_SECONDS = 300
_LOW, _HIGH, _BANDS = 180.0, 4800.0, 33
_QUIET = 1e-5  # of the loudest peak's power: quieter ones say nothing
_FAINT = 1e-4  # of the loudest band's power: fainter ones say nothing
_CLEAR = 0.2  # natural logarithms by which energy grows or falls where it says something
_SILENT = 1e-4  # of full scale: a sound that is never louder says nothing
_SPREAD = (9, 11)  # bins and hops within which a peak is the highest
_PEAKS = 16  # a second
_FAN, _AHEAD = 6, 63  # landmarks that begin at a peak, and hops that they reach ahead
_COMMON = 100  # a landmark in more places says nothing
_VOTES = 3
_ASKED = 3  # delays that are tried for two sounds
_WRONG = 0.05  # of the bits that both tell, how many may differ
_BOTH = 0.8  # of the bits that the one with fewer tells there, how many both must tell
_CHANCE = 0.36  # of all bits, how many may differ
_LEAST = 6  # moments that both share
_TOLD = 40  # bits that both tell
_WHOLE = 0.75  # of the longer: a copy that has less is a part of it

Codes = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """A print, unpacked.

    Attributes:
        bits: u32 (t,), one row a hop; told: u32 (t,), which of them say anything.
        codes, times: u32 (l,) of the landmarks, and the hops that they begin at.
    """

    bits: Codes
    told: Codes
    codes: Codes
    times: Codes

    @property
    def length(self) -> int:
        """From the first hop that tells anything to the last."""
        at = np.flatnonzero(self.told)
        return int(at[-1] - at[0] + 1) if len(at) else 0


def print_of(audio: Audio) -> bytes:
    """The print of a sound."""
    samples = audio.samples[: _SECONDS * audio.rate].astype(np.float32)
    if audio.rate != RATE:
        from scipy.signal import resample_poly

        step = np.gcd(audio.rate, RATE)
        samples = resample_poly(samples, RATE // step, audio.rate // step).astype(np.float32)
    peak = float(np.abs(samples).max(initial=0.0))
    samples = samples / peak if peak > _SILENT else np.zeros_like(samples)
    samples = np.pad(samples, _WINDOW // 2)  # else a short one has no moments
    bits, told = _bits(samples)
    codes, times = _landmarks(samples)
    head = np.array([len(bits), len(codes)], "<u4").tobytes()
    return (
        head
        + bits.astype("<u4").tobytes()
        + told.astype("<u4").tobytes()
        + (codes.astype("<u4").tobytes() + times.astype("<u4").tobytes())
    )


def unpacked(print: bytes) -> Heard:
    """A print as it was made."""
    hops, marks = (int(n) for n in np.frombuffer(print, "<u4", 2))
    bits, told = (np.frombuffer(print, "<u4", hops, 8 + at) for at in (0, 4 * hops))
    at = 8 + 8 * hops
    codes = np.frombuffer(print, "<u4", marks, at)
    times = np.frombuffer(print, "<u4", marks, at + 4 * marks)
    return Heard(bits, told, codes, times)


def pairs(prints: Prints, tell: Tell = silent) -> list[Pair]:
    """All pairs of sounds that are alike.

    Args:
        prints: of the kind ``KIND``.
        tell: told (candidates compared, candidates).
    """
    heard = [(id, unpacked(one)) for id, found in prints.items() for one in found]
    ids = [id for id, _ in heard]
    sounds = [one for _, one in heard]
    tell(0, 0)
    candidates = _candidates(sounds)
    best: dict[tuple[int, int], Pair] = {}
    for done, (a, b, delay) in enumerate(candidates):
        if done % 256 == 0:
            tell(done, len(candidates))
        alike, share = compared(sounds[a], sounds[b], delay)
        if alike > 0 and ids[a] != ids[b]:
            kind = Kind.SAME if share >= _WHOLE else Kind.PART
            pair = Pair.of(ids[a], ids[b], kind, alike)
            key = pair.first, pair.second
            if key not in best or best[key].similarity < pair.similarity:
                best[key] = pair
    return sorted(best.values(), key=lambda pair: (pair.first, pair.second))


def compared(one: Heard, other: Heard, delay: int) -> tuple[float, float]:
    """Compare the bits of two sounds.

    Args:
        one, other: their prints.
        delay: hops by which the other is late, about.

    Returns:
        how alike they are where both sound, 0…1, and 0 where they are not; the share of the
        longer that both have.
    """
    best = (0.0, 0.0)
    for late in range(delay - 2, delay + 3):
        start, end = max(0, -late), min(len(one.bits), len(other.bits) - late)
        if end - start < _LEAST:
            continue
        a, b = slice(start, end), slice(start + late, end + late)
        both = one.told[a] & other.told[b]
        count = int(np.bitwise_count(both).sum())
        fewer = min(int(np.bitwise_count(x).sum()) for x in (one.told[a], other.told[b]))
        if count < max(_TOLD, _BOTH * fewer):
            continue
        wrong = int(np.bitwise_count((one.bits[a] ^ other.bits[b]) & both).sum()) / count
        apart = int(np.bitwise_count(one.bits[a] ^ other.bits[b]).sum()) / (32 * (end - start))
        if wrong > _WRONG or apart > _CHANCE:
            continue
        at = np.flatnonzero(both)
        share = int(at[-1] - at[0] + 1) / max(one.length, other.length, 1)
        best = max(best, (1 - wrong, share))
    return best


def _bits(samples: Floats) -> tuple[Codes, Codes]:
    power = _spectrum(samples, _WINDOW)  # (t, bins)
    edges = np.geomspace(_LOW, _HIGH, _BANDS + 1) * _WINDOW / RATE
    # bands as shares of the bins, for the lowest are narrower than two
    cells = np.arange(power.shape[1])
    shares = np.minimum(edges[1:, None], cells + 1) - np.maximum(edges[:-1, None], cells)
    bands = power @ np.maximum(shares, 0).T.astype(np.float32)  # (t, 33)
    grown = np.diff(np.diff(np.log(bands + 1e-12), axis=1), axis=0)  # (t − 1, 32)
    least = np.minimum(bands[:, 1:], bands[:, :-1])
    least = np.minimum(least[1:], least[:-1])  # of the four that a bit compares
    told = (np.abs(grown) > _CLEAR) & (least > max(_FAINT * float(bands.max()), 1e-9))
    return _packed(grown > 0), _packed(told)


def _packed(rows: npt.NDArray[np.bool_]) -> Codes:
    """Rows bool (t, 32) as u32 (t,)."""
    return np.ascontiguousarray(np.packbits(rows, axis=1)).view("<u4")[:, 0]


def _landmarks(samples: Floats) -> tuple[Codes, Codes]:
    from scipy.ndimage import maximum_filter

    spectrum = np.log(_spectrum(samples, _PEAKED)[:, : _PEAKED // 2] + 1e-12)  # (t, 512)
    top = maximum_filter(spectrum, size=(_SPREAD[1], _SPREAD[0]))
    floor = float(spectrum.max(initial=-30.0)) + np.log(_QUIET)
    times, bins = np.nonzero((spectrum == top) & (spectrum > max(floor, -20.0)))
    most = int(_PEAKS * max(len(samples) / RATE, 1.0))
    if len(times) > most:
        strong = np.sort(np.argsort(-spectrum[times, bins], kind="stable")[:most])
        times, bins = times[strong], bins[strong]
    codes, begun = [], []
    for step in range(1, _FAN + 1):
        first, second = slice(None, -step), slice(step, None)
        apart = times[second] - times[first]
        near = (apart > 0) & (apart <= _AHEAD)
        code = (bins[first].astype(np.uint32) << 15) | (bins[second].astype(np.uint32) << 6)
        codes.append((code | apart.astype(np.uint32))[near])
        begun.append(times[first][near])
    return np.concatenate(codes).astype(np.uint32), np.concatenate(begun).astype(np.uint32)


def _spectrum(samples: Floats, window: int) -> Floats:
    """Power f32 (t, 1 + window / 2) of windows a hop apart."""
    if len(samples) < window:
        samples = np.pad(samples, (0, window - len(samples)))
    view = np.lib.stride_tricks.sliding_window_view(samples, window)[::HOP]
    weights = np.hanning(window).astype(np.float32)
    pieces = [
        np.abs(np.fft.rfft(view[i : i + 512] * weights, axis=1)) ** 2
        for i in range(0, len(view), 512)
    ]
    return np.concatenate(pieces).astype(np.float32)


def _candidates(sounds: Sequence[Heard]) -> list[tuple[int, int, int]]:
    """(one, other, delay of the other in hops) where landmarks agree."""
    if not sounds:
        return []
    codes = np.concatenate([one.codes for one in sounds])
    times = np.concatenate([one.times for one in sounds]).astype(np.int64)
    owner = np.repeat(np.arange(len(sounds)), [len(one.codes) for one in sounds])
    order = np.lexsort((owner, codes))
    codes, times, owner = codes[order], times[order], owner[order]
    starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]]) if len(codes) else codes
    run = np.repeat(starts, np.diff(np.r_[starts, len(codes)]))  # (l,) where each code begins
    length = np.repeat(np.diff(np.r_[starts, len(codes)]), np.diff(np.r_[starts, len(codes)]))
    at = np.arange(len(codes))
    votes: list[Any] = []
    for step in range(1, _COMMON):  # each with the one that comes so many places later
        first = at[(length <= _COMMON) & (at - run + step < length)]
        if not len(first):
            break
        a, b = owner[first], owner[first + step]
        apart = a != b
        votes.append(np.stack([a, b, times[first + step] - times[first]], axis=1)[apart])
    if not votes:
        return []
    cast = np.concatenate(votes)
    # delays are counted in fours, in two ways, so that neighbours meet in one of them
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for shift in (0, 2):
        rounded = np.column_stack([cast[:, :2], (cast[:, 2] + shift) // 4])
        some, counts = np.unique(rounded, axis=0, return_counts=True)
        for (a, b, late), count in zip(
            some[counts >= _VOTES].tolist(), counts[counts >= _VOTES].tolist(), strict=True
        ):
            found.setdefault((a, b), []).append((count, late * 4 + 2 - shift))
    chosen = []
    for (a, b), delays in found.items():
        chosen += [(a, b, late) for _, late in sorted(delays, reverse=True)[:_ASKED]]
    return chosen
