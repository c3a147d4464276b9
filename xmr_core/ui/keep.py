"""What pages ask about collections, notes and tags."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from xmr_core import export
from xmr_core.errors import KeepingError, QueryError, XMRError
from xmr_core.filters import Filters
from xmr_core.library import Library
from xmr_core.library.keepsakes import LONGEST_NOTE, check_kept
from xmr_core.media import Item, Modality
from xmr_core.results import Hit
from xmr_core.ui import fields, queries, query_form
from xmr_core.ui.cards import card
from xmr_core.ui.context import Action, Context, Plain
from xmr_core.ui.words import ORDER

_SHOWN = 24
_MOST_AT_ONCE = 2_000  # items of one request
_FAR = 100_000


def actions(context: Context) -> Mapping[str, Action]:
    """List, show, change, write to a file."""
    keep = Keep(context)
    return {
        "keep": keep.listed,
        "keep.item": keep.item,
        "keep.note": keep.note,
        "keep.tag": keep.tag,
        "keep.collect": keep.collect,
        "keep.uncollect": keep.uncollect,
        "keep.rename": keep.rename,
        "keep.delete": keep.delete,
        "keep.browse": keep.browse,
        "keep.export": keep.export,
    }


class Keep:
    """Collections, notes and tags of the libraries of a server."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def listed(self, payload: Plain) -> Plain:
        """``{libraries}`` → collections and tags; of all libraries where none are named."""
        names = fields.texts(payload, "libraries") or self._context.shelf.names()
        collections: list[Plain] = []
        tags: dict[str, int] = {}
        for name in names:
            try:
                library = self._context.shelf.get(name)
                found, tagged = library.collections(), library.all_tags()
            except XMRError:
                continue  # the Library page says what is wrong with it
            for one in found:
                counts = {"items": one.items, "missing": one.missing}
                collections.append({"library": name, "name": one.name, **counts})
            for tag, count in tagged:
                tags[tag] = tags.get(tag, 0) + count
        told = [{"name": tag, "items": count} for tag, count in tags.items()]
        return {"collections": collections, "tags": told}

    def item(self, payload: Plain) -> Plain:
        """``{library, id}`` → its note, its tags, the names of the collections it is in."""
        library, number = self._named(payload)
        library.item(number)
        inside = library.catalogue.collections_of(number)
        return {
            "note": library.note(number),
            "tags": library.tags(number),
            "collections": [one.name for one in inside],
        }

    def note(self, payload: Plain) -> Plain:
        """``{library, id, text}`` → the note as it is kept."""
        text = fields.text(payload, "text", 4 * LONGEST_NOTE)
        library, number = self._named(payload)
        return {"note": library.set_note(number, text)}

    def tag(self, payload: Plain) -> Plain:
        """``{items, add, remove}`` → how many items changed, and the tags of the first one."""
        add, remove = fields.texts(payload, "add"), fields.texts(payload, "remove")
        changed = 0
        groups = self._grouped(payload)
        for library, ids in groups:
            with library.catalogue.transaction():
                gone = library.remove_tags(ids, remove)
                changed += max(gone, library.add_tags(ids, add))
        library, ids = groups[0]
        return {"changed": changed, "tags": library.tags(ids[0])}

    def collect(self, payload: Plain) -> Plain:
        """``{items, name}`` → how many are new in it; it is made where it is not there.

        A collection is of one library: of items of two, each library has its part.
        """
        name = fields.text(payload, "name")
        added = 0
        groups = self._grouped(payload)
        for library, ids in groups:
            added += library.collect(name, ids, make=True)
        return {"added": added, "name": groups[0][0].collection(name).name}

    def uncollect(self, payload: Plain) -> Plain:
        """``{items, name}`` → how many were in it."""
        name = fields.text(payload, "name")
        return {"gone": sum(one.uncollect(name, ids) for one, ids in self._grouped(payload))}

    def rename(self, payload: Plain) -> Plain:
        """``{library, name, new}`` → its name then."""
        name, new = fields.text(payload, "name"), fields.text(payload, "new")
        library = self._context.shelf.get(fields.text(payload, "library"))
        return {"name": library.rename_collection(name, new).name}

    def delete(self, payload: Plain) -> Plain:
        """``{library, name}``: forget a collection."""
        name = fields.text(payload, "name")
        self._context.shelf.get(fields.text(payload, "library")).delete_collection(name)
        return {}

    def browse(self, payload: Plain) -> Plain:
        """``{query, k, offset, columns}`` → cards of a collection or of tags, nothing asked for."""
        stated = fields.record(payload, "query")
        columns = fields.truth(payload, "columns")
        k = fields.whole(payload, "k", _SHOWN, 1, queries.MAX_K)
        offset = fields.whole(payload, "offset", 0, 0, _FAR)
        libraries = [self._context.shelf.get(name) for name in fields.texts(stated, "libraries")]
        filters = query_form.filters(stated)
        if not filters.collection and not filters.tags:
            raise QueryError("There is nothing to show.", "Choose a collection or a tag.")
        check_kept(libraries, filters)
        targets = [m for m in ORDER if m in (filters.modalities or ORDER)] if columns else [None]
        groups = [_group(libraries, filters, m, k, offset) for m in targets]
        return {
            "groups": [group for group in groups if group["total"] or not columns],
            "label": label(filters),
            "total": sum(group["total"] for group in groups),
            "shown": sum(len(group["cards"]) for group in groups),
            "nothing": False,
            "presence": {},
            "seconds": 0.0,
        }

    def export(self, payload: Plain) -> Plain:
        """``{items, format}`` or ``{library, name, format}`` → where a file of them is."""
        kind, name = fields.text(payload, "format"), fields.text(payload, "name")
        owner, _ = fields.text(payload, "library"), fields.records(payload, "items")
        export.check_format(kind, "Items")
        chosen: list[export.Kept] = []
        if name:
            library = self._context.shelf.get(owner)
            libraries = [library]
            chosen = export.kept(library, library.collected(name, 0, _FAR))
        else:
            groups = self._grouped(payload)
            libraries = [library for library, _ in groups]
            for library, ids in groups:
                chosen += export.kept(library, library.catalogue.items(ids))
        if not chosen:
            raise KeepingError("There is nothing to write.", "Put some items into it.")
        called, path = name or "Chosen items", self._context.exports.place(kind)
        left_out = export.write(path, chosen, called, export.files_of(libraries))
        url = self._context.exports.keep(path, called)
        return {"url": url, "items": len(chosen), "left_out": left_out}

    def _named(self, payload: Plain) -> tuple[Library, int]:
        number = fields.whole(payload, "id")
        return self._context.shelf.get(fields.text(payload, "library")), number

    def _grouped(self, payload: Plain) -> list[tuple[Library, list[int]]]:
        """``{items: [{library, id}, …]}`` by library, at least one item."""
        given = fields.records(payload, "items")
        groups: dict[str, list[int]] = {}
        for one in given:
            groups.setdefault(fields.text(one, "library"), []).append(fields.whole(one, "id"))
        if not groups:
            raise KeepingError("No item is chosen.", "Choose some.")
        if len(given) > _MOST_AT_ONCE:
            raise KeepingError(
                f"{len(given):,} items are too many at once.", f"Choose {_MOST_AT_ONCE:,} or fewer."
            )
        return [(self._context.shelf.get(name), ids) for name, ids in groups.items()]


def label(filters: Filters) -> str:
    """What is shown, where nothing is asked for.

    >>> label(Filters(collection="Birds", tags=frozenset({"tall", "blue"})))
    'Birds · tagged blue, tall'
    >>> label(Filters(tags=frozenset({"blue"})))
    'Tagged blue'
    """
    tags = f"tagged {', '.join(sorted(filters.tags))}" if filters.tags else ""
    told = " · ".join(filter(None, [filters.collection, tags]))
    return told[:1].upper() + told[1:] if not filters.collection else told


def _group(
    libraries: Sequence[Library], filters: Filters, medium: Modality | None, k: int, offset: int
) -> Plain:
    """One list of cards: those of a collection in the order they came into it."""
    if medium is not None:
        filters = replace(filters, modalities=frozenset({medium}))
    found: list[tuple[Library, int]] = []
    for library in libraries:
        ids = library.catalogue.allowed(filters)
        passing = [] if ids is None else ids.tolist()
        if filters.collection and (one := library.catalogue.collection(filters.collection)):
            came = {id: at for at, id in enumerate(library.catalogue.collected(one.id))}
            passing.sort(key=lambda id: came.get(id, 0))
        found += [(library, id) for id in passing]
    page = found[offset : offset + k]
    shown = [
        card(_chosen(library, item))
        for library, id in page
        for item in library.catalogue.items([id])
    ]
    return {
        "modality": medium,
        "cards": shown,
        "total": len(found),
        "more": offset + k < len(found),
        "nothing": False,
    }


def _chosen(library: Library, item: Item) -> Hit:
    """An item as a card takes it, at its first passage where it is a text."""
    part = library.catalogue.part(item.id, 1) if item.modality is Modality.TEXT else None
    return Hit(library.name, item, part, 0.0, 0.0, 0.0, 0.0, 0)
