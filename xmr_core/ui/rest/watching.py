"""Whether a library's folders are watched, for programs."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from xmr_core.ui.context import Context
from xmr_core.ui.rest.asking import Given


class WatchGiven(Given):
    """Whether they are to be watched."""

    on: bool


class WatchTold(BaseModel):
    """Whether they are, and what there is to say of it."""

    on: bool
    message: str = Field(description="What there is to know: a folder that is away, say.")


def router(context: Context) -> APIRouter:
    """The routes over a server's libraries."""
    routes = APIRouter(tags=["libraries"])

    def told(name: str) -> WatchTold:
        latest = context.watches.latest(name)
        on = context.shelf.get(name).watched
        return WatchTold(on=on, message=latest.message if latest else "")

    @routes.get("/libraries/{name}/watch")
    def state(name: str) -> WatchTold:
        """Whether this server watches its folders; what changes there is indexed."""
        return told(name)

    @routes.put("/libraries/{name}/watch")
    def watch(name: str, given: WatchGiven) -> WatchTold:
        """Watch them from now on, or cease to."""
        context.shelf.get(name).set_watched(given.on)
        context.watches.follow(name)
        return told(name)

    return routes
