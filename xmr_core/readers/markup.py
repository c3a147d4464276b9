"""HTML and Markdown: their words under their headings, never what they link to."""

import re

from lxml import etree

from xmr_core.readers.passages import Passage

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HIDDEN = frozenset({"script", "style", "template", "noscript", "svg", "math", "head"})
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "details", "div",
    "dl", "dt", "figcaption", "figure", "footer", "form", "header", "hr", "li", "main", "nav", "ol",
    "p", "pre", "section", "summary", "table", "td", "th", "tr", "ul",
})  # fmt: skip
_LABEL = 120
_ATX = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_SPACES = re.compile(r"[ \t\r\f\v\u00a0]+")


def html(text: str) -> list[Passage]:
    """Words of a page by its headings, scripts and styles left out.

    >>> html("<title>Birds</title><h1>Owls</h1><p>They <b>see</b> well.<script>x()</script>")
    [Passage(label='', text='Birds'), Passage(label='Owls', text='Owls\\nThey see well.')]
    """
    collector = _Collector()
    # The target sees events and no tree is built; nothing is ever fetched. The page's own
    # claim about its encoding must not matter any more: it has been decoded.
    parser = etree.HTMLParser(target=collector, no_network=True, recover=True, encoding="utf-8")
    parser.feed(text.encode("utf-8", errors="replace"))
    parser.close()
    return collector.passages()


def markdown(text: str) -> list[Passage]:
    """A Markdown text as it is written, by its headings.

    >>> [p.label for p in markdown("Intro\\n# Owls\\nHoot.\\n```\\n# no heading\\n```")]
    ['', 'Owls']
    """
    passages: list[Passage] = []
    label, lines, fence = "", list[str](), ""
    for line in text.split("\n"):
        if match := _FENCE.match(line):
            mark = match[1][:3]
            fence = "" if fence == mark else fence or mark
        elif not fence and (match := _ATX.match(line)):
            passages.append(Passage(label, "\n".join(lines)))
            label, lines = match[2][:_LABEL], []
        lines.append(line)
    passages.append(Passage(label, "\n".join(lines)))
    return [p for p in passages if p.text.strip()]


class _Collector:
    """Turns the events of an HTML parser into passages."""

    def __init__(self) -> None:
        self._passages: list[Passage] = []
        self._label = ""
        self._pieces: list[str] = []
        self._heading: list[str] | None = None
        self._hidden = 0
        self._title = False

    def start(self, tag: str, attributes: object) -> None:
        """An element begins."""
        if tag == "title":
            self._title = True
        elif tag in _HIDDEN:
            self._hidden += 1
        elif tag in _HEADINGS:
            self._flush()
            self._heading = []
        elif tag in _BLOCKS:
            self._pieces.append("\n")

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == "title":
            self._title = False
            self._pieces.append("\n")
        elif tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _HEADINGS and self._heading is not None:
            self._label = _tidy("".join(self._heading)).replace("\n", " ")[:_LABEL]
            self._heading = None
            self._pieces.append("\n")
        elif tag in _BLOCKS:
            self._pieces.append("\n")

    def data(self, text: str) -> None:
        """Characters between tags."""
        if self._hidden and not self._title:
            return
        self._pieces.append(text.replace("\n", " "))
        if self._heading is not None:
            self._heading.append(text)

    def comment(self, text: str) -> None:
        """A comment: not for readers."""

    def close(self) -> None:
        """The page ends."""
        self._flush()

    def passages(self) -> list[Passage]:
        """What was collected."""
        return self._passages

    def _flush(self) -> None:
        if text := _tidy("".join(self._pieces)):
            self._passages.append(Passage(self._label, text))
        self._pieces = []


def _tidy(text: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
