"""Answers to take away: as a table, as plain data, or as a page with the files it shows.

The page is one file of HTML in a zip with the media beside it. It runs nothing and fetches
nothing, so that it can be opened from a disk, mailed, or put on any server.
"""

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from xmr_core.errors import XMRError
from xmr_core.library import Library
from xmr_core.media import Modality
from xmr_core.search import Hit, Results

MOST_BYTES = 2_000_000_000
"""Of all files in a zip: what mail and browsers cope with is far less."""

FORMATS = ("csv", "json", "zip")
_COLUMNS = ("rank", "strength", "score", "medium", "library", "path", "part")
_CUT = 240  # characters of a passage
_NAME = 80  # characters of a file's name in the zip
_STYLE = """
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:1.2rem}
article{border:1px solid #8885;border-radius:10px;overflow:hidden}
article>:is(a,p,audio,video){display:block;width:100%;margin:0}
article img{display:block;width:100%;aspect-ratio:4/3;object-fit:contain;background:#8881}
article p{box-sizing:border-box;padding:.7rem .9rem;overflow-wrap:anywhere}
small{opacity:.7}
"""

Files = Callable[[Hit], tuple[Path, Path | None]]
"""Where the file of a hit is, and its picture if it has one; raises XMRError if it is gone."""


def files_of(libraries: Iterable[Library]) -> Files:
    """Files of hits that these libraries gave, as far as they lie in the folders of each."""
    by_name = {library.name: library for library in libraries}

    def found(hit: Hit) -> tuple[Path, Path | None]:
        library = by_name[hit.library]
        return library.media_path(hit.item.id), library.thumbnail(hit.item.id)

    return found


def as_plain(results: Results) -> dict[str, Any]:
    """An answer as JSON can say it."""
    return {
        "probably_nothing": results.probably_nothing,
        "presence": {str(m): round(v, 4) for m, v in results.presence.items()},
        "total": results.total,
        "hits": [
            {
                "rank": hit.rank,
                "library": hit.library,
                "id": hit.item.id,
                "modality": str(hit.item.modality),
                "path": str(hit.item.file),
                "part": hit.part.label if hit.part else None,
                "score": round(hit.score, 5),
                "cosine": round(hit.cosine, 5),
                "strength": round(hit.strength, 4),
            }
            for hit in results.hits
        ],
    }


def as_csv(hits: Sequence[Hit]) -> str:
    """A table, a line for each hit, for spreadsheets and scripts."""
    sink = io.StringIO()
    table = csv.writer(sink)
    table.writerow(_COLUMNS)
    for hit in hits:
        numbers = (hit.rank, f"{hit.strength:.4f}", f"{hit.score:.5f}", str(hit.item.modality))
        words = (hit.library, str(hit.item.file), hit.part.label if hit.part else "")
        table.writerow([*numbers, *map(_harmless, words)])
    return sink.getvalue()


def write(target: Path, results: Results, label: str, files: Files) -> list[str]:
    """Write an answer in the format that a file's suffix names.

    Args:
        target: ``….csv``, ``….json`` or ``….zip``; a former file is replaced once all is written.
        results: the answer.
        label: what was asked, for the page.
        files: finds the media, for the page.

    Returns:
        Which hits are left out of the page, each with the reason.

    Raises:
        XMRError: another format, or more bytes than ``MOST_BYTES``.
        OSError: the file cannot be written.
    """
    kind = target.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise XMRError(
            f"{target.name} has no format that answers can be written in.",
            f"End its name in {', '.join('.' + one for one in FORMATS)}.",
        )
    part = target.with_name(f".{target.name}.part")
    left_out: list[str] = []
    try:
        if kind == "zip":
            left_out = _gallery(part, results, label, files)
        else:
            text = as_csv(results.hits) if kind == "csv" else _json(results)
            # names of files need not be valid Unicode; a mark tells Excel that this is UTF-8
            mark = "utf-8-sig" if kind == "csv" else "utf-8"
            part.write_bytes(text.encode("utf-8", "replace").decode("utf-8").encode(mark))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return left_out


def _json(results: Results) -> str:
    return json.dumps(as_plain(results), indent=1)


def _gallery(target: Path, results: Results, label: str, files: Files) -> list[str]:
    found: list[tuple[Hit, Path, Path | None]] = []
    left_out: list[str] = []
    for hit in results.hits:
        try:
            found.append((hit, *files(hit)))
        except XMRError as error:
            left_out.append(error.message)
    size = sum(path.stat().st_size for _, path, _ in found)
    if size > MOST_BYTES:
        raise XMRError(
            f"The files of this answer are {size / 1e9:.1f} GB; a zip holds"
            f" {MOST_BYTES / 1e9:.0f} GB at most.",
            "Take fewer hits, or leave out the videos.",
        )
    with zipfile.ZipFile(target, "w") as sink:  # media are packed already
        cards = []
        for hit, path, picture in found:
            name = f"media/{hit.rank:03d} {_plain_name(hit.item.title, path)}"
            sink.write(path, name)
            shown = None
            if picture is not None:
                shown = f"pictures/{hit.rank:03d}{picture.suffix}"
                sink.write(picture, shown)
            cards.append(_card(hit, name, shown))
        sink.writestr("index.html", _page(label, cards, left_out))
        kept = [hit for hit, _, _ in found]
        sink.writestr("results.csv", as_csv(kept).encode("utf-8-sig", "replace"))
    return left_out


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


def _card(hit: Hit, name: str, picture: str | None) -> str:
    link = quote(name)
    media = ""
    if hit.item.modality in {Modality.AUDIO, Modality.VIDEO}:
        tag = str(hit.item.modality)
        start = f"#t={hit.part.low[0]:.1f}" if hit.part else ""
        poster = f' poster="{quote(picture)}"' if picture and tag == "video" else ""
        media = f'<{tag} controls preload="none" src="{link}{start}"{poster}></{tag}>'
    if picture and hit.item.modality is not Modality.VIDEO:
        media = f'<a href="{link}"><img src="{quote(picture)}" alt="" loading="lazy"></a>' + media
    passage = ""
    if hit.part and hit.part.text:
        passage = f"<p>{_esc(' '.join(hit.part.text.split())[:_CUT])}</p>"
    where = f" · {_esc(hit.part.label)}" if hit.part and hit.part.label else ""
    return (
        f'<article>{media}<p>{hit.rank}. <a href="{link}">{_esc(hit.item.title)}</a><br>'
        f"<small>{hit.item.modality}{where} · {hit.strength:.0%}</small></p>{passage}</article>"
    )


def _harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection).

    >>> _harmless("=1+1"), _harmless("a.png")
    ("'=1+1", 'a.png')
    """
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


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
