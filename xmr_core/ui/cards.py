"""Hits → cards: one function a medium, every word of them escaped."""

import re
from collections.abc import Sequence

from xmr_core.indexing.labels import clock
from xmr_core.media import Item, Modality, Part
from xmr_core.results import Hit
from xmr_core.ui import word_marks
from xmr_core.ui.feedback_markup import thumbs
from xmr_core.ui.words import NAMES, badge, esc, icon, media_url, strength

_PASSAGE = 420  # characters of a passage on a card
_WORD = re.compile(r"\w{3,}")
_HEADING = re.compile(r"#{1,6}\s+")  # of Markdown
# of Markdown: pictures and links, of which the words stay; emphasis; code
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]+(?: \"[^\"\n]*\")?\)")
_STRONG = re.compile(r"(?<![\w*])(\*{1,3})(?=\S)([^*\n]+?)(?<=\S)\1(?![\w*])")
_UNDER = re.compile(r"(?<!\w)(_{1,3})(?=\S)([^_\n]+?)(?<=\S)\1(?!\w)")
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_MARK = re.compile(r"(?:[-*_]\s?){3,}$|`{3}.*$|(?:>\s?)+|[-*+]\s+(?=\S)")  # a line's beginning
# what turns the direction of writing up to the end of its line, of which a card has only one
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SHORT = 60  # characters of a heading that only its place and its end tell
# words that are in every passage: marking them would show nothing
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "about and any are but can does for from had has have her him his how into its not off one"
        " our out over she some than that the their them then there these they this was were what"
        " when where which who why will with you your",
    )
)


def card(hit: Hit, words: Sequence[str] = ()) -> str:
    """One result.

    Args:
        hit: what was found; one of rank 0 was chosen, and shows no strength.
        words: of the query, marked in a passage.
    """
    item = hit.item
    face = _FACES[item.modality](hit, words)
    part = hit.part
    where = " · ".join(filter(None, [folder(item), _where(part)]))
    match = strength(hit.strength)
    name = esc(item.title)
    strong = (
        f'<div class="x-strength" title="Cosine {hit.cosine:.3f}, score {hit.score:.3f}">'
        f'<span aria-hidden="true"><i style="width:{100 * hit.strength:.0f}%"></i></span>'
        f'<span><span class="x-sr">Match: </span>{match}</span></div>'
        if hit.rank
        else ""  # chosen, not found
    )
    said = hit.matched
    place = (said and said.low) or (part.low if part else ())
    start = place[0] if place and item.modality in {Modality.AUDIO, Modality.VIDEO} else 0.0
    number = (said and said.no) or (part.no if part else 0)
    return (
        f'<article class="x-card" data-m="{item.modality}" '
        f'data-key="{item.id} {esc(hit.library)}" data-library="{esc(hit.library)}" '
        f'data-id="{item.id}" data-no="{number}" data-start="{start:.2f}" '
        f'data-title="{name}" data-src="{esc(media_url(hit.library, item))}">'
        f'<div class="x-face">{badge(item.modality)}{face}<input type="checkbox" class="x-select" '
        f'tabindex="-1" aria-label="Select {name}"></div>'
        f'<div class="x-card-text"><a class="x-open" href="#" title="{esc(item.path)}">{name}</a>'
        f'<span class="x-where" title="{esc(where)}">{esc(where)}</span></div>'
        f"{word_marks.line(said, item.modality, item.title) if said else ''}"
        f"{strong}{_actions(name, found=hit.rank > 0)}</article>"
    )


def folder(item: Item) -> str:
    """The folder an item lies in, within its root.

    >>> from pathlib import Path
    >>> root = Path("/p/holiday")
    >>> item = Item(1, root, "2024/sea/a.jpg", Modality.IMAGE, 1, 0.0, "", "a.jpg", {})
    >>> folder(item)
    'holiday/2024/sea'
    """
    return "/".join([item.root.name or str(item.root), *item.path.split("/")[:-1]])


def passage(text: str, words: Sequence[str], limit: int = _PASSAGE) -> str:
    """A passage as safe HTML, cut to a limit around the first found word, found words marked.

    >>> passage("A <b>red</b> fox runs.", ["the foxes", "a fox"])
    'A &lt;b&gt;red&lt;/b&gt; <mark>fox</mark> runs.'
    """
    wanted = {word.casefold() for text_ in words for word in _WORD.findall(text_)} - _COMMON
    flat = _flat(text)
    hits = [m for m in re.finditer(r"\w+", flat) if _same(m.group().casefold(), wanted)]
    begin = 0
    if hits and hits[0].end() > limit * 0.6:
        begin = flat.rfind(" ", 0, max(0, hits[0].start() - limit // 4)) + 1
    end = min(len(flat), begin + limit)
    out, at = ["… " if begin else ""], begin
    for match in hits:
        if begin <= match.start() and match.end() <= end:
            out += [esc(flat[at : match.start()]), f"<mark>{esc(match.group())}</mark>"]
            at = match.end()
    out += [esc(flat[at:end]), " …" if end < len(flat) else ""]
    return "".join(out)


def _flat(text: str) -> str:
    """A passage in one line, with a dot between a heading and what it heads.

    >>> _flat("# How cats talk\\n\\nGrown cats hardly\\never meow.")
    'How cats talk · Grown cats hardly ever meow.'
    >>> _flat("The heart\\nYour heart is as large as your fist and\\nbeats.")
    'The heart · Your heart is as large as your fist and beats.'
    """
    blocks = [
        list(filter(None, (_plain(line.strip()) for line in block.split("\n"))))
        for block in re.split(r"\n\s*\n", _TURNS.sub("", text))
    ]
    blocks = [block for block in blocks if block]
    heads: list[str] = []
    out = ""
    for number, lines in enumerate(blocks, start=1):
        if lines[0] in heads:  # a page's title is often its first heading, too
            lines = lines[1:]
        many = _headings(lines, more=number < len(blocks)) if lines else 0
        heads += [" ".join(_HEADING.sub("", line, count=1).split()) for line in lines[:many]]
        if many < len(lines):
            out += " " * bool(out) + " · ".join([*heads, " ".join(" ".join(lines[many:]).split())])
            heads = []
    return out + " " * bool(out and heads) + " · ".join(heads)


def _plain(line: str) -> str:
    """A line without the marks of Markdown; a heading keeps its own.

    >>> _plain("> **Walk.** See [the map](map.png), 2 * 3 * 4, snake_case_name and `x`.")
    'Walk. See the map, 2 * 3 * 4, snake_case_name and x.'
    >>> _plain("* * *"), _plain("- milk"), _plain("-5 degrees")
    ('', 'milk', '-5 degrees')
    """
    line = _MARK.sub("", line, count=1) if _MARK.match(line) else line
    line = _CODE.sub(r"\1", _LINK.sub(r"\1", line))
    return _UNDER.sub(r"\2", _STRONG.sub(r"\2", line)).strip()


def _headings(lines: Sequence[str], more: bool) -> int:
    """How many lines at the beginning of a paragraph are headings.

    Args:
        lines: of the paragraph, at least one.
        more: another paragraph follows.
    """
    if more and all(_HEADING.match(line) or _heads(line) for line in lines):
        return len(lines)
    if _HEADING.match(lines[0]):
        return 1
    # lines of prose that was broken at some width are about as long as each other
    first, then = lines[0], lines[1] if len(lines) > 1 else ""
    longer = len(then) >= 1.5 * len(first) and not then[:1].islower()
    return int(longer and _heads(first))


def _heads(line: str) -> bool:
    return len(line) <= _SHORT and line[-1] not in ".!,;:…-–"


def _same(word: str, wanted: set[str]) -> bool:
    """Whether a word is one of those wanted, give or take an English plural."""
    return bool(wanted) and (word in wanted or word.removesuffix("s") in wanted
                             or f"{word}s" in wanted)  # fmt: skip


def _where(part: Part | None) -> str:
    return part.label if part else ""


def _image(hit: Hit, words: Sequence[str]) -> str:
    return _thumb(hit, NAMES[hit.item.modality][0])


def _audio(hit: Hit, words: Sequence[str]) -> str:
    return _thumb(hit, "Waveform") + '<div class="x-head-line"></div>' + _player(hit)


def _video(hit: Hit, words: Sequence[str]) -> str:
    return _thumb(hit, "Frame") + _player(hit)


def _mesh(hit: Hit, words: Sequence[str]) -> str:
    sprite = esc(media_url(hit.library, hit.item, "turn"))
    view = int(hit.part.low[0]) if hit.part else 0
    return (
        f'<div class="x-turn" role="slider" tabindex="0" aria-label="Turn {esc(hit.item.title)}" '
        f'aria-valuemin="1" aria-valuemax="12" aria-valuenow="1" '
        f'data-sprite="{sprite}" data-view="{view}"><i></i></div>'
    )


def _text(hit: Hit, words: Sequence[str]) -> str:
    if hit.part and hit.part.text.strip():
        return f'<blockquote class="x-passage">{passage(hit.part.text, words)}</blockquote>'
    return _thumb(hit, "Page")


def _thumb(hit: Hit, kind: str) -> str:
    source = esc(media_url(hit.library, hit.item, "thumb"))
    return f'<img src="{source}" alt="{esc(kind)}: {esc(hit.item.title)}" loading="lazy">'


def _player(hit: Hit) -> str:
    seconds = hit.item.facts.get("seconds")
    start = hit.part.low[0] if hit.part else 0.0
    length = f'<span class="x-at">{clock(seconds)}</span>' if seconds else ""
    moment = f" from {clock(start)}" if start >= 1 else ""
    return (
        f'{length}<button class="x-play" type="button" data-do="play" '
        f'aria-label="Play {esc(hit.item.title)}{moment}">{icon("play")}{icon("pause")}</button>'
    )


def _actions(name: str, *, found: bool) -> str:
    def tool(do: str, drawing: str, label: str) -> str:
        return (
            f'<button class="x-tool" type="button" data-do="{do}" title="{label}" '
            f'aria-label="{label}: {name}">{icon(drawing)}</button>'
        )

    def entry(do: str, drawing: str, label: str, more: str = "") -> str:
        return f'<button type="button" data-do="{do}"{more}>{icon(drawing)}{label}</button>'

    narrow = " data-narrow"  # where a card has no room for all of its buttons

    return (
        '<div class="x-actions">'
        + (thumbs(name) if found else "")
        + tool("similar", "similar", "More like this")
        + tool("like", "like", "Add to the query")
        + tool("unlike", "unlike", "Subtract from the query")
        + tool("why", "why", "Why did this match?")
        + '<details class="x-pop"><summary class="x-tool" role="button" '
        + f'aria-label="More actions: {name}" title="More">{icon("dots")}</summary>'
        + '<div class="x-panel x-menu">'
        + entry("like", "like", "Add to the query", narrow)
        + entry("unlike", "unlike", "Subtract from it", narrow)
        + entry("keep", "keep", "Keep …")
        + entry("select", "check", "Select")
        + entry("open", "open", "Open in a new tab")
        + entry("reveal", "folder", "Show in its folder")
        + entry("copy", "copy", "Copy its path")
        + "</div></details></div>"
    )


_FACES = {
    Modality.TEXT: _text,
    Modality.IMAGE: _image,
    Modality.AUDIO: _audio,
    Modality.VIDEO: _video,
    Modality.MESH: _mesh,
}
