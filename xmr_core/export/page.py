"""The page that goes into a zip, with the media beside it.

It runs nothing and fetches nothing, so that it can be opened from a disk, mailed, or put on any
server.
"""

import html
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from xmr_core.errors import XMRError
from xmr_core.export import tables
from xmr_core.export.tables import Chosen, Kept
from xmr_core.library.documents import DocumentHit, DocumentResults
from xmr_core.media import Modality
from xmr_core.results import Hit, Results

MOST_BYTES = 2_000_000_000
"""Of all files in a zip: what mail and browsers cope with is far less."""

_CUT = 240  # characters of a passage
_FACES = 4  # members of a document that are shown, not only named
_NAME = 80  # characters of a file's name in the zip
_STYLE = """
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:1.2rem}
article{border:1px solid #8885;border-radius:10px;overflow:hidden}
article>:is(a,p,audio,video){display:block;width:100%;margin:0}
article img{display:block;width:100%;aspect-ratio:4/3;object-fit:contain;background:#8881}
ul{margin:0;padding:0 .9rem .7rem 2rem}
article>div{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:2px}
article>div>*{width:100%;min-width:0}
article>div>:is(:only-child,audio){grid-column:1/-1}
article p{box-sizing:border-box;padding:.7rem .9rem;overflow-wrap:anywhere}
small{opacity:.7}
"""

Shown = Hit | Kept
Files = Callable[[Shown], tuple[Path, Path | None]]
"""Where the file of a hit is, and its picture if it has one; raises XMRError if it is gone."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A card of the page: a hit or an item alone, or a document with its members."""

    number: int
    shown: tuple[Shown, ...]
    document: DocumentHit | None = None


@dataclass(frozen=True, slots=True)
class _Packed:
    """A file in the zip, and its picture."""

    shown: Shown
    name: str
    picture: str | None


def write(target: Path, chosen: Chosen, label: str, files: Files) -> list[str]:
    """Write the zip; which files are left out of it, each with the reason.

    Raises:
        XMRError: more bytes than ``MOST_BYTES``.
        OSError: the file cannot be written.
    """
    left_out: list[str] = []
    found: list[tuple[_Entry, list[tuple[Shown, Path, Path | None]]]] = []
    for entry in _entries(chosen):
        there = []
        for one in entry.shown:
            try:
                there.append((one, *files(one)))
            except XMRError as error:
                left_out.append(error.message)
        if there:
            found.append((entry, there))
    size = sum(path.stat().st_size for _, there in found for _, path, _ in there)
    if size > MOST_BYTES:
        raise XMRError(
            f"The files to take along are {size / 1e9:.1f} GB; a zip holds"
            f" {MOST_BYTES / 1e9:.0f} GB at most.",
            "Take fewer of them, or leave out the videos.",
        )
    with zipfile.ZipFile(target, "w") as sink:  # media are packed already
        cards = []
        for entry, there in found:
            packed = []
            for at, (one, path, picture) in enumerate(there, start=1):
                key = f"{entry.number:03d}" + (f"-{at:02d}" if entry.document else "")
                name = f"media/{key} {_plain_name(one.item.title, path)}"
                sink.write(path, name)
                shown = None
                if picture is not None:
                    shown = f"pictures/{key}{picture.suffix}"
                    sink.write(picture, shown)
                packed.append(_Packed(one, name, shown))
            cards.append(_card(entry, packed))
        sink.writestr("index.html", _page(label, cards, left_out))
        sink.writestr("results.csv", tables.table(chosen, whole=False))
    return left_out


def _entries(chosen: Chosen) -> list[_Entry]:
    if isinstance(chosen, Results):
        return [_Entry(hit.rank, (hit,)) for hit in chosen.hits]
    if isinstance(chosen, DocumentResults):
        return [
            _Entry(hit.rank, _members(hit), hit if len(hit.document.members) > 1 else None)
            for hit in chosen.hits
        ]
    return [_Entry(number, (one,)) for number, one in enumerate(chosen, start=1)]


def _members(hit: DocumentHit) -> tuple[Shown, ...]:
    """The members of a document: those that matched as hits, and first."""
    matched: dict[int, Shown] = {one.item.id: one for one in hit.matched}
    library = hit.best.library
    rest = [Kept(library, item) for item in hit.document.members if item.id not in matched]
    return (*matched.values(), *rest)


def _page(label: str, cards: Sequence[str], left_out: Sequence[str]) -> str:
    title = _esc(label)
    missing = "".join(f"<p>Left out: {_esc(reason)}</p>" for reason in left_out)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "img-src 'self' file:; media-src 'self' file:; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{_STYLE}</style><h1>{title}</h1>{missing}"
        f"<main>{''.join(cards)}</main></html>"
    )


def _card(entry: _Entry, packed: Sequence[_Packed]) -> str:
    if entry.document is None:
        return f"<article>{_alone(entry.number, packed[0])}</article>"
    hit, document = entry.document, entry.document.document
    seen = "".join(_media(one) for one in packed[:_FACES])
    facts = [", ".join(document.why), f"{hit.strength:.0%}"]
    rows = "".join(f"<li>{_member(one)}</li>" for one in packed)
    lead = f"<p>{_esc(document.lead[:_CUT])}</p>" if document.lead else ""
    return (
        f"<article><div>{seen}</div><p>{entry.number}. <b>{_esc(document.title)}</b><br>"
        f"<small>{_esc(' · '.join(facts))}</small></p>{lead}<ul>{rows}</ul></article>"
    )


def _member(one: _Packed) -> str:
    """A member of a document by name, and whether it matched."""
    told = [str(one.shown.item.modality)]
    if isinstance(one.shown, Hit):
        told += ["matched", one.shown.part.label if one.shown.part else ""]
    facts = " · ".join(_esc(fact) for fact in told if fact)
    return f'<a href="{quote(one.name)}">{_esc(one.shown.item.title)}</a> <small>{facts}</small>'


def _alone(number: int, one: _Packed) -> str:
    shown = one.shown
    if isinstance(shown, Hit):
        part = shown.part
        words = " ".join(part.text.split())[:_CUT] if part else ""
        facts = [part.label if part else "", f"{shown.strength:.0%}"]
    else:
        words, facts = shown.note, list(shown.tags)
    passage = f"<p>{_esc(words)}</p>" if words else ""
    told = " · ".join(_esc(fact) for fact in (str(shown.item.modality), *facts) if fact)
    return (
        f'{_media(one)}<p>{number}. <a href="{quote(one.name)}">{_esc(shown.item.title)}</a><br>'
        f"<small>{told}</small></p>{passage}"
    )


def _media(one: _Packed) -> str:
    """What can be seen or heard of a file on the page."""
    link, medium = quote(one.name), one.shown.item.modality
    part = one.shown.part if isinstance(one.shown, Hit) else None
    media = ""
    if medium in {Modality.AUDIO, Modality.VIDEO}:
        start = f"#t={part.low[0]:.1f}" if part else ""
        film = medium is Modality.VIDEO and one.picture
        poster = f' poster="{quote(film)}"' if film else ""
        media = f'<{medium} controls preload="none" src="{link}{start}"{poster}></{medium}>'
    if one.picture and medium is not Modality.VIDEO:
        face = f'<img src="{quote(one.picture)}" alt="" loading="lazy">'
        media = f'<a href="{link}">{face}</a>' + media
    return media


def _plain_name(title: str, path: Path) -> str:
    """A name that every system takes, with the suffix of the file.

    >>> _plain_name('a/b <c>: "d"', Path("x.PNG"))
    'a_b _c__ _d_.PNG'
    """
    stem = title.removesuffix(path.suffix)
    safe = re.sub(r"[^\w .()+,-]", "_", stem)[:_NAME].strip(" .") or "file"
    return safe + re.sub(r"[^\w.]", "", path.suffix)


def _esc(text: str) -> str:
    return html.escape(text.encode("utf-8", "replace").decode("utf-8"))
