"""What an item, or a file, shows in words: tags, and a caption with whom it comes from."""

import contextlib
import csv
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from xmr_core import indexing
from xmr_core.errors import ManifestError, QueryError
from xmr_core.filters import Filters
from xmr_core.library.explanations import Explanations
from xmr_core.library.queries import What, make_query
from xmr_core.manifest import read_manifest
from xmr_core.media import Floats, Item, Modality
from xmr_core.query import Term
from xmr_core.space import JointSpace
from xmr_core.translation import (
    Caption,
    Captioner,
    Sentence,
    Tag,
    Tagger,
    Voice,
    sentences,
    text_vectors,
    vocabulary,
)

MANIFEST = "captions.csv"
_LONGEST = 30  # words of a text that is one sentence
_BYTES = 400  # of its file
_MOST = 20_000  # sentences of a library's own
_PLAIN_TEXT = {".txt", ".md", ".text", ".caption"}
_REST = 20.0  # during a run, sentences are looked for as long after they were as that took × this
_TAGGERS: dict[str, Tagger] = {}
_STOCK: dict[str, Captioner] = {}
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class InWords:
    """What a medium shows, in words.

    Attributes:
        modality: of the medium.
        tags: what it shows, the strongest first; none where nothing sure can be said.
        caption: the likeliest sentence, or None where there is none to be said.
    """

    modality: Modality
    tags: tuple[Tag, ...]
    caption: Caption | None

    @property
    def sure(self) -> bool:
        """Whether there is anything worth saying."""
        return bool(self.tags) or (self.caption is not None and self.caption.sure)


@dataclass(frozen=True, slots=True)
class _Said:
    """A captioner, what it was made for and from.

    Attributes:
        now: generation of the catalogue, fingerprint of the space.
        own: the library's sentences in it.
        when, took: the clock when they were looked for last, and the seconds of that.
    """

    now: tuple[int, str]
    own: list[Sentence]
    captioner: Captioner
    when: float
    took: float

    @property
    def space(self) -> str:
        """The fingerprint of the space."""
        return self.now[1]


class Translations(Explanations):
    """Items and files in words."""

    def __init__(self, path: Path, space: JointSpace | None = None) -> None:
        super().__init__(path, space)
        self._said: _Said | None = None
        self._translating = threading.Lock()

    def say(self, what: What | int, most: int = 6) -> InWords:
        """What an item or a file shows: tags with strengths, a caption with its sources.

        Args:
            what: the number of an item of this library, a file (Path), a medium or a term.
            most: tags.

        Raises:
            QueryError: a text, which is words already, or a medium that the profile lacks.
            LibraryError: no such item.
            MediaError: a file that cannot be read.
            ProfileMismatch: the library's vectors belong to another profile.
        """
        own: Item | None = None
        if isinstance(what, int):
            own = self.item(what)
            term = self.term(what)
        else:
            (term,) = make_query([what]).terms
        if term.modality is Modality.TEXT:
            raise QueryError(
                "A text is words already.", "Give a picture, a sound, a video or a 3D model."
            )
        indexing.check_profile(self.catalogue, self.space)
        vector = self._vector(term)[None]
        (tags,) = self._tagger().tags(term.modality, vector, most)
        (caption,) = self._captions().captions(term.modality, vector)
        if own is not None and (beside := self._beside(own)) is not None:
            caption = Caption(beside.text, 1.0, (Voice(beside, 1.0),), own=True)
        return InWords(term.modality, tuple(tags), caption)

    def _vector(self, term: Term) -> Floats:
        vector, _ = self.searcher.vector([Term(term.media, 1.0)])
        return vector

    def _tagger(self) -> Tagger:
        """One for all libraries of a space."""
        with _LOCK:
            mark = self.space.fingerprint
            if mark not in _TAGGERS:
                _TAGGERS[mark] = Tagger(self.space, vocabulary())
            return _TAGGERS[mark]

    def _captions(self) -> Captioner:
        """For the library as it is now: its own sentences, and those that come with XMR.

        A captioner takes seconds and a hundred megabytes to make, and a run changes the library
        several times a second: so another one is made only where the sentences are others, and
        they are looked for only now and then while a run goes on.
        """
        with self._translating:
            now = (self.catalogue.generation, self.space.fingerprint)
            last = self._said if self._said and self._said.space == now[1] else None
            if last is not None and (last.now == now or self._rests(last)):
                return last.captioner
            begun = time.monotonic()
            own, vectors = self._sentences()
            same = last is not None and last.own == own
            captioner = last.captioner if last and same else self._with_stock(own, vectors)
            ended = time.monotonic()
            self._said = _Said(now, own, captioner, ended, ended - begun)
            return captioner

    def _rests(self, last: _Said) -> bool:
        rested = time.monotonic() - last.when > _REST * last.took
        return not rested and indexing.is_held(self.catalogue)

    def _with_stock(self, own: list[Sentence], vectors: Floats) -> Captioner:
        """The library's own sentences before those that come with XMR and are others."""
        stock = self._stock()
        if not own:
            return stock
        known = {sentence.text for sentence in own}
        kept = [place for place, one in enumerate(stock.sentences) if one.text not in known]
        said = [*own, *(stock.sentences[place] for place in kept)]
        return Captioner(said, np.concatenate([vectors, stock.vectors[kept]]))

    def _stock(self) -> Captioner:
        """Of the sentences that come with XMR: one for all libraries of a space."""
        with _LOCK:
            mark = self.space.fingerprint
            if mark not in _STOCK:
                said = sentences()
                _STOCK[mark] = Captioner(said, text_vectors(self.space, [s.text for s in said]))
            return _STOCK[mark]

    def _sentences(self) -> tuple[list[Sentence], Floats]:
        """The library's own captions: texts of one sentence, and its tables of captions."""
        found: dict[str, tuple[Sentence, Floats]] = {}
        short = Filters(modalities=frozenset({Modality.TEXT}), max_bytes=_BYTES)
        for item in self.catalogue.find(short, 0, _MOST):
            text = self._sentence(item)
            if text and text not in found:
                nos, joint = self.catalogue.item_vectors(item.id)
                if (nos == 0).any():
                    found[text] = Sentence(text, item.id), joint[nos == 0][0]
        listed = [s for s in self._listed() if s.text not in found][: _MOST - len(found)]
        rows = [vector for _, vector in found.values()]
        vectors = np.stack(rows) if rows else np.zeros((0, self.space.dim), np.float32)
        more = text_vectors(self.space, [sentence.text for sentence in listed])
        own = [sentence for sentence, _ in found.values()]
        return [*own, *listed], np.concatenate([vectors, more])

    def _listed(self) -> list[Sentence]:
        """Captions in tables named ``captions.csv`` at the top of the library's folders."""
        found: dict[str, Sentence] = {}
        tables = [root.path / MANIFEST for root in self.roots()]
        tables = [table for table in tables if table.is_file()]
        if not tables:
            return []
        items = {item.file: item.id for item in self.catalogue.find(Filters(), 0, _MOST)}
        for table in tables:
            with contextlib.suppress(ManifestError, OSError, csv.Error, UnicodeDecodeError):
                manifest = read_manifest(table)
                for path, texts in zip(manifest.paths, manifest.captions, strict=False):
                    for text in texts:
                        sentence = Sentence(text.strip(), items.get(path))
                        found.setdefault(sentence.text, sentence)
                        if len(found) >= _MOST:
                            return list(found.values())
        return list(found.values())

    def _sentence(self, item: Item) -> str:
        """The one sentence that a text is; "" where it is more or less than one."""
        if PurePosixPath(item.path).suffix.lower() not in _PLAIN_TEXT:
            return ""
        return one_sentence([part.text for part in self.catalogue.parts(item.id)])

    def _beside(self, item: Item) -> Sentence | None:
        """What a text with the item's name and of one sentence says of it."""
        path = PurePosixPath(item.path)
        near = Filters(
            modalities=frozenset({Modality.TEXT}),
            max_bytes=_BYTES,
            folder=str(item.root / path.parent) if str(path.parent) != "." else str(item.root),
        )
        for other in self.catalogue.find(near, 0, _MOST):
            there = PurePosixPath(other.path)
            if there.parent == path.parent and there.stem in (path.stem, path.name):
                text = self._sentence(other)
                if text:
                    return Sentence(text, other.id)
        return None


def one_sentence(passages: Sequence[str]) -> str:
    """The sentence that a text of these passages is; "" where it is not just one.

    >>> one_sentence(["A cat sleeps on the sofa."])
    'A cat sleeps on the sofa.'
    >>> one_sentence(["One. Two and three. Four."]), one_sentence([]), one_sentence(["hello"])
    ('', '', '')
    """
    text = " ".join(" ".join(passages).split()).lstrip("# ")
    words = text.split()
    if not 3 <= len(words) <= _LONGEST or re.search(r"[.!?]\s+\S", text):
        return ""
    return text
