"""The one document: its head, the header of every page, and Gradio's blocks around the pages."""

from xmr_core.ui.context import Context
from xmr_core.ui.icons import MARK, sheet
from xmr_core.ui.pages import PAGES
from xmr_core.ui.words import icon

STYLES = (
    "tokens",
    "base",
    "keep",
    "feedback",
    "duplicates",
    "translation",
    "words",
    *(page.name for page in PAGES),
)
SHARED = ("core", "redraw", "notices", "dialogs", "theme", "pages", "shared")
# pages may need the same script: it is there once, where the first needs it
SCRIPTS = tuple(dict.fromkeys((*SHARED, *(script for page in PAGES for script in page.scripts))))

_TITLE = "XMR"
# Before anything is drawn, so that a dark page never flashes white
_THEME = (
    "(()=>{let t=null;try{t=localStorage.getItem('xmr-theme')}catch{}"
    "document.documentElement.dataset.theme=t==='light'||t==='dark'?t:"
    "matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light'})()"
)
_STROKE = "%3Cpath d='M{} {} 13 13' stroke='%23{}'/%3E"
_FAVICON = (  # the mark of icons.py, in colours that show on light and dark tabs
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 26 26' fill='none' "
    "stroke-width='3.4' stroke-linecap='round'%3E"
    + _STROKE.format(3.5, 4.5, "b07a10")
    + _STROKE.format(22.5, 4.5, "12966f")
    + _STROKE.format(3.5, 21.5, "3f73e6")
    + _STROKE.format(22.5, 21.5, "c9408a")
    + "%3Ccircle cx='13' cy='13' r='3' fill='%237d55d1'/%3E%3C/svg%3E"
)


def head() -> str:
    """What our page adds to the document's head."""
    styles = "".join(f'<link rel="stylesheet" href="/assets/css/{name}.css">' for name in STYLES)
    scripts = "".join(f'<script defer src="/assets/js/{name}.js"></script>' for name in SCRIPTS)
    return (
        f"<script>{_THEME}</script>"
        f'<link rel="icon" href="{_FAVICON}">{styles}<style>{_one_at_a_time()}</style>{scripts}'
        '<meta name="color-scheme" content="light dark">'
    )


def _one_at_a_time() -> str:
    """The rules by which a page is there only while it is the one that is shown."""
    others = (f'body:not([data-page="{page.name}"]) #x-{page.name}' for page in PAGES)
    return f"{','.join(others)}{{display:none!important}}"


def header() -> str:
    """The brand, the way to the pages, the run under way, the theme; and the drawings."""
    links = "".join(f'<a href="#{page.name}">{page.title}</a>' for page in PAGES if page.listed)
    return (
        f'{sheet()}<a class="x x-skip" href="#main">Skip to the page</a>'
        '<header class="x x-head"><div class="x-wrap">'
        f'<a class="x-brand" href="#search" aria-label="XMR">{MARK}<span>XMR</span></a>'
        f'<nav class="x-nav" aria-label="Pages">{links}</nav>'
        '<a class="x-pill" href="#library" hidden><span class="x-spin" aria-hidden="true"></span>'
        '<span class="x-pill-text x-num"></span></a>'
        f'<button class="x-tool" type="button" data-do="theme" aria-label="Theme">{icon("sun")}'
        "</button></div></header>"
    )


def blocks(context: Context):  # type: ignore[no-untyped-def]  # gradio is slow to import
    """Gradio's blocks: the header and one component a page."""
    import gradio as gr

    with gr.Blocks(title=_TITLE, analytics_enabled=False) as whole:
        _part(gr, "x-head", header(), [])
        for page in PAGES:
            _part(gr, f"x-{page.name}", page.markup(context), ["x-page"])
    return whole


def _part(gr, name: str, html: str, classes: list[str]) -> None:  # type: ignore[no-untyped-def]
    gr.HTML(html, elem_id=name, elem_classes=classes, apply_default_css=False, js_on_load=None)
