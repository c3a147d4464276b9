"""Pictures of solids in their places: harbours, streets, desks, gardens."""

from collections.abc import Callable

from xmr_core.demo.meshes import (
    animals,
    birds,
    buildings,
    clocks,
    doctor,
    fruit,
    kitchen,
    music,
    office,
    percussion,
    vehicles,
)
from xmr_core.demo.pictures.staged import nature, places, rooms, skies, tables, waters
from xmr_core.demo.pictures.staged.setting import INDOORS, lawn, portrait
from xmr_core.demo.solids import Solid
from xmr_core.demo.stage import Stage, grass, plain, planks

STAGES: dict[str, tuple[Callable[[], Stage], tuple[str, ...]]] = {
    "home/living-room.jpg": (rooms.living_room, ("home",)),
    "home/bedroom.jpg": (rooms.bedroom, ("home",)),
    "home/table-and-chairs.jpg": (rooms.kitchen_table, ("home", "coffee")),
    "home/house-with-a-garden.jpg": (
        lambda: portrait(buildings.house(), 28, 10, 0.9, ground=grass),
        ("home",),
    ),
    "telephone/black-telephone.jpg": (
        lambda: portrait(office.telephone(), 30, 24, 0.85, ground=planks, **INDOORS),
        ("telephone",),
    ),
    "office/desk.jpg": (tables.desk, ("office", "telephone")),
    "camera/film-camera-on-a-table.jpg": (
        lambda: portrait(office.camera(), 28, 18, 0.85, ground=planks, **INDOORS),
        ("camera",),
    ),
    "tools/workbench.jpg": (tables.workbench, ("tools",)),
    "tools/hammer-and-nails.jpg": (tables.hammer_and_nails, ("tools",)),
    "coffee/coffee-and-a-doughnut.jpg": (tables.breakfast, ("coffee", "kitchen")),
    "coffee/teapot.jpg": (
        lambda: portrait(kitchen.teapot(), 10, 16, 0.85, ground=planks, **INDOORS),
        ("coffee", "kitchen"),
    ),
    "kitchen/stove.jpg": (tables.stove, ("kitchen",)),
    "fruit/fruit-on-a-table.jpg": (tables.fruit_bowl, ("fruit",)),
    "fruit/strawberry.jpg": (
        lambda: portrait(fruit.strawberry(), 20, 16, 0.8, ground=plain((238, 234, 226)), **INDOORS),
        ("fruit",),
    ),
    "party/birthday-table.jpg": (tables.birthday, ("party",)),
    "flowers/sunflowers.jpg": (nature.blossom, ("flowers",)),
    "flowers/tulips-on-the-sill.jpg": (tables.tulips_on_the_sill, ("flowers",)),
    "forest/toadstools.jpg": (nature.forest, ("forest",)),
    "forest/lone-tree.jpg": (nature.meadow_tree, ("forest",)),
    "winter/snowman.jpg": (nature.snowman, ("winter",)),
    "winter/christmas-room.jpg": (rooms.christmas, ("winter", "party")),
    "dogs/dog-on-the-lawn.jpg": (lambda: lawn(animals.dog()), ("dogs",)),
    "horses/horse-in-the-meadow.jpg": (lambda: lawn(animals.horse(), azimuth=65), ("horses",)),
    "birds/robin-on-a-branch.jpg": (lambda: portrait(birds.bird(), 40, 8, 0.95), ("birds",)),
    "night/owl-at-night.jpg": (nature.owl, ("night", "birds")),
    "pond/duck-and-frog.jpg": (waters.pond, ("pond", "birds")),
    "pond/goldfish.jpg": (waters.goldfish, ("pond",)),
    "clocks/alarm-clock.jpg": (
        lambda: portrait(clocks.alarm_clock(), 18, 10, 0.85, ground=planks, **INDOORS),
        ("clocks",),
    ),
    "clocks/hourglass.jpg": (
        lambda: portrait(clocks.hourglass(), 10, 10, 0.85, ground=planks, **INDOORS),
        ("clocks",),
    ),
    "fire/candles.jpg": (rooms.candles, ("fire",)),
    "fire/campfire-at-night.jpg": (nature.campfire, ("fire", "night")),
    "rain/umbrella-on-a-wet-street.jpg": (places.umbrella, ("rain",)),
    "space/saturn.jpg": (skies.saturn, ("space",)),
    "space/shuttle-on-the-pad.jpg": (skies.launch_pad, ("space",)),
    "sea/harbour.jpg": (waters.harbour, ("sea",)),
    "sea/lighthouse-at-dusk.jpg": (waters.lighthouse_at_dusk, ("sea",)),
    "sea/sailing-away.jpg": (waters.sailing_away, ("sea",)),
    "cars/street.jpg": (places.street, ("cars",)),
    "cars/red-car.jpg": (
        lambda: portrait(vehicles.car(), 38, 10, 0.95, ground=plain((96, 98, 102)), cloud=0.4),
        ("cars",),
    ),
    "cars/traffic-light.jpg": (
        lambda: portrait(vehicles.traffic_light(), 20, 0, 0.8, aim=0.1, cloud=0.4),
        ("cars",),
    ),
    "trains/steam-train.jpg": (places.railway, ("trains",)),
    "flight/airliner.jpg": (skies.airliner, ("flight",)),
    "flight/red-biplane.jpg": (skies.biplane, ("flight",)),
    "flight/rescue-helicopter.jpg": (skies.helicopter, ("flight", "sea")),
    "flight/hot-air-balloons.jpg": (skies.balloons_in_the_sky, ("flight",)),
    "coins/gold-coins.jpg": (
        lambda: portrait(office.coin_stack(), 20, 24, 0.9, ground=planks, **INDOORS),
        ("coins",),
    ),
    "doctor/stethoscope.jpg": (
        lambda: portrait(
            Solid().add(doctor.stethoscope(), (0, 0.05, 0), 1.0, (-90, 0, 0)),
            10,
            60,
            0.95,
            ground=plain((232, 238, 242), 0.03),
            **INDOORS,
        ),
        ("doctor",),
    ),
    "sport/football-on-the-pitch.jpg": (places.pitch, ("sport",)),
    "sport/basketball.jpg": (rooms.basketball, ("sport",)),
    "games/chess.jpg": (tables.chess, ("games",)),
    "games/two-knights.jpg": (tables.knights, ("games",)),
    "bells/bell-in-the-belfry.jpg": (places.belfry, ("bells",)),
    "china/pagoda-by-the-lake.jpg": (places.pagoda, ("china",)),
    "music/grand-piano.jpg": (rooms.music_room, ("piano", "music")),
    "music/acoustic-guitar.jpg": (
        lambda: portrait(music.guitar(), 16, 4, 0.9, ground=planks, **INDOORS),
        ("guitar", "music"),
    ),
    "music/violin.jpg": (
        lambda: portrait(music.violin(), 14, 6, 0.9, ground=planks, **INDOORS),
        ("violin", "music"),
    ),
    "music/drum-kit.jpg": (
        lambda: portrait(percussion.drum_kit(), 20, 16, 0.95, ground=planks, **INDOORS),
        ("drums", "music"),
    ),
}
