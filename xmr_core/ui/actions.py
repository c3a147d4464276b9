"""``POST /call/{action}``: what the pages ask of the server, as plain JSON both ways.

Each call runs in a thread of its own, so that a slow one (the first search reads the encoders)
does not hold up the quick ones. Errors are told in one form, made here.
"""

import json
import logging
import math
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from xmr_core.errors import XMRError
from xmr_core.ui.context import Action, Plain
from xmr_core.ui.fields import BadField
from xmr_core.ui.strangers import look_only

MAX_BYTES = 1_000_000

_log = logging.getLogger(__name__)


class Answer(JSONResponse):
    """JSON in ASCII alone: names of files need not be valid Unicode, and come back as they went."""

    def render(self, content: Any) -> bytes:
        """The bytes that are sent."""
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")


def joined(*sets: Mapping[str, Action]) -> dict[str, Action]:
    """Several pages' actions as one table.

    Raises:
        ValueError: two of one name.

    >>> joined({"a": dict}, {"a": dict})
    Traceback (most recent call last):
    ...
    ValueError: two actions are called 'a'
    """
    table: dict[str, Action] = {}
    for actions in sets:
        for name, action in actions.items():
            if name in table:
                raise ValueError(f"two actions are called {name!r}")
            table[name] = action
    return table


def problem(error: XMRError) -> Plain:
    """An error as the pages read it.

    >>> problem(XMRError("It is gone.", "Look elsewhere."))
    {'error': {'message': 'It is gone.', 'hint': 'Look elsewhere.'}}
    """
    return {"error": {"message": error.message, "hint": error.hint}}


def answer(name: str, action: Action, payload: Plain) -> tuple[Plain, int]:
    """Run an action; what goes wrong becomes part of the answer.

    Returns:
        The answer and its status: 400 for what no page of ours sends, 200 otherwise, errors that
        are part of the work included.
    """
    try:
        look_only(name)
        return action(payload), 200
    except BadField as error:
        return problem(error), 400
    except XMRError as error:
        return problem(error), 200
    except Exception as error:
        # the page must say something; the terminal has the details
        _log.exception("%s failed", name)
        unexpected = XMRError(
            f"Something unexpected went wrong ({type(error).__name__}: {error}).",
            "Try again; the terminal that XMR runs in shows the details.",
        )
        return problem(unexpected), 200


def plain(body: bytes) -> Any:
    """JSON as it arrived; None for what is none, or holds numbers that could not be sent back.

    >>> plain(b'{"n": 1.5}'), plain(b'{"n": NaN}'), plain(b'{"n": 1e999}')
    ({'n': 1.5}, None, None)
    """
    try:
        return json.loads(body, parse_float=_finite, parse_constant=_finite)
    except (ValueError, RecursionError):  # the latter of lists in lists in lists
        return None


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is no number of JSON")
    return value


def router(actions: Mapping[str, Action]) -> APIRouter:
    """The one route."""
    routes = APIRouter()

    @routes.post("/call/{name}")
    async def call(name: str, request: Request) -> Response:
        if name not in actions:
            return JSONResponse(problem(XMRError(f"There is no action '{name}'.")), 404)
        # a form of a foreign page cannot send this type without asking first
        if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
            return JSONResponse(problem(XMRError("Actions take JSON.")), 415)
        if int(request.headers.get("content-length", MAX_BYTES + 1)) > MAX_BYTES:
            return JSONResponse(problem(XMRError("That is too long.", "Shorten it.")), 413)
        payload = plain(await request.body())
        if not isinstance(payload, dict):
            return JSONResponse(problem(XMRError("Actions take a JSON object.")), 400)
        told, status = await run_in_threadpool(answer, name, actions[name], payload)
        return Answer(told, status)

    return routes
