"""``xmr words``: words inside media, looked for and found."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from xmr_core.cli.library import Json, Name
from xmr_core.cli.terminal import err, follow, out, print_json, say, shown

if TYPE_CHECKING:
    from xmr_core.library.words import Holding, LookedInto
    from xmr_core.results import Matched

_FAILURES = 20  # shown


def words(
    name: Name,
    no_tags: Annotated[
        bool, typer.Option("--no-tags", help="Leave what files say of themselves.")
    ] = False,
    no_subtitles: Annotated[bool, typer.Option("--no-subtitles", help="Leave subtitles.")] = False,
    no_writing: Annotated[
        bool, typer.Option("--no-writing", help="Do not read pictures and videos.")
    ] = False,
    speech: Annotated[
        str | None,
        typer.Option(
            "--speech",
            metavar="LISTENER",
            help="Who hears it, kept for the next time: pocketsphinx (English, built in), "
            "whisper:openai/whisper-tiny, -base, -small, or whisper:/path/to/a/folder.",
        ),
    ] = None,
    no_speech: Annotated[
        bool, typer.Option("--no-speech", help="Do not listen to sounds and videos.")
    ] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Try failed files again.")] = False,
    known: Annotated[
        bool, typer.Option("--known", help="Tell how far it came; look for nothing new.")
    ] = False,
    find: Annotated[
        str | None,
        typer.Option(
            "--find",
            metavar="TEXT",
            help='List what holds these words: plain, "as a phrase", field:word, -field:word.',
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Look for words in pictures, sounds, videos and tags, so that searches find them.

    Interrupted, it goes on from there the next time.
    """
    from xmr_core.library import Library
    from xmr_core.words import WORKS

    left = {"tags": no_tags, "subtitles": no_subtitles, "writing": no_writing, "speech": no_speech}
    with Library.open(name) as library:
        if find is not None:
            held = library.find_words(find)
            if as_json:
                print_json([_plain(one) for one in held])
            else:
                _list(held)
            return
        if not known:
            run = library.look(
                [work for work in WORKS if not left[work]], again=retry, hearing=speech
            )
            if not no_speech:
                _tell_cost(library.listener)
            follow(run)
        states = library.looked_into(speech)
        counts = library.catalogue.line_counts()
    if as_json:
        print_json(
            {
                "works": [_state(state) for state in states],
                "lines": {field: {"lines": n, "files": m} for field, (n, m) in counts.items()},
            }
        )
    else:
        _report(states, counts)


def _tell_cost(name: str) -> None:
    """What a listener has to fetch before it can listen."""
    from xmr_core.ui.words import size
    from xmr_core.words import listener

    info = listener(name).describe()
    if info.download_bytes != 0:
        much = f": {size(info.download_bytes)}" if info.download_bytes else ""
        say(f"{name} is downloaded first{much}. Licence: {info.licence}.", err)


def _report(states: "list[LookedInto]", counts: dict[str, tuple[int, int]]) -> None:
    from xmr_core.ui.words import count

    for state in states:
        waiting = f", {state.waiting:,} waiting" if state.waiting else ""
        say(f"{state.name}: {count(state.done, 'file')} looked into{waiting}")
        for item, reason in state.failed[:_FAILURES]:
            say(f"  {item.path}: {reason}", err)
        if len(state.failed) > _FAILURES:
            say(f"  … and {len(state.failed) - _FAILURES} more", err)
    for field, (lines, files) in sorted(counts.items()):
        say(f"{field}: {count(lines, 'line')} in {count(files, 'file')}")


def _list(held: "list[Holding]") -> None:
    for one in held:
        say(f"{one.item.path}: {place(one.matched, one.item.modality)}")
        out.print(Text("  ").append_text(marked(one.matched)), soft_wrap=True)
    if not held:
        say("Nothing holds these words, as far as files were looked into.")


def place(matched: "Matched", modality: str) -> str:
    """How and where words are in an item, for people."""
    from xmr_core.indexing.labels import clock
    from xmr_core.ui.word_marks import SAID

    how = SAID.get(matched.field, matched.field)
    if matched.low and modality in ("audio", "video"):
        return f"{how} at {clock(matched.low[0])}"
    return f"{how}, {matched.label}" if matched.label else how


def marked(matched: "Matched") -> Text:
    """The line with the words in it set off."""
    safe = shown(matched.text)
    text = Text(safe)
    if len(safe) == len(matched.text):  # or signs were written out, and places no longer fit
        for low, high in matched.marks:
            text.stylize("bold", low, high)
    return text


def _plain(one: "Holding") -> dict[str, Any]:
    from xmr_core.ui.word_marks import as_plain

    return {"path": one.item.path, "id": one.item.id, "modality": one.item.modality} | as_plain(
        one.matched
    )


def _state(state: "LookedInto") -> dict[str, Any]:
    return {
        "work": state.name,
        "done": state.done,
        "waiting": state.waiting,
        "failed": [{"path": item.path, "reason": reason} for item, reason in state.failed],
    }
