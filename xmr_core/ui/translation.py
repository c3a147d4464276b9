"""What a file or an item shows, in words, as the Search page asks for it."""

from xmr_core.errors import QueryError, XMRError
from xmr_core.library import Library
from xmr_core.library.translation import InWords
from xmr_core.media import Item
from xmr_core.translation import Caption, Voice
from xmr_core.ui import fields, queries, query_form
from xmr_core.ui.context import Action, Context, Plain
from xmr_core.ui.words import esc, media_url

MOST = 6


def actions(context: Context) -> dict[str, Action]:
    """By name."""
    return {"translation.words": lambda payload: _words(context, payload)}


def said(context: Context, library: Library, stated: Plain, most: int = MOST) -> InWords:
    """One stated term in words."""
    checked = query_form.terms({"terms": [stated]})
    if len(checked) != 1:
        raise QueryError("Nothing was given to put into words.", "Give a file or an item.")
    (term,) = checked
    if term["kind"] == "item" and term["library"] == library.name:
        return library.say(term["id"], most)
    return library.say(queries.engine_term(context, term, library), most)


def _words(context: Context, payload: Plain) -> Plain:
    """``{library, term}`` → tags and caption as markup."""
    library = context.shelf.get(fields.text(payload, "library"))
    return {"html": markup(library, said(context, library, fields.record(payload, "term")))}


def markup(library: Library, words: InWords) -> str:
    """Tags as buttons that start a search, and the caption with whom it comes from."""
    if not words.sure:
        return '<p class="x-quiet">Nothing sure can be said.</p>'
    tags = "".join(
        f'<li><button type="button" class="x-term" data-say="{esc(tag.name)}" '
        f'title="Search for {esc(tag.name)}">{esc(tag.name)} '
        f'<small class="x-num">{tag.strength:.0%}</small></button></li>'
        for tag in words.tags
    )
    told = f'<ul class="x-terms" aria-label="Tags">{tags}</ul>' if tags else ""
    if words.caption is not None and words.caption.sure:
        told += _caption(library, words.caption)
    return told


def _caption(library: Library, caption: Caption) -> str:
    likely = "" if caption.own else f' <small class="x-num">{caption.strength:.0%}</small>'
    lines = "".join(f"<li>{_voice(library, voice)}</li>" for voice in caption.voices)
    lead = "Written beside it" if caption.own else "From"
    return (
        f'<p class="x-spoken"><q>{esc(caption.text)}</q>{likely}</p>'
        f'<details class="x-voices"><summary>{lead} …</summary><ul>{lines}</ul></details>'
    )


def _voice(library: Library, voice: Voice) -> str:
    sentence = voice.sentence
    whose = "a sentence of XMR"
    if (item := _item(library, sentence.item)) is not None:
        source = esc(media_url(library.name, item))
        whose = f'<a href="{source}" target="_blank" rel="noopener">{esc(item.path)}</a>'
    return f"{esc(sentence.text)} <small>{whose}</small>"


def _item(library: Library, item_id: int | None) -> Item | None:
    if item_id is None:
        return None
    try:
        return library.item(item_id)
    except XMRError:
        return None  # gone since
