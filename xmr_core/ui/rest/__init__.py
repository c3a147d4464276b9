"""``/api/v1``: the engine for programs, in JSON, described by ``/api/v1/openapi.json``."""

from fastapi import Depends, FastAPI

from xmr_core.ui.context import Context
from xmr_core.ui.rest import (
    concepts,
    connections,
    duplicates,
    exporting,
    keeping,
    libraries,
    moments,
    searching,
    translation,
    watching,
    words,
)
from xmr_core.ui.rest.errors import answer_errors
from xmr_core.ui.rest.limits import Limits
from xmr_core.ui.strangers import ask_only

ADDRESS = "/api/v1"
_NOUNS = (
    *(libraries, watching, searching, exporting, moments, words, translation, keeping, concepts),
    *(connections, duplicates),
)


def application(context: Context) -> FastAPI:
    """The routes over a server's state, to be mounted at ``ADDRESS``.

    Its page of documentation would fetch scripts from elsewhere, so there is none.
    """
    app = FastAPI(
        title="XMR",
        version="1",
        summary="Search folders of texts, pictures, sounds, videos and 3D models by any of them.",
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(ask_only)],
    )
    answer_errors(app)
    app.add_middleware(Limits)
    for noun in _NOUNS:
        app.include_router(noun.router(context))
    return app
