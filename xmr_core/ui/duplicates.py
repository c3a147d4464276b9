"""Near-duplicates of a library: what their dialog asks of the server."""

import csv
import io
import json

from xmr_core.errors import LibraryReadOnly, XMRError
from xmr_core.library import Library
from xmr_core.media import Modality
from xmr_core.ui import duplicates_markup, fields
from xmr_core.ui.context import Action, Context, Plain
from xmr_core.ui.duplicates_words import as_plain, as_rows
from xmr_core.ui.fields import BadField
from xmr_core.ui.jobs import Job
from xmr_core.ui.run_words import run_state
from xmr_core.ui.words import count

PAGE = 20
"""Groups that are shown at once."""

FORMATS = ("csv", "json")
WHAT = "Looking for near-duplicates"
_ASKED = 2000  # items asked about in one call


def actions(context: Context) -> dict[str, Action]:
    """By name."""
    return {
        "duplicates": lambda payload: _shown(context, payload),
        "duplicates-look": lambda payload: _look(context, payload),
        "duplicates-different": lambda payload: _different(context, payload),
        "duplicates-copies": lambda payload: _copies(context, payload),
        "duplicates-export": lambda payload: _export(context, payload),
    }


def _shown(context: Context, payload: Plain) -> Plain:
    """``{library, media, least, offset}``: a page of groups, and how much was looked at.

    ``least`` is in hundredths.
    """
    media, least = _chosen(payload)
    offset = fields.whole(payload, "offset", 0)
    library = context.shelf.get(fields.text(payload, "library"))
    groups, total = library.duplicates(media, least, offset, PAGE)
    job = context.jobs.get(library.name)
    return {
        "html": "".join(duplicates_markup.group(library, one, context.local) for one in groups),
        "total": total,
        "offset": offset,
        "page": PAGE,
        "looked": duplicates_markup.looked(library.looked_for_duplicates(), total),
        "run": run_state(job) if job is not None and job.active else None,
        "read_only": library.catalogue.read_only,
    }


def _look(context: Context, payload: Plain) -> Plain:
    """``{library}``: begin to look for near-duplicates."""
    return {"run": run_state(start(context, context.shelf.get(fields.text(payload, "library"))))}


def start(context: Context, library: Library) -> Job:
    """Begin to look for near-duplicates.

    Raises:
        LibraryBusy: a run is under way on the library.
        LibraryReadOnly: it cannot be written.
    """
    _writable(library)
    return context.jobs.start(library.name, WHAT, library.look_for_duplicates)


def found(library: Library) -> Plain:
    """What the panel of such a job says once it is done, and whether there is something to show."""
    _, total = library.duplicates(limit=0)
    line = f"{count(total, 'group')} of near-duplicates." if total else "No near-duplicates."
    return {"line": line, "show": "duplicates" if total else ""}


def _different(context: Context, payload: Plain) -> Plain:
    """``{library, id, others, different}``: an item is no copy of others, or may be one again."""
    one = fields.whole(payload, "id")
    others = fields.wholes(payload, "others") or []
    different = fields.truth(payload, "different", usual=True)
    library = _writable(context.shelf.get(fields.text(payload, "library")))
    library.mark_different(one, others, different=different)
    return {}


def _copies(context: Context, payload: Plain) -> Plain:
    """``{library, ids}`` → of items that are there several times, byte for byte, the others."""
    ids = (fields.wholes(payload, "ids") or [])[:_ASKED]
    library = context.shelf.get(fields.text(payload, "library"))
    return {"copies": {str(id): others for id, others in library.copies_of(ids).items()}}


def _export(context: Context, payload: Plain) -> Plain:
    """``{library, media, least, format}``: all groups as a file's name and text."""
    media, least = _chosen(payload)
    form = fields.text(payload, "format") or FORMATS[0]
    if form not in FORMATS:
        raise XMRError(f"Nothing is exported as '{form}'.", f"There are: {', '.join(FORMATS)}.")
    library = context.shelf.get(fields.text(payload, "library"))
    groups, _ = library.duplicates(media, least)
    if form == "json":
        text = json.dumps([as_plain(group) for group in groups], indent=1)
    else:
        table = io.StringIO()
        csv.writer(table).writerows(as_rows(groups))
        text = table.getvalue().encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return {"name": f"{library.name} near-duplicates.{form}", "text": text, "groups": len(groups)}


def _chosen(payload: Plain) -> tuple[list[Modality], float]:
    media = fields.texts(payload, "media")
    least = fields.whole(payload, "least", 0, high=100)
    try:
        return [Modality(medium) for medium in media], least / 100
    except ValueError as error:
        raise BadField("media", "a list of media") from error


def _writable(library: Library) -> Library:
    if library.catalogue.read_only:
        raise LibraryReadOnly(
            f"The library '{library.name}' cannot be written.",
            "Give yourself write permission on its folder, or copy it elsewhere.",
        )
    return library
