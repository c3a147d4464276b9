"""Libraries, their items and their runs, for programs."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as InPath

from xmr_core.errors import LibraryError
from xmr_core.filters import Filters
from xmr_core.library import Library as Opened
from xmr_core.media import Modality
from xmr_core.ui import folders
from xmr_core.ui.context import Context
from xmr_core.ui.jobs import Job
from xmr_core.ui.library_runs import Runs
from xmr_core.ui.profile_words import check_can_be_had
from xmr_core.ui.rest.asking import LibraryGiven, RunGiven
from xmr_core.ui.rest.models import (
    ItemInParts,
    Items,
    ItemTold,
    Library,
    PartTold,
    RunTold,
)

Item = Annotated[int, InPath(ge=0, le=2**62)]
_TURNS = {"pause": Job.pause, "resume": Job.resume, "cancel": Job.cancel}


def router(context: Context) -> APIRouter:
    """The routes over a server's libraries."""
    routes = APIRouter()
    shelf, jobs, runs = context.shelf, context.jobs, Runs(context)

    @routes.get("/libraries", tags=["libraries"])
    def libraries() -> list[Library]:
        """Every library that can be opened."""
        opened = []
        for name in shelf.names():
            try:
                opened.append(_library(shelf.get(name)))
            except LibraryError:  # asked for by itself, it says what is wrong with it
                continue
        return opened

    @routes.post("/libraries", status_code=201, tags=["libraries"])
    def create(given: LibraryGiven) -> Library:
        """A new, empty library; a run over folders fills it."""
        check_can_be_had(given.profile)
        return _library(shelf.create(Opened.check_name(given.name), given.profile))

    @routes.get("/libraries/{name}", tags=["libraries"])
    def library(name: str) -> Library:
        """One library."""
        return _library(shelf.get(name))

    @routes.get("/libraries/{name}/items", tags=["items"])
    def items(
        name: str,
        modality: Annotated[list[Modality] | None, Query()] = None,
        folder: str | None = None,
        text: str | None = None,
        offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> Items:
        """Items in the order of their paths."""
        filters = Filters(modalities=frozenset(modality or ()), folder=folder, text=text)
        found = shelf.get(name).items(filters, offset, limit)
        return Items(items=[ItemTold.of(name, item) for item in found], offset=offset)

    @routes.get("/libraries/{name}/items/{item}", tags=["items"])
    def one(name: str, item: Item) -> ItemInParts:
        """An item with its parts; ``media`` is where its file is served."""
        opened = shelf.get(name)
        told = ItemTold.of(name, opened.item(item))
        parts = [PartTold.of(part) for part in opened.parts(item)]
        return ItemInParts(**told.model_dump(), parts=parts)

    @routes.post("/libraries/{name}/runs", status_code=202, tags=["runs"])
    def start(name: str, given: RunGiven) -> RunTold:
        """Index folders of this machine; searches go on meanwhile."""
        where = [str(folders.given(folder)) for folder in given.folders]
        runs.index(shelf.get(name), where, accept_loss=given.accept_loss)
        return RunTold.of(newest(name))

    @routes.get("/libraries/{name}/run", tags=["runs"])
    def run(name: str) -> RunTold:
        """The run that goes on, or went on last, since this server began."""
        return RunTold.of(newest(name))

    @routes.post("/libraries/{name}/run/{turn}", tags=["runs"])
    def steer(name: str, turn: str) -> RunTold:
        """``pause``, ``resume`` or ``cancel``, after the batch in hand."""
        if turn not in _TURNS:
            raise LibraryError(f"A run cannot '{turn}'.", f"It can: {', '.join(_TURNS)}.")
        job = newest(name)
        _TURNS[turn](job)
        return RunTold.of(job)

    def newest(name: str) -> Job:
        if (job := jobs.get(name)) is None:
            shelf.get(name)  # or there is no such library
            raise LibraryError(f"The library '{name}' has had no run here.", "Start one.")
        return job

    return routes


def _library(opened: Opened) -> Library:
    return Library(
        name=opened.name,
        profile=opened.profile,
        items=opened.counts(),
        failures=len(opened.failures()),
    )
