"""A library: folders of media, indexed under a name, searched by any medium."""

import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from xmr_core import indexing, readers
from xmr_core.catalogue import Catalogue, Failure, Root, Search, salvage
from xmr_core.errors import (
    LibraryError,
    LibraryExists,
    LibraryNotFound,
    LibraryReadOnly,
    QueryError,
    RootMissing,
)
from xmr_core.filters import Filters
from xmr_core.gallery import Gallery
from xmr_core.indexing import Control, Estimate, Progress
from xmr_core.media import Item, Media, Modality, Part, Text
from xmr_core.paths import indexes_dir
from xmr_core.profiles import describe_profile, load_profile
from xmr_core.search import Features, Query, Results, Searcher, Term, fuse
from xmr_core.space import JointSpace

_NAME = re.compile(r"[\w][\w .-]{0,63}")
_CATALOGUE = "catalogue.sqlite"
_THUMBS = (".webp", ".turn.webp")
_NAME_BYTES = 200  # of a name: folders may have 255, and files inside repeat nothing of it
_WINDOWS = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # devices there
# All that a library's folder holds of ours; whatever else lies in it is the user's.
_OURS = (f"{_CATALOGUE}*", "run.lock", "index", "thumbs")

What = str | Path | Media | Term


class Library:
    """One folder under ``indexes/``: a catalogue, its index files and its thumbnails.

    Open one with :meth:`open` or :meth:`create`; close it, or use it in a ``with`` block.

    >>> Library.check_name("My photos")
    'My photos'
    """

    def __init__(self, path: Path, space: JointSpace | None = None) -> None:
        self.path = path
        self.name = path.name
        self.catalogue = Catalogue(path / _CATALOGUE)
        self._space = space
        self._searcher: Searcher | None = None

    # -- opening and closing

    @staticmethod
    def check_name(name: str) -> str:
        """The name, if it can be a folder's on any system.

        Raises:
            LibraryError: it cannot.
        """
        name = name.strip()
        fits = _NAME.fullmatch(name) and len(name.encode("utf-8", "replace")) <= _NAME_BYTES
        if not fits or name.endswith(".") or _WINDOWS.fullmatch(name):
            raise LibraryError(
                f"'{name}' cannot be a library's name.",
                "Use up to 64 letters, digits, spaces, dots and hyphens, a letter or digit first.",
            )
        return name

    @classmethod
    def create(
        cls,
        name: str,
        profile: str = "embedded",
        home: Path | None = None,
        space: JointSpace | None = None,
    ) -> Self:
        """Make an empty library.

        Args:
            name: its folder's name.
            profile: see :data:`xmr_core.profiles.PROFILES`.
            home: the folder of libraries; the default one if None.
            space: use this joint space instead of loading the profile.

        Raises:
            LibraryExists: there is one of that name.
            UnknownProfile: there is no such profile.
            LibraryReadOnly, DiskFull: it cannot be written.
        """
        path = (home or indexes_dir()) / cls.check_name(name)
        if (path / _CATALOGUE).exists():
            raise LibraryExists(f"There is a library '{name}' already.", "Choose another name.")
        if space is None:
            describe_profile(profile)
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise indexing.os_error(error, path) from error
        library = cls(path, space)
        library.catalogue.set_meta("profile", profile)
        return library

    @classmethod
    def open(cls, name: str, home: Path | None = None, space: JointSpace | None = None) -> Self:
        """Open a library that exists.

        Raises:
            LibraryNotFound: there is none of that name.
        """
        return cls(cls._existing_path(name, home), space)

    @classmethod
    def _existing_path(cls, name: str, home: Path | None) -> Path:
        path = (home or indexes_dir()) / cls.check_name(name)
        if not (path / _CATALOGUE).exists():
            there = cls.names(home)
            raise LibraryNotFound(
                f"There is no library '{name}'.",
                f"There are: {', '.join(there)}."
                if there
                else f"Make it: xmr index FOLDER --library '{name}', or xmr demo.",
            )
        return path

    @staticmethod
    def names(home: Path | None = None) -> list[str]:
        """The names of all libraries, sorted."""
        try:
            folders = list((home or indexes_dir()).iterdir())
        except OSError:  # none was made yet
            return []
        return sorted(p.name for p in folders if os.path.isfile(p / _CATALOGUE))  # noqa: PTH113 - never raises

    def close(self) -> None:
        """Let go of the catalogue."""
        self.catalogue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- the space

    @property
    def profile(self) -> str:
        """The name of the profile that the library is bound to."""
        return self.catalogue.meta("profile") or "embedded"

    @property
    def space(self) -> JointSpace:
        """The profile's joint space, loaded on first use."""
        if self._space is None:
            self._space = load_profile(self.profile)
        return self._space

    def set_profile(self, name: str, control: Control | None = None) -> Iterator[Progress]:
        """Bring the library into another profile.

        Where only heads differ, the stored features are projected anew and no file is read;
        what they do not cover is encoded again. The library stays in its former profile, and
        is searched there, until all is done; cancelled, it goes on from there when it is
        called again.

        Args:
            name: of the profile.
            control: pauses and cancels.

        Yields:
            progress, the loading of the profile first.

        Raises:
            ModelError: the profile cannot be had; the library stays as it was.
            LibraryBusy: another run holds the library.
        """
        indexing.check_idle(self.catalogue)
        control = control or Control()
        space = yield from self._load(name, control)
        if space is None:
            return
        last = Progress("done")
        if self.catalogue.meta("fingerprint") is None:  # nothing to carry over
            yield last
        else:
            for last in self._run(space, [root.path for root in self.roots()], control):
                if last.stage != "done":
                    yield last
        if last.stage == "done":
            self.catalogue.set_meta("profile", name)
            self._space, self._searcher = space, None
            yield last

    def _load(self, name: str, control: Control) -> Generator[Progress, None, JointSpace | None]:
        """Load a profile, fetching what is missing; None, and a last event, if cancelled."""
        space = yield from indexing.follow(lambda tell: load_profile(name, tell), "load", control)
        if space is None:
            yield Progress("cancelled")
        return space

    # -- folders and runs

    def roots(self) -> list[Root]:
        """The folders that the library holds."""
        return self.catalogue.roots()

    def add_root(self, folder: Path | str) -> Root:
        """Register a folder; :meth:`index` then reads it.

        Raises:
            RootMissing: there is no such folder.
            LibraryError: it is a file, or belongs to a library.
        """
        return self.catalogue.add_root(_media_folder(folder))

    def remove_root(self, root_id: int) -> None:
        """Forget a folder and what was found in it; its files stay where they are."""
        for item_id in self.catalogue.remove_root(root_id):
            for end in _THUMBS:
                (self.path / "thumbs" / f"{item_id}{end}").unlink(missing_ok=True)

    def move_root(self, root_id: int, folder: Path | str) -> None:
        """The same folder at a new place: nothing is read again.

        Raises:
            RootMissing: there is no such folder.
            LibraryError: it is a file, belongs to a library, or overlaps another root.
        """
        self.catalogue.move_root(root_id, _media_folder(folder))

    def estimate(
        self,
        *folders: Path | str,
        ignore: Sequence[str] | None = None,
        control: Control | None = None,
        tell: Callable[[int, str], None] | None = None,
    ) -> Estimate:
        """What a run over the folders (all roots if none) would find and cost.

        Args:
            folders: new ones are only looked at, not registered.
            ignore: patterns in the syntax of gitignore; those that were kept if None.
            control: cancels.
            tell: called now and then with the number of files seen and a path.

        Raises:
            RootMissing: a new folder is not there.
        """
        # An estimate is not worth a download: without it, the library is taken as up to date
        # with its profile.
        here = self._space is not None or describe_profile(self.profile).download_bytes == 0
        return indexing.estimate(
            self.catalogue,
            self.space if here else None,
            self._folders(folders),
            ignore=self.patterns() if ignore is None else ignore,
            control=control,
            tell=tell,
        )

    @staticmethod
    def preview(
        *folders: Path | str,
        ignore: Sequence[str] = (),
        control: Control | None = None,
        tell: Callable[[int, str], None] | None = None,
    ) -> Estimate:
        """What a new library of folders would hold and cost; as :meth:`estimate`."""
        with (
            tempfile.TemporaryDirectory(prefix="xmr-") as place,
            Catalogue(Path(place) / _CATALOGUE) as catalogue,
        ):
            where = [_resolved(folder) for folder in folders]
            return indexing.estimate(
                catalogue, None, where, ignore=ignore, control=control, tell=tell
            )

    def index(
        self,
        *folders: Path | str,
        control: Control | None = None,
        ignore: Sequence[str] | None = None,
        accept_loss: bool = False,
    ) -> Generator[Progress, None, None]:
        """Index folders (all roots if none), registering new ones.

        Args:
            folders: roots, folders inside them, or new ones.
            control: pauses and cancels.
            ignore: patterns in the syntax of gitignore, relative to each root, kept for the
                runs to come; those that were kept if None.
            accept_loss: mark files as gone even where a root is empty or has shrunk sharply.

        Yields:
            progress; the run happens while it is iterated.

        Raises:
            LibraryBusy: another run holds the library.
            ModelError: the profile cannot be had.
            DiskFull: no space left; what was committed stays.
        """
        control = control or Control()
        for folder in folders:
            self.add_root(folder)
        if self._space is None:
            space = yield from self._load(self.profile, control)
            if space is None:
                return
            self._space = space
        if ignore is not None:
            self.keep_patterns(ignore)
        yield from self._run(self._space, self._folders(folders), control, accept_loss)

    def patterns(self) -> list[str]:
        """What runs leave out, in the syntax of gitignore."""
        return list(json.loads(self.catalogue.meta("ignore") or "[]"))

    def keep_patterns(self, ignore: Sequence[str]) -> None:
        """Leave out what these patterns say from the next run on."""
        if list(ignore) != self.patterns():
            self.catalogue.set_meta("ignore", json.dumps(list(ignore)))

    def _run(
        self,
        space: JointSpace,
        folders: Sequence[Path],
        control: Control,
        accept_loss: bool = False,
    ) -> Iterator[Progress]:
        yield from indexing.index_run(
            self.catalogue,
            space,
            folders,
            control=control,
            thumbs=self.path / "thumbs",
            ignore=self.patterns(),
            accept_loss=accept_loss,
        )

    def failures(self) -> list[Failure]:
        """The files that could not be indexed, with reasons."""
        return self.catalogue.failures()

    def retry_failures(self, ids: Sequence[int] | None = None) -> None:
        """Let the next run try failed files again, all of them if no ids are given."""
        self.catalogue.retry(ids)

    def _folders(self, folders: Sequence[Path | str]) -> list[Path]:
        if folders:
            return [_resolved(folder) for folder in folders]
        return [root.path for root in self.roots()]

    # -- searching

    @property
    def searcher(self) -> Searcher:
        """The engine that answers queries."""
        if self._searcher is None:
            gallery = Gallery(self.catalogue, self.space, self.path / "index")
            self._searcher = Searcher(self.name, self.catalogue, self.space, gallery)
        return self._searcher

    def search(
        self,
        *what: What,
        minus: Sequence[What] = (),
        to: Sequence[Modality | str] = (),
        k: int = 24,
        offset: int = 0,
        filters: Filters | None = None,
        corrected: bool = True,
    ) -> Results:
        """Search by any media.

        Args:
            what: words (str), files (Path), media or weighted terms.
            minus: the same, subtracted.
            to: target modalities, all if empty.
            k, offset: how many hits, after how many.
            filters: which items may answer.
            corrected: with hubness correction.

        Raises:
            QueryError: nothing to look for, or a medium that the profile does not cover.
            MediaError: a file that cannot be read.
        """
        return self.answer(make_query(what, minus, to, k, offset, filters, corrected))

    def answer(self, query: Query) -> Results:
        """Answer a prepared query.

        Raises:
            ProfileMismatch: the library's vectors belong to another profile.
        """
        indexing.check_profile(self.catalogue, self.space)
        return self.searcher.search(query)

    def term(self, item_id: int, weight: float = 1.0) -> Term:
        """An item of this library as a term of a query, without reading its file again."""
        item = self.item(item_id)
        vector, fingerprint = self.catalogue.feature(item_id)
        return Term(Features(item.modality, vector, fingerprint), weight, item.title)

    def more_like(self, item_id: int, k: int = 24, **options: Any) -> Results:
        """Items like this one, itself left out; options as for :meth:`search`."""
        found = self.search(self.term(item_id), k=k + 1, **options)
        hits = tuple(hit for hit in found.hits if hit.item.id != item_id)[:k]
        return Results(hits, found.total, found.presence, found.seconds)

    # -- items and their files

    def item(self, item_id: int) -> Item:
        """One item.

        Raises:
            LibraryError: no such item.
        """
        items = self.catalogue.items([item_id])
        if not items:
            raise LibraryError(f"{self.name} has no item {item_id}.", "Search again.")
        return items[0]

    def items(
        self, filters: Filters | None = None, offset: int = 0, limit: int = 100
    ) -> list[Item]:
        """Items in order of their paths."""
        return self.catalogue.find(filters or Filters(), offset, limit)

    def parts(self, item_id: int) -> list[Part]:
        """An item's coarse parts."""
        return self.catalogue.parts(item_id)

    def counts(self) -> dict[Modality, int]:
        """Items by modality, missing ones left out."""
        return self.catalogue.counts()

    def media_path(self, item_id: int) -> Path:
        """An item's file, only if it really lies inside the root it was found in.

        Raises:
            LibraryError: no such item, the file is gone, or a link leads out of the root.
        """
        item = self.item(item_id)
        try:
            path, root = item.file.resolve(strict=True), item.root.resolve(strict=True)
        except (OSError, RuntimeError) as error:  # the latter of a loop of links, before 3.13
            raise LibraryError(
                f"{item.title} is not where it was.", "Index its folder again."
            ) from error
        if not path.is_relative_to(root) or not path.is_file():
            raise LibraryError(f"{item.title} lies outside its folder.", "Index its folder again.")
        return path

    def thumbnail(self, item_id: int) -> Path | None:
        """The picture of an item for cards, or None where none could be made."""
        return _existing(self.path / "thumbs" / f"{int(item_id)}.webp")

    def turntable(self, item_id: int) -> Path | None:
        """The strip of views of a mesh, or None."""
        return _existing(self.path / "thumbs" / f"{int(item_id)}.turn.webp")

    # -- keeping

    def save_search(self, name: str, query: dict[str, Any]) -> int:
        """Keep a search under a name; ``query`` is plain data of the caller's own form."""
        return self.catalogue.save_search(name, query)

    def saved_searches(self) -> list[Search]:
        """The searches that were kept, newest first."""
        return self.catalogue.saved_searches()

    def forget_search(self, search_id: int) -> None:
        """Drop a kept search or an entry of the history."""
        self.catalogue.forget_search(search_id)

    def remember(self, query: dict[str, Any]) -> None:
        """Add a search to the history."""
        self.catalogue.remember(query)

    def history(self, limit: int = 50) -> list[Search]:
        """The latest searches, newest first."""
        return self.catalogue.history(limit)

    def size_on_disk(self) -> int:
        """Bytes that the library takes, the user's own files not counted."""
        total = 0
        for file in self.path.rglob("*"):
            with suppress(OSError):  # files of a run in progress come and go
                total += file.stat().st_size
        return total

    def rename(self, name: str) -> None:
        """Give the library another name.

        Raises:
            LibraryExists: the name is taken.
            LibraryBusy: a run holds it.
            LibraryReadOnly: its folder cannot be renamed.
        """
        target = self.path.with_name(self.check_name(name))
        if target.exists():
            raise LibraryExists(f"There is a library '{name}' already.", "Choose another name.")
        indexing.check_idle(self.catalogue)
        self.catalogue.close()
        try:
            self.path.rename(target)
            self.path, self.name = target, target.name
        except OSError as error:
            raise indexing.os_error(error, self.path) from error
        finally:
            self.catalogue = Catalogue(self.path / _CATALOGUE)
            self._searcher = None

    def delete(self) -> None:
        """Delete the library; the user's own files are not touched.

        Raises:
            LibraryBusy: a run holds it.
            LibraryReadOnly: its folder cannot be written.
        """
        indexing.check_idle(self.catalogue)
        self.catalogue.close()
        self.discard(self.name, self.path.parent)

    @classmethod
    def discard(cls, name: str, home: Path | None = None) -> None:
        """Delete a library that cannot be opened, being damaged or too new.

        What lies in its folder and is not the library's stays, and the folder with it.

        Raises:
            LibraryNotFound: there is none of that name.
            LibraryBusy: a run holds it.
            LibraryReadOnly: its folder cannot be written.
        """
        path = cls._existing_path(name, home)
        with indexing.held(path):
            pass
        try:
            for pattern in _OURS:
                for ours in path.glob(pattern):
                    if ours.is_dir() and not ours.is_symlink():
                        shutil.rmtree(ours)
                    else:
                        ours.unlink(missing_ok=True)
            if not any(path.iterdir()):
                path.rmdir()
        except OSError as error:
            raise LibraryReadOnly(
                f"{error.filename or path} cannot be deleted ({error.strerror or error}).",
                "Give yourself write permission on it, then delete the library again.",
            ) from error

    @classmethod
    def salvage(cls, name: str, home: Path | None = None) -> dict[str, int]:
        """Save what can be read of a damaged catalogue; see :func:`xmr_core.catalogue.salvage`.

        Args:
            name: of a library that nobody has open.
            home: the folder of libraries; the default one if None.

        Returns:
            rows kept, by table; the next run encodes what was lost.
        """
        path = cls._existing_path(name, home)
        with indexing.held(path):
            return salvage(path / _CATALOGUE)


def make_query(
    what: Sequence[What],
    minus: Sequence[What] = (),
    to: Sequence[Modality | str] = (),
    k: int = 24,
    offset: int = 0,
    filters: Filters | None = None,
    corrected: bool = True,
) -> Query:
    """A query from words, files, media and terms; see :meth:`Library.search`."""
    terms = [_term(w) for w in what]
    terms += [replace(t, weight=-abs(t.weight)) for t in map(_term, minus)]
    filters = filters or Filters()
    if to:
        try:
            filters = replace(filters, modalities=frozenset(Modality(m) for m in to))
        except ValueError as error:
            raise QueryError(
                f"{error}.", f"The media are: {', '.join(sorted(Modality))}."
            ) from error
    return Query(tuple(terms), filters, k, offset, corrected)


def _term(what: What) -> Term:
    if isinstance(what, Term):
        return what
    if isinstance(what, Path):
        return Term(readers.read(what), label=what.name)
    if isinstance(what, str):
        # Half a character, as a terminal of another encoding sends, is none.
        words = what.encode("utf-8", "replace").decode("utf-8").strip()
        if not words:
            raise QueryError("The query is empty.", "Type some words or give a file.")
        return Term(Text(words), label=words)
    return Term(what)


def search_libraries(libraries: Sequence[Library], query: Query) -> Results:
    """The same query on several libraries, as one list fused by standard score."""
    wide = replace(query, k=query.offset + query.k, offset=0)
    return fuse([library.answer(wide) for library in libraries], query.k, query.offset)


def _resolved(folder: Path | str) -> Path:
    """Absolute, without links and ``~``."""
    try:
        return Path(folder).expanduser().resolve()
    except (OSError, RuntimeError, ValueError) as error:  # a loop, no such user, a zero byte
        raise RootMissing(f"There is no folder {folder}.", "Check its path.") from error


def _media_folder(folder: Path | str) -> Path:
    """A folder of media as roots are kept: absolute, without links."""
    path = _resolved(folder)
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except PermissionError as error:
        raise LibraryError(
            f"{path} cannot be opened (permission denied).", "Give yourself permission to read it."
        ) from error
    except OSError as error:
        raise RootMissing(
            f"There is no folder {path}.", "Check its path, or connect its disk."
        ) from error
    if not is_folder:
        raise LibraryError(f"{path} is not a folder.", "Give the path of an existing folder.")
    if any((place / _CATALOGUE).is_file() for place in (path, *path.parents)):
        raise LibraryError(f"{path} belongs to a library.", "Choose another folder.")
    return path


def _existing(path: Path) -> Path | None:
    return path if path.is_file() else None
