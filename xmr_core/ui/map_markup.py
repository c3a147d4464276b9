"""The Map page as it is before a library is drawn."""

from collections.abc import Iterable

from xmr_core.ui.context import Context
from xmr_core.ui.pieces import button, tool
from xmr_core.ui.words import icon

_COLOURS = (
    ("medium", "Medium", "Text, picture, sound, video or 3D model"),
    ("folder", "Folder", "Where the files lie"),
    ("cluster", "Topic", "What is alike, whatever its medium"),
)
_LAYOUTS = (
    ("pca", "Plane", "The two directions in which the items differ most (principal components)"),
    ("umap", "Neighbours", "What is alike lies together (UMAP)"),
)


def markup(context: Context) -> str:
    """The page's HTML."""
    return (
        '<div class="x x-wrap x-map" data-main tabindex="-1">'
        f'<div class="x-map-top">{_top()}</div>'
        f'<div class="x-map-main"><section class="x-map-stage" aria-label="Map">{_view()}</section>'
        f'<div class="x-map-side">{_query()}{_gap()}{_ranking()}</div></div>'
        '<div class="x-sr" role="status" aria-live="polite" data-part="said"></div></div>'
    )


def _top() -> str:
    return (
        '<h2>Map</h2><label class="x-map-library"><span class="x-sr">Library</span>'
        '<select data-part="library"></select></label>'
        '<span class="x-quiet x-num" data-part="count"></span>'
        '<span class="x-map-tools">'
        + _segments("layout", "Layout", _LAYOUTS)
        + _segments("colour", "Colour by", _COLOURS)
        + '<label class="x-map-ringed" hidden><span class="x-sr">Ring what you kept</span>'
        '<select data-part="ringed" title="Rings around what you kept or tagged"></select></label>'
        + '<button type="button" class="x-switch" role="switch" aria-checked="false" '
        'data-do="centre" title="Every item without what it has for being of its medium">'
        "<i></i><span>Centre media</span></button></span>"
    )


def _segments(name: str, label: str, choices: Iterable[tuple[str, str, str]]) -> str:
    inside = "".join(
        f'<button type="button" data-do="{name}" data-value="{value}" '
        f'aria-pressed="{str(at == 0).lower()}" title="{title}">{text}</button>'
        for at, (value, text, title) in enumerate(choices)
    )
    return f'<span class="x-seg" role="group" aria-label="{label}">{inside}</span>'


def _view() -> str:
    return (
        '<div class="x-map-view" data-part="view"><canvas data-part="points"></canvas>'
        '<canvas data-part="over" tabindex="0" role="application" aria-describedby="x-map-keys" '
        'aria-label="Map of the library"></canvas>'
        '<p class="x-sr" id="x-map-keys">Arrow keys go to the nearest item there, Page Down '
        "and Page Up through all of them, Enter opens one, plus and minus zoom, Shift and arrows "
        "move the map, 0 shows all of it.</p>"
        '<i class="x-map-ring" data-part="ring" hidden></i>'
        '<div class="x-map-tip" data-part="tip" hidden></div>'
        '<div class="x-map-zoom">'
        + tool("closer", "plus", "Zoom in")
        + tool("farther", "minus", "Zoom out")
        + tool("whole", "grid", "Show all")
        + '</div><div class="x-map-job" data-part="job" hidden><span class="x-spin" '
        'aria-hidden="true"></span><span data-part="job-text"></span>'
        + button("stop", "Cancel", kind="x-btn-bare")
        + '</div><div class="x-map-none" data-part="none" hidden></div></div>'
        '<ul class="x-map-legend" data-part="legend" aria-label="Legend" hidden></ul>'
    )


def _query() -> str:
    return (
        '<section class="x-map-card" aria-labelledby="x-map-query">'
        '<h3 id="x-map-query">A query as a point</h3>'
        '<form class="x-map-ask" data-part="ask" autocomplete="off">'
        '<input type="text" name="words" maxlength="2000" aria-label="Words to put on the map" '
        'placeholder="waves at night -boat +music" spellcheck="false">'
        f'<button class="x-btn x-btn-main" type="submit" aria-label="Add to the map">'
        f"{icon('plus')}</button></form>"
        '<ul class="x-map-terms" data-part="terms" aria-label="Terms on the map"></ul>'
        '<div class="x-map-row">'
        + button("present", "Take the query of the Search page", kind="x-btn-bare")
        + button("search", "Search with it", "search", kind="x-btn-bare")
        + button("clear", "Clear", kind="x-btn-bare")
        + "</div></section>"
    )


def _gap() -> str:
    return (
        '<section class="x-map-card" data-part="gap" aria-labelledby="x-map-gap" hidden>'
        '<h3 id="x-map-gap">Gap between media</h3><div data-part="gap-body"></div></section>'
    )


def _ranking() -> str:
    return (
        '<section class="x-map-card" data-part="ranking" aria-labelledby="x-map-ranking" hidden>'
        '<h3 id="x-map-ranking">All media in one list</h3>'
        '<div data-part="ranking-body"></div></section>'
    )
