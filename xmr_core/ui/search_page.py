"""The Search page: its first markup and its actions."""

import secrets
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from xmr_core.errors import XMRError
from xmr_core.filters import Filters
from xmr_core.library import Library, make_query
from xmr_core.media import Modality
from xmr_core.profiles import describe_profile
from xmr_core.results import PRESENT, Results
from xmr_core.ui import (
    exporting,
    feedback,
    fields,
    folders,
    inside,
    keep,
    queries,
    query_form,
    searches,
    translation,
    words_inside,
)
from xmr_core.ui.cards import card
from xmr_core.ui.context import Action, Context, Plain
from xmr_core.ui.detail import detail
from xmr_core.ui.page import Page
from xmr_core.ui.reveal import reveal
from xmr_core.ui.search_markup import markup
from xmr_core.ui.words import ORDER
from xmr_core.wording import FIELDS

K = 24
K_COLUMN = 8  # hits of each medium, side by side
_EXAMPLES_FROM = 2000  # items of the demo library looked through


def actions(context: Context) -> Mapping[str, Action]:
    """What the page asks of the server."""
    engine = Engine(context)
    return {
        "search": engine.search,
        "search.warm": engine.warm,
        "search.status": engine.status,
        **exporting.actions(context),
        "search.examples": lambda payload: {"examples": examples(context, payload)},
        "search.folders": lambda payload: {"folders": known_folders(_libraries(context, payload))},
        "item.detail": lambda payload: _detail(context, payload),
        "item.path": lambda payload: {"path": str(_file(context, payload))},
        "item.reveal": lambda payload: _reveal(context, payload),
        **searches.actions(context),
        **keep.actions(context),
        **feedback.actions(context),
        **translation.actions(context),
        **inside.actions(context),
        **words_inside.item_actions(context),
    }


class Engine:
    """Searches; each library's encoders are read once, however many ask at the same time."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._ready: set[tuple[int, str]] = set()
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def search(self, payload: Plain) -> Plain:
        """``{query, k, offset, columns, remember}`` → cards; how many items were searched in."""
        stated = fields.record(payload, "query")
        asked = queries.asked(self._context, stated)
        for library in asked.libraries:
            self._prepare(library)
        columns = fields.truth(payload, "columns")
        k = fields.whole(payload, "k", K_COLUMN if columns else K, 1, queries.MAX_K)
        offset = fields.whole(payload, "offset", 0, 0, queries.MAX_OFFSET)
        remember = fields.truth(payload, "remember")
        held = sum(self._counts(asked.libraries).values())  # before: what comes later is news
        targets = [m for m in ORDER if m in (asked.filters.modalities or ORDER)]
        pages: dict[Modality | None, Results]
        if columns:
            counted = self._counts(asked.libraries)
            pages = {
                m: queries.answer(self._context, asked.only(m), k, offset)
                for m in targets
                if counted.get(m)
            }
        else:
            pages = {None: queries.answer(self._context, asked, k, offset)}
        if remember and offset == 0:
            searches.remember(asked.libraries[0], query_form.plain_query(stated))
        answer = _answer(pages, asked, k, offset)
        return answer | {"held": held, "refined": feedback.told(self._context, asked)}

    def warm(self, payload: Plain) -> Plain:
        """Read what the first search would wait for, unless it has to be downloaded first."""
        for library in _libraries(self._context, payload):
            if library.counts() and describe_profile(library.profile).download_bytes == 0:
                self._prepare(library)
        return {}

    def status(self, payload: Plain) -> Plain:
        """Whether the encoders of the libraries are read, and what has to be fetched for them."""
        libraries = _libraries(self._context, payload)
        waiting = [one for one in libraries if (one.identity, one.profile) not in self._ready]
        fetch = max(
            (describe_profile(one.profile).download_bytes or 0 for one in waiting), default=0
        )
        return {"ready": not waiting, "download": fetch}

    def _prepare(self, library: Library) -> None:
        key = (library.identity, library.profile)
        if key in self._ready:
            return
        with self._lock:
            lock = self._locks.setdefault(library.name, threading.Lock())
        with lock:
            if key not in self._ready:
                library.answer(make_query(["a"], k=1))
                self._ready.add(key)

    def _counts(self, libraries: Sequence[Library]) -> dict[Modality, int]:
        counts: dict[Modality, int] = {}
        for library in libraries:
            for modality, number in library.counts().items():
                counts[modality] = counts.get(modality, 0) + number
        return counts


def _answer(
    pages: Mapping[Modality | None, Results], asked: queries.Asked, k: int, offset: int
) -> Plain:
    words = asked.words
    groups = [
        {
            "modality": modality,
            "cards": [card(hit, words) for hit in page.hits],
            "total": page.total,
            "more": len(page.hits) == k and offset + k < min(page.total, queries.MAX_OFFSET),
            "nothing": page.probably_nothing,
        }
        for modality, page in pages.items()
    ]
    presence = {str(m): round(v, 4) for page in pages.values() for m, v in page.presence.items()}
    return {
        "groups": groups,
        "unknown": asked.unknown,
        "fields": ", ".join(FIELDS),
        "label": query_form.label(asked.terms),
        "total": sum(page.total for page in pages.values()),
        "shown": sum(len(page.hits) for page in pages.values()),
        "nothing": all(value < PRESENT for value in presence.values()),
        "presence": presence,
        "seconds": round(sum(sum(page.seconds.values()) for page in pages.values()), 4),
    }


def examples(context: Context, payload: Plain) -> list[Plain]:
    """First queries to try: the demo's own, or a few items of the chosen libraries."""
    from xmr_core.demo.library import NAME

    libraries = [one for one in _libraries(context, payload) if one.counts()]
    for library in libraries:
        if library.name == NAME and (found := _of_the_demo(library)):
            return found
    return [term for library in libraries[:1] for term in _samples(library)]


def _of_the_demo(library: Library) -> list[Plain]:
    from xmr_core.demo import EXAMPLES

    items = {item.path: item for item in library.items(Filters(), 0, _EXAMPLES_FROM)}
    listed: list[Plain] = []
    for example in EXAMPLES:
        if item := items.get(example):
            listed.append(queries.item_term(library.name, item))
        elif "/" not in example:
            listed.append({"kind": "text", "text": example, "weight": 1})
    return listed


def _samples(library: Library) -> list[Plain]:
    """One item of each medium, another one each time."""
    listed: list[Plain] = []
    for modality in ORDER:
        if number := library.counts().get(modality, 0):
            only = Filters(modalities=frozenset({modality}))
            found = library.items(only, secrets.randbelow(number), 1)
            listed += [queries.item_term(library.name, item) for item in found]
    return listed


def known_folders(libraries: Sequence[Library]) -> list[str]:
    """Folders to filter by: the libraries' own and the ones in them."""
    found: dict[str, None] = {}
    for library in libraries:
        for root in library.roots():
            found[str(root.path)] = None
            try:
                inside, _, _ = folders.within(root.path)
            except OSError:
                continue  # away for now
            found |= dict.fromkeys(path for _, path in inside)
    return list(found)[:300]


def _detail(context: Context, payload: Plain) -> Plain:
    number = fields.whole(payload, "no", 0, high=2**31)
    library, item_id = _named(context, payload)
    return {"html": detail(library.name, library.item(item_id), library.parts(item_id), number)}


def _reveal(context: Context, payload: Plain) -> Plain:
    path = _file(context, payload)
    if not context.local:
        raise XMRError("The file lies on the machine that XMR runs on.", f"Look there for {path}.")
    reveal(path)
    return {}


def _file(context: Context, payload: Plain) -> Path:
    library, item_id = _named(context, payload)
    return library.media_path(item_id)


def _named(context: Context, payload: Plain) -> tuple[Library, int]:
    item_id = fields.whole(payload, "id")
    return context.shelf.get(fields.text(payload, "library")), item_id


def _libraries(context: Context, payload: Plain) -> list[Library]:
    return [context.shelf.get(name) for name in fields.texts(payload, "libraries")]


PAGE = Page(
    "search",
    "Search",
    (
        *(
            "player",
            "viewer",
            "translation",
            "moments",
            "words",
            "detail",
            "sources",
            "sketchpad",
            "dropping",
            "query",
            "choices",
        ),
        *(
            "results",
            "items",
            "export",
            "begin",
            "keep",
            "keepshelf",
            "select",
            "feedback",
            "kept",
            "trail",
        ),
        "search",
    ),
    markup,
    actions,
)
