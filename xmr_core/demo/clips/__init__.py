"""Short videos: moving views over the photographs, painted scenes, turning solids."""

from collections.abc import Callable, Iterator

import numpy as np

from xmr_core.demo.canvas import U8
from xmr_core.demo.clips import scenes
from xmr_core.demo.clips.views import pan
from xmr_core.demo.film import film
from xmr_core.demo.sounds import life, machines, weather
from xmr_core.demo.synth import F64, Rng, level
from xmr_core.demo.work import Work

Sound = Callable[[Rng, float], F64]


def _work(
    path: str,
    frames: Callable[[Rng, float], Iterator[U8]],
    sound: Sound,
    seconds: float,
    *themes: str,
) -> Work:
    suffix = path[path.rindex(".") :]

    def make(rng: np.random.Generator) -> bytes:
        return film(frames(rng, seconds), level(sound(rng, seconds)), suffix)

    return Work(path, themes, make)


def _view(
    path: str,
    name: str,
    start: tuple[float, ...],
    end: tuple[float, ...],
    sound: Sound,
    *themes: str,
) -> Work:
    def frames(rng: Rng, seconds: float) -> Iterator[U8]:
        return pan(name, (*start[:4],), (*end[:4],), seconds)  # type: ignore[arg-type]

    return _work(path, frames, sound, 5.0, *themes)


WORKS: tuple[Work, ...] = (
    _work("sea/waves-at-sunset.mp4", scenes.sunset_waves, weather.waves, 6.0, "sea"),
    _work("rain/rain-over-the-hills.mp4", scenes.rain, weather.rain, 5.0, "rain"),
    _work("fire/campfire.webm", scenes.fire, weather.fire, 5.0, "fire"),
    _work("sport/bouncing-football.mp4", scenes.bouncing_ball, life.bounce, 5.0, "sport"),
    _work("clocks/clock-ticking.mp4", scenes.clock, machines.ticking, 6.0, "clocks"),
    _view(
        "cats/a-cat-looks-about.mp4", "cat", (0, 0, 1, 1), (0.25, 0.1, 0.8, 0.75), life.purr, "cats"
    ),
    _view(
        "coffee/espresso-is-served.mp4",
        "coffee",
        (0.2, 0.1, 0.7, 0.7),
        (0, 0, 1, 1),
        weather.bubbles,
        "coffee",
    ),
    _view(
        "space/astronaut-and-shuttle.webm",
        "astronaut",
        (0.0, 0.0, 0.7, 0.55),
        (0.3, 0.0, 1.0, 0.55),
        machines.rocket,
        "space",
    ),
)
