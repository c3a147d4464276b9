"""Pictures painted with noise, gradients and smooth shapes."""

from collections.abc import Callable

from xmr_core.demo.canvas import U8, Rng
from xmr_core.demo.pictures.painted import animals, landscapes, night, signs

PAINTINGS: dict[str, tuple[Callable[[Rng], U8], tuple[str, ...]]] = {
    "sea/beach.jpg": (landscapes.beach, ("sea",)),
    "night/full-moon.jpg": (night.full_moon, ("night",)),
    "night/milky-way.jpg": (night.milky_way, ("night", "space")),
    "rain/lightning.jpg": (night.lightning, ("rain",)),
    "rain/rain-on-the-window.jpg": (landscapes.window, ("rain",)),
    "party/fireworks.jpg": (night.fireworks, ("party",)),
    "winter/mountains-in-snow.jpg": (landscapes.mountains, ("winter",)),
    "music/piano-keys.png": (signs.piano_keys, ("piano", "music")),
    "clocks/station-clock.png": (signs.station_clock, ("clocks", "trains")),
    "birds/geese-at-sunset.jpg": (animals.flock, ("birds",)),
    "doctor/heart-trace.png": (signs.heart_trace, ("doctor",)),
    "cars/stop-sign.png": (signs.stop_sign, ("cars",)),
    "flowers/butterfly.webp": (animals.butterfly, ("flowers",)),
}
