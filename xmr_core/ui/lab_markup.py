"""The Lab page as it is before anything was fitted."""

from xmr_core.ui.context import Context
from xmr_core.ui.pieces import button

_FAMILIES = (
    ("unsupervised", "Unsupervised", "know which two belong together, no more"),
    ("supervised", "Supervised", "learn from classes"),
    ("pairwise", "Pairwise", "pull pairs together, push others apart"),
    ("rank-based", "Rank-based", "learn from what should rank higher"),
    ("dictionary", "Dictionaries", "write both media in learned words"),
    ("hashing", "Hashing", "short codes of bits"),
    ("interaction", "Re-ranking", "look again at the best, part by part"),
    ("translation", "Translation", "say in words what is shown"),
)


def markup(context: Context) -> str:
    """The page's HTML."""
    return (
        '<div class="x x-wrap x-lab" data-main tabindex="-1">'
        '<div class="x-lab-top"><h2>Lab</h2><p class="x-quiet">Fit the field’s methods on the same '
        "data, see what each finds, and use the best in a library.</p>"
        '<div class="x-lab-lessons" data-part="lessons" role="group" aria-label="Lessons"></div>'
        "</div>"
        f'<div class="x-lab-main"><aside class="x-lab-side">{_choices()}</aside>'
        f'<div class="x-lab-out" data-part="out">{_out()}</div></div>'
        '<div class="x-sr" role="status" aria-live="polite" data-part="said"></div></div>'
    )


def _choices() -> str:
    families = "".join(
        f'<fieldset class="x-lab-family" data-family="{name}"><legend>{title} '
        f'<span class="x-quiet">{about}</span></legend><div data-part="{name}"></div></fieldset>'
        for name, title, about in _FAMILIES
    )
    return (
        '<section class="x-lab-card"><label class="x-lab-data"><span>Data</span>'
        '<select data-part="data"></select></label>'
        '<label class="x-lab-data" data-part="kinds-field" hidden><span>Pairs of</span>'
        '<select data-part="kinds"></select></label>'
        '<p class="x-lab-where" data-part="where" role="status"></p>'
        '<details class="x-quiet" data-part="what" hidden><summary>What counts as a pair?</summary>'
        "<p></p></details>"
        '<details class="x-lab-methods" data-part="methods" open><summary><b>Methods</b> '
        '<span class="x-quiet" data-part="ticked" aria-live="polite"></span></summary>'
        '<div class="x-lab-row x-lab-ticks" role="group" aria-label="Choose methods">'
        + button("all", "All")
        + button("few", "A few")
        + button("none", "None")
        + f'</div>{families}</details><div class="x-lab-go">'
        + button("fit", "Fit", kind="x-btn-main")
        + '<label class="x-lab-seed">Seed <input type="number" min="0" max="2147483647" value="0" '
        'data-part="seed"></label></div></section>'
    )


def _out() -> str:
    return (
        '<section class="x-lab-card x-lesson" data-part="lesson" tabindex="-1" hidden></section>'
        '<section class="x-lab-card x-lab-job" data-part="job" hidden>'
        '<div class="x-lab-bar" role="progressbar" aria-label="Fitting" aria-valuemin="0" '
        'aria-valuemax="100"><i></i></div><p><span data-part="doing"></span>'
        + button("stop", "Cancel", kind="x-btn-bare")
        + '</p><div data-part="learning"></div></section>'
        '<section class="x-lab-card" data-part="empty"><div class="x-empty">'
        "<h3>Nothing is fitted yet</h3><p>Choose data and methods, and press Fit. The made-up data "
        "needs no download: two media that tell of the same hidden topics, each with noise of its "
        "own.</p></div></section>"
        '<section class="x-lab-card" data-part="table" aria-labelledby="x-lab-table" hidden>'
        '<div class="x-lab-row x-lab-head"><h3 id="x-lab-table">What each method finds</h3>'
        '<span class="x-seg" role="group" aria-label="What counts as found" data-part="ways" '
        "hidden>"
        '<button type="button" data-do="way" data-value="labels" aria-pressed="true">Same class'
        '</button><button type="button" data-do="way" data-value="pairs" aria-pressed="false">'
        "Own partner</button></span></div>"
        '<div data-part="table-body"></div>'
        '<p class="x-lab-where" data-part="left-out"></p></section>'
        '<section class="x-lab-card" data-part="curves" aria-labelledby="x-lab-curves" hidden>'
        '<h3 id="x-lab-curves">Curves</h3><div data-part="curves-body"></div></section>'
        '<section class="x-lab-card" data-part="planes" aria-labelledby="x-lab-planes" hidden>'
        '<h3 id="x-lab-planes">Both media, before and after</h3>'
        '<div data-part="planes-body"></div></section>'
        '<section class="x-lab-card" data-part="columns" aria-labelledby="x-lab-columns" hidden>'
        '<h3 id="x-lab-columns">One query, method by method</h3>'
        '<div data-part="columns-body"></div></section>'
        '<section class="x-lab-card" data-part="speech" aria-labelledby="x-lab-speech" hidden>'
        '<h3 id="x-lab-speech">What is said of things never seen</h3>'
        '<div data-part="speech-body"></div><div data-part="examples-body"></div></section>'
        '<section class="x-lab-card" data-part="bits" aria-labelledby="x-lab-bits" hidden>'
        '<h3 id="x-lab-bits">How few bits are enough?</h3>'
        '<div data-part="bits-body"></div></section>'
    )
