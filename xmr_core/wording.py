"""What typed words ask for: words, exact phrases, fields, and what is to be left out.

``dog "no smoking" author:smith -spoken:hello`` looks for dogs, and answers with nothing but what
holds the words *no smoking* in this order, is by Smith, and says no hello. A colon after what is
no field is a colon, and a quotation mark within a word, as of inches, is none.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

TEXT, NAME = "text", "name"
"""Fields of their own kind: the passages of texts, and the names of files."""

FIELDS: dict[str, str] = {
    "written": "written in a picture or a video",
    "spoken": "said in a sound or a video",
    "subtitles": "in subtitles",
    TEXT: "in a text or a document",
    "title": "in the title that a file brings",
    "author": "who made it",
    "album": "of sounds",
    "keywords": "that a file brings",
    "camera": "that took a picture",
    "date": "when it was made, as 2024-01-31",
    "language": "that is spoken, as German",
    "comment": "descriptions and comments that a file brings",
    "note": "of yours",
    "tag": "of yours",
    NAME: "of the file",
}
"""What can stand before a colon, and what is looked for then."""

_CALLED = {
    "artist": "author", "by": "author", "heard": "spoken", "said": "spoken", "read": "written",
    "subtitle": "subtitles", "keyword": "keywords", "description": "comment", "tags": "tag",
    "notes": "note",
}  # fmt: skip
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_PIECE = re.compile(
    r'(?<!\S)(?P<minus>-?)(?:(?P<field>\w+):)?"(?P<quoted>[^"]*)"(?P<star>\*?)'
    r'|(?<!\S)(?P<minus1>-?)(?P<field1>\w+):(?P<word>[^\s"]+)'
)
_FIELD = re.compile(r"[^\W\d_]{2,}")  # no letter of a drive, no hour
_ADDRESS = "/:\\"  # what follows the colon of an address, and of a name in C++
_MOST = 12  # phrases and fields of one query
_EXCERPT = 150  # characters
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
# Too frequent to tell one file from another; all of them count where there are no others.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be but by for from he her his i in is it its not of on or she that the"
        " their there they this to was we were what when where which who with you your der die das"
        " ein eine und ist im in mit von zu den dem le la les un une et est de du des en el los las"
        " una y es con por que",
    )
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in their order.

    Attributes:
        text: the words.
        field: a key of :data:`FIELDS` that they are to be in, or "" for any but notes of a place.
        begins: the last of them may go on.
    """

    text: str
    field: str = ""
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """Typed words, taken apart.

    Attributes:
        meaning: what they are about, for an encoder; "" where they only leave out.
        words: those outside of fields, in lower case and without accents, each once.
        required, excluded: phrases that an item must hold, and that it must not.
        unknown: what stands before a colon as a field would, and is none.
    """

    meaning: str
    words: tuple[str, ...]
    required: tuple[Phrase, ...] = ()
    excluded: tuple[Phrase, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def wanted(self) -> tuple[tuple[str, ...], ...]:
        """Runs of words to be marked: single ones, and the phrases."""
        runs = [tuple(tokens(phrase.text)) for phrase in self.required]
        return tuple(run for run in (*runs, *((word,) for word in self.words)) if run)


def parse(typed: str) -> Wording:
    """Take typed words apart.

    >>> found = parse('a dog "no smoking" author:smith -spoken:hello')
    >>> found.meaning, found.words
    ('a dog no smoking', ('dog', 'no', 'smoking'))
    >>> [(phrase.field, phrase.text) for phrase in (*found.required, *found.excluded)]
    [('', 'no smoking'), ('author', 'smith'), ('spoken', 'hello')]
    >>> parse('ratio 12:30, 5" pipes: steel').required
    ()
    >>> parse("colour:red at http://a.org, std::vector").unknown
    ('colour',)
    """
    required: list[Phrase] = []
    excluded: list[Phrase] = []
    unknown: dict[str, None] = {}

    def taken(match: re.Match[str]) -> str:
        called = (match["field"] or match["field1"] or "").lower()
        field = _CALLED.get(called, called)
        word = match["word"]
        text = (match["quoted"] if word is None else word.removesuffix("*")).strip()
        if field and field not in FIELDS and _FIELD.fullmatch(field) and text[:1] not in _ADDRESS:
            unknown[called] = None
        if (field and field not in FIELDS) or len(required) + len(excluded) >= _MOST:
            return match[0].replace('"', " ")
        begins = bool(match["star"]) if word is None else word.endswith("*")
        if tokens(text):
            into = excluded if match["minus"] or match["minus1"] else required
            into.append(Phrase(text, field, begins))
            if into is required and not field:
                return text
        return " "

    left = _PIECE.sub(taken, typed.translate(_QUOTES))
    meaning = " ".join(left.split())
    words = tuple(dict.fromkeys(word for word in tokens(meaning) if word not in _COMMON))
    if not any(c.isalnum() for c in meaning):
        meaning = " ".join(phrase.text for phrase in required) or meaning * (not excluded)
    words = words or tuple(dict.fromkeys(tokens(meaning)))
    return Wording(meaning, words, tuple(required), tuple(excluded), tuple(unknown))


def folded(text: str) -> str:
    """Text in lower case and without accents, as long as it was.

    >>> folded("Déjà Über ß")
    'deja uber ß'
    """
    return "".join(_folded(c) for c in text)


def _folded(c: str) -> str:
    if c.isascii():
        return c.lower()
    base = unicodedata.normalize("NFD", c)[0].lower()
    return base if len(base) == 1 else c


def spans(text: str) -> list[tuple[int, int]]:
    """Where the words of a text lie, as SQLite's tokenizer sees them."""
    return [match.span() for match in re.finditer(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*", text)]


def tokens(text: str) -> list[str]:
    """The words of a text, folded.

    >>> tokens("Crème brûlée, 2_x!")
    ['creme', 'brulee', '2', 'x']
    """
    low = folded(text)
    return ["".join(c for c in low[a:b] if not unicodedata.combining(c)) for a, b in spans(text)]


def unspaced(text: str) -> bool:
    """Whether a text is written in a script without spaces between words.

    >>> unspaced("自転車"), unspaced("blue tit"), unspaced("?!")
    (True, False, False)
    """
    return any(unicodedata.name(c, "").startswith(_UNSPACED) for c in text if c.isalnum())


def found(text: str, wanted: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Where runs of words lie in a text, in order and apart; within words where those have no
    spaces between them.

    >>> found("Über den Dächern", [("uber", "den")]), found("一辆自行车。", [("自行车",)])
    ([(0, 8)], [(2, 5)])
    """
    low, places = folded(text), spans(text)
    words = [low[a:b] for a, b in places]
    marks: list[tuple[int, int]] = []
    for run in wanted:
        if any(unspaced(word) for word in run):
            whole = "".join(run)
            marks += [(m.start(), m.end()) for m in re.finditer(re.escape(whole), low)]
            continue
        size = len(run)
        for at in range(len(words) - size + 1):
            if words[at] == run[0] and tuple(words[at : at + size]) == tuple(run):
                marks.append((places[at][0], places[at + size - 1][1]))
    apart: list[tuple[int, int]] = []
    for low_, high in sorted(marks, key=lambda mark: (mark[0], -mark[1])):
        if not apart or low_ >= apart[-1][1]:
            apart.append((low_, high))
    return apart


def excerpt(
    text: str, wanted: Sequence[Sequence[str]], limit: int = _EXCERPT
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A line of a text around the words found in it, and where in the line they lie.

    >>> excerpt("so  it\\nwas: no smoking here", [("no", "smoking")], 20)
    ('… no smoking here', ((2, 12),))
    """
    flat = " ".join(text.split())
    marks = found(flat, wanted)
    begin = 0
    if marks and marks[0][1] > limit * 0.7:
        begin = max(0, marks[0][0] - limit // 4)
        begin = flat.find(" ", begin, marks[0][0]) + 1 or begin
    end = min(len(flat), begin + limit)
    if end < len(flat):
        space = flat.rfind(" ", begin + limit // 2, end)
        end = space if space > 0 and not any(a < end and b > space for a, b in marks[:1]) else end
    lead, tail = "… " if begin else "", " …" if end < len(flat) else ""
    shift = len(lead) - begin
    inside = tuple((a + shift, b + shift) for a, b in marks if begin <= a and b <= end)
    return lead + flat[begin:end] + tail, inside
