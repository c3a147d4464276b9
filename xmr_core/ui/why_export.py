"""An explanation as one HTML file: media and pictures inside, nothing fetched, nothing run."""

import base64
import io
import itertools
import re
from dataclasses import replace

import numpy as np
import PIL.Image

from xmr_core.errors import XMRError
from xmr_core.explain import Explanation, Side
from xmr_core.explain.heat import over_pixels, shown, shown_by_kind
from xmr_core.explain.painting import RAMP, finer, paint
from xmr_core.explain.views import faces_heat
from xmr_core.media import Audio, Bytes, Floats, Image, Mesh, Modality, Text, Video
from xmr_core.render import render_angles
from xmr_core.ui import query_form, why_score
from xmr_core.ui.media_route import SHOWN
from xmr_core.ui.why_media import data_url, spectrogram
from xmr_core.ui.why_methods import about, title
from xmr_core.ui.why_pair import Pair
from xmr_core.ui.why_parts import blocks, joined
from xmr_core.ui.words import NAMES, esc

_EMBEDDED = 24 * 1024 * 1024  # bytes of a sound or a video that are put into the page
_SIDE = 900  # pixels of pictures
_FRAMES = 24  # of a video that are shown
_OVERLAY = 192  # pixels along each side of a heat map, which is smooth
_VIEW = 300
_ANGLES = ((30.0, 20.0), (120.0, 20.0), (210.0, 20.0), (300.0, 20.0))
_LABELLED = 40  # parts a side up to which an alignment is a table with its numbers

_BROKEN = re.compile(r"([^\n]{61})\n(?=[a-zß-öø-ÿ])")  # after a long line, where a word goes on

_STYLE = """
:root { color-scheme: light dark; --ground: #f2f4f3; --sheet: #fff; --ink: #14191c; --soft: #56626a;
  --line: #d9dfdc; --heat: #f2a33a; }
@media (prefers-color-scheme: dark) { :root { --ground: #0f1314; --sheet: #171c1e; --ink: #e9eeec;
  --soft: #a9b4b3; --line: #2a3235; --heat: #9a4b1e; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 24px; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1200px; margin: 0 auto; display: grid; gap: 20px; }
h1 { font-size: 24px; margin: 0; } h2 { font-size: 17px; margin: 0 0 10px; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 20px; }
section { background: var(--sheet); border: 1px solid var(--line); border-radius: 14px;
  padding: 18px; min-width: 0; }
small, .soft { color: var(--soft); }
.stack { position: relative; display: block; } .stack img { display: block; width: 100%; }
.stack img + img { position: absolute; width: 100%; height: 100%; }
.off:not(:checked) ~ .stack img + img, .off:not(:checked) ~ div .stack img + img { display: none; }
.words { white-space: pre-wrap; overflow-wrap: anywhere; font: 17px/1.8 Georgia, serif; }
.words mark { color: inherit; border-radius: 4px; padding: 1px 0; }
.many { display: grid; grid-template-columns: repeat(auto-fill, minmax(130px, 1fr)); gap: 8px; }
.turns { grid-template-columns: 1fr 1fr; }
audio, video { width: 100%; margin-top: 10px; }
table { border-collapse: collapse; font-size: 13px; } td, th { padding: 3px 7px; text-align: left;
  border-bottom: 1px solid var(--line); } td { font-variant-numeric: tabular-nums; }
.wide { overflow: auto; max-height: 80vh; } .grid { image-rendering: pixelated; width: 100%;
  min-height: 80px; max-height: 480px; }
"""


def document(pair: Pair, told: Explanation, opacity: float) -> str:
    """The whole file.

    Args:
        pair: what is explained.
        told: why.
        opacity: of the heat, 0…1.
    """
    heading = esc(f"Why {pair.item.title} answers “{query_form.label(pair.terms)}”")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        # whatever the words inside may be, nothing is fetched and nothing is run
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
        "media-src data:; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{heading}</title><style>{_STYLE}</style></head><body><main>"
        f'<header><h1>{heading}</h1><p class="soft">{esc(title(told.method))}: '
        f"{esc(about(told.method))}</p></header>"
        f'<div class="pair">{_section(pair, "query", told.query, told.query_heat, opacity)}'
        f"{_section(pair, 'hit', told.hit, told.hit_heat, opacity)}</div>"
        f"{_score(pair)}{_alignment(told)}</main></body></html>"
    )


def _section(pair: Pair, which: str, side: Side, heat: Floats, opacity: float) -> str:
    name = pair.item.title if which == "hit" else query_form.label((pair.term,))
    role = "Hit" if which == "hit" else "Query"
    toggle = (
        ""
        if side.modality in {Modality.TEXT, Modality.MESH}
        else f'<input type="checkbox" class="off" id="heat-{which}" checked>'
        f'<label for="heat-{which}"> <small>heat</small></label>'
    )
    return (
        f"<section><h2>{role} · {esc(NAMES[side.modality][0])}<br><small>{esc(name[:200])}</small>"
        f"</h2>{toggle}{_inside(pair, which, side, heat, opacity)}"
        f"<p class='soft'>Most: {_hottest(side, heat)}</p></section>"
    )


def _inside(pair: Pair, which: str, side: Side, heat: Floats, opacity: float) -> str:
    media = side.media
    if isinstance(media, Text):
        return f'<div class="words">{words(side, heat, opacity)}</div>'
    if isinstance(media, Image):
        return _stack(_fitted(media.pixels), overlay(side, heat, opacity), place=_place(side))
    if isinstance(media, Audio):
        return _sound(side, heat, opacity) + _player(pair, which, "audio")
    if isinstance(media, Video):
        return _frames(media, side, heat, opacity) + _player(pair, which, "video")
    fine = finer(media)
    painted = paint(fine, faces_heat(_with(side, fine), heat), opacity)
    views = render_angles(painted, _ANGLES, _VIEW)
    return '<div class="many turns">' + "".join(
        f'<span class="stack"><img alt="Painted view" src="{data_url(view)}"></span>'
        for view in views
    ) + "</div>"  # fmt: skip


def words(side: Side, heat: Floats, opacity: float) -> str:
    """The text of a side as safe HTML, its parts shaded by their heat."""
    assert isinstance(side.media, Text)  # noqa: S101 - the caller looked
    text, share = _flowing(side.media.text), shown(heat) * opacity
    out, at = [], 0
    for (low, high), much in zip(side.boxes[:, :, 0].astype(int).tolist(), share, strict=True):
        inside = esc(text[max(low, at) : high])
        level = round(100 * float(much))
        shade = f"color-mix(in srgb, var(--heat) {level}%, transparent)"
        out.append(esc(text[at:low]))
        out.append(f'<mark style="background: {shade}">{inside}</mark>')
        at = max(at, high)
    return "".join([*out, esc(text[at:])])


def _flowing(text: str) -> str:
    """Lines that were broken at some width flow on, each character in its place.

    >>> _flowing("a\\nb" + 61 * "c" + "\\nd")[-4:]
    'cc d'
    """
    return _BROKEN.sub(r"\1 ", text)


def overlay(side: Side, heat: Floats, opacity: float, frame: int | None = None) -> str:
    """Heat over a picture, as a picture with transparency."""
    pixels = over_pixels(side, shown_by_kind(side, heat), _OVERLAY, _OVERLAY)
    if frame is not None:
        pixels = pixels[frame]
    return data_url(coloured(pixels, opacity), "PNG")


def coloured(share: Floats, opacity: float) -> Bytes:
    """Shares of the colour scale f32 (H, W) → red, green, blue and alpha u8 (H, W, 4)."""
    stops = np.array(RAMP, np.float32)
    share = np.clip(share, 0, 1)
    colour = [np.interp(share, stops[:, 0], stops[:, k]) for k in (1, 2, 3)]
    alpha = 255 * opacity * np.clip(share * 1.6, 0, 1)
    made: Bytes = np.rint(np.stack([*colour, alpha], axis=-1)).astype(np.uint8)
    return made


def _sound(side: Side, heat: Floats, opacity: float) -> str:
    audio = side.media
    assert isinstance(audio, Audio)  # noqa: S101 - the caller looked
    mel = spectrogram(audio)
    rows, columns = side.grid
    table = shown(heat)[: rows * columns].reshape(rows, columns).T[::-1]  # low bands below
    picture = PIL.Image.fromarray(np.ascontiguousarray(table)).resize(
        (max(2 * rows, 200), 192), PIL.Image.Resampling.BILINEAR
    )
    return _stack(mel, data_url(coloured(np.asarray(picture), opacity), "PNG"), "Log-mel map")


def _frames(video: Video, side: Side, heat: Floats, opacity: float) -> str:
    step = -(-len(video.frames) // _FRAMES)
    chosen = range(0, len(video.frames), step)
    cells = "".join(
        _stack(
            _fitted(video.frames[i], 320),
            overlay(side, heat, opacity, i) if i < side.grid[0] else "",
            f"Key frame at {video.seconds[i]:.1f} seconds",
            _place(side),
        )
        for i in chosen
    )
    return f'<div class="many">{cells}</div>'


def _place(side: Side) -> str:
    """Where the lattice of a side lies in its picture: an encoder may crop it."""
    cells = side.boxes[: int(np.prod(side.grid)), :, -2:]  # (c, 2, 2) of (y, x)
    top, left = (100 * cells[:, 0].min(axis=0)).tolist()
    bottom, right = (100 * cells[:, 1].max(axis=0)).tolist()
    size = f"height: {bottom - top:.2f}%; width: {right - left:.2f}%"
    return f"inset: {top:.2f}% auto auto {left:.2f}%; {size}"


def _stack(below: Bytes, above: str, alt: str = "Picture", place: str = "inset: 0") -> str:
    over = f'<img alt="" style="{place}" src="{above}">' if above else ""
    return f'<span class="stack"><img alt="{esc(alt)}" src="{data_url(below)}">{over}</span>'


def _player(pair: Pair, which: str, tag: str) -> str:
    """The file itself, where it is small enough and a browser can play it."""
    try:
        if which == "hit":
            path = pair.library.media_path(pair.item.id)
        elif pair.term["kind"] == "file":
            path = pair.context.uploads.get(pair.term["token"]).path
        else:
            source = pair.context.shelf.get(pair.term["library"])
            path = source.media_path(pair.term["id"])
    except XMRError:
        return ""
    kind = SHOWN.get(path.suffix.lower())
    if kind is None or not kind.startswith((tag, "image/")):
        return '<p class="soft">The file itself is of a kind that browsers do not play.</p>'
    if path.stat().st_size > _EMBEDDED:
        return '<p class="soft">The file itself is too large to be put into this page.</p>'
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    if kind.startswith("image/"):
        return f'<img alt="" src="data:{kind};base64,{data}" style="max-width:100%">'
    return f'<{tag} controls src="data:{kind};base64,{data}"></{tag}>'


def _hottest(side: Side, heat: Floats) -> str:
    """Of each kind of parts, those that say something: the labels of the first three."""
    told = []
    for some in side.kinds:
        if len(side.kinds) == 1 or np.ptp(heat[some]) > 0:
            first = some.start + np.argsort(-heat[some], kind="stable")[:3]
            told.append(
                ", ".join(esc(label) for label in dict.fromkeys(side.labels[i] for i in first))
            )
    return "; ".join(told)


def _score(pair: Pair) -> str:
    try:
        told = why_score.score(pair)
    except XMRError as error:
        return f"<section><h2>The score</h2><p>{esc(error.message)}</p></section>"
    body = "".join(
        f"<tr><th>{esc(key)}</th><td>{esc(value.replace('-', '−'))}</td></tr>"
        for key, value in why_score.rows(told)
    )
    return f"<section><h2>The score, taken apart</h2><table>{body}</table></section>"


def _alignment(told: Explanation) -> str:
    query, hit, table = joined(told)
    share = np.zeros_like(table)
    for block in itertools.chain(*blocks(told, query, hit)):
        share[block] = shown(table[block].ravel()).reshape(table[block].shape)
    head = "<section><h2>Parts against parts</h2>"
    if len(table) <= _LABELLED and table.shape[1] <= _LABELLED:
        top = "".join(f"<th>{esc(label)}</th>" for label in _names(told.hit, hit))
        rows = "".join(
            f"<tr><th>{esc(label)}</th>"
            + "".join(
                f'<td style="background: color-mix(in srgb, var(--heat) {100 * s:.0f}%, '
                f'transparent)">{v:.2f}</td>'
                for v, s in zip(values, shares, strict=True)
            )
            + "</tr>"
            for label, values, shares in zip(_names(told.query, query), table, share, strict=True)
        )
        return (
            f'{head}<div class="wide"><table><tr><th></th>{top}</tr>{rows}</table></div></section>'
        )
    picture = coloured(share, 1.0)
    picture[..., 3] = 255
    place = io.BytesIO()
    PIL.Image.fromarray(picture).save(place, "PNG")
    data = base64.b64encode(place.getvalue()).decode("ascii")
    return (
        f'{head}<p class="soft">Parts of the query from top to bottom, of the hit from left to '
        f'right.</p><img class="grid" alt="Alignment of {len(table)} by {table.shape[1]} parts" '
        f'src="data:image/png;base64,{data}"></section>'
    )


def _names(side: Side, groups: np.ndarray) -> list[str]:
    return [side.labels[i] for i in np.flatnonzero(np.diff(groups, prepend=-1))]


def _with(side: Side, mesh: Mesh) -> Side:
    """The same parts of the same model in finer faces."""
    return replace(side, media=mesh)


def _fitted(pixels: Bytes, side: int = _SIDE) -> Bytes:
    picture = PIL.Image.fromarray(pixels)
    picture.thumbnail((side, side))
    return np.asarray(picture)
