"""What drives and floats, and what stands beside the road."""

import numpy as np

from xmr_core.demo.meshes.palette import (
    BLACK,
    GLASS,
    GREY,
    OFF_WHITE,
    SIGNAL_RED,
    SILVER,
    TEAK,
    YELLOW,
)
from xmr_core.demo.solids import Colour, Solid
from xmr_core.demo.work import Array


def wheel(
    radius: float, width: float, at: tuple[float, float, float], hub: Colour = SILVER
) -> Solid:
    """A wheel whose axle points along x."""
    shape = [
        (0, -width / 2),
        (radius * 0.86, -width / 2),
        (radius, -width / 3),
        (radius, width / 3),
        (radius * 0.86, width / 2),
        (0, width / 2),
    ]
    solid = Solid().lathe(shape, BLACK, at, (0, 0, 90))
    face = [
        (0, -width * 0.53),
        (radius * 0.55, -width * 0.51),
        (radius * 0.55, width * 0.51),
        (0, width * 0.53),
    ]
    return solid.lathe(face, hub, at, (0, 0, 90))


def car() -> Solid:
    """A red family car, its nose towards +z."""
    side = [
        (-2.1, 0.42),
        (-2.0, 0.3),
        (2.0, 0.3),
        (2.12, 0.42),
        (2.1, 0.72),
        (1.9, 0.84),
        (1.0, 0.95),
        (-1.5, 1.0),
        (-2.05, 0.95),
    ]
    solid = Solid().slab(side, 1.62, SIGNAL_RED, turn=(0, -90, 0))
    roof = [(-1.62, 0.98), (0.98, 0.94), (0.3, 1.42), (-1.05, 1.45)]
    solid.slab(roof, 1.36, SIGNAL_RED, turn=(0, -90, 0))
    panes = [(-1.42, 1.02), (0.72, 1.0), (0.22, 1.36), (-1.0, 1.38)]
    solid.slab(panes, 1.4, GLASS, turn=(0, -90, 0))
    solid.box((1.42, 0.34, 0.06), (0, 1.2, -0.36), SIGNAL_RED)
    for z0, y0, z1, y1 in ((0.94, 0.98, 0.37, 1.38), (-1.58, 1.02, -1.12, 1.4)):
        angle = np.degrees(np.arctan2(z1 - z0, y1 - y0))
        solid.box(
            (1.2, 0.42, 0.05),
            (0, (y0 + y1) / 2, (z0 + z1) / 2 + (0.05 if z0 > 0 else -0.05)),
            GLASS,
            (float(angle), 0, 0),
        )
    for x in (-0.76, 0.76):
        for z in (-1.3, 1.3):
            solid.add(wheel(0.34, 0.24, (x, 0.34, z)))
        solid.ball((0.16, 0.1, 0.06), (x * 0.76, 0.66, 2.08), (255, 246, 200)).box(
            (0.3, 0.12, 0.05), (x * 0.76, 0.75, -2.06), (150, 10, 14)
        )
    solid.box((0.7, 0.16, 0.05), (0, 0.6, 2.1), BLACK).box(
        (1.6, 0.1, 0.1), (0, 0.38, 2.08), GREY
    ).box((1.6, 0.1, 0.1), (0, 0.38, -2.05), GREY)
    return solid.box((0.44, 0.1, 0.02), (0, 0.42, 2.14), OFF_WHITE)


def bus() -> Solid:
    """A yellow school bus."""
    solid = (
        Solid()
        .box((2.2, 2.1, 6.2), (0, 1.7, -0.5), YELLOW)
        .box((2.1, 1.1, 1.3), (0, 1.2, 3.2), YELLOW)
    )
    solid.box((2.24, 0.08, 6.3), (0, 1.5, -0.5), BLACK).box(
        (2.24, 0.08, 6.3), (0, 1.15, -0.5), BLACK
    )
    for z in np.linspace(-3.1, 1.7, 7):
        solid.box((2.24, 0.6, 0.56), (0, 2.1, float(z)), (70, 92, 110))
    solid.box((1.9, 0.75, 0.04), (0, 2.1, 2.61), (70, 92, 110)).box(
        (1.8, 0.5, 0.05), (0, 1.1, 3.86), BLACK
    )
    solid.box((2.3, 0.2, 0.2), (0, 0.7, 3.9), BLACK).box((2.3, 0.2, 0.2), (0, 0.7, -3.65), BLACK)
    for x in (-1.0, 1.0):
        solid.ball((0.16, 0.16, 0.08), (x * 0.8, 1.1, 3.87), (255, 246, 200))
        for z in (-2.2, 2.7):
            solid.add(wheel(0.52, 0.36, (x, 0.52, z)))
    return solid.box((1.9, 0.16, 5.9), (0, 2.8, -0.5), (250, 208, 60))


def bicycle() -> Solid:
    """A green bicycle."""
    green = (30, 120, 84)
    solid = Solid()
    for z in (-0.52, 0.52):
        solid.ring(0.34, 0.02, (0, 0.36, z), BLACK, (0, 0, 90)).ring(
            0.32, 0.01, (0, 0.36, z), SILVER, (0, 0, 90)
        )
        for a in np.linspace(0, np.pi, 8, endpoint=False):
            dy, dz = 0.32 * np.sin(a), 0.32 * np.cos(a)
            solid.rod((0, 0.36 - dy, z - dz), (0, 0.36 + dy, z + dz), 0.003, SILVER, sides=6)
        solid.rod((-0.05, 0.36, z), (0.05, 0.36, z), 0.025, GREY)
    crank, seat, head, low = (0, 0.3, -0.06), (0, 0.8, -0.2), (0, 0.84, 0.36), (0, 0.72, 0.4)
    for a, b in ((crank, seat), (seat, head), (crank, low), (head, low)):
        solid.rod(a, b, 0.018, green, round_ends=True)
    for x in (-0.045, 0.045):
        solid.rod((x, 0.36, -0.52), (x / 2, 0.74, -0.18), 0.01, green).rod(
            (x, 0.36, -0.52), (x / 2, 0.3, -0.06), 0.01, green
        )
        solid.rod((x, 0.36, 0.52), (x / 2, 0.72, 0.4), 0.013, green)
    solid.rod(seat, (0, 0.9, -0.23), 0.014, SILVER).ball(
        (0.07, 0.035, 0.13), (0, 0.93, -0.23), BLACK
    )
    solid.rod(head, (0, 0.96, 0.33), 0.014, SILVER)
    solid.tube(
        [
            (-0.26, 0.98, 0.2),
            (-0.22, 1.0, 0.26),
            (-0.12, 0.97, 0.33),
            (0.12, 0.97, 0.33),
            (0.22, 1.0, 0.26),
            (0.26, 0.98, 0.2),
        ],
        0.013,
        SILVER,
    )
    for x in (-0.27, 0.27):
        solid.rod((x, 0.975, 0.14), (x, 0.985, 0.24), 0.018, BLACK)
    solid.lathe(
        [(0, -0.005), (0.09, -0.005), (0.09, 0.005), (0, 0.005)],
        GREY,
        (0.04, 0.3, -0.06),
        (0, 0, 90),
    )
    for s in (1, -1):
        solid.rod((s * 0.05, 0.3, -0.06), (s * 0.06, 0.3 - s * 0.13, 0.02), 0.01, SILVER)
        solid.box((0.09, 0.02, 0.06), (s * 0.11, 0.3 - s * 0.14, 0.02), BLACK)
    return solid


def traffic_light() -> Solid:
    """A traffic light on its pole."""
    solid = (
        Solid()
        .rod((0, 0, 0), (0, 2.1, 0), 0.06, GREY)
        .lathe([(0, 0), (0.18, 0), (0.16, 0.06), (0.07, 0.12)], GREY)
    )
    solid.box((0.42, 1.12, 0.3), (0, 2.6, 0), (26, 40, 34)).box(
        (0.56, 1.26, 0.02), (0, 2.6, -0.06), BLACK
    )
    for y, colour in ((2.95, (236, 36, 30)), (2.6, (250, 186, 30)), (2.25, (40, 196, 84))):
        solid.ball((0.14, 0.14, 0.06), (0, y, 0.15), colour)
        solid.tube(
            [
                (0.15 * np.cos(a), y + 0.15 * np.sin(a), 0.22)
                for a in np.linspace(-0.2, np.pi + 0.2, 16)
            ],
            0.022,
            BLACK,
        )
    return solid


def locomotive() -> Solid:
    """A green steam engine, its chimney towards +z."""
    green, brass = (28, 88, 58), (208, 164, 66)
    solid = (
        Solid()
        .box((1.0, 0.16, 4.0), (0, 0.72, 0), SIGNAL_RED)
        .rod((0, 1.25, -0.6), (0, 1.25, 1.95), 0.46, green)
    )
    solid.rod((0, 1.25, 1.95), (0, 1.25, 2.05), 0.44, BLACK).ball(
        (0.3, 0.3, 0.05), (0, 1.25, 2.06), (70, 70, 74)
    )
    for z in (-0.3, 0.4, 1.1, 1.7):
        solid.rod((0, 1.25, z), (0, 1.25, z + 0.06), 0.475, brass)
    solid.lathe(
        [(0.16, 1.6), (0.15, 2.0), (0.22, 2.25), (0.24, 2.35), (0.16, 2.35)], BLACK, (0, 0, 1.6)
    )
    solid.lathe([(0.2, 1.6), (0.2, 1.82), (0.13, 1.94), (0, 1.98)], brass, (0, 0, 0.75)).lathe(
        [(0.1, 1.6), (0.1, 1.85), (0, 1.9)], brass, (0, 0, 0.1)
    )
    solid.box((1.1, 0.62, 1.1), (0, 1.1, -1.25), green).box(
        (1.3, 0.08, 1.5), (0, 2.2, -1.25), BLACK
    )
    for x in (-0.5, 0.5):
        for z in (-1.78, -0.74):
            solid.box((0.08, 0.9, 0.08), (x, 1.75, z), green)
        for z in (-1.25, -0.35, 0.55):
            solid.add(wheel(0.46, 0.12, (x, 0.46, z), SIGNAL_RED))
        for z in (1.25, 1.75):
            solid.add(wheel(0.26, 0.12, (x, 0.26, z), SIGNAL_RED))
        solid.rod((x * 1.25, 0.4, -1.25), (x * 1.25, 0.4, 1.2), 0.045, SILVER).rod(
            (x, 0.5, 1.1), (x, 0.5, 1.75), 0.16, BLACK
        )
    solid.box((1.2, 0.2, 0.12), (0, 0.62, 2.06), SIGNAL_RED)
    for x in (-0.36, 0.36):
        solid.rod((x, 0.62, 2.1), (x, 0.62, 2.3), 0.09, GREY)
    solid.rod((0, 1.78, 1.98), (0, 1.78, 2.14), 0.1, (255, 240, 180))
    solid.slab(
        [(-0.5, 0.5), (0.5, 0.5), (0.62, 0.12), (-0.62, 0.12)][::-1],
        0.06,
        BLACK,
        (0, 0, 2.2),
        (-20, 0, 0),
    )
    return solid


def sailboat() -> Solid:
    """A sailing boat with two white sails."""
    solid = Solid()
    stations = np.linspace(-1.5, 1.7, 24)
    half = 0.5 * np.sqrt(np.clip(1 - ((stations + 0.1) / 1.8) ** 2, 0, 1)) ** 0.9
    half[0] = 0.3
    a = np.linspace(0, np.pi, 14)
    rings = [
        np.stack(
            [
                w * np.cos(a),
                0.3 - (0.34 + 0.1 * w) * np.sin(a) * min(1.0, w * 3 + 0.2) + 0.05 * max(0.0, z),
                np.full(14, z),
            ],
            axis=-1,
        )
        for z, w in zip(stations, half, strict=True)
    ]
    vertices = np.concatenate(rings)
    r, s = np.meshgrid(np.arange(23) * 14, np.arange(14), indexing="ij")
    t = (s + 1) % 14
    faces = np.stack([r + s, r + t, r + 14 + t, r + s, r + 14 + t, r + 14 + s], axis=-1).reshape(
        -1, 3
    )
    solid.raw(vertices, faces, (30, 70, 130))
    solid.box((0.9, 0.03, 1.9), (0, 0.305, -0.2), TEAK).box(
        (0.5, 0.16, 0.7), (0, 0.38, 0.2), OFF_WHITE
    )
    solid.rod((0, 0.2, 0.35), (0, 3.4, 0.3), 0.035, TEAK, 0.02).rod(
        (0, 0.62, 0.35), (0, 0.58, -1.35), 0.025, TEAK
    )
    for outline in (
        [(0.28, 0.68), (0.28, 3.3), (-1.3, 0.66)],
        [(0.42, 0.6), (1.6, 0.55), (0.4, 2.9)],
    ):
        flat = np.array(outline)
        fine = np.concatenate(
            [np.linspace(flat[i], flat[(i + 1) % 3], 8, endpoint=False) for i in range(3)]
        )
        area = np.cross(np.append(flat[1] - flat[0], 0), np.append(flat[2] - flat[0], 0))[2]
        sail = Solid().slab(fine if area > 0 else fine[::-1], 0.012, OFF_WHITE, turn=(0, -90, 0))
        middle = flat.mean(axis=0)

        def belly(v: Array, middle: Array = middle) -> Array:
            away = (v[:, 2] - middle[0]) ** 2 + (v[:, 1] - middle[1]) ** 2
            return np.asarray(v + np.exp(-away / 0.5)[:, None] * (0.16, 0, 0))

        solid.add(sail.bend(belly))
    return solid.slab(
        [(0, 0), (-0.34, 0.1), (0, 0.2)], 0.01, SIGNAL_RED, (0, 3.38, 0.3), (0, -90, 0)
    )
