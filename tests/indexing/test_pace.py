"""The time left, on a clock that is turned by hand."""

import itertools

import pytest

from xmr_core.indexing.costs import Costs
from xmr_core.indexing.pace import Pace
from xmr_core.media import Modality

TEXT, IMAGE, VIDEO, MESH = Modality.TEXT, Modality.IMAGE, Modality.VIDEO, Modality.MESH


class Simulated:
    """A run on a clock of its own.

    Args:
        files: in the order they are handled: (modality, seconds of work).
        batch: files that are handled at a time.
        load: seconds of work before the first batch of a modality.
        stretch: seconds that a second of work takes; may change with the second.
        before: costs that earlier runs have left.
    """

    def __init__(self, files, batch=4, load=0.0, stretch=lambda now: 1.0, before=None):
        self.files, self.batch, self.load, self.stretch = files, batch, load, stretch
        self.now = self.worked = 0.0
        self.costs = Costs(before)
        waiting = {m: sum(1 for n, _ in files if n is m) for m in Modality}
        self.pace = Pace(self.costs, waiting, lambda: self.now)

    def work(self, seconds):
        """Work on, with a sign of life every quarter of a second."""
        while seconds > 0:
            piece = min(seconds, 0.25)
            seconds -= piece
            self.now += piece * self.stretch(self.now)
            self.pace.tick(self.worked)
            self.told.append((self.now, self.pace.left))

    def go(self):
        """The whole run: [(seconds that are left, seconds said to be left)]."""
        self.told = [(0.0, self.pace.left)]
        begun = set()
        for modality, same in itertools.groupby(self.files, lambda file: file[0]):
            for batch in _cut(same, self.batch):
                first = modality not in begun
                load = self.load if first else 0.0
                seconds = sum(s for _, s in batch)
                self.work(load + seconds)
                self.worked += load + seconds
                self.pace.tick(self.worked)
                for _, each in batch:
                    each += load / len(batch)
                    if not first:
                        self.costs.add(modality, each)
                    self.pace.step(modality, each)
                begun.add(modality)
                self.told.append((self.now, self.pace.left))
        return [(self.now - at, left) for at, left in self.told]


def _cut(files, size):
    files = list(files)
    return [files[at : at + size] for at in range(0, len(files), size)]


def told(seen):
    """What was said: [(true, said)]."""
    return [(true, left) for true, left in seen if left]


def honest(true, left, batch=0.0):
    """Whether what was said is right, within a sixth, a second and the batch in hand."""
    return -1 - true / 6 <= left - true <= batch + 1 + true / 6


def test_reading_the_models_makes_no_file_look_slow():
    seen = Simulated([(TEXT, 0.05)] * 400, load=20.0).go()
    assert told(seen), "it is told at all"
    assert all(honest(true, left) for true, left in told(seen))


def test_nothing_is_said_until_enough_files_are_measured():
    simulated = Simulated([(IMAGE, 0.5)] * 40, load=5.0)
    seen = simulated.go()
    first = next(i for i, (_, left) in enumerate(seen) if left)
    assert seen[0][0] - seen[first][0] == pytest.approx(5.0 + 0.5 * 8), "two batches"
    assert all(honest(true, left, batch=2.0) for true, left in told(seen))


@pytest.mark.parametrize("seconds", [0.01, 20.0])
def test_wrong_guesses_are_forgotten_once_files_are_measured(seconds):
    seen = Simulated([(VIDEO, seconds)] * 200).go()
    assert all(honest(true, left, batch=4 * seconds) for true, left in told(seen))
    assert len(told(seen)) > 10


def test_nothing_is_said_while_most_of_what_is_left_was_never_measured():
    files = [(IMAGE, 0.1)] * 100 + [(MESH, 3.0)] * 40
    simulated = Simulated(files)
    seen = simulated.go()
    assert all(true < 120 for true, left in seen if left), "no sooner than meshes are measured"
    assert all(honest(true, left, batch=12.0) for true, left in told(seen))


def test_a_few_of_each_medium_at_the_beginning_are_enough():
    few = [(IMAGE, 0.1)] * 8 + [(MESH, 3.0)] * 8
    files = few + [(IMAGE, 0.1)] * 200 + [(MESH, 3.0)] * 40
    seen = Simulated(files, load=5.0).go()
    assert told(seen)[0][0] == pytest.approx(140), "as soon as they are done"
    assert all(honest(true, left, batch=12.0) for true, left in told(seen))


def test_a_little_that_was_never_measured_does_not_matter():
    files = [(IMAGE, 0.1)] * 400 + [(TEXT, 0.05)] * 20
    seen = Simulated(files).go()
    assert next(true for true, left in seen if left) > 35


def test_what_earlier_runs_have_measured_is_said_at_once():
    seen = Simulated([(MESH, 0.5)] * 40, before={MESH: 0.5}).go()
    assert seen[0] == (pytest.approx(20.0), 20.0)
    assert Simulated([(MESH, 0.5)] * 40).go()[0][1] == 0.0


def test_files_that_are_known_already_shorten_the_time_left():
    now = [0.0]
    costs = Costs({IMAGE: 1.0})
    pace = Pace(costs, {IMAGE: 1000}, lambda: now[0])
    assert pace.left == 1000.0
    for n in range(1, 101):
        now[0] = n * 0.01
        costs.add(IMAGE, 0.01, encoded=False)
        pace.step(IMAGE, 0.01)
        pace.tick(now[0])
    assert pace.left < 100


def test_readers_and_encoder_side_by_side_take_less_than_their_sum():
    seen = Simulated([(MESH, 1.0)] * 200, stretch=lambda now: 0.6).go()
    later = [(true, left) for true, left in told(seen) if true < 90]
    assert all(honest(true, left, batch=4.0) for true, left in later)


def test_a_machine_that_becomes_busy_is_noticed_within_two_minutes():
    run = Simulated([(TEXT, 0.5)] * 600, stretch=lambda now: 1.0 if now < 60 else 3.0)
    seen = run.go()
    total = seen[0][0]
    later = [(true, left) for true, left in seen if total - true > 60 + 120]
    assert all(honest(true, left, batch=6.0) for true, left in later)


def test_work_on_files_in_hand_is_not_counted_as_left():
    now = [0.0]
    costs = Costs({MESH: 1.0})
    pace = Pace(costs, {MESH: 10}, lambda: now[0])
    now[0] = 4.0
    pace.tick(worked=4.0)
    assert pace.left == pytest.approx(6.0)


def test_a_pause_does_not_count():
    now = [0.0]
    costs = Costs({IMAGE: 1.0})
    pace = Pace(costs, {IMAGE: 100}, lambda: now[0])
    for second in range(1, 11):
        now[0] = float(second)
        pace.tick(float(second))
        costs.add(IMAGE, 1.0)
        pace.step(IMAGE, 1.0)
    before = (pace.rate, pace.left)
    now[0] += 1000
    pace.hold(10.0)
    assert (pace.rate, pace.left) == before
    assert pace.stretch == 1.0
    now[0] += 10
    pace.tick(10.0)
    assert pace.rate == pytest.approx(before[0] / 2, rel=0.1), (
        "ten seconds count, a thousand do not"
    )
