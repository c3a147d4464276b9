"""Answers as files, for programs."""

from typing import Annotated, Literal

from fastapi import APIRouter
from fastapi.responses import FileResponse
from pydantic import Field

from xmr_core.ui import exporting
from xmr_core.ui.context import Context
from xmr_core.ui.exports import named
from xmr_core.ui.rest.asking import Given, SearchGiven
from xmr_core.ui.rest.searching import stated_query


class ExportGiven(Given):
    """A query, and how its answer is to be written."""

    search: Annotated[SearchGiven, Field(description="Its offset is not heeded.")]
    format: Literal["csv", "json", "zip"] = Field(
        description="zip: a page that needs no server, and the files it shows."
    )
    documents: bool = Field(default=False, description="Documents with their members, not hits.")


def router(context: Context) -> APIRouter:
    """The route over a server's libraries."""
    routes = APIRouter(tags=["search"])

    @routes.post("/search/export", response_class=FileResponse)
    def write(given: ExportGiven) -> FileResponse:
        """An answer as a file: a table, data, or a page with the files."""
        made = exporting.write(
            context,
            stated_query(given.search),
            given.format,
            given.search.k,
            whole=given.documents,
        )
        context.exports.keep(made.path, made.label)  # so that it goes when others come
        return FileResponse(made.path, filename=named(made.label) + made.path.suffix)

    return routes
