"""Errors of the interface for programs: a status, and a sentence with what to do."""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from xmr_core.errors import (
    DiskFull,
    ExplanationError,
    HubUnreachable,
    LibraryBusy,
    LibraryDamaged,
    LibraryError,
    LibraryExists,
    LibraryNotFound,
    LibraryReadOnly,
    LibraryTooNew,
    MediaError,
    ProfileMismatch,
    UnsupportedMedia,
    XMRError,
)

_log = logging.getLogger(__name__)

_STATUS: dict[type[XMRError], HTTPStatus] = {
    LibraryNotFound: HTTPStatus.NOT_FOUND,
    LibraryBusy: HTTPStatus.CONFLICT,
    LibraryExists: HTTPStatus.CONFLICT,
    ProfileMismatch: HTTPStatus.CONFLICT,
    LibraryReadOnly: HTTPStatus.FORBIDDEN,
    LibraryDamaged: HTTPStatus.INTERNAL_SERVER_ERROR,
    LibraryTooNew: HTTPStatus.INTERNAL_SERVER_ERROR,
    DiskFull: HTTPStatus.INSUFFICIENT_STORAGE,
    HubUnreachable: HTTPStatus.BAD_GATEWAY,
    UnsupportedMedia: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    MediaError: HTTPStatus.UNPROCESSABLE_ENTITY,
    ExplanationError: HTTPStatus.UNPROCESSABLE_ENTITY,
    LibraryError: HTTPStatus.NOT_FOUND,  # what is left of them: an item that is not there
}


def status(error: XMRError) -> HTTPStatus:
    """The status of an error: that of its nearest known kind.

    >>> status(LibraryBusy("busy")), status(XMRError("no"))
    (<HTTPStatus.CONFLICT: 409>, <HTTPStatus.BAD_REQUEST: 400>)
    """
    known = (kind for kind in type(error).__mro__ if kind in _STATUS)
    return _STATUS.get(next(known, XMRError), HTTPStatus.BAD_REQUEST)


def told(message: str, hint: str, code: int) -> JSONResponse:
    """The one form of all errors."""
    return JSONResponse({"error": {"message": message, "hint": hint}}, code)


def answer_errors(app: FastAPI) -> None:
    """Let every error of an application be told in that form."""

    @app.exception_handler(XMRError)
    async def known(_: Request, error: XMRError) -> JSONResponse:
        return told(error.message, error.hint, status(error))

    @app.exception_handler(RequestValidationError)
    async def unfit(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"] if step != "body") or "the body"
        sentence = f"{where}: {first['msg']}."
        return told(sentence, "See /api/v1/openapi.json for the form.", HTTPStatus.BAD_REQUEST)

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> JSONResponse:
        hint = "See /api/v1/openapi.json for what there is."
        return told(f"{error.detail}.", hint, error.status_code)

    @app.exception_handler(Exception)
    async def unexpected(_: Request, error: Exception) -> JSONResponse:
        _log.error("the interface for programs failed", exc_info=error)
        sentence = f"Something unexpected went wrong ({type(error).__name__})."
        return told(sentence, "The terminal that XMR runs in shows the details.", 500)
