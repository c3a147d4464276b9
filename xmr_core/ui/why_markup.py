"""The Why page as it is before a pair is shown."""

from xmr_core.ui.context import Context
from xmr_core.ui.pieces import button
from xmr_core.ui.words import icon


def markup(context: Context) -> str:
    """The page's HTML."""
    return (
        '<div class="x x-wrap x-why" data-main tabindex="-1">'
        f"{_top()}"
        '<div data-part="none" hidden></div><div data-part="problem" role="alert" hidden></div>'
        '<div class="x-why-all" data-part="all" hidden>'
        f"{_tools()}"
        f'<div class="x-why-pair">{_side("query", "Query")}{_side("hit", "Hit")}</div>'
        f"{_whatif()}"
        f'<div class="x-why-more">{_score()}{_alignment()}{_faith()}</div></div>'
        '<div class="x-sr" role="status" aria-live="polite" data-part="said"></div></div>'
    )


def _top() -> str:
    return (
        '<div class="x-why-top"><h2>Why did this match?</h2>'
        '<span class="x-why-lead" data-part="lead"></span>'
        f'<span class="x-why-back">{button("back", "Back to the results", kind="x-btn-bare")}'
        '<details class="x-pop" data-part="export" hidden><summary class="x-btn" role="button">'
        f'{icon("copy")}Export</summary><div class="x-panel x-menu">'
        f'<button type="button" data-do="png">{icon("image")}As a picture (PNG)</button>'
        f'<button type="button" data-do="html">{icon("text")}As a page of its own (HTML)</button>'
        "</div></details></span></div>"
    )


def _tools() -> str:
    return (
        '<div class="x-why-tools"><span class="x-seg" role="group" aria-label="Method" '
        'data-part="methods"></span>'
        '<label class="x-why-opacity"><span>Heat</span><input type="range" min="0" max="100" '
        'value="70" data-part="opacity" aria-label="How strongly heat is shown"></label>'
        '<span class="x-why-scale" aria-hidden="true"><span>little</span><i></i><span>much</span>'
        '</span><span class="x-why-wait" data-part="wait" hidden><span class="x-spin" '
        'aria-hidden="true"></span><span data-part="wait-text"></span></span>'
        '<p class="x-quiet x-why-about" data-part="about"></p></div>'
    )


def _side(name: str, title: str) -> str:
    return (
        f'<section class="x-why-side" data-side="{name}" aria-label="{title}">'
        f'<header><span class="x-why-role">{title}</span><span data-part="{name}-head"></span>'
        f'</header><div class="x-why-terms" data-part="{name}-terms" hidden></div>'
        f'<div class="x-why-stage" data-part="{name}-stage"></div>'
        f'<p class="x-why-read x-quiet" data-part="{name}-read"></p></section>'
    )


def _whatif() -> str:
    return (
        '<section class="x-why-what" aria-labelledby="x-why-what"><h3 id="x-why-what">'
        "What if it were not there?</h3>"
        '<p class="x-quiet" data-part="what-hint"><span data-hand="mouse">Click a word, or draw a '
        "rectangle over a picture or a sound: the match is measured again without it. With the "
        "keyboard, go to a part with the arrows and press Enter.</span>"
        '<span data-hand="finger">Tap a word, or draw a rectangle over a picture or a sound with a '
        "finger that starts sideways: the match is measured again without it.</span></p>"
        '<div class="x-why-change" data-part="change" aria-live="polite"></div>'
        '<div class="x-why-row">'
        + button("take", "Take the lit part away", "unlike")
        + button("put-back", "Put all back", "retry", kind="x-btn-bare")
        + "</div></section>"
    )


def _score() -> str:
    return (
        '<section class="x-why-card" aria-labelledby="x-why-score"><h3 id="x-why-score">'
        'The score, taken apart</h3><div data-part="score"></div></section>'
    )


def _alignment() -> str:
    return (
        '<section class="x-why-card x-why-matrix" aria-labelledby="x-why-matrix">'
        '<div class="x-why-cardhead"><h3 id="x-why-matrix">Parts against parts</h3>'
        '<span class="x-seg" role="group" aria-label="View" data-part="views" hidden>'
        '<button type="button" data-do="view" data-value="matrix" aria-pressed="true">Alignment'
        "</button>"
        '<button type="button" data-do="view" data-value="joint" aria-pressed="false" title="The '
        'cheapest path through time, by distances in the joint space">Path in time</button>'
        '<button type="button" data-do="view" data-value="canonical" aria-pressed="false" '
        'title="The same in the space in which the two sequences correlate most">Canonical path'
        "</button></span></div>"
        '<div class="x-why-table" data-part="matrix"></div>'
        '<p class="x-quiet" data-part="matrix-read"></p></section>'
    )


def _faith() -> str:
    return (
        '<section class="x-why-card" aria-labelledby="x-why-faith">'
        '<div class="x-why-cardhead"><h3 id="x-why-faith">Is the heat true?</h3>'
        '<span class="x-seg" role="group" aria-label="Heat of" data-part="faith-side">'
        '<button type="button" data-do="faith" data-value="hit" aria-pressed="true">Hit</button>'
        '<button type="button" data-do="faith" data-value="query" aria-pressed="false">Query'
        "</button></span></div>"
        '<p class="x-quiet">Taking the hottest pieces away first, the score should fall faster '
        "than by chance; putting them back first, it should rise faster.</p>"
        '<div data-part="faith"></div><div class="x-why-row">'
        + button("measure", "Measure it")
        + '<span data-part="faith-job" class="x-why-job" hidden><span class="x-progress">'
        '<i></i></span><span class="x-num" data-part="faith-share"></span>'
        + button("faith-stop", "Cancel", kind="x-btn-bare")
        + "</span></div></section>"
    )
