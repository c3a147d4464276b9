"""A request that the end of the server cuts short."""

import asyncio

import pytest

from xmr_core.ui.stopping import Stopping


async def cancelled(begin, kind="http"):
    """What is sent for a request that is cancelled, once its answer has begun or not."""
    sent = []

    async def app(scope, receive, send):
        if begin:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(60)

    async def send(message):
        sent.append(message)

    task = asyncio.ensure_future(Stopping(app)({"type": kind}, None, send))
    await asyncio.sleep(0.01)
    task.cancel()
    await task
    return sent


def test_a_request_that_is_cut_short_is_told_that_the_server_stops():
    start, body = asyncio.run(cancelled(begin=False))
    assert start["status"] == 503 and b"is being stopped" in body["body"]


def test_an_answer_that_has_begun_just_ends():
    assert [message["status"] for message in asyncio.run(cancelled(begin=True))] == [200]


def test_the_life_of_the_application_is_cancelled_as_ever():
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled(begin=False, kind="lifespan"))
