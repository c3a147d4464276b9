"""Words inside media: those of an item, in its dialog; what was looked into, in the library's."""

from collections.abc import Iterable

from xmr_core.catalogue import Line
from xmr_core.errors import LibraryReadOnly
from xmr_core.indexing.labels import clock
from xmr_core.library import Library
from xmr_core.library.words import LookedInto
from xmr_core.media import Modality
from xmr_core.models import hub_reachable
from xmr_core.ui import fields
from xmr_core.ui.context import Action, Context, Plain
from xmr_core.ui.run_words import run_state
from xmr_core.ui.strangers import no_stranger
from xmr_core.ui.word_marks import SAID
from xmr_core.ui.words import count, esc, size
from xmr_core.words import OFFERED, WORKS, ListenerInfo, listener

_LINES = 400  # of one item that are listed
_FAILED = 100
_WHOLE = ("title", "author", "album", "keywords", "camera", "date", "language", "comment")
_CALLED = {
    "tags": ("Tags", "Titles, authors, cameras, keywords: what files say of themselves."),
    "subtitles": ("Subtitles", "Beside videos and inside them."),
    "writing": ("Writing", "Signs, labels and titles in pictures and videos. About 3 a second."),
    "speech": ("Speech", "What is said in sounds and videos, by the listener below."),
}
_LISTENERS = {
    "pocketsphinx": "PocketSphinx: English, built in",
    "whisper:openai/whisper-tiny": "Whisper tiny: many languages",
    "whisper:openai/whisper-base": "Whisper base: hears more",
    "whisper:openai/whisper-small": "Whisper small: hears most, slow",
}


def item_actions(context: Context) -> dict[str, Action]:
    """What the dialog of an item asks."""
    return {"item.words": lambda payload: _of_item(context, payload)}


def library_actions(context: Context) -> dict[str, Action]:
    """What the dialog of a library asks."""
    return {
        "words": lambda payload: _state(context, payload),
        "words-look": lambda payload: _look(context, payload),
    }


def _of_item(context: Context, payload: Plain) -> Plain:
    """``{library, id}`` → ``{html}``: the words inside an item and about it, "" if there are
    none."""
    item_id = fields.whole(payload, "id")
    library = context.shelf.get(fields.text(payload, "library"))
    item = library.item(item_id)
    return {"html": listed(library.lines(item_id), item.modality)}


def listed(lines: Iterable[Line], modality: Modality) -> str:
    """Lines as a list; those with a place go there."""
    lines = [line for line in lines if line.field not in ("note", "tag")]  # shown by themselves
    about = [line for line in lines if line.field in _WHOLE]
    inside = sorted((line for line in lines if line.field not in _WHOLE), key=lambda n: n.low)
    facts = "".join(
        f"<dt>{esc(SAID[line.field].capitalize())}</dt><dd dir=auto>{esc(line.text)}</dd>"
        for line in about[:_LINES]
    )
    rows = "".join(f"<li>{_row(line, modality)}</li>" for line in inside[:_LINES])
    more = len(inside) - _LINES
    return "".join(
        [
            '<h3 class="x-quiet">Words in it</h3>' if rows else "",
            f'<ul class="x-lines" tabindex="0" aria-label="Words in it">{rows}</ul>'
            if rows
            else "",
            f'<p class="x-quiet">… and {count(more, "line")} more</p>' if more > 0 else "",
            f'<dl class="x-facts">{facts}</dl>' if facts else "",
        ]
    )


def _row(line: Line, modality: Modality) -> str:
    words = f"<span dir=auto>{esc(line.text)}</span>"
    chip = esc(SAID.get(line.field, line.field))
    if modality in (Modality.AUDIO, Modality.VIDEO) and line.low:
        return (
            f'<button type="button" data-do="seek" data-at="{line.low[0]:.2f}">'
            f'<span class="x-chip-said">{chip} {clock(line.low[0])}</span> {words}</button>'
        )
    if modality is Modality.IMAGE and len(line.low) == 2:
        box = " ".join(f"{edge:.4f}" for edge in (*line.low, *line.high))
        return (
            f'<button type="button" data-do="region" data-box="{box}" aria-pressed="false">'
            f'<span class="x-chip-said">{chip}</span> {words}</button>'
        )
    return f'<span class="x-chip-said">{chip}</span> {words}'


def _state(context: Context, payload: Plain) -> Plain:
    """``{library, listener}``: how far each work has come, what was found, what could not be
    read; with a listener, as it would be if that one were chosen."""
    library = context.shelf.get(fields.text(payload, "library"))
    chosen = _asked(payload) or library.listener
    states = library.looked_into(chosen)
    job = context.jobs.get(library.name)
    found = library.catalogue.line_counts()
    return {
        "html": "".join(map(_work, states)),
        "listener": _listener(chosen),
        "found": " · ".join(
            f"{SAID.get(field, field)}: {count(lines, 'line')} in {count(files, 'file')}"
            for field, (lines, files) in sorted(found.items())
            if field not in ("note", "tag")
        ),
        "waiting": sum(state.waiting for state in states),
        "begun": any(state.done for state in states),
        "failures": _failures(states),
        "run": run_state(job) if job is not None and job.active else None,
        "read_only": library.catalogue.read_only,
    }


def _work(state: LookedInto) -> str:
    title, about = _CALLED[state.name]
    total = state.done + state.waiting
    far = f"{state.done:,} of {count(total, 'file')}" if total else "no such files"
    failed = f" · {len(state.failed):,} could not be read" if state.failed else ""
    checked = " checked" if state.waiting else ""
    return (
        f'<label class="x-work"><input type="checkbox" value="{state.name}"{checked}>'
        f"<span><b>{title}</b> <span class=x-num>{far}{failed}</span>"
        f"<small>{about}</small></span></label>"
    )


def _listener(name: str) -> Plain:
    """The listeners to choose from, and what the chosen one is and costs."""
    names = [*OFFERED, *([] if name in OFFERED else [name])]
    return {
        "name": name,
        "choices": [{"name": one, "title": _LISTENERS.get(one, one)} for one in names],
        "about": _cost(listener(name).describe()),
    }


def _asked(payload: Plain) -> str:
    """The listener that is asked for; "" for the library's own."""
    name = fields.text(payload, "listener")
    if name and name not in OFFERED:  # it may be a folder of this machine
        no_stranger("Listeners that are not offered cannot be chosen")
    return name


def _cost(info: ListenerInfo) -> str:
    """What a listener is, in which licence, and what is fetched first.

    >>> _cost(ListenerInfo("x", "It hears.", "MIT", 151_000_000, True))
    'It hears. Downloads 151 MB from the model hub first. Licence: MIT.'
    >>> _cost(ListenerInfo("x", "It hears.", "MIT", 0, False))
    'It hears. Nothing to fetch. Licence: MIT.'
    """
    much = size(info.download_bytes) if info.download_bytes else "weights"
    first = f"Downloads {much} from the model hub first" if info.needs_hub else "Nothing to fetch"
    return f"{info.about} {first}. Licence: {info.licence}."


def _check_can_be_had(name: str) -> None:
    """Raise, within seconds, where a folder is none or the hub is needed and away."""
    heard = listener(name)
    if not heard.describe().needs_hub or not hub_reachable():
        heard.prepare()


def _failures(states: Iterable[LookedInto]) -> str:
    failed = [(item, reason) for state in states for item, reason in state.failed]
    rows = "".join(
        f"<li><b>{esc(item.path)}</b> {esc(reason)}</li>" for item, reason in failed[:_FAILED]
    )
    if not rows:
        return ""
    more = len(failed) - _FAILED
    rows += f"<li>… and {more:,} more</li>" if more > 0 else ""
    return f"<summary>{count(len(failed), 'file')} could not be read</summary><ul>{rows}</ul>"


def _look(context: Context, payload: Plain) -> Plain:
    """``{library, works, again, listener}``: begin, or go on where it was."""
    names = fields.texts(payload, "works")
    again = fields.truth(payload, "again", usual=False)
    asked = _asked(payload)
    library = context.shelf.get(fields.text(payload, "library"))
    _check(library)
    chosen = [name for name in WORKS if name in names] if names else list(WORKS)
    for name in names:
        if name not in WORKS:
            raise fields.BadField("works", f"a list of {', '.join(WORKS)}")
    hearing = asked or library.listener
    if "speech" in chosen:
        _check_can_be_had(hearing)
    job = context.jobs.start(
        library.name,
        "Looking for words",
        lambda control: library.look(chosen, control, again=again, hearing=hearing),
    )
    return {"run": run_state(job)}


def _check(library: Library) -> None:
    if library.catalogue.read_only:
        raise LibraryReadOnly(
            f"The library '{library.name}' cannot be written.",
            "Give yourself write permission on its folder, or copy it elsewhere.",
        )
