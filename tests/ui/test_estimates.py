"""Looking through folders in the background."""

import threading

import pytest

from tests.ui.test_jobs import until
from xmr_core.errors import RootMissing, XMRError
from xmr_core.indexing import Control, Estimate
from xmr_core.ui.estimates import Estimates, Tell

NOTHING = Estimate({}, 0, 0, 0, 0.0, 0)


class Slow:
    """An estimate that goes on until it is cancelled."""

    def __init__(self) -> None:
        self.ended = threading.Event()

    def __call__(self, control: Control, tell: Tell) -> Estimate:
        tell(256, "a/b.png")
        until(lambda: control.cancelled)
        self.ended.set()
        return NOTHING


def test_an_estimate_tells_how_far_it_is_and_what_it_found():
    estimates = Estimates()
    slow = Slow()
    number = estimates.start(slow)
    looking = estimates.get(number)
    until(lambda: looking.seen == 256)
    assert looking.active
    looking.control.cancel()
    until(lambda: not looking.active)
    assert looking.result is NOTHING


def test_a_stopped_estimate_ends_and_is_forgotten():
    estimates = Estimates()
    slow = Slow()
    number = estimates.start(slow)
    estimates.stop(number)
    estimates.stop(number)
    assert slow.ended.wait(10)
    with pytest.raises(XMRError, match="not kept"):
        estimates.get(number)


def test_the_oldest_of_many_estimates_is_stopped():
    estimates = Estimates()
    looks = [Slow() for _ in range(22)]
    numbers = [estimates.start(look) for look in looks]
    assert looks[0].ended.wait(10)
    assert looks[1].ended.wait(10)
    assert not looks[2].ended.is_set()
    for number in numbers:
        estimates.stop(number)


@pytest.mark.parametrize("error", [RootMissing("It is gone."), ZeroDivisionError("division")])
def test_what_goes_wrong_is_told(error: Exception):
    def broken(control: Control, tell: Tell) -> Estimate:
        raise error

    estimates = Estimates()
    looking = estimates.get(estimates.start(broken))
    until(lambda: not looking.active)
    assert looking.error is not None
    assert str(error) in looking.error.message
