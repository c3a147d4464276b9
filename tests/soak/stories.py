"""Stories of files and runs, by chance, beside a model: see `tests.soak.files`."""

from collections.abc import Iterator

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.soak.files import Files
from tests.soak.length import Length
from xmr_core.bench.report import Figure


def stories(length: Length) -> Iterator[Figure]:
    """How many stories were told and how many steps they had.

    Raises:
        AssertionError: catalogue and model differ, with the shortest story in which they do.
    """
    told = steps = 0

    class Counted(Files):
        def __init__(self) -> None:
            nonlocal told
            super().__init__()
            told += 1

        def check_invariants(self, *values: object) -> None:
            nonlocal steps
            super().check_invariants(*values)
            steps += 1

    run_state_machine_as_test(
        Counted,
        settings=settings(
            max_examples=length.stories,
            stateful_step_count=length.steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    yield Figure("stories of files and runs told without a difference", told, "", length.stories)
    yield Figure("steps after which catalogue and model were compared", steps, "")
