"""Numbers, times and names as people read them, and safe HTML."""

import time
from html import escape as _escape
from urllib.parse import quote

from xmr_core.indexing.labels import clock
from xmr_core.media import Item, Modality
from xmr_core.readers.limits import LIMITS

NAMES: dict[Modality, tuple[str, str]] = {
    Modality.TEXT: ("Text", "Texts"),
    Modality.IMAGE: ("Picture", "Pictures"),
    Modality.AUDIO: ("Sound", "Sounds"),
    Modality.VIDEO: ("Video", "Videos"),
    Modality.MESH: ("3D model", "3D models"),
}
ORDER: tuple[Modality, ...] = tuple(NAMES)

# A strength is the probability that the hit is right
_STRENGTHS = (
    (0.75, "very strong"),
    (0.5, "strong"),
    (0.25, "fair"),
    (0.1, "weak"),
    (0.0, "unlikely"),
)


def esc(value: object) -> str:
    """Text made safe for HTML, attributes included.

    >>> esc('<img onerror="x">')
    '&lt;img onerror=&quot;x&quot;&gt;'
    """
    return _escape(str(value), quote=True)


def icon(name: str) -> str:
    """A reference to one of the page's drawings; decoration only, so hidden from screen readers."""
    return f'<svg class="x-i x-i-{name}" aria-hidden="true"><use href="#i-{name}"/></svg>'


def badge(modality: Modality) -> str:
    """The coloured name of a medium."""
    return f'<span class="x-badge" data-m="{modality}">{icon(modality)}{NAMES[modality][0]}</span>'


def media_url(library: str, item: Item, tail: str = "") -> str:
    """The address of an item's file, or of its ``thumb``, ``turn`` or ``view.glb``.

    The content's hash is part of it, so that a browser may keep what it has.
    """
    end = f"/{tail}" if tail else ""
    return f"/media/{quote(library, safe='')}/{item.id}{end}?v={quote(item.hash[:12])}"


def size(count: float) -> str:
    """Bytes.

    >>> size(0), size(999), size(1_500), size(25_000_000), size(3.2e9)
    ('0 B', '999 B', '1.5 kB', '25 MB', '3.2 GB')
    """
    for unit in ("B", "kB", "MB", "GB"):
        if count < 999.5 or unit == "GB":
            digits = 0 if unit == "B" or count >= 99.5 or count == int(count) else 1
            return f"{count:.{digits}f} {unit}"
        count /= 1000
    raise AssertionError  # pragma: no cover - the loop always returns


def span(seconds: float) -> str:
    """A time to wait, roughly.

    >>> span(0.4), span(42), span(61), span(600), span(7300)
    ('a moment', '42 seconds', 'a minute', '10 minutes', '2 hours')
    """
    if seconds < 2:
        return "a moment"
    if seconds < 58:
        return f"{seconds:.0f} seconds"
    for length, one, many in ((3600, "a minute", "minutes"), (86400, "an hour", "hours")):
        if seconds < length * 0.95:
            number = round(seconds / (length // 60 if many == "minutes" else 3600))
            return one if number <= 1 else f"{number} {many}"
    days = round(seconds / 86400)
    return "a day" if days <= 1 else f"{days} days"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> count(1, "file"), count(12_345, "file"), count(0, "library", "libraries")
    ('1 file', '12,345 files', '0 libraries')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def day(mtime: float) -> str:
    """A date.

    >>> len(day(0.0)) > 8
    True
    """
    moment = time.localtime(mtime)
    return f"{moment.tm_mday} {time.strftime('%b %Y', moment)}"


def strength(value: float) -> str:
    """A match strength of 0…1 as words.

    >>> strength(0.95), strength(0.31), strength(0.0)
    ('very strong', 'fair', 'unlikely')
    """
    return next(word for bound, word in _STRENGTHS if value >= bound or bound == 0.0)


def facts(item: Item) -> list[tuple[str, str]]:
    """What is known about an item, as pairs of a name and a value."""
    known = item.facts
    rows: list[tuple[str, str]] = []
    if "width" in known and "height" in known:
        rows.append(("Dimensions", f"{known['width']:.0f} × {known['height']:.0f}"))
    if "seconds" in known:
        rows.append(("Length", clock(known["seconds"])))
        if item.modality is Modality.AUDIO and known["seconds"] > LIMITS.seconds:
            rows.append(("Listened to", f"the first {clock(LIMITS.seconds)}"))
    if "fps" in known:
        rows.append(("Frames a second", f"{known['fps']:.3g}"))
    for name, label in (
        ("pages", "Pages"),
        ("characters", "Characters"),
        ("vertices", "Vertices"),
        ("faces", "Faces"),
    ):
        if name in known:
            rows.append((label, f"{known[name]:,.0f}"))
    rows.append(("Size", size(item.size)))
    rows.append(("Changed", day(item.mtime)))
    return rows
