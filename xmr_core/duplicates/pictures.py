"""Pictures: prints that outlive another size, format, brightness, a border, a mark, a mirror.

A print is the picture in grey at 32 × 32, its plain margins cut away. Two witnesses have to
agree. The first is a hash: the signs of the 64 lowest cosines of the whole and of windows cut
out of it (the "pHash" of Zauner, Implementation and Benchmarking of Perceptual Image Hash
Functions, 2010, with the sign in place of the median); mirroring flips the signs of the odd
columns, so that a mirrored picture needs no print of its own. Hashes find candidates, among
them many pictures that only have light and dark in the same places. The second lays one
picture over the other, shifted and scaled a little, and correlates their slopes: photographs
of different things stay below 0.7 there.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.duplicates.nearby import within
from xmr_core.duplicates.pairs import Kind, Pair, Prints, Tell, silent
from xmr_core.media import Bytes, Floats

KIND = "picture-1"
SIDE = 32

_OVER = 16  # side at which pictures are laid over each other
_PLAIN = 3.0  # grey levels by which a margin of one colour may vary
_EDGE = 10.0  # grey levels by which what it frames differs from it, from its first line on
_MARGIN = 0.3  # of a side: more is not a margin
_FLAT = 2.0  # grey levels: pictures that vary less show nothing to compare
_NEAR = 12  # bits of 64
_NEAR_MANY = 10  # the same among very many pictures, where chance finds more
_MANY = 20_000
_ALIKE = 0.78  # correlation of slopes above which nothing but copies was seen
_MARKED = 0.55  # the same where a part of the picture is covered, and the rest must agree
_REST = 0.86
_COVERED = 4  # of 16 fields that may be covered
_WHOLE = 0.96  # of a side: a window that is larger is the whole picture
_BATCH = 256

# The lowest 64 cosines without the constant one, by their (row, column).
_COSINES = sorted(
    ((u, v) for u in range(9) for v in range(9) if u + v), key=lambda at: (sum(at), at)
)[:64]
_ROWS = np.array([u for u, _ in _COSINES])
_COLUMNS = np.array([v for _, v in _COSINES])
MIRROR = np.packbits(_COLUMNS % 2 == 1)
"""What turns the hash of a picture into that of the mirrored one."""

_CHANGED: Mapping[Kind, Callable[[Floats], Floats]] = {
    Kind.SAME: lambda pictures: pictures,
    Kind.MIRRORED: lambda pictures: pictures[:, :, ::-1],
    Kind.TURNED: lambda pictures: np.rot90(pictures, axes=(1, 2)),  # of two, one or the other
    Kind.UPSIDE_DOWN: lambda pictures: pictures[:, ::-1, ::-1],
}
"""What is done to a picture (c, 32, 32) before it is laid over another."""

Window = tuple[float, float, float]
"""(scale, top, left) of a square cut out of a picture, in shares of its side."""

WINDOWS: tuple[Window, ...] = (
    (1.0, 0.0, 0.0),
    *((0.9, y, x) for y in (0.0, 0.05, 0.1) for x in (0.0, 0.05, 0.1)),
    *((0.8, y, x) for y, x in ((0.0, 0.0), (0.0, 0.2), (0.1, 0.1), (0.2, 0.0), (0.2, 0.2))),
)


def print_of(pixels: Bytes) -> bytes:
    """The print of a picture u8 (H, W, 3): u8 (32, 32), as bytes."""
    import PIL.Image

    grey = PIL.Image.fromarray(pixels).convert("L")
    if min(grey.size) > 4 * SIDE:
        grey.thumbnail((8 * SIDE, 8 * SIDE), PIL.Image.Resampling.BOX)
    grey = grey.crop(_inside(np.asarray(grey)))
    small = grey.resize((SIDE, SIDE), PIL.Image.Resampling.BOX)
    return np.asarray(small, np.uint8).tobytes()


def _inside(grey: Bytes) -> tuple[int, int, int, int]:
    """The box (left, top, right, bottom) of a picture u8 (H, W) without its plain margins.

    >>> framed = np.full((20, 20), 255, np.uint8)
    >>> framed[2:-2, 3:-1] = np.arange(256).reshape(16, 16)
    >>> _inside(framed)
    (3, 2, 19, 18)
    """
    edges = []
    for lines in (grey, grey[::-1], grey.T, grey.T[::-1]):
        most, depth = int(len(lines) * _MARGIN), 0
        plain = float(np.median(lines[0]))
        apart = np.abs(lines[: most + 2] - plain).mean(axis=1)  # (lines,)
        depth = int(np.argmax(apart >= _PLAIN))
        ends = depth and apart[depth : depth + 2].max() >= _EDGE  # else it is a sky, or a wall
        edges.append(depth if ends else 0)
    top, bottom, left, right = edges
    return left, top, grey.shape[1] - right, grey.shape[0] - bottom


def unpacked(prints: Sequence[bytes]) -> Floats:
    """Prints as f32 (n, 32, 32)."""
    return np.frombuffer(b"".join(prints), np.uint8).reshape(-1, SIDE, SIDE).astype(np.float32)


def hashes(pictures: Floats) -> Bytes:
    """The hashes u8 (n, 8) of pictures f32 (n, 32, 32)."""
    from scipy.fft import dctn

    cosines = dctn(pictures, axes=(1, 2), norm="ortho")[:, _ROWS, _COLUMNS]  # (n, 64)
    return np.packbits(cosines > 0, axis=1)


def pairs(prints: Prints, tell: Tell = silent) -> list[Pair]:
    """All pairs of pictures that are alike.

    Args:
        prints: of the kind ``KIND``.
        tell: told (candidates compared, candidates).
    """
    ids = np.array([id for id, found in prints.items() for _ in found], np.int64)
    pictures = unpacked([one for found in prints.values() for one in found])
    shown = pictures.std(axis=(1, 2)) > _FLAT if len(pictures) else np.zeros(0, bool)
    ids, pictures = ids[shown], pictures[shown]
    if len(ids) < 2:
        return []
    found: dict[tuple[int, int], Pair] = {}
    candidates = _candidates(pictures, tell)
    total, done = sum(len(rows) for *_, rows in candidates), 0
    for window, change, rows in candidates:
        for begin in range(0, len(rows), _BATCH):
            some = rows[begin : begin + _BATCH]
            one, other = pictures[some[:, 0]], pictures[some[:, 1]]
            alike, size = compared(_CHANGED[change](one), other, WINDOWS[window])
            for i in np.flatnonzero(alike > 0):
                kind = Kind.PART if size[i] < _WHOLE else Kind.SAME
                kind = kind if change is Kind.SAME else change
                pair = Pair.of(ids[some[i, 0]], ids[some[i, 1]], kind, float(alike[i]))
                key = pair.first, pair.second
                if key not in found or found[key].similarity < pair.similarity:
                    found[key] = pair
            done += len(some)
            tell(done, total)
    return sorted(found.values(), key=lambda pair: (pair.first, pair.second))


def _candidates(pictures: Floats, tell: Tell) -> list[tuple[int, Kind, npt.NDArray[np.int64]]]:
    """(number of the window, change, rows (c, 2) of a whole picture and one with a window)."""
    count = len(pictures)
    whole = hashes(pictures)
    radius = _NEAR if count < _MANY else _NEAR_MANY
    cuts = [whole, *(hashes(_cut(pictures, window, SIDE)) for window in WINDOWS[1:])]
    found = []
    for mirrored in (False, True):
        flip = MIRROR if mirrored else np.uint8(0)
        seen = within(whole ^ flip, whole, radius)
        if not mirrored:  # the same window of both agrees where the rest of one is covered
            for cut in cuts[1:]:
                tell(0, 0)
                seen = np.concatenate([seen, within(cut, cut, radius // 2)])
        seen = np.unique(seen[seen[:, 0] < seen[:, 1]], axis=0)
        change = Kind.MIRRORED if mirrored else Kind.SAME
        found.append((0, change, seen))
        known = set(map(tuple, seen.tolist()))
        for number, cut in enumerate(cuts[1:], 1):
            tell(0, 0)
            rows = within(whole ^ flip, cut, radius)
            rows = rows[rows[:, 0] != rows[:, 1]]
            # windows near the whole have been laid over it already
            new = [WINDOWS[number][0] < 0.9 or tuple(sorted(row)) not in known for row in rows]
            found.append((number, change, rows[np.array(new, bool)]))
    for change in (Kind.TURNED, Kind.UPSIDE_DOWN):
        tell(0, 0)
        rows = within(hashes(_CHANGED[change](pictures)), whole, radius)
        found.append((0, change, rows[rows[:, 0] != rows[:, 1]]))
    return found


def compared(
    one: Floats, other: Floats, window: Window = WINDOWS[0]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Lay pictures over each other.

    Args:
        one, other: f32 (c, 32, 32).
        window: of the other that the one may show.

    Returns:
        how alike they are, 0…1 and 0 where they are not, and the share of the side of the
        larger that the smaller shows, both f64 (c,).
    """
    alike, size = _laid(one, other, window)
    if window == WINDOWS[0]:
        back, back_size = _laid(other, one, window)
        better = back > alike
        alike, size = np.where(better, back, alike), np.where(better, back_size, size)
    return alike, size


def slope_likeness(one: Floats, other: Floats) -> npt.NDArray[np.float64]:
    """How alike pictures f32 (c, 32, 32) are where they lie, without shifting: f64 (c,)."""
    whole = _line(1.0, 0.0)
    a, b = (_slopes(whole @ pictures @ whole.T) for pictures in (one, other))
    told = np.einsum("cxij,cxij->c", a, b) / np.maximum(_length(a) * _length(b), 1e-3)
    return np.where(told >= _ALIKE, told, 0.0).astype(np.float64)


def _laid(
    one: Floats, other: Floats, window: Window
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The one, whole, over parts of the other near a window."""
    down, across = _near(window[0], window[1]), _near(window[0], window[2])
    rows = np.stack([_line(*at) for at in down])  # (k, 16, 32)
    columns = np.stack([_line(*at) for at in across])  # (l, 16, 32)
    whole = _line(1.0, 0.0)
    laid = _slopes(whole @ one @ whole.T)  # (c, 2, 15, 15)
    half = np.einsum("kia,cab->ckib", rows, other, optimize=True)
    cut = np.einsum("ckib,ljb->cklij", half, columns, optimize=True)  # (c, k, l, 16, 16)
    slopes = _slopes(cut)  # (c, k, l, 2, 15, 15)
    told = np.einsum("cxij,cklxij->ckl", laid, slopes, optimize=True)
    told /= np.maximum(_length(laid)[:, None, None] * _length(slopes), 1e-3)
    flat = told.reshape(len(one), -1)
    best = flat.argmax(axis=1)
    i, j = np.unravel_index(best, told.shape[1:])
    each = np.arange(len(one))
    alike = flat[each, best].astype(np.float64)
    rest = _uncovered(laid, slopes[each, i, j])
    marked = (alike >= _MARKED) & (rest >= _REST)
    alike = np.where(alike >= _ALIKE, alike, np.where(marked, np.maximum(alike, _ALIKE), 0.0))
    sizes = np.array([[(a[0] + b[0]) / 2 for b in across] for a in down])
    return alike, sizes[i, j]


def _uncovered(laid: Floats, cut: Floats) -> npt.NDArray[np.float64]:
    """Correlation of slopes (c, 2, 15, 15) where they agree best, some fields left out: (c,)."""
    fields = []
    for rows in np.array_split(np.arange(_OVER - 1), 4):
        for columns in np.array_split(np.arange(_OVER - 1), 4):
            at = np.ix_(np.arange(len(laid)), np.arange(2), rows, columns)
            a, b = laid[at], cut[at]
            fields.append([(x * y).sum(axis=(1, 2, 3)) for x, y in ((a, b), (a, a), (b, b))])
    sums = np.array(fields, np.float64)  # (16, 3, c)
    apart = sums[:, 1] + sums[:, 2] - 2 * sums[:, 0]  # (16, c)
    order = np.argsort(apart, axis=0)[:-_COVERED]
    kept = np.take_along_axis(sums, order[:, None], axis=0).sum(axis=0)  # (3, c)
    share = kept[1] + kept[2]
    enough = share > 0.4 * (sums[:, 1] + sums[:, 2]).sum(axis=0)
    return np.where(enough, kept[0] / np.maximum(np.sqrt(kept[1] * kept[2]), 1e-6), 0.0)


def _slopes(pictures: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Differences down and across of pictures (…, s, s): (…, 2, s − 1, s − 1)."""
    down = np.diff(pictures, axis=-2)[..., :-1]
    across = np.diff(pictures, axis=-1)[..., :-1, :]
    return np.stack([down, across], axis=-3)


def _length(slopes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.asarray(np.sqrt(np.einsum("...xij,...xij->...", slopes, slopes, optimize=True)))


def _near(scale: float, start: float) -> list[tuple[float, float]]:
    """(scale, start) of stretches of a side that lie near one, itself first."""
    found = [(scale, start)]
    for wide in (scale - 0.1, scale - 0.05, scale, scale + 0.05):
        for low in (start - 0.05, start, start + 0.05, start + 0.1):
            inside = 0.65 <= wide <= 1.001 and low >= -0.001 and low + wide <= 1.001
            if inside and (wide, low) != (scale, start):
                found.append((round(wide, 2), round(max(low, 0.0), 2)))
    return found


def _line(scale: float, start: float, out: int = _OVER) -> Floats:
    """What reduces a stretch of 32 to ``out`` by mean values: f32 (out, 32).

    >>> _line(0.5, 0.5).sum(axis=1).tolist() == [1.0] * 16
    True
    """
    edges = (start + scale * np.arange(out + 1) / out) * SIDE
    cells = np.arange(SIDE)
    shares = np.minimum(edges[1:, None], cells + 1) - np.maximum(edges[:-1, None], cells)
    shares = np.maximum(shares, 0)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), np.float32)


def _cut(pictures: Floats, window: Window, out: int) -> Floats:
    """A window of pictures, as large as they are: f32 (n, out, out)."""
    scale, top, left = window
    cut = _line(scale, top, out) @ pictures @ _line(scale, left, out).T
    return np.asarray(cut, np.float32)
