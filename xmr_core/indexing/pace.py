"""How quickly a run goes on, and how long it will still take."""

import time
from collections.abc import Callable, Mapping

from xmr_core.indexing.costs import Costs
from xmr_core.media import Modality

_MEMORY = 30.0  # seconds after which what was counts half
_TRUST = 5.0  # seconds of work that are taken to last as long, before the first are done
_SHARE = 0.8  # of what is left to do must be known for the time left to be told


class Pace:
    """The rate of a run and the time it has left.

    Files of different media take very different times, and readers and encoder work side by
    side. So what is left is counted in seconds of work, by what a file of each medium has
    taken so far; and how long a second of work takes is watched over the last half minute or
    so. Reading the models is work like any other there: it makes no file look slow.

    Nothing is said of the time left while most of what is left is of media that no file has
    been measured of.

    Args:
        costs: of files, measured meanwhile by whoever steps.
        waiting: how many files are to be handled, by the modality that they promise to be.
        clock: seconds, monotonic.

    >>> now = [0.0]
    >>> costs = Costs()
    >>> pace = Pace(costs, {Modality.IMAGE: 100}, lambda: now[0])
    >>> for second in range(1, 11):
    ...     now[0] = float(second)
    ...     pace.tick(worked=float(second))
    ...     for _ in range(4):
    ...         costs.add(Modality.IMAGE, 0.25)
    ...         pace.step(Modality.IMAGE, 0.25)
    >>> pace.rate, pace.left
    (4.0, 15.0)
    """

    def __init__(
        self,
        costs: Costs,
        waiting: Mapping[Modality, int],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._costs, self._waiting, self._clock = costs, dict(waiting), clock
        self._last = clock()
        self._time = self._work = self._files = 0.0  # fading sums, as of the last work done
        self._since = 0.0  # seconds that have passed since
        self._trust = _TRUST
        self._worked = self._stepped = 0.0  # all work, and the part of it in files handled
        self._passed = 0.0  # all time but that of pauses

    def step(self, modality: Modality, seconds: float) -> None:
        """A file has been handled.

        Args:
            modality: that it promised to be.
            seconds: of work that it took.
        """
        self._waiting[modality] = max(0, self._waiting.get(modality, 0) - 1)
        self._files += 1
        self._stepped += seconds

    def tick(self, worked: float) -> None:
        """Time has passed.

        Args:
            worked: seconds of work since the run began, that on files in hand included.
        """
        now = self._clock()
        passed, self._last = now - self._last, now
        self._passed += passed
        self._since += passed
        if worked > self._worked:  # all at once for a batch: until then nothing fades
            fade = 0.5 ** (self._since / _MEMORY)
            self._time = self._time * fade + self._since
            self._work = self._work * fade + worked - self._worked
            self._trust *= fade
            self._files *= fade
            self._worked, self._since = worked, 0.0

    def hold(self, worked: float) -> None:
        """Time has passed in a pause: neither it nor what was finished in it counts."""
        self._last, self._worked = self._clock(), worked

    @property
    def rate(self) -> float:
        """Files a second, lately."""
        passed = self._time + self._since
        return round(self._files / passed, 2) if passed > 0 else 0.0

    @property
    def left(self) -> float:
        """Seconds; 0 while that cannot be told."""
        to_do = {m: n * self._costs[m] for m, n in self._waiting.items()}
        total = sum(to_do.values())
        if sum(s for m, s in to_do.items() if self._costs.known(m)) < _SHARE * total:
            return 0.0
        ahead = max(0.0, self._worked - self._stepped)  # on files that are not handled yet
        stretch = (self._time + self._trust) / (self._work + self._trust)
        return round(max(0.0, total - ahead) * stretch, 1)

    @property
    def stretch(self) -> float:
        """Seconds that a second of work has taken, over the whole run."""
        return self._passed / self._worked if self._worked > 0 else 1.0
