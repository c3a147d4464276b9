"""Failures, runs and searches."""

import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from xmr_core.catalogue.changes import Changes
from xmr_core.catalogue.database import inserted
from xmr_core.catalogue.records import Failure, Run, Search
from xmr_core.media import Modality

_HISTORY = 500  # searches remembered


class Journal(Changes):
    """What happened: failures, runs, searches."""

    # -- failures

    def failures(self) -> list[Failure]:
        """What could not be indexed, newest first."""
        rows = self._db.rows(
            "SELECT f.id, r.path, f.path, f.kind, f.modality, f.reason, f.hint, f.at"
            " FROM failures f JOIN roots r ON r.id = f.root_id ORDER BY f.at DESC, f.id DESC"
        )
        return [
            Failure(
                id,
                Path(os.fsdecode(root)),
                os.fsdecode(path),
                kind,
                Modality(modality) if modality else None,
                reason,
                hint,
                when,
            )
            for id, root, path, kind, modality, reason, hint, when in rows
        ]

    def add_failure(
        self,
        root_id: int,
        path: str,
        kind: str,
        reason: str,
        hint: str = "",
        *,
        modality: Modality | None = None,
        size: int = -1,
        mtime_ns: int = -1,
    ) -> None:
        """Keep what went wrong with a file or folder.

        An item that was known at that path, with another content, is no longer found.
        """
        where_ = (root_id, os.fsencode(path))
        with self._db.write() as db:
            db.execute(
                "INSERT OR REPLACE INTO failures"
                " (root_id, path, kind, modality, size, mtime_ns, reason, hint, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*where_, kind, modality or "", size, mtime_ns, reason, hint, time.time()),
            )
            stale = db.execute(
                "SELECT id FROM items WHERE root_id = ? AND path = ? AND missing = 0"
                " AND (size != ? OR mtime_ns != ?)",
                (*where_, size, mtime_ns),
            ).fetchall()
            self.set_missing([id for (id,) in stale], True)

    def retry(self, ids: Sequence[int] | None = None) -> None:
        """Let the next run try failed files again, all of them if no ids are given."""
        with self._db.write() as db:
            db.execute(
                "UPDATE failures SET size = -1, mtime_ns = -1"
                " WHERE ? IS NULL OR id IN (SELECT value FROM json_each(?))",
                (None if ids is None else 1, json.dumps([int(i) for i in ids or ()])),
            )

    def forget_failures(self, ids: Iterable[int]) -> None:
        """Drop failures whose files are gone or work now."""
        values = [(int(id),) for id in ids]
        if values:
            with self._db.write() as db:
                db.executemany("DELETE FROM failures WHERE id = ?", values)

    # -- runs

    def start_run(self) -> int:
        """Note that a run of this process has begun; runs left by dead processes end here."""
        with self._db.write() as db:
            db.execute("UPDATE runs SET state = 'failed' WHERE state = 'running'")
            id = inserted(
                db,
                "INSERT INTO runs (pid, started, state, progress) VALUES (?, ?, 'running', '{}')",
                (os.getpid(), time.time()),
            )
        return id

    def save_run(self, id: int, progress: Mapping[str, Any], state: str = "running") -> None:
        """Note how far a run is, and its end if ``state`` says so."""
        with self._db.write() as db:
            db.execute(
                "UPDATE runs SET progress = ?, state = ?, finished = ? WHERE id = ?",
                (json.dumps(progress), state, None if state == "running" else time.time(), id),
            )

    def runs(self, limit: int = 20) -> list[Run]:
        """The latest runs, newest first."""
        rows = self._db.rows(
            "SELECT id, pid, started, finished, state, progress FROM runs ORDER BY id DESC LIMIT ?",
            (limit,),
        )
        return [
            Run(id, pid, started, finished, state, json.loads(progress))
            for id, pid, started, finished, state, progress in rows
        ]

    # -- searches

    def remember(self, query: Mapping[str, Any]) -> None:
        """Add a search to the history; the same one again only moves to the front."""
        text = json.dumps(query, sort_keys=True)
        with self._db.write() as db:
            db.execute("DELETE FROM searches WHERE name IS NULL AND query = ?", (text,))
            db.execute("INSERT INTO searches (at, query) VALUES (?, ?)", (time.time(), text))
            db.execute(
                "DELETE FROM searches WHERE name IS NULL AND id NOT IN (SELECT id FROM searches"
                " WHERE name IS NULL ORDER BY id DESC LIMIT ?)",
                (_HISTORY,),
            )

    def history(self, limit: int = 50) -> list[Search]:
        """The latest searches, newest first."""
        return self._searches("name IS NULL", limit)

    def save_search(self, name: str, query: Mapping[str, Any]) -> int:
        """Keep a search under a name; its id."""
        with self._db.write() as db:
            id = inserted(
                db,
                "INSERT INTO searches (at, name, query) VALUES (?, ?, ?)",
                (time.time(), name, json.dumps(query, sort_keys=True)),
            )
        return id

    def saved_searches(self) -> list[Search]:
        """The searches kept under names, newest first."""
        return self._searches("name IS NOT NULL", -1)

    def forget_search(self, id: int) -> None:
        """Drop a kept search or an entry of the history."""
        with self._db.write() as db:
            db.execute("DELETE FROM searches WHERE id = ?", (id,))

    def _searches(self, condition: str, limit: int) -> list[Search]:
        rows = self._db.rows(
            f"SELECT id, name, query, at FROM searches WHERE {condition}"  # noqa: S608
            " ORDER BY id DESC LIMIT ?",
            (limit,),
        )
        return [Search(id, name, json.loads(query), when) for id, name, query, when in rows]
