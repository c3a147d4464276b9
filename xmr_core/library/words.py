"""Words inside a library's media: looked for, listed, searched."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xmr_core import indexing
from xmr_core.catalogue import Line
from xmr_core.errors import QueryError
from xmr_core.indexing import Control, Progress, Work
from xmr_core.library.items import Items
from xmr_core.media import Item
from xmr_core.results import Matched
from xmr_core.wording import excerpt, parse

if TYPE_CHECKING:
    from xmr_core.words import Speech

_LISTENER = "listener"


@dataclass(frozen=True, slots=True)
class LookedInto:
    """How far a work has come.

    Attributes:
        name: a key of :data:`xmr_core.words.WORKS`.
        done: items that were looked into.
        waiting: items that were not.
        failed: (item, reason) of those that could not be.
    """

    name: str
    done: int
    waiting: int
    failed: tuple[tuple[Item, str], ...]


@dataclass(frozen=True, slots=True)
class Holding:
    """An item that holds words that were looked for, and where."""

    item: Item
    matched: Matched


class Words(Items):
    """Looking for words, and finding by them alone."""

    @property
    def listener(self) -> str:
        """The name of what hears speech here: the one that was chosen last."""
        from xmr_core.words import USUAL

        return self.catalogue.meta(_LISTENER) or USUAL

    def look(
        self,
        names: Sequence[str] = (),
        control: Control | None = None,
        *,
        again: bool = False,
        hearing: str | None = None,
    ) -> Iterator[Progress]:
        """Look for words inside the items that were not looked into.

        Args:
            names: of works; all of them if empty.
            control: pauses and cancels; what was found stays.
            again: try those once more that could not be looked into.
            hearing: the name of a listener, kept for the passes to come; sounds that another
                one listened to are heard again.

        Raises:
            QueryError: there is no such work, or no such listener.
            LibraryBusy: a run holds the library.
            ModelError: the listener cannot be had.
        """
        from xmr_core.words import Speech, listener, works

        control = control or Control()
        speech = Speech(listener(hearing or self.listener), control)
        chosen = works(names, speech)
        indexing.check_idle(self.catalogue)
        if hearing:
            self.catalogue.set_meta(_LISTENER, hearing)
        if again:
            for work in chosen:
                self.catalogue.look_again(work.name)
        return self._look(chosen, speech, control)

    def _look(
        self, chosen: Sequence[Work], speech: "Speech", control: Control
    ) -> Generator[Progress, None, None]:
        """Fetch what the listener lacks, if it is needed; then look."""
        if speech in chosen and self._waiting(speech):

            def ready(tell: Callable[[int, int], None]) -> bool:
                speech.listener.prepare(tell)
                return True

            if not (yield from indexing.follow(ready, "load", control)):
                yield Progress("cancelled")
                return
        for event in indexing.look(self.catalogue, chosen, control):
            yield replace(event, current=speech.now or event.current)

    def _waiting(self, work: Work) -> int:
        return len(self.catalogue.unlooked(work.name, work.version, work.modalities))

    def looked_into(self, hearing: str | None = None) -> list[LookedInto]:
        """How far each work has come.

        Args:
            hearing: the name of a listener, in place of the one that was chosen last.

        Raises:
            QueryError: there is no such listener.
        """
        from xmr_core.words import Speech, listener, works

        states = []
        for work in works(speech=Speech(listener(hearing or self.listener))):
            done, failed = self.catalogue.looked(work.name, work.version)
            items = {item.id: item for item in self.catalogue.items([id for id, _ in failed])}
            reasons = tuple((items[id], reason) for id, reason in failed if id in items)
            states.append(LookedInto(work.name, done, self._waiting(work), reasons))
        return states

    def lines(self, item_id: int) -> list[Line]:
        """The words inside an item and about it."""
        return self.catalogue.lines(item_id)

    def find_words(self, typed: str, limit: int = 100) -> list[Holding]:
        """Items by the words in them, those that hold most first.

        Args:
            typed: words, ``"exact phrases"``, ``field:words`` (see :mod:`xmr_core.wording`).
            limit: items at most.

        Raises:
            QueryError: nothing is looked for.
        """
        wording = parse(typed)
        if not wording.words and not wording.required:
            raise QueryError("There are no words to look for.", "Type some.")
        said = self.catalogue.find_words(wording, limit)
        items = {item.id: item for item in self.catalogue.items([s.item for s in said])}
        return [
            Holding(
                items[s.item],
                Matched(s.field, *excerpt(s.text, wording.wanted), s.low, s.high, s.label, s.no),
            )
            for s in said
            if s.item in items
        ]
