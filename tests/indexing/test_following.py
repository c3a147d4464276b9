"""Work that tells how far it is, followed as the stage of a run."""

import pytest

from xmr_core.errors import HubUnreachable
from xmr_core.indexing import Control, Progress, follow


def test_what_followed_work_raises_comes_out_of_the_run():
    def work(tell: object) -> None:
        raise HubUnreachable("No answer.")

    with pytest.raises(HubUnreachable):
        list(follow(work, "load", Control()))


def test_followed_work_waits_during_a_pause():
    control = Control()
    control.pause()
    done: list[int] = []

    def work(tell: object) -> str:
        tell(1, 2)  # type: ignore[operator]
        done.append(1)
        return "ready"

    run = follow(work, "load", control)
    events = [next(run) for _ in range(3)]
    assert events[-1] == Progress("load", 1, 2, paused=True)
    assert not done
    control.resume()
    list(run)
    assert done
