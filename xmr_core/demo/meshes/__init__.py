"""Three-dimensional models of everyday things, built from simple solids."""

from collections.abc import Callable

import numpy as np

from xmr_core.demo.meshes import home, life, music, things, vehicles
from xmr_core.demo.solids import Solid, export
from xmr_core.demo.work import Work


def _work(path: str, build: Callable[[], Solid], *themes: str) -> Work:
    suffix = path[path.rindex(".") :]

    def make(rng: np.random.Generator) -> bytes:
        return export(build(), suffix)

    return Work(path, themes, make)


WORKS: tuple[Work, ...] = (
    _work("home/chair.glb", home.chair, "home"),
    _work("home/dining-table.glb", home.table, "home"),
    _work("home/double-bed.glb", home.bed, "home"),
    _work("home/bookcase.glb", home.bookcase, "home"),
    _work("home/red-sofa.glb", home.sofa, "home"),
    _work("home/table-lamp.glb", home.lamp, "home"),
    _work("home/house.glb", things.house, "home"),
    _work("home/telephone.glb", home.telephone, "telephone"),
    _work("office/laptop.glb", things.laptop, "office"),
    _work("office/pencil.stl", things.pencil, "office"),
    _work("camera/film-camera.glb", things.camera, "camera"),
    _work("tools/hammer.glb", things.hammer, "tools"),
    _work("tools/hand-saw.obj", things.saw, "tools"),
    _work("tools/screwdriver.ply", things.screwdriver, "tools"),
    _work("coffee/coffee-cup.glb", home.cup, "coffee"),
    _work("coffee/teapot.glb", home.teapot, "coffee"),
    _work("coffee/kettle.glb", home.kettle, "coffee", "kitchen"),
    _work("kitchen/wine-bottle.ply", home.bottle, "kitchen"),
    _work("kitchen/frying-pan.glb", things.frying_pan, "kitchen"),
    _work("kitchen/cooking-pot.glb", things.pot, "kitchen"),
    _work("fruit/apple.glb", life.apple, "fruit"),
    _work("fruit/bananas.glb", life.banana, "fruit"),
    _work("fruit/oranges.glb", life.orange_half, "fruit"),
    _work("fruit/strawberry.glb", life.strawberry, "fruit"),
    _work("party/birthday-cake.glb", things.cake, "party"),
    _work("party/doughnut.glb", things.donut, "party"),
    _work("party/balloons.glb", things.balloons, "party"),
    _work("party/present.glb", things.gift, "party"),
    _work("flowers/blue-vase.obj", home.vase, "flowers"),
    _work("flowers/sunflower.glb", life.sunflower, "flowers"),
    _work("flowers/tulips.glb", life.tulips, "flowers"),
    _work("flowers/honey-bee.glb", life.bee, "flowers"),
    _work("forest/tree.glb", life.tree, "forest"),
    _work("forest/toadstool.glb", life.mushroom, "forest"),
    _work("winter/christmas-tree.glb", life.fir, "winter"),
    _work("winter/snowman.glb", life.snowman, "winter"),
    _work("cats/sitting-cat.glb", life.cat, "cats"),
    _work("dogs/standing-dog.glb", life.dog, "dogs"),
    _work("horses/chestnut-horse.glb", life.horse, "horses"),
    _work("birds/robin.glb", life.bird, "birds"),
    _work("night/owl.glb", life.owl, "night", "birds"),
    _work("pond/duck.glb", life.duck, "pond", "birds"),
    _work("pond/goldfish.glb", life.fish, "pond"),
    _work("pond/frog.glb", life.frog, "pond"),
    _work("clocks/wall-clock.glb", home.wall_clock, "clocks"),
    _work("clocks/alarm-clock.glb", home.alarm_clock, "clocks"),
    _work("clocks/hourglass.glb", home.hourglass, "clocks"),
    _work("fire/candle.glb", home.candle, "fire"),
    _work("fire/campfire.glb", things.campfire, "fire"),
    _work("rain/umbrella.glb", things.umbrella, "rain"),
    _work("night/moon.glb", things.moon, "night", "space"),
    _work("space/rocket.glb", vehicles.rocket, "space"),
    _work("space/space-shuttle.glb", vehicles.space_shuttle, "space"),
    _work("space/saturn.glb", things.saturn, "space"),
    _work("space/satellite.glb", things.satellite, "space"),
    _work("sea/sailing-boat.glb", vehicles.sailboat, "sea"),
    _work("sea/lighthouse.glb", vehicles.lighthouse, "sea"),
    _work("cars/red-car.glb", vehicles.car, "cars"),
    _work("cars/school-bus.glb", vehicles.bus, "cars"),
    _work("cars/bicycle.glb", vehicles.bicycle, "cars"),
    _work("cars/traffic-light.glb", vehicles.traffic_light, "cars"),
    _work("trains/steam-engine.glb", vehicles.locomotive, "trains"),
    _work("flight/airliner.glb", vehicles.aeroplane, "flight"),
    _work("flight/biplane.stl", vehicles.biplane, "flight"),
    _work("flight/helicopter.glb", vehicles.helicopter, "flight"),
    _work("flight/hot-air-balloon.glb", vehicles.balloon, "flight"),
    _work("coins/gold-coins.glb", home.coin_stack, "coins"),
    _work("doctor/heart.obj", things.heart, "doctor"),
    _work("doctor/stethoscope.glb", things.stethoscope, "doctor"),
    _work("sport/football.glb", things.football, "sport"),
    _work("sport/basketball.glb", things.basketball, "sport"),
    _work("sport/dumbbell.stl", things.dumbbell, "sport"),
    _work("games/chess-board.glb", things.chess_board, "games"),
    _work("games/chess-knight.glb", lambda: things.knight((238, 222, 190)), "games"),
    _work("games/dice.glb", things.dice, "games"),
    _work("bells/church-bell.glb", music.bell, "bells"),
    _work("bells/handbell.glb", music.handbell, "bells"),
    _work("china/pagoda.glb", things.pagoda, "china"),
    _work("china/gong.glb", music.gong, "china"),
    _work("music/grand-piano.glb", music.grand_piano, "piano", "music"),
    _work("music/guitar.glb", music.guitar, "guitar", "music"),
    _work("music/violin.glb", music.violin, "violin", "music"),
    _work("music/trumpet.glb", music.trumpet, "music"),
    _work("music/drum-kit.glb", music.drum_kit, "drums", "music"),
    _work("music/marching-drum.glb", music.snare_drum, "drums", "music"),
)
