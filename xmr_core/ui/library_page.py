"""The Library page: what there is, what goes on, and everything that can be done about it."""

import threading
import time
from dataclasses import asdict

from xmr_core.errors import LibraryError, LibraryExists, XMRError
from xmr_core.indexing import check_idle
from xmr_core.library import Library
from xmr_core.ui import (
    demo_job,
    duplicates,
    failures_markup,
    fields,
    folders,
    library_runs,
    profile_words,
    sheet_markup,
    shelf_markup,
    words_inside,
)
from xmr_core.ui.context import Action, Context, Plain
from xmr_core.ui.library_runs import Runs
from xmr_core.ui.page import Page
from xmr_core.ui.pieces import button

_FRESH = 5.0  # seconds for which a size on disk is good enough


def markup(context: Context) -> str:
    """The page before anything is known."""
    ghosts = '<li class="x-lib-ghost"></li>' * 2
    return (
        '<div class="x x-wrap x-lib"><section class="x-shelf" aria-labelledby="x-shelf-name">'
        '<div class="x-shelf-head"><h2 id="x-shelf-name">Libraries</h2>'
        f"{button('new', 'New library', 'plus')}</div>"
        f'<ul class="x-shelf-list" aria-busy="true">{ghosts}</ul></section>'
        '<div class="x-lib-sheet" data-main tabindex="-1" aria-busy="true"></div>'
        '<div class="x-sr" role="status" aria-live="polite" data-live></div></div>'
    )


def actions(context: Context) -> dict[str, Action]:
    """Everything that the page asks of the server."""
    return (
        LibraryPage(context).actions()
        | demo_job.actions(context)
        | duplicates.actions(context)
        | words_inside.library_actions(context)
    )


class LibraryPage:
    """The page's actions over a context."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.shelf = context.shelf
        self.jobs = context.jobs
        self.runs = Runs(context)
        # of each library: its identity and generation, when, bytes
        self._sizes: dict[str, tuple[tuple[int, int], float, int]] = {}
        self._lock = threading.Lock()

    def actions(self) -> dict[str, Action]:
        """By name."""
        return {
            "library-shelf": self.shelf_list,
            "library": self.sheet,
            "library-failures": self.failures,
            "library-check": self.check,
            "library-create": self.create,
            "library-rename": self.rename,
            "library-delete": self.delete,
            "library-salvage": self.salvage,
            "library-ignore": self.ignore,
            "library-watch": self.watch,
            "library-folders": self.folders,
            "library-places": self.places,
            "library-profiles": self.profiles,
            "library-profile": self.profile,
            "root-move": self.move_root,
            "root-remove": self.remove_root,
            **self.runs.actions(),
        }

    # -- what there is

    def shelf_list(self, _: Plain) -> Plain:
        """Every library as a card: ``{"html", "names", "start"}``."""
        names = self.shelf.names()
        # a demo under way is shown before it has a catalogue
        names = sorted({*names, *(job.library for job in self.jobs.active())})
        return {
            "html": "".join(map(self._card, names)),
            "names": names,
            "start": self.context.start,
        }

    def _card(self, name: str) -> str:
        job = self.jobs.get(name)
        state = job.state.value if job and job.active else ""
        try:
            library = self.shelf.get(name)
            counts, weight = library.counts(), self._size(library)
        except XMRError as error:
            problem = None if job and job.active else error
            return shelf_markup.card(name, {}, None, state=state, problem=problem)
        return shelf_markup.card(name, counts, weight, state=state)

    def sheet(self, payload: Plain) -> Plain:
        """One library: ``{"name", "html", "run", …}``; with an empty name, what to begin with."""
        name = fields.text(payload, "name")
        if not name:
            return {"name": "", "html": shelf_markup.no_libraries(), "run": None}
        run = self.runs.state(name)
        try:
            library = self.shelf.get(name)
            return {"name": name, "html": self._sheet(library), "run": run, **_about(library)}
        except XMRError as error:
            if run is not None and run["active"]:  # the demo before it has a catalogue
                html = sheet_markup.coming(name)
            else:
                html = sheet_markup.broken(name, error)
            return {"name": name, "html": html, "run": run}

    def _sheet(self, library: Library) -> str:
        done = next((run for run in library.catalogue.runs() if run.state == "done"), None)
        return sheet_markup.sheet(
            library.name,
            profile=(library.profile, profile_words.title(library.profile)),
            counts=library.counts(),
            weight=self._size(library),
            updated=done.finished if done else None,
            roots=library.roots(),
            ignore=library.patterns(),
            failures=library.failures(),
            read_only=library.catalogue.read_only,
            watched=library.watched,
            noticed=self.context.watches.latest(library.name),
        )

    def failures(self, payload: Plain) -> Plain:
        """The next files that could not be read: ``{"html"}``."""
        offset = fields.whole(payload, "offset", 0)
        library = self.shelf.get(fields.text(payload, "library"))
        read_only = library.catalogue.read_only
        return {"html": failures_markup.rows(library.failures(), offset, read_only)}

    def folders(self, payload: Plain) -> Plain:
        """One folder of this machine, for the picker."""
        return asdict(folders.listing(fields.text(payload, "path")))

    def places(self, _: Plain) -> Plain:
        """Where to begin; apart from the folders, since a disk on the network may take its time."""
        return {"places": folders.places()}

    def profiles(self, payload: Plain) -> Plain:
        """The profiles with fixed names, those fitted here, and models of OpenCLIP to try."""
        return {"profiles": profile_words.fixed(), "openclip": list(profile_words.SUGGESTED)}

    def profile(self, payload: Plain) -> Plain:
        """One profile by its name, in words; it may take some seconds."""
        return profile_words.described(fields.text(payload, "name"))

    # -- changing it

    def check(self, payload: Plain) -> Plain:
        """Whether a new library may have this name and this profile; raises why not."""
        name, profile = fields.text(payload, "name"), fields.text(payload, "profile")
        name = Library.check_name(name)
        if name in self.shelf.names():
            raise LibraryExists(f"There is a library '{name}' already.", "Choose another name.")
        profile_words.check_can_be_had(profile)
        return {}

    def create(self, payload: Plain) -> Plain:
        """A new library of a folder, and its first run."""
        name, where = fields.text(payload, "name"), fields.text(payload, "folder")
        profile = fields.text(payload, "profile") or "embedded"
        ignore = library_runs.patterns(payload)
        name, folder = Library.check_name(name), folders.given(where)
        profile_words.check_can_be_had(profile)
        library = self.shelf.create(name, profile)
        library.keep_patterns(ignore)
        return {"name": library.name, "run": self.runs.index(library, [str(folder)])}

    def rename(self, payload: Plain) -> Plain:
        """Another name for a library."""
        old, new = fields.text(payload, "library"), fields.text(payload, "name")
        self.jobs.check_idle(old)
        if old != new.strip():
            self.context.watches.cease(old)
            try:
                self.shelf.rename(old, new)
            except LibraryError:
                self.context.watches.follow(old)
                raise
            self.jobs.forget(old)
            self.context.watches.follow(new.strip())
        return {"name": new.strip()}

    def delete(self, payload: Plain) -> Plain:
        """Delete a library whose name has been typed."""
        name, typed = fields.text(payload, "library"), fields.text(payload, "typed")
        if typed.strip() != name:
            raise LibraryError(
                "The name that was typed is not the library's.", f"Type {name} to delete it."
            )
        self.jobs.check_idle(name)
        self.context.watches.cease(name)
        self.shelf.delete(name)
        self.jobs.forget(name)
        return {}

    def salvage(self, payload: Plain) -> Plain:
        """Save what can be read of a damaged library, and index the rest again."""
        name = fields.text(payload, "library")
        self.jobs.check_idle(name)
        library = self.shelf.salvage(name)
        return {"name": name, "run": self.runs.index(library)}

    def ignore(self, payload: Plain) -> Plain:
        """Patterns of what the next runs leave out."""
        patterns = library_runs.patterns(payload)
        self._changeable(payload).keep_patterns(patterns)
        return {}

    def watch(self, payload: Plain) -> Plain:
        """Have a library's folders watched, or not."""
        name, on = fields.text(payload, "library"), fields.truth(payload, "on")
        self.shelf.get(name).set_watched(on)
        self.context.watches.follow(name)
        return {}

    def move_root(self, payload: Plain) -> Plain:
        """Say where a folder is now."""
        root, where = fields.whole(payload, "root"), fields.text(payload, "folder")
        library = self._changeable(payload)
        library.move_root(root, folders.given(where))
        return {"run": self.runs.index(library)}

    def remove_root(self, payload: Plain) -> Plain:
        """Take a folder out of a library; its files stay."""
        root = fields.whole(payload, "root")
        self._changeable(payload).remove_root(root)
        return {}

    def _changeable(self, payload: Plain) -> Library:
        """A library on which nothing runs; raises LibraryBusy and LibraryReadOnly."""
        library = self.shelf.get(fields.text(payload, "library"))
        self.jobs.check_idle(library.name)
        check_idle(library.catalogue)
        return library

    def _size(self, library: Library) -> int:
        """Bytes on disk, looked up again when something changed, but not all the time."""
        stamp, now = (library.identity, library.catalogue.generation), time.monotonic()
        kept = self._sizes.get(library.name)
        recent = kept and kept[0][0] == stamp[0] and now - kept[1] < _FRESH
        if kept and (kept[0] == stamp or recent):
            return kept[2]
        weight = library.size_on_disk()
        with self._lock:
            self._sizes[library.name] = stamp, now, weight
        return weight


def _about(library: Library) -> Plain:
    return {"profile": library.profile, "read_only": library.catalogue.read_only}


PAGE = Page(
    "library",
    "Library",
    (
        *("picker", "profiles", "runs", "wizard", "shelf", "sheet", "alterations"),
        *("duplicates", "duplicatesfold", "library"),
    ),
    markup,
    actions,
)
