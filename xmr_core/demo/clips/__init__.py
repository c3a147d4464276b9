"""Short videos: moving views over the photographs, painted scenes, solids that move."""

from collections.abc import Callable, Iterator

import numpy as np

from xmr_core.demo.canvas import U8
from xmr_core.demo.clips import lights, moving, scenes, vehicles
from xmr_core.demo.clips.views import pan, still, turntable
from xmr_core.demo.film import film
from xmr_core.demo.meshes import animals, birds, music, office, percussion
from xmr_core.demo.pictures.staged import nature, rooms, setting, tables
from xmr_core.demo.sounds import animals as voices
from xmr_core.demo.sounds import machines, people, weather
from xmr_core.demo.sounds import music as tunes
from xmr_core.demo.synth import Rng, level, recorded
from xmr_core.demo.work import Array, Work

Frames = Callable[[Rng, float], Iterator[U8]]
Sound = Callable[[Rng, float], Array]


def _work(path: str, frames: Frames, sound: Sound, seconds: float, *themes: str) -> Work:
    suffix = path[path.rindex(".") :]

    def make(rng: np.random.Generator) -> bytes:
        return film(frames(rng, seconds), level(recorded(sound(rng, seconds), rng)), suffix)

    return Work(path, themes, make)


def _bangs(rng: Rng, seconds: float) -> Array:
    return weather.fireworks(rng, seconds, lights.BURSTS)


WORKS: tuple[Work, ...] = (
    _work("sea/waves-at-sunset.mp4", scenes.sunset_waves, weather.waves, 6.0, "sea"),
    _work("rain/rain-over-the-hills.mp4", scenes.rain, weather.rain, 5.0, "rain"),
    _work("fire/campfire.webm", scenes.fire, weather.fire, 5.0, "fire"),
    _work("sport/bouncing-football.mp4", scenes.bouncing_ball, people.bounce, 5.0, "sport"),
    _work("clocks/clock-ticking.mp4", scenes.clock, machines.ticking, 6.0, "clocks"),
    _work(
        "cats/a-cat-looks-at-you.mp4",
        pan("cat", (0, 0, 1, 1), (0.25, 0.1, 0.8, 0.75)),
        voices.purr,
        5.0,
        "cats",
    ),
    _work(
        "coffee/espresso-is-served.mp4",
        pan("coffee", (0.2, 0.1, 0.7, 0.7), (0, 0, 1, 1)),
        weather.bubbles,
        5.0,
        "coffee",
    ),
    _work(
        "space/astronaut-and-shuttle.webm",
        pan("astronaut", (0, 0, 0.7, 0.55), (0.3, 0, 1, 0.55)),
        machines.rocket,
        5.0,
        "space",
    ),
    _work(
        "china/summer-palace.mp4",
        pan("china", (0.1, 0.35, 0.7, 0.98), (0, 0, 1, 1)),
        tunes.gong,
        6.0,
        "china",
    ),
    _work(
        "flowers/a-bee-visits-a-dahlia.mp4",
        pan("flower", (0, 0, 1, 1), (0.25, 0.12, 0.75, 0.86)),
        voices.bee,
        5.0,
        "flowers",
    ),
    _work(
        "cars/motorcycle-starts.mp4",
        pan("motorcycle", (0, 0.1, 0.7, 0.9), (0.3, 0.1, 1, 0.9)),
        machines.engine,
        5.0,
        "cars",
    ),
    _work("space/rocket-launch.mp4", vehicles.launch, machines.rocket, 6.0, "space"),
    _work("trains/steam-train-passes.mp4", vehicles.train, machines.train, 7.0, "trains"),
    _work("cars/drive-in-the-country.mp4", vehicles.car, machines.engine, 5.0, "cars"),
    _work("flight/airliner-overhead.mp4", vehicles.airliner, machines.jet, 6.0, "flight"),
    _work("pond/goldfish-swimming.mp4", moving.fishes, weather.stream, 5.0, "pond"),
    _work("winter/snow-on-the-snowman.mp4", moving.snowfall, weather.wind, 5.0, "winter"),
    _work("party/fireworks.mp4", lights.fireworks, _bangs, 6.0, "party"),
    _work("doctor/heart-monitor.mp4", lights.monitor, machines.heart_monitor, 5.0, "doctor"),
    _work("bells/swinging-bell.mp4", moving.swinging_bell, tunes.church_bells, 5.0, "bells"),
    _work(
        "music/guitar-turning.mp4",
        turntable(music.guitar, 6),
        tunes.guitar,
        5.0,
        "guitar",
        "music",
    ),
    _work(
        "music/grand-piano-turning.mp4",
        turntable(music.grand_piano, 20),
        tunes.piano,
        5.0,
        "piano",
        "music",
    ),
    _work(
        "music/drum-kit-turning.webm",
        turntable(percussion.drum_kit, 16),
        tunes.drums,
        5.0,
        "drums",
        "music",
    ),
    _work(
        "music/violin-turning.mp4",
        turntable(music.violin, 6),
        tunes.violin,
        5.0,
        "violin",
        "music",
    ),
    _work(
        "telephone/telephone-rings.mp4",
        turntable(office.telephone, 24),
        machines.phone,
        5.0,
        "telephone",
    ),
    _work(
        "dogs/a-dog-barks.mp4",
        still(lambda: setting.lawn(animals.dog()), (0, 0, 1, 1), (0.25, 0.05, 0.85, 0.65)),
        voices.bark,
        4.0,
        "dogs",
    ),
    _work(
        "horses/horse-on-the-run.mp4",
        still(
            lambda: setting.lawn(animals.horse(), azimuth=75),
            (0, 0.1, 0.8, 0.9),
            (0.2, 0.1, 1, 0.9),
        ),
        voices.gallop,
        4.0,
        "horses",
    ),
    _work(
        "birds/robin-sings.mp4",
        still(
            lambda: setting.portrait(birds.bird(), 35, 8, 0.95), (0, 0, 1, 1), (0.2, 0.1, 0.8, 0.7)
        ),
        voices.chirps,
        5.0,
        "birds",
    ),
    _work(
        "night/owl-and-moon.mp4",
        still(nature.owl, (0.0, 0, 0.7, 0.7), (0.3, 0.15, 1, 0.85)),
        voices.owl,
        5.0,
        "night",
        "birds",
    ),
    _work(
        "kitchen/frying-an-egg.mp4",
        still(tables.stove, (0, 0, 1, 1), (0, 0.25, 0.65, 0.9)),
        weather.sizzle,
        4.0,
        "kitchen",
    ),
    _work(
        "home/living-room.mp4",
        still(rooms.living_room, (0, 0.1, 0.6, 0.7), (0.4, 0.2, 1, 0.8)),
        machines.ticking,
        5.0,
        "home",
    ),
    _work(
        "games/chess-game.mp4",
        still(tables.chess, (0.3, 0.3, 0.9, 0.9), (0, 0, 1, 1)),
        machines.ticking,
        4.0,
        "games",
    ),
)
