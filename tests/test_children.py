import os
import signal
import time
from pathlib import Path

import pytest

from tests import children


def who():
    return os.geteuid()


def tries_to_write(file):
    try:
        Path(file).write_text("here")
    except OSError as error:
        return type(error).__name__
    return "written"


def fails(message):
    raise ValueError(message)


def sleeps(seconds):
    time.sleep(seconds)


def test_an_unprivileged_child_is_not_root():
    assert children.call(who, unprivileged=True) != 0


def test_an_unprivileged_child_may_write_where_it_may_and_nowhere_else(common):
    assert children.call(tries_to_write, str(common / "a"), unprivileged=True) == "written"
    common.chmod(0o555)
    assert children.call(tries_to_write, str(common / "b"), unprivileged=True) == "PermissionError"


def test_a_failing_child_fails_the_test_with_its_words():
    with pytest.raises(AssertionError, match="the reason why"):
        children.call(fails, "the reason why")


def test_a_child_can_be_killed():
    child = children.start(sleeps, 60)
    child.kill()
    child.communicate()
    assert child.returncode == -signal.SIGKILL


def test_a_child_that_hangs_is_ended():
    with pytest.raises(AssertionError, match="longer than"):
        children.call(sleeps, 60, timeout=0.2)
