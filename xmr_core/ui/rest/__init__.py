"""``/api/v1``: the engine for programs, in JSON, described by ``/api/v1/openapi.json``."""

from fastapi import FastAPI

from xmr_core.ui.context import Context
from xmr_core.ui.rest import libraries, searching
from xmr_core.ui.rest.errors import answer_errors
from xmr_core.ui.rest.limits import Limits

ADDRESS = "/api/v1"


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
    )
    answer_errors(app)
    app.add_middleware(Limits)
    app.include_router(libraries.router(context))
    app.include_router(searching.router(context))
    return app
