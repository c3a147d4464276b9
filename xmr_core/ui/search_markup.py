"""The Search page as it is before the first query; what it shows later comes from scripts."""

from xmr_core.ui.context import Context
from xmr_core.ui.feedback_markup import feedback_bar
from xmr_core.ui.pieces import tool
from xmr_core.ui.words import NAMES, ORDER, esc, icon


def markup(context: Context) -> str:
    """The page's HTML."""
    return (
        '<div class="x x-wrap x-search" id="main">'
        '<div class="x-hero"><h1>Find it by anything</h1>'
        "<p>Words, a picture, a sound, a video or a 3D model: each finds the others, "
        "in your own folders.</p></div>"
        '<form class="x-ask" role="search" autocomplete="off">'
        f"{query_box('What to look for')}{_tools()}</form>"
        '<div class="x-found" data-part="found" hidden>'
        '<h2 data-part="title"></h2><span class="x-quiet x-num" data-part="count"></span>'
        f'<span class="x-found-tools">{_layout()}'
        f'<button class="x-btn x-btn-bare" type="button" data-do="compare" '
        f'aria-label="Compare with another search" title="Compare with another search">'
        f"{icon('compare')}<span>Compare</span></button>"
        f'{_export()}<button class="x-btn x-btn-bare" type="button" data-do="save" '
        f'aria-label="Save this search" title="Save this search">{icon("star")}'
        "<span>Save this search</span></button></span></div>"
        '<div class="x-scope" data-part="scope" hidden></div>'
        '<div class="x-banner" data-part="banner" hidden></div>'
        '<p class="x-fresh x-quiet" role="status" data-part="fresh" hidden>'
        '<span data-part="fresh-text"></span>'
        '<button class="x-btn x-btn-bare" type="button" data-do="fresh">Search again</button></p>'
        f"{feedback_bar()}"
        '<p class="x-sr" role="status" aria-live="polite" data-part="said"></p>'
        '<div class="x-wait" data-part="wait" hidden>'
        '<span class="x-spin" aria-hidden="true"></span>'
        '<span data-part="wait-text"></span>'
        '<button class="x-btn x-btn-bare" type="button" data-do="stop">Cancel</button></div>'
        '<section aria-label="Results" data-part="results"></section>'
        '<div class="x-more" data-part="more" hidden>'
        '<button class="x-btn" type="button" data-do="more">Show more</button></div>'
        '<div class="x-start" data-part="start"></div>'
        "</div>"
    )


def query_box(label: str, button: str = "Search", main: bool = True) -> str:
    """Where a query is typed, dropped, recorded or drawn, with its terms as chips.

    Args:
        label: of the field for words.
        button: what asks.
        main: the field is where the page begins.
    """
    lights = "".join(f'<i data-m="{m}"></i>' for m in ORDER)
    return (
        '<div class="x-box"><div class="x-box-row">'
        f'<textarea {"data-main " if main else ""}rows="1" maxlength="20000" '
        f'enterkeyhint="search" aria-label="{esc(label)}" '
        'placeholder="Type, or drop in a file"></textarea>'
        '<span class="x-box-space"></span>'
        + tool("subtract", "minus", "Subtract these words")
        + tool("files", "clip", "Add files")
        + tool("mic", "mic", "Record a sound")
        + tool("camera", "camera", "Take a picture")
        + tool("draw", "pen", "Draw a picture")
        + '<button class="x-btn x-btn-main" type="submit">'
        f"{icon('search')}<span>{esc(button)}</span></button></div>"
        '<ul class="x-chips" aria-label="Terms of the query"></ul>'
        f'<div class="x-spectrum" aria-hidden="true">{lights}</div></div>'
        '<input type="file" multiple hidden tabindex="-1" aria-label="Files to search with">'
    )


def _tools() -> str:
    targets = "".join(
        f'<button class="x-target" type="button" data-do="target" data-m="{m}" '
        f'aria-pressed="true" title="Find {NAMES[m][1].lower() if m != "mesh" else NAMES[m][1]}">'
        f'{icon(m)}<span class="x-target-name">{NAMES[m][1]}</span>'
        '<span class="x-num"></span></button>'
        for m in ORDER
    )
    return (
        '<div class="x-tools">'
        f'<div class="x-targets" role="group" aria-label="Media to find">{targets}</div>'
        '<div class="x-tools-right">'
        + _fold("libraries", "shelf", "Library", "Libraries to search in")
        + _fold("filters", "filter", "Filters", "Filters", _filters())
        + _fold("searches", "clock", "Searches", "Earlier and saved searches")
        + "</div></div>"
    )


def _layout() -> str:
    return (
        '<span class="x-seg" role="group" aria-label="Layout">'
        f'<button type="button" data-do="layout" data-layout="grid" aria-pressed="true" '
        f'title="One grid" aria-label="One grid">{icon("grid")}</button>'
        f'<button type="button" data-do="layout" data-layout="columns" aria-pressed="false" '
        f'title="A column for each medium" aria-label="A column for each medium">'
        f"{icon('columns')}</button>"
        f'<button type="button" data-do="layout" data-layout="documents" aria-pressed="false" '
        f'title="Documents: what belongs together as one" aria-label="Documents">'
        f"{icon('shelf')}</button></span>"
    )


def _export() -> str:
    kinds = (
        ("zip", "A page with the files", "One zip: a page of these hits, and their files"),
        ("csv", "A table (CSV)", "For a spreadsheet"),
        ("json", "Data (JSON)", "For a program"),
    )
    inside = "".join(
        f'<button type="button" data-do="export" data-format="{kind}" '
        f'title="{title}">{text}</button>'
        for kind, text, title in kinds
    )
    return (
        '<details class="x-pop" data-part="export"><summary class="x-btn x-btn-bare" '
        f'role="button" aria-label="Export these hits" title="Export these hits">{icon("copy")}'
        '<span>Export</span></summary><div class="x-panel x-menu" role="group" '
        f'aria-label="Export these hits">{inside}</div></details>'
    )


def _filters() -> str:
    def field(name: str, label: str, kind: str, more: str = "", full: bool = False) -> str:
        return (
            f'<label class="x-field{" x-full" if full else ""}">{label}'
            f'<input name="{name}" type="{kind}"{more}></label>'
        )

    amount = ' min="0" step="any" inputmode="decimal"'
    return (
        '<div class="x-filters">'
        + field("text", "Contains the words", "text", ' placeholder="in its name or text"', True)
        + field("folder", "In the folder", "text",
                ' list="x-known-folders" placeholder="any" spellcheck="false"', True)
        + '<datalist id="x-known-folders"></datalist>'
        + field("collection", "In the collection", "text",
                ' list="x-known-collections" placeholder="any" maxlength="100"')
        + field("tags", "Tagged", "text",
                ' list="x-known-tags" placeholder="any" title="Several: with commas between" '
                'maxlength="400"')
        + '<datalist id="x-known-collections"></datalist><datalist id="x-known-tags"></datalist>'
        + field("after", "Changed from", "date")
        + field("before", "Changed to", "date")
        + field("min_mb", "At least (MB)", "number", amount)
        + field("max_mb", "At most (MB)", "number", amount)
        + field("min_seconds", "Longer than (seconds)", "number", amount)
        + field("max_seconds", "Shorter than (seconds)", "number", amount)
        + '<label class="x-field x-full">Results at a time<select name="k">'
        + "".join(
            f'<option value="{k}"{" selected" if k == 24 else ""}>{k}</option>'
            for k in (12, 24, 48, 96)
        )
        + "</select></label>"
        '<label class="x-check x-full" title="Items that are near to everything step back">'
        '<input type="checkbox" name="corrected" checked> Push back items that match everything'
        "</label>"
        '<div class="x-full x-row"><button class="x-btn" type="button" data-do="clear-filters">'
        "Clear</button></div></div>"
    )  # fmt: skip


def _fold(name: str, drawing: str, text: str, label: str, inside: str = "") -> str:
    return (
        f'<details class="x-pop" data-part="{name}"><summary class="x-btn" role="button" '
        f'aria-label="{label}">{icon(drawing)}<span data-part="{name}-text">{text}</span></summary>'
        f'<div class="x-panel" data-part="{name}-panel" role="group" aria-label="{label}">'
        f"{inside}</div></details>"
    )
