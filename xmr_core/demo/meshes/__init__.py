"""Three-dimensional models of everyday things, built from simple solids."""

from collections.abc import Callable

import numpy as np

from xmr_core.demo.meshes import home
from xmr_core.demo.solids import Solid, export
from xmr_core.demo.work import Work


def _work(path: str, build: Callable[[], Solid], *themes: str) -> Work:
    suffix = path[path.rindex(".") :]

    def make(rng: np.random.Generator) -> bytes:
        return export(build(), suffix)

    return Work(path, themes, make)


WORKS: tuple[Work, ...] = (
    _work("home/chair.glb", home.chair, "furniture"),
    _work("home/dining-table.glb", home.table, "furniture"),
    _work("home/double-bed.glb", home.bed, "furniture"),
    _work("home/bookcase.glb", home.bookcase, "furniture"),
    _work("home/red-sofa.glb", home.sofa, "furniture"),
    _work("home/table-lamp.glb", home.lamp, "furniture"),
    _work("home/telephone.glb", home.telephone, "telephone"),
    _work("coffee/coffee-cup.glb", home.cup, "coffee"),
    _work("coffee/teapot.glb", home.teapot, "coffee", "kitchen"),
    _work("coffee/kettle.glb", home.kettle, "kitchen"),
    _work("kitchen/wine-bottle.ply", home.bottle, "kitchen"),
    _work("flowers/blue-vase.obj", home.vase, "flowers"),
    _work("clocks/wall-clock.glb", home.wall_clock, "clocks"),
    _work("clocks/alarm-clock.glb", home.alarm_clock, "clocks"),
    _work("clocks/hourglass.glb", home.hourglass, "clocks"),
    _work("fire/candle.glb", home.candle, "fire"),
    _work("coins/gold-coins.glb", home.coin_stack, "coins"),
)
