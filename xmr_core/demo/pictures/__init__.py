"""Pictures made for the demo: solids photographed in their places, and paintings."""

import numpy as np
from PIL import Image

from xmr_core.demo.canvas import U8
from xmr_core.demo.photos import save
from xmr_core.demo.pictures.painted import PAINTINGS
from xmr_core.demo.pictures.staged import STAGES
from xmr_core.demo.stage import photograph
from xmr_core.demo.work import Work


def _file(pixels: U8, path: str) -> bytes:
    return save(Image.fromarray(pixels), path[path.rindex(".") :])


def _staged(path: str) -> Work:
    stage, themes = STAGES[path]

    def make(rng: np.random.Generator) -> bytes:
        return _file(photograph(stage(), rng), path)

    return Work(path, themes, make)


def _painted(path: str) -> Work:
    paint, themes = PAINTINGS[path]

    def make(rng: np.random.Generator) -> bytes:
        return _file(paint(rng), path)

    return Work(path, themes, make)


WORKS: tuple[Work, ...] = (*map(_staged, STAGES), *map(_painted, PAINTINGS))
