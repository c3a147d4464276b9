"""The panel of a run as HTML: empty, and hidden until the page fills it."""

from xmr_core.ui.pieces import button, tool


def panel() -> str:
    """The panel of a run: empty, and hidden until there is one."""
    buttons = "".join(
        button(do, label, drawing, kind)
        for do, label, drawing, kind in (
            ("pause", "Pause", "pause", ""),
            ("resume", "Resume", "play", "x-btn-main"),
            ("again", "Take it up again", "retry", "x-btn-main"),
            ("accept", "Accept the loss", "", "x-btn-bad"),
            ("search-in", "Search now", "search", ""),
            ("show-duplicates", "Show them", "copy", "x-btn-main"),
            ("cancel", "Cancel", "close", ""),
        )
    )
    return (
        '<section class="x-run" data-keep="run" aria-labelledby="x-run-what" hidden>'
        '<h3 id="x-run-what" tabindex="-1"><span data-run="what"></span>'
        f'<small data-run="state"></small>{tool("dismiss", "close", "Dismiss")}</h3>'
        '<div class="x-progress" role="progressbar" aria-labelledby="x-run-what" '
        'aria-valuemin="0" aria-valuemax="100"><i></i></div>'
        '<p class="x-run-line"><b data-run="line"></b><span data-run="rate"></span>'
        '<span data-run="left"></span></p>'
        '<ul class="x-run-counts" data-run="counts"></ul>'
        '<p class="x-run-now" data-run="current"></p>'
        '<div class="x-run-notes" data-run="notes"></div>'
        f'<div class="x-row x-run-buttons">{buttons}</div></section>'
    )
