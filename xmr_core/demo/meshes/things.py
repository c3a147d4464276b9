"""Toys, tools, food, buildings, and things in the sky."""

import numpy as np

from xmr_core.demo.solids import Colour, Solid
from xmr_core.demo.work import Array

BLACK: Colour = (28, 28, 32)
WHITE: Colour = (244, 242, 238)
STEEL: Colour = (186, 192, 200)
WOOD: Colour = (188, 134, 78)
DARK_WOOD: Colour = (110, 66, 36)
RED: Colour = (200, 38, 40)
GOLD: Colour = (222, 176, 66)


def dumbbell() -> Solid:
    """A dumbbell."""
    solid = Solid().rod((-0.42, 0, 0), (0.42, 0, 0), 0.035, STEEL)
    for s in (1, -1):
        for x, r in ((0.2, 0.19), (0.28, 0.17), (0.36, 0.13)):
            solid.lathe(
                [
                    (0, -0.035),
                    (r * 0.94, -0.035),
                    (r, -0.02),
                    (r, 0.02),
                    (r * 0.94, 0.035),
                    (0, 0.035),
                ],
                BLACK,
                (s * x, 0, 0),
                (0, 0, 90),
                sides=48,
            )
    return solid


def hammer() -> Solid:
    """A claw hammer."""
    solid = Solid().tube(
        [(0, 0, 0), (0, 0.3, 0), (0, 0.62, 0), (0, 0.98, 0)], [0.045, 0.05, 0.034, 0.032], WOOD
    )
    solid.rod((0.06, 0.95, 0), (0.17, 0.95, 0), 0.045, STEEL).rod(
        (0.17, 0.95, 0), (0.24, 0.95, 0), 0.065, STEEL
    ).box((0.14, 0.1, 0.09), (0, 0.95, 0), STEEL)
    for z in (-0.028, 0.028):
        solid.tube(
            [
                (-0.05, 0.96, z * 0.8),
                (-0.14, 0.965, z),
                (-0.22, 0.93, z * 1.2),
                (-0.28, 0.86, z * 1.5),
            ],
            [0.035, 0.03, 0.022, 0.01],
            STEEL,
        )
    return solid


def saw() -> Solid:
    """A hand saw."""
    teeth = [(x, 0.0 if n % 2 else -0.025) for n, x in enumerate(np.linspace(0, 1.0, 61))]
    solid = Solid().slab([*teeth, (1.0, 0.1), (0.0, 0.24)], 0.008, STEEL)
    a = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    return solid.tube(
        np.stack(
            [-0.1 + 0.12 * np.cos(a) + 0.02 * np.cos(2 * a), 0.1 + 0.15 * np.sin(a), 0 * a], axis=-1
        ),
        0.032,
        WOOD,
        closed=True,
    )


def screwdriver() -> Solid:
    """A screwdriver with a red handle."""
    solid = Solid().lathe(
        [(0, 0), (0.05, 0.01), (0.065, 0.06), (0.055, 0.3), (0.04, 0.36), (0.03, 0.38), (0, 0.38)],
        RED,
        sides=8,
    )
    return solid.rod((0, 0.38, 0), (0, 0.95, 0), 0.016, STEEL).box(
        (0.045, 0.06, 0.01), (0, 0.96, 0), STEEL
    )


def _icosphere(level: int) -> tuple[Array, np.ndarray[tuple[int, int], np.dtype[np.int64]], Array]:
    """Unit vertices (v, 3), faces (f, 3), and the icosahedron's own corners (12, 3)."""
    g = (1 + 5**0.5) / 2
    corners = np.array(
        [(0, s, t * g) for s in (1, -1) for t in (1, -1)]
        + [(s, t * g, 0) for s in (1, -1) for t in (1, -1)]
        + [(t * g, 0, s) for s in (1, -1) for t in (1, -1)]
    )
    corners /= np.linalg.norm(corners, axis=1, keepdims=True)
    near = corners @ corners.T > 0.4
    faces = np.array(
        [
            (i, j, k)
            for i in range(12)
            for j in range(i)
            for k in range(j)
            if near[i, j] and near[j, k] and near[i, k]
        ]
    )
    a, b, c = (corners[faces[:, n]] for n in range(3))
    inward = (np.cross(b - a, c - a) * a).sum(axis=1) < 0
    faces[inward] = faces[inward][:, ::-1]
    tris = corners[faces]  # (f, 3, 3)
    for _ in range(level):
        m = (tris + np.roll(tris, -1, axis=1)) / 2
        tris = np.concatenate(
            [
                np.stack([tris[:, 0], m[:, 0], m[:, 2]], axis=1),
                np.stack([m[:, 0], tris[:, 1], m[:, 1]], axis=1),
                np.stack([m[:, 2], m[:, 1], tris[:, 2]], axis=1),
                m,
            ]
        )
        tris /= np.linalg.norm(tris, axis=2, keepdims=True)
    flat = tris.reshape(-1, 3)
    _, first, place = np.unique(flat.round(6), axis=0, return_index=True, return_inverse=True)
    return flat[first], place.reshape(-1, 3), corners


def football() -> Solid:
    """A black and white football of pentagons and hexagons."""
    vertices, faces, corners = _icosphere(5)
    middle = vertices[faces].mean(axis=1)
    middle /= np.linalg.norm(middle, axis=1, keepdims=True)
    near = np.sort(middle @ corners.T, axis=1)
    angle = np.degrees(np.arccos(near[:, -1]))
    dark = angle < 19.5
    seam = (np.abs(near[:, -1] - near[:, -2]) < 0.02) & ~dark
    solid = Solid().raw(vertices, faces[dark], BLACK).raw(vertices, faces[~dark & ~seam], WHITE)
    return solid.raw(vertices, faces[seam], (150, 150, 150))


def basketball() -> Solid:
    """An orange basketball with black seams."""
    solid = Solid().ball(1.0, (0, 0, 0), (226, 112, 38), sides=56)
    a = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    solid.ring(1.0, 0.018, (0, 0, 0), BLACK).ring(1.0, 0.018, (0, 0, 0), BLACK, (90, 0, 0))
    for s in (1, -1):
        curve = np.stack([s * (0.62 + 0.16 * np.cos(2 * a)), np.sin(a), np.cos(a)], axis=-1)
        curve /= np.linalg.norm(curve, axis=1, keepdims=True)
        solid.tube(curve, 0.018, BLACK, closed=True)
    return solid


def moon() -> Solid:
    """The Moon, with seas and craters."""
    rng = np.random.default_rng(9)
    vertices, faces, _ = _icosphere(5)
    height = np.zeros(len(vertices))
    for _ in range(90):
        centre = rng.normal(size=3)
        centre /= np.linalg.norm(centre)
        size = 0.03 + 0.16 * rng.random() ** 3
        r = np.arccos(np.clip(vertices @ centre, -1, 1)) / size
        height += size * np.where(
            r < 1, 0.32 * (r**2 - 0.72), 0.09 * np.exp(-((r - 1) * 3)) * (r < 3)
        )
    seas = np.zeros(len(vertices))
    for x, y, z, size in (
        (-0.3, 0.4, 0.8, 0.42),
        (0.25, 0.35, 0.9, 0.3),
        (-0.5, 0.05, 0.85, 0.35),
        (0.5, 0.1, 0.8, 0.25),
        (0.1, -0.2, -1.0, 0.3),
    ):
        centre = np.array([x, y, z]) / np.linalg.norm([x, y, z])
        seas = np.maximum(
            seas,
            size
            - np.arccos(np.clip(vertices @ centre, -1, 1))
            + 0.05 * np.sin(vertices @ [9, 13, 7]),
        )
    shade = seas[faces].mean(axis=1)
    grey = np.clip(np.digitize(height[faces].mean(axis=1), [-0.03, -0.008, 0.004]), 0, 3)
    palette: tuple[Colour, ...] = (
        (150, 148, 144),
        (176, 174, 170),
        (196, 194, 190),
        (218, 216, 212),
    )
    vertices = vertices * (1 + height)[:, None]
    solid = Solid().raw(vertices, faces[shade > 0], (112, 112, 114))
    for n, colour in enumerate(palette):
        solid.raw(vertices, faces[(shade <= 0) & (grey == n)], colour)
    return solid


def saturn() -> Solid:
    """Saturn and its rings."""
    bands: tuple[Colour, ...] = (
        (206, 172, 116),
        (226, 196, 144),
        (196, 158, 102),
        (236, 212, 166),
        (214, 182, 128),
    )
    solid, edges = Solid(), np.linspace(-np.pi / 2, np.pi / 2, 16)
    for n in range(15):
        bow = np.linspace(edges[n], edges[n + 1], 5)
        solid.lathe([(np.cos(b), 0.92 * np.sin(b)) for b in bow], bands[n * 7 % 5], sides=56)
    for low, high, colour in (
        (1.3, 1.52, (150, 126, 96)),
        (1.54, 1.95, (222, 196, 152)),
        (2.02, 2.25, (186, 160, 122)),
    ):
        solid.lathe([(low, -0.01), (high, -0.01), (high, 0.01), (low, 0.01)], colour, sides=72)
    tilted = Solid().add(solid, turn=(22, 0, 12))
    return tilted


def satellite() -> Solid:
    """A satellite with solar panels and a dish."""
    solid = (
        Solid().box((0.5, 0.7, 0.5), (0, 0, 0), GOLD).rod((-1.7, 0, 0), (1.7, 0, 0), 0.025, STEEL)
    )
    for s in (1, -1):
        for n in range(3):
            solid.box((0.4, 0.62, 0.02), (s * (0.62 + 0.43 * n), 0, 0), (36, 60, 140))
            for y in (-0.15, 0.15):
                solid.box((0.4, 0.012, 0.026), (s * (0.62 + 0.43 * n), y, 0), STEEL)
    solid.lathe(
        [(0, 0), (0.12, 0.02), (0.26, 0.09), (0.36, 0.2), (0.34, 0.2), (0.2, 0.08), (0, 0.03)],
        WHITE,
        (0, 0, 0.3),
        (90, 0, 0),
    ).rod((0, 0, 0.3), (0, 0, 0.58), 0.012, STEEL).ball(0.035, (0, 0, 0.58), STEEL)
    return solid.rod((0, 0.35, 0), (0, 0.7, 0), 0.012, STEEL).rod(
        (0, -0.35, 0), (0, -0.5, 0), 0.12, BLACK, 0.16
    )


def umbrella() -> Solid:
    """An open umbrella in red and white."""
    solid = Solid()
    for n in range(8):
        angle = np.linspace(n, n + 1, 7) * np.pi / 4
        bow = np.linspace(0.0, 1.25, 12)
        sag = 1 - 0.06 * np.sin(np.linspace(0, np.pi, 7)) * np.sin(bow[:, None] / 1.25 * np.pi / 2)
        radius = 1.1 * np.sin(bow)[:, None] * sag
        grid = np.stack(
            [
                radius * np.sin(angle),
                0.75 * np.cos(bow)[:, None] + 0.5 + 0 * radius,
                radius * np.cos(angle),
            ],
            axis=-1,
        )
        r, s = np.meshgrid(np.arange(11) * 7, np.arange(6), indexing="ij")
        faces = np.stack(
            [r + s, r + s + 8, r + s + 1, r + s, r + s + 7, r + s + 8], axis=-1
        ).reshape(-1, 3)
        solid.raw(grid.reshape(-1, 3), faces, RED if n % 2 else WHITE)
        a = n * np.pi / 4
        solid.tube(
            [
                (
                    1.09 * np.sin(b) * np.sin(a),
                    0.74 * np.cos(b) + 0.49,
                    1.09 * np.sin(b) * np.cos(a),
                )
                for b in np.linspace(0, 1.25, 8)
            ],
            0.012,
            BLACK,
            sides=8,
        )
    solid.rod((0, -0.75, 0), (0, 1.42, 0), 0.022, STEEL)
    bow = np.linspace(0, np.pi, 12)
    return solid.tube(
        [(0.12 - 0.12 * np.cos(b), -0.75 - 0.13 * np.sin(b), 0) for b in bow], 0.04, DARK_WOOD
    ).rod((0, -0.75, 0), (0, -0.55, 0), 0.04, DARK_WOOD)


def campfire() -> Solid:
    """A campfire ringed with stones."""
    rng = np.random.default_rng(4)
    solid = Solid()
    for n in range(11):
        a = 2 * np.pi * n / 11
        size = rng.uniform(0.11, 0.15, 3)
        solid.ball(
            (size[0], size[1] * 0.8, size[2]),
            (0.75 * np.sin(a), 0.08, 0.75 * np.cos(a)),
            (122, 120, 116),
            (0, n * 40, 0),
            sides=10,
        )
    for n in range(5):
        a = 2 * np.pi * n / 5
        solid.rod(
            (0.55 * np.sin(a), 0.06, 0.55 * np.cos(a)),
            (-0.1 * np.sin(a), 0.46, -0.1 * np.cos(a)),
            0.075,
            DARK_WOOD,
        ).ball(
            (0.074, 0.074, 0.03),
            (0.55 * np.sin(a), 0.06, 0.55 * np.cos(a)),
            WOOD,
            (0, float(np.degrees(a)), 0),
        )
    flame = [(0, 0), (0.5, 0.1), (0.56, 0.3), (0.36, 0.65), (0.14, 0.9), (0, 1.1)]
    for n, (scale, colour) in enumerate(
        ((0.75, (226, 74, 22)), (0.62, (250, 140, 28)), (0.45, (255, 214, 70)))
    ):
        for k in range(5 - n):
            a = 2 * np.pi * k / (5 - n) + n
            d = 0.2 - 0.06 * n
            tongue = Solid().lathe(
                [(r * scale * 0.55, y * scale * (0.9 + 0.25 * (k % 2))) for r, y in flame],
                (colour[0], colour[1], colour[2]),
                sides=18,
            )
            solid.add(
                tongue,
                (d * np.sin(a), 0.2 + 0.02 * n, d * np.cos(a)),
                1.0,
                (14 * np.cos(a), 0, -14 * np.sin(a)),
            )
    return solid


def donut() -> Solid:
    """A doughnut with pink icing and sprinkles."""
    rng = np.random.default_rng(6)
    solid = Solid().ring(0.5, 0.24, (0, 0, 0), (206, 148, 82))
    solid.add(
        Solid()
        .ring(0.5, 0.245, (0, 0, 0), (240, 130, 170))
        .bend(lambda v: np.where(v[:, 1:2] < 0.04, v * 0.97, v)),
        (0, 0.012, 0),
    )
    colours: tuple[Colour, ...] = ((250, 240, 90), (80, 160, 230), WHITE, (110, 200, 100))
    for n in range(60):
        a, b = rng.uniform(0, 2 * np.pi), rng.uniform(0.45, np.pi - 0.45)
        r, y = 0.5 + 0.25 * np.cos(b), 0.015 + 0.25 * np.sin(b)
        d = rng.uniform(-0.04, 0.04, 2)
        solid.rod(
            (r * np.sin(a), y, r * np.cos(a)),
            (r * np.sin(a) + d[0], y, r * np.cos(a) + d[1]),
            0.013,
            colours[n % 4],
            sides=8,
        )
    return solid


def cake() -> Solid:
    """A birthday cake with five candles."""
    icing, sponge = (250, 214, 226), (226, 180, 120)
    solid = (
        Solid()
        .lathe([(0, 0), (0.7, 0), (0.7, 0.02), (0, 0.02)], WHITE)
        .lathe([(0, 0.02), (0.55, 0.02), (0.55, 0.18)], sponge)
        .lathe([(0.555, 0.18), (0.555, 0.23)], (150, 40, 60))
        .lathe([(0.55, 0.23), (0.55, 0.4)], sponge)
    )
    solid.lathe([(0.57, 0.34), (0.58, 0.42), (0.54, 0.46), (0, 0.46)], icing)
    for n in range(14):
        a = 2 * np.pi * n / 14
        solid.ball(
            (0.06, 0.09, 0.04),
            (0.55 * np.sin(a), 0.33, 0.55 * np.cos(a)),
            icing,
            (0, float(np.degrees(a)), 0),
            sides=14,
        ).ball(0.05, (0.46 * np.sin(a), 0.48, 0.46 * np.cos(a)), RED if n % 2 else WHITE, sides=14)
    for n in range(5):
        a = 2 * np.pi * n / 5
        x, z = 0.24 * np.sin(a), 0.24 * np.cos(a)
        solid.rod(
            (x, 0.46, z),
            (x, 0.74, z),
            0.022,
            ((80, 150, 220), (250, 200, 60), (120, 200, 110))[n % 3],
        ).lathe([(0, 0.75), (0.022, 0.79), (0, 0.88)], (255, 176, 40), (x, 0, z), sides=14)
    return solid


def gift() -> Solid:
    """A present in blue paper with a yellow bow."""
    solid = (
        Solid()
        .box((1, 0.7, 1), (0, 0.35, 0), (46, 92, 180))
        .box((1.06, 0.14, 1.06), (0, 0.72, 0), (56, 106, 200))
    )
    yellow: Colour = (250, 206, 60)
    solid.box((0.16, 0.8, 1.08), (0, 0.4, 0), yellow).box((1.08, 0.8, 0.16), (0, 0.4, 0), yellow)
    for turn in (0, 90, 180, 270):
        a = np.linspace(0.2, 2 * np.pi - 0.2, 20)
        loop = Solid().tube(
            np.stack([0.2 - 0.2 * np.cos(a), 0.12 * np.sin(a) + 0.1, 0 * a], axis=-1), 0.045, yellow
        )
        solid.add(loop, (0, 0.76, 0), 1.0, (0, turn + 45, 12))
    return solid


def balloons() -> Solid:
    """Three balloons on strings."""
    solid = Solid()
    colours: tuple[Colour, ...] = ((220, 44, 50), (50, 120, 210), (250, 196, 46))
    for n, colour in enumerate(colours):
        x, y, z = ((-0.42, 2.0, 0), (0.42, 2.1, 0.05), (0, 2.65, -0.1))[n]
        solid.lathe(
            [
                (0, -0.5),
                (0.06, -0.48),
                (0.2, -0.34),
                (0.36, -0.08),
                (0.4, 0.12),
                (0.34, 0.34),
                (0.18, 0.48),
                (0, 0.52),
            ],
            colour,
            (x, y, z),
        ).rod((x, y - 0.56, z), (x, y - 0.49, z), 0.05, colour, 0.015)
        solid.tube(
            [(x, y - 0.55, z), (x * 0.7, 1.0, z), (x * 0.25, 0.5, 0.02), (0, 0, 0)],
            0.009,
            (230, 230, 230),
            sides=8,
        )
    return solid


def heart() -> Solid:
    """A red heart."""
    a = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    flat = (
        np.stack(
            [
                16 * np.sin(a) ** 3,
                13 * np.cos(a) - 5 * np.cos(2 * a) - 2 * np.cos(3 * a) - np.cos(4 * a),
            ],
            axis=-1,
        )[::-1]
        / 17
    )
    flat -= flat.mean(axis=0)
    bow = np.linspace(-np.pi / 2, np.pi / 2, 17)[1:-1]
    rings = [np.column_stack([flat * np.cos(b) ** 0.6, np.full(64, 0.42 * np.sin(b))]) for b in bow]
    vertices = np.concatenate([*rings, [[0, 0, -0.42], [0, 0, 0.42]]])
    r, s = np.meshgrid(np.arange(14) * 64, np.arange(64), indexing="ij")
    t = (s + 1) % 64
    faces = np.stack([r + s, r + t, r + 64 + t, r + s, r + 64 + t, r + 64 + s], axis=-1).reshape(
        -1, 3
    )
    k = np.arange(64)
    low = np.stack([np.full(64, 15 * 64), (k + 1) % 64, k], axis=-1)
    high = np.stack([np.full(64, 15 * 64 + 1), 14 * 64 + k, 14 * 64 + (k + 1) % 64], axis=-1)
    return Solid().raw(vertices, np.concatenate([faces, low, high]), (210, 24, 44))


def stethoscope() -> Solid:
    """A stethoscope."""
    a = np.linspace(0, 1, 40)
    solid = Solid().tube(
        np.stack(
            [
                0.02 + 0.42 * np.sin(2.9 * a),
                0.3 - 0.75 * a - 0.4 * np.sin(np.pi * a),
                0.04 * np.sin(9 * a),
            ],
            axis=-1,
        ),
        0.026,
        (30, 60, 110),
    )
    for s in (1, -1):
        bow = np.linspace(0, 1, 24)
        solid.tube(
            np.stack(
                [
                    s * (0.02 + 0.32 * np.sin(np.pi * bow**0.8) * (1 - 0.35 * bow)),
                    0.3 + 0.75 * bow,
                    0 * bow,
                ],
                axis=-1,
            ),
            0.018,
            STEEL,
        )
        solid.ball(0.04, (s * 0.03, 1.06, 0), BLACK)
    end = (0.02 + 0.42 * float(np.sin(2.9)), -0.45, 0.02)
    return solid.lathe(
        [(0, 0), (0.13, 0), (0.14, 0.02), (0.1, 0.06), (0.04, 0.09), (0, 0.1)],
        STEEL,
        (end[0], end[1] - 0.02, end[2] + 0.03),
        (70, 0, 0),
    ).lathe(
        [(0, -0.004), (0.12, -0.004), (0.12, 0.002)],
        WHITE,
        (end[0], end[1] - 0.02, end[2] + 0.03),
        (70, 0, 0),
    )


def camera() -> Solid:
    """A film camera."""
    solid = (
        Solid()
        .box((1.1, 0.62, 0.36), (0, 0.35, 0), BLACK)
        .box((1.1, 0.16, 0.36), (0, 0.72, 0), STEEL)
        .slab([(-0.22, 0), (0.22, 0), (0.12, 0.2), (-0.12, 0.2)], 0.4, STEEL, (0, 0.78, 0))
    )
    solid.lathe(
        [
            (0, 0.15),
            (0.29, 0.15),
            (0.29, 0.36),
            (0.26, 0.38),
            (0.26, 0.56),
            (0.22, 0.56),
            (0.2, 0.5),
            (0, 0.48),
        ],
        (44, 44, 48),
        (0, 0.36, 0),
        (90, 0, 0),
    ).lathe(
        [(0, 0), (0.19, 0), (0.12, 0.03), (0, 0.04)], (60, 80, 130), (0, 0.36, 0.49), (90, 0, 0)
    )
    solid.lathe([(0.295, 0.24), (0.3, 0.26), (0.295, 0.28)], STEEL, (0, 0.36, 0), (90, 0, 0))
    solid.rod((0.38, 0.8, 0), (0.38, 0.88, 0), 0.09, STEEL).rod(
        (-0.38, 0.8, 0), (-0.38, 0.87, 0), 0.11, BLACK
    ).rod((0.2, 0.8, 0.08), (0.2, 0.86, 0.08), 0.04, RED)
    return solid.box((0.16, 0.1, 0.02), (0.4, 0.7, 0.19), (130, 170, 190))


def laptop() -> Solid:
    """An open laptop."""
    solid = (
        Solid()
        .box((1.4, 0.05, 0.95), (0, 0.025, 0), STEEL)
        .box((1.2, 0.01, 0.46), (0, 0.052, -0.12), (60, 62, 68))
        .box((0.4, 0.008, 0.24), (0, 0.052, 0.29), (160, 166, 174))
    )
    for row in range(4):
        for n in range(12):
            solid.box((0.085, 0.012, 0.09), (-0.545 + n * 0.099, 0.06, -0.29 + row * 0.113), BLACK)
    lid = (
        Solid()
        .box((1.4, 0.92, 0.035), (0, 0.46, 0), STEEL)
        .box((1.3, 0.8, 0.01), (0, 0.47, 0.02), (36, 70, 120))
        .box((0.7, 0.06, 0.012), (-0.2, 0.7, 0.022), WHITE)
    )
    for k in range(4):
        lid.box(
            (0.9 - 0.13 * k, 0.025, 0.012),
            (-0.1 - 0.065 * k, 0.58 - 0.09 * k, 0.022),
            (190, 206, 226),
        )
    return solid.add(lid, (0, 0.05, -0.47), 1.0, (-14, 0, 0))


def pencil() -> Solid:
    """A yellow pencil."""
    solid = (
        Solid()
        .lathe([(0, 0), (0.05, 0), (0.05, 0.1), (0, 0.1)], (232, 130, 130), turn=(0, 0, -90))
        .lathe([(0.053, 0.1), (0.053, 0.2)], STEEL, turn=(0, 0, -90))
    )
    solid.lathe(
        [(0, 0.2), (0.05, 0.2), (0.05, 1.3)], (248, 190, 40), turn=(0, 0, -90), sides=6
    ).lathe([(0.05, 1.3), (0.016, 1.47)], (230, 190, 140), turn=(0, 0, -90), sides=12)
    return solid.lathe([(0.016, 1.47), (0, 1.55)], BLACK, turn=(0, 0, -90))


def pawn(colour: Colour) -> Solid:
    """A chess pawn."""
    return (
        Solid()
        .lathe(
            [
                (0, 0),
                (0.3, 0),
                (0.32, 0.05),
                (0.28, 0.1),
                (0.2, 0.16),
                (0.13, 0.3),
                (0.11, 0.48),
                (0.19, 0.52),
                (0.19, 0.55),
                (0.1, 0.57),
            ],
            colour,
        )
        .ball(0.17, (0, 0.68, 0), colour)
    )


def king(colour: Colour) -> Solid:
    """A chess king."""
    solid = Solid().lathe(
        [
            (0, 0),
            (0.36, 0),
            (0.38, 0.06),
            (0.33, 0.13),
            (0.22, 0.22),
            (0.15, 0.5),
            (0.14, 0.85),
            (0.25, 0.92),
            (0.25, 0.96),
            (0.16, 0.99),
            (0.24, 1.3),
            (0.2, 1.36),
            (0, 1.4),
        ],
        colour,
    )
    return solid.box((0.06, 0.26, 0.06), (0, 1.52, 0), colour).box(
        (0.2, 0.06, 0.06), (0, 1.55, 0), colour
    )


def knight(colour: Colour) -> Solid:
    """A chess knight."""
    solid = Solid().lathe(
        [(0, 0), (0.34, 0), (0.36, 0.06), (0.3, 0.13), (0.2, 0.2), (0.18, 0.28), (0, 0.3)], colour
    )
    spine = [(0, 0.25, -0.08), (0, 0.5, -0.12), (0, 0.75, -0.08), (0, 0.95, 0.02)]
    solid.tube(spine, [0.19, 0.18, 0.16, 0.12], colour).rod(
        (0, 0.92, 0.0), (0, 0.72, 0.3), 0.14, colour, 0.085, round_ends=True
    )
    for s in (1, -1):
        solid.slab([(-0.04, 0), (0.04, 0), (0, 0.15)], 0.04, colour, (s * 0.06, 1.0, -0.03)).ball(
            0.025, (s * 0.125, 0.88, 0.1), BLACK if colour != BLACK else WHITE
        )
    for k in range(5):
        solid.ball((0.05, 0.08, 0.06), (0, 0.5 + 0.11 * k, -0.27 + 0.028 * k), colour, sides=12)
    return solid


def chess_board() -> Solid:
    """A chessboard with a game under way."""
    light, dark = (238, 222, 190), (64, 44, 36)
    solid = Solid().box((9.2, 0.3, 9.2), (0, -0.16, 0), DARK_WOOD)
    for row in range(8):
        for column in range(8):
            solid.box(
                (1, 0.06, 1),
                (column - 3.5, 0.0, row - 3.5),
                light if (row + column) % 2 else (120, 76, 46),
            )
    for column in range(8):
        for row, colour in ((1, dark), (6, light)):
            ahead = {(3, 6): -2, (4, 1): 2, (2, 6): -1}.get((column, row), 0)
            solid.add(pawn(colour), (column - 3.5, 0.03, row + ahead - 3.5), 1.05)
        for row, colour in ((0, dark), (7, light)):
            z = row - 3.5
            if column in (1, 6):
                solid.add(
                    knight(colour), (column - 3.5, 0.03, z), 1.05, (0, 0 if row == 0 else 180, 0)
                )
            elif column == 4:
                solid.add(king(colour), (column - 3.5, 0.03, z), 1.1)
            elif column == 3:
                queen = (
                    Solid()
                    .lathe(
                        [
                            (0, 0),
                            (0.36, 0),
                            (0.33, 0.13),
                            (0.2, 0.25),
                            (0.13, 0.85),
                            (0.24, 0.92),
                            (0.16, 0.98),
                            (0.26, 1.32),
                            (0.1, 1.3),
                            (0, 1.34),
                        ],
                        colour,
                    )
                    .ball(0.08, (0, 1.4, 0), colour)
                )
                solid.add(queen, (column - 3.5, 0.03, z), 1.1)
            elif column in (2, 5):
                bishop = (
                    Solid()
                    .lathe(
                        [
                            (0, 0),
                            (0.33, 0),
                            (0.3, 0.12),
                            (0.17, 0.24),
                            (0.11, 0.65),
                            (0.19, 0.7),
                            (0.11, 0.75),
                            (0.18, 0.92),
                            (0.1, 1.1),
                            (0, 1.18),
                        ],
                        colour,
                    )
                    .ball(0.05, (0, 1.2, 0), colour)
                )
                solid.add(bishop, (column - 3.5, 0.03, z), 1.1)
            else:
                rook = Solid().lathe(
                    [
                        (0, 0),
                        (0.34, 0),
                        (0.3, 0.12),
                        (0.2, 0.22),
                        (0.18, 0.65),
                        (0.26, 0.7),
                        (0.26, 0.88),
                        (0.18, 0.88),
                        (0.18, 0.8),
                        (0, 0.8),
                    ],
                    colour,
                )
                solid.add(rook, (column - 3.5, 0.03, z), 1.05)
    return solid


def dice() -> Solid:
    """Two dice."""
    faces: dict[int, list[tuple[float, float]]] = {
        1: [(0, 0)],
        2: [(-1, -1), (1, 1)],
        3: [(-1, -1), (0, 0), (1, 1)],
        4: [(-1, -1), (-1, 1), (1, -1), (1, 1)],
        5: [(-1, -1), (-1, 1), (1, -1), (1, 1), (0, 0)],
        6: [(-1, -1), (-1, 0), (-1, 1), (1, -1), (1, 0), (1, 1)],
    }
    die = Solid().box((1, 1, 1), (0, 0, 0), WHITE)
    for axis, sign, spots in ((2, 1, 5), (2, -1, 2), (1, 1, 6), (1, -1, 1), (0, 1, 4), (0, -1, 3)):
        for u, v in faces[spots]:
            at = [0.0, 0.0, 0.0]
            at[axis], at[(axis + 1) % 3], at[(axis + 2) % 3] = 0.5 * sign, 0.26 * u, 0.26 * v
            radii = [0.1, 0.1, 0.1]
            radii[axis] = 0.02
            die.ball(
                (radii[0], radii[1], radii[2]),
                (at[0], at[1], at[2]),
                RED if spots == 1 else BLACK,
                sides=20,
            )
    return (
        Solid()
        .add(die, (-0.7, 0.5, 0), 1.0, (0, 20, 0))
        .add(die, (0.65, 0.5, 0.3), 1.0, (90, 0, 35))
    )


def house() -> Solid:
    """A small house with a red roof."""
    solid = (
        Solid()
        .box((2.6, 1.5, 2.0), (0, 0.75, 0), (240, 226, 196))
        .slab([(-1.1, 0), (1.1, 0), (0, 1.0)], 2.6, (240, 226, 196), (0, 1.5, 0), (0, 90, 0))
    )
    for s in (1, -1):
        solid.box((2.9, 0.1, 1.62), (0, 2.0, s * 0.58), (176, 66, 46), (s * 42, 0, 0))
    solid.box((0.36, 0.9, 0.36), (0.75, 2.5, -0.3), (150, 80, 62)).box(
        (0.5, 1.0, 0.06), (0, 0.5, 1.01), DARK_WOOD
    ).ball(0.04, (0.17, 0.5, 1.06), GOLD)
    for x in (-0.8, 0.8):
        solid.box((0.5, 0.5, 0.05), (x, 0.85, 1.0), (140, 190, 216)).box(
            (0.56, 0.05, 0.07), (x, 0.85, 1.01), WHITE
        ).box((0.05, 0.56, 0.07), (x, 0.85, 1.01), WHITE)
        for s in (1, -1):
            solid.box((0.14, 0.56, 0.05), (x + s * 0.34, 0.85, 1.02), (60, 110, 80))
    return solid.box((3.6, 0.06, 3.0), (0, -0.03, 0.2), (110, 160, 84))


def pagoda() -> Solid:
    """A Chinese pagoda of four storeys with curved roofs."""
    solid = Solid().lathe(
        [(0, 0), (1.5, 0), (1.5, 0.2), (1.35, 0.2), (1.35, 0.35), (0, 0.35)],
        (186, 180, 170),
        sides=8,
    )
    y, size = 0.35, 1.0
    for _ in range(4):
        solid.lathe([(0, y), (size * 0.86, y), (size * 0.86, y + 0.62)], (168, 40, 34), sides=8)
        for n in range(8):
            a = np.radians(45 * n)
            solid.rod(
                (0.95 * size * np.sin(a), y, 0.95 * size * np.cos(a)),
                (0.95 * size * np.sin(a), y + 0.6, 0.95 * size * np.cos(a)),
                0.05,
                (140, 28, 26),
                sides=10,
            )
            b = a + np.radians(22.5)
            solid.box(
                (0.3 * size, 0.34, 0.03),
                (0.81 * size * np.sin(b), y + 0.3, 0.81 * size * np.cos(b)),
                (70, 120, 110),
                (0, float(np.degrees(b)), 0),
            )
            solid.ball(
                0.05, (1.5 * size * np.sin(a), y + 0.74, 1.5 * size * np.cos(a)), GOLD, sides=12
            )
        solid.lathe(
            [
                (size * 0.8, y + 0.58),
                (size * 1.5, y + 0.68),
                (size * 1.52, y + 0.74),
                (size * 1.15, y + 0.78),
                (size * 0.85, y + 0.92),
                (size * 0.7, y + 1.05),
            ],
            (44, 108, 84),
            sides=8,
        ).lathe(
            [(size * 1.51, y + 0.66), (size * 1.54, y + 0.71), (size * 1.51, y + 0.75)],
            GOLD,
            sides=8,
        )
        y, size = y + 1.0, size * 0.8
    return (
        solid.lathe(
            [(size * 1.0, y), (size * 0.6, y + 0.22), (size * 0.2, y + 0.55), (0, y + 0.7)],
            (44, 108, 84),
            sides=8,
        )
        .rod((0, y + 0.6, 0), (0, y + 1.0, 0), 0.03, GOLD)
        .ball(0.1, (0, y + 0.8, 0), GOLD)
    )


def frying_pan() -> Solid:
    """A frying pan with a fried egg."""
    solid = (
        Solid()
        .lathe(
            [(0, 0), (0.46, 0), (0.54, 0.12), (0.52, 0.12), (0.44, 0.025), (0, 0.02)],
            (46, 46, 50),
            sides=56,
        )
        .rod((0.52, 0.1, 0), (1.25, 0.18, 0), 0.04, BLACK, 0.05, round_ends=True)
    )
    a = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    r = 0.28 + 0.035 * np.sin(3 * a) + 0.02 * np.sin(5 * a + 1)
    return solid.slab(
        np.stack([r * np.cos(a), r * np.sin(a)], axis=-1), 0.025, WHITE, (0, 0.035, 0), (-90, 0, 0)
    ).ball((0.12, 0.07, 0.12), (0.03, 0.05, 0.02), (250, 186, 30))


def pot() -> Solid:
    """A cooking pot with a lid."""
    solid = (
        Solid()
        .lathe([(0, 0), (0.42, 0), (0.45, 0.04), (0.45, 0.5), (0.47, 0.52)], STEEL, sides=56)
        .lathe([(0.48, 0.52), (0.3, 0.6), (0, 0.63)], (206, 210, 216), sides=56)
        .rod((0, 0.63, 0), (0, 0.68, 0), 0.03, BLACK)
        .ball((0.07, 0.035, 0.07), (0, 0.71, 0), BLACK)
    )
    for s in (1, -1):
        solid.tube(
            [
                (s * 0.45, 0.4, -0.12),
                (s * 0.57, 0.4, -0.09),
                (s * 0.57, 0.4, 0.09),
                (s * 0.45, 0.4, 0.12),
            ],
            0.025,
            BLACK,
        )
    return solid
