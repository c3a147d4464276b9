"""Sounds, synthesised."""

from collections.abc import Callable

import numpy as np

from xmr_core.demo.sounds import animals, machines, music, people, weather
from xmr_core.demo.synth import Rng, encode, level, recorded
from xmr_core.demo.work import Array, Work


def _work(path: str, sound: Callable[[Rng], Array], *themes: str, dry: bool = False) -> Work:
    suffix = path[path.rindex(".") :]

    def make(rng: np.random.Generator) -> bytes:
        samples = sound(rng) if dry else recorded(sound(rng), rng)
        return encode(level(samples), suffix)

    return Work(path, themes, make)


WORKS: tuple[Work, ...] = (
    _work("cats/meow.wav", animals.meow, "cats"),
    _work("cats/purring.ogg", animals.purr, "cats"),
    _work("dogs/barking.wav", animals.bark, "dogs"),
    _work("birds/dawn-chorus.flac", animals.chirps, "birds"),
    _work("birds/cuckoo.ogg", animals.cuckoo, "birds", dry=True),
    _work("night/owl.wav", animals.owl, "birds", "night"),
    _work("night/crickets.ogg", animals.crickets, "night", dry=True),
    _work("sea/waves.flac", weather.waves, "sea", dry=True),
    _work("sea/gulls.ogg", animals.gulls, "sea", "birds"),
    _work("sea/sonar.wav", machines.sonar, "sea", dry=True),
    _work("rain/steady-rain.ogg", weather.rain, "rain"),
    _work("rain/thunder.flac", weather.thunder, "rain"),
    _work("winter/wind.ogg", weather.wind, "winter"),
    _work("winter/steps-in-snow.wav", people.snow_steps, "winter", dry=True),
    _work("fire/crackling-fire.flac", weather.fire, "fire"),
    _work("pond/stream.ogg", weather.stream, "pond"),
    _work("pond/frogs.wav", animals.frogs, "pond"),
    _work("flowers/bee.ogg", animals.bee, "flowers"),
    _work("horses/gallop.wav", animals.gallop, "horses"),
    _work("horses/whinny.ogg", animals.neigh, "horses"),
    _work("coffee/pouring-coffee.wav", weather.bubbles, "coffee", dry=True),
    _work("coffee/whistling-kettle.ogg", weather.kettle, "coffee", "kitchen", dry=True),
    _work("kitchen/frying-pan.wav", weather.sizzle, "kitchen"),
    _work("fruit/biting-an-apple.wav", people.crunch, "fruit"),
    _work("coins/coins-on-a-table.wav", people.coins, "coins", dry=True),
    _work("clocks/ticking.wav", machines.ticking, "clocks"),
    _work("clocks/alarm-clock.ogg", machines.alarm, "clocks"),
    _work("clocks/striking-three.flac", music.clock_chime, "clocks"),
    _work("home/knock-on-the-door.wav", people.knock, "home", dry=True),
    _work("telephone/ringing.ogg", machines.phone, "telephone"),
    _work("office/typing.wav", machines.typing, "office"),
    _work("tools/hammering.ogg", people.hammer, "tools", dry=True),
    _work("cars/engine.ogg", machines.engine, "cars"),
    _work("cars/car-passing.flac", machines.car_passing, "cars"),
    _work("cars/horn.wav", machines.horn, "cars"),
    _work("cars/siren.ogg", machines.siren, "cars"),
    _work("trains/steam-train.flac", machines.train, "trains"),
    _work("flight/jet.ogg", machines.jet, "flight"),
    _work("flight/propeller-plane.wav", machines.propeller, "flight"),
    _work("flight/helicopter.ogg", machines.helicopter, "flight"),
    _work("space/rocket-launch.flac", machines.rocket, "space", dry=True),
    _work("doctor/heartbeat.wav", people.heartbeat, "doctor"),
    _work("doctor/heart-monitor.ogg", machines.heart_monitor, "doctor"),
    _work("party/fireworks.flac", weather.fireworks, "party"),
    _work("camera/shutter.wav", machines.shutter, "camera", dry=True),
    _work("tools/sawing.wav", people.sawing, "tools"),
    _work("games/rolling-dice.wav", people.dice, "games"),
    _work("forest/woodpecker.wav", animals.woodpecker, "forest", "birds"),
    _work("forest/leaves-in-the-wind.ogg", weather.leaves, "forest"),
    _work("sport/bouncing-ball.wav", people.bounce, "sport"),
    _work("sport/referee-whistle.ogg", music.whistle, "sport"),
    _work("sport/applause.ogg", music.applause, "sport"),
    _work("bells/church-bells.flac", music.church_bells, "bells", dry=True),
    _work("bells/one-stroke.wav", music.bell, "bells", dry=True),
    _work("china/temple-gong.ogg", music.gong, "china"),
    _work("music/piano-melody.flac", music.piano, "piano", "music", dry=True),
    _work("music/guitar-chords.ogg", music.guitar, "guitar", "music", dry=True),
    _work("music/violin.wav", music.violin, "violin", "music", dry=True),
    _work("music/flute.ogg", music.flute, "music", dry=True),
    _work("music/music-box.wav", music.music_box, "music", dry=True),
    _work("music/drum-beat.ogg", music.drums, "drums", "music"),
)
