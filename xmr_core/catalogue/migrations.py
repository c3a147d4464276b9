"""The catalogue's schema, one numbered step after another.

Each step runs in one transaction together with the raising of ``user_version``, so that a
process killed in between leaves the former schema. Steps are never edited once released:
a change is a new step.
"""

import sqlite3
from collections.abc import Callable

# Ids of items and rows of vectors are never used twice (AUTOINCREMENT): thumbnails and
# indexes are named by them.
_FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Paths are the bytes the system gave: names need not be valid UTF-8, and a range of
-- bytes finds everything below a folder without any LIKE to escape.
CREATE TABLE roots (id INTEGER PRIMARY KEY AUTOINCREMENT, path BLOB NOT NULL UNIQUE);

CREATE TABLE items (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    root_id INTEGER NOT NULL REFERENCES roots (id) ON DELETE CASCADE,
    path BLOB NOT NULL,
    modality TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    hash TEXT NOT NULL,
    title TEXT NOT NULL,
    seconds REAL,
    facts TEXT NOT NULL,
    missing INTEGER NOT NULL DEFAULT 0,
    indexed_at REAL NOT NULL,
    UNIQUE (root_id, path)
);
CREATE INDEX items_by_modality ON items (modality, missing);
CREATE INDEX items_by_hash ON items (hash);

CREATE TABLE parts (
    row INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    no INTEGER NOT NULL,
    label TEXT NOT NULL,
    low BLOB NOT NULL,
    high BLOB NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (item_id, no)
);
CREATE VIRTUAL TABLE passages USING fts5 (
    text, content = 'parts', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER passages_in AFTER INSERT ON parts WHEN new.text != '' BEGIN
    INSERT INTO passages (rowid, text) VALUES (new.row, new.text);
END;
CREATE TRIGGER passages_out AFTER DELETE ON parts WHEN old.text != '' BEGIN
    INSERT INTO passages (passages, rowid, text) VALUES ('delete', old.row, old.text);
END;

-- Of encoders and of joint spaces.
CREATE TABLE fingerprints (id INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE);

-- What encoders gave, float16; apart from the joint vectors, which are read far more often.
CREATE TABLE features (
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    encoder INTEGER NOT NULL REFERENCES fingerprints (id),
    no INTEGER NOT NULL,
    feature BLOB NOT NULL,
    UNIQUE (item_id, encoder, no)
);
-- Joint vectors, float16. Two spaces lie side by side while a library changes its profile.
CREATE TABLE vectors (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    space INTEGER NOT NULL REFERENCES fingerprints (id),
    modality TEXT NOT NULL,
    no INTEGER NOT NULL,
    joint BLOB NOT NULL,
    UNIQUE (item_id, space, no)
);
CREATE INDEX vectors_by_modality ON vectors (space, modality);

CREATE TABLE failures (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    root_id INTEGER NOT NULL REFERENCES roots (id) ON DELETE CASCADE,
    path BLOB NOT NULL,
    kind TEXT NOT NULL,
    modality TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    reason TEXT NOT NULL,
    hint TEXT NOT NULL,
    at REAL NOT NULL,
    UNIQUE (root_id, path)
);

CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pid INTEGER NOT NULL,
    started REAL NOT NULL,
    finished REAL,
    state TEXT NOT NULL,
    progress TEXT NOT NULL
);

CREATE TABLE searches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    name TEXT,
    query TEXT NOT NULL
);
CREATE INDEX searches_by_name ON searches (name);
"""

# Everything that is found out about an item after it was indexed, or said of it by people.
_SECOND = """
-- Words inside media that are no texts, and beside them: one row a line of writing, an
-- utterance, a tag. The passages of texts are parts. Rows of the fields note and tag are the
-- user's own and outlive the item's content; all others are made again from it.
CREATE TABLE lines (
    row INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    field TEXT NOT NULL,
    low BLOB NOT NULL DEFAULT x'',
    high BLOB NOT NULL DEFAULT x'',
    text TEXT NOT NULL,
    confidence REAL NOT NULL DEFAULT 1
);
CREATE INDEX lines_by_item ON lines (item_id, field);
CREATE INDEX tags ON lines (text, item_id) WHERE field = 'tag';
CREATE VIRTUAL TABLE writings USING fts5 (
    text, content = 'lines', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER writings_in AFTER INSERT ON lines BEGIN
    INSERT INTO writings (rowid, text) VALUES (new.row, new.text);
END;
CREATE TRIGGER writings_out AFTER DELETE ON lines BEGIN
    INSERT INTO writings (writings, rowid, text) VALUES ('delete', old.row, old.text);
END;

-- What has looked into an item already, in which version, and why it gave nothing.
CREATE TABLE looked (
    id INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    work TEXT NOT NULL,
    version TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    at REAL NOT NULL,
    UNIQUE (item_id, work)
);

-- Fingerprints of how an item looks or sounds, to find near-duplicates by.
CREATE TABLE prints (
    id INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    no INTEGER NOT NULL,
    print BLOB NOT NULL,
    UNIQUE (item_id, kind, no)
);

-- What belongs together, by kind: neighbours in the joint space, one folder, one stem …
CREATE TABLE links (
    id INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    other_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    weight REAL NOT NULL,
    UNIQUE (item_id, other_id, kind)
);
CREATE INDEX links_by_other ON links (other_id);

-- The user's own: named queries by example, and collections of items.
CREATE TABLE concepts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    at REAL NOT NULL,
    query TEXT NOT NULL
);
CREATE TABLE collections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    at REAL NOT NULL
);
CREATE TABLE collected (
    id INTEGER PRIMARY KEY,
    collection_id INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    at REAL NOT NULL,
    UNIQUE (collection_id, item_id)
);
CREATE INDEX collected_by_item ON collected (item_id);
"""

_THIRD = """
-- The names of items, in English stems: a hammer is in hammering.ogg.
CREATE VIRTUAL TABLE names USING fts5 (
    title, content = 'items', content_rowid = 'id',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER names_in AFTER INSERT ON items BEGIN
    INSERT INTO names (rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER names_out AFTER DELETE ON items BEGIN
    INSERT INTO names (names, rowid, title) VALUES ('delete', old.id, old.title);
END;
CREATE TRIGGER names_new AFTER UPDATE OF title ON items BEGIN
    INSERT INTO names (names, rowid, title) VALUES ('delete', old.id, old.title);
    INSERT INTO names (rowid, title) VALUES (new.id, new.title);
END;
INSERT INTO names (names) VALUES ('rebuild');
"""


def _statements(script: str) -> list[str]:
    """The statements of a script, with the semicolons inside triggers kept.

    >>> _statements("CREATE TABLE a (b); CREATE TABLE c (d);")
    ['CREATE TABLE a (b);', 'CREATE TABLE c (d);']
    """
    statements, pending = [], ""
    for piece in script.split(";"):
        pending += piece + ";"
        if sqlite3.complete_statement(pending):
            statements.append(pending.strip())
            pending = ""
    return [s for s in statements if s != ";"]


def _first(db: sqlite3.Connection) -> None:
    """Everything there was at the start."""
    for statement in _statements(_FIRST):
        db.execute(statement)


def _second(db: sqlite3.Connection) -> None:
    """Words inside media, prints, links, concepts, collections."""
    for statement in _statements(_SECOND):
        db.execute(statement)


def _third(db: sqlite3.Connection) -> None:
    """Names, to be searched by their words."""
    for statement in _statements(_THIRD):
        db.execute(statement)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_first, _second, _third)


def migrate(db: sqlite3.Connection) -> None:
    """Bring a catalogue up to the newest schema, step by step.

    Args:
        db: in autocommit mode; its ``user_version`` is at most ``len(MIGRATIONS)``.
    """
    while True:
        db.execute("BEGIN IMMEDIATE")
        try:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version >= len(MIGRATIONS):
                db.execute("ROLLBACK")
                return
            MIGRATIONS[version](db)
            db.execute(f"PRAGMA user_version = {version + 1:d}")
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
