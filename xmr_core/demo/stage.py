"""Solids photographed where they belong: a ray caster with sun, sky, lamps and ground.

Light is added up in linear colours: the sun with soft shadows, the sky with
what hides it (three rays a sample), lamps that fall off with distance, and
things that glow by themselves. Four samples a pixel, spread evenly and turned
at random from pixel to pixel, so that what noise is left looks like film.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.demo.canvas import Rng
from xmr_core.demo.solids import Colour, Point, Solid
from xmr_core.demo.work import Array

Paint = Callable[[Array, Array], Array]  # x (n,), z (n,) of the ground → sRGB colours in 0…1 (n, 3)

_FAR = 400.0  # half the side of the ground


@dataclass(slots=True)
class Stage:
    """A scene and the camera before it; directions need not be of unit length.

    Attributes:
        solid: everything in the scene, standing on the ground y = 0.
        eye, target: where the camera is and what it looks at.
        angle: of view over the height, in degrees.
        ground: its colours, or None for no ground.
        water: the ground mirrors, with ripples.
        sun, sun_colour: towards the sun; linear strength of its light.
        zenith, horizon: of the sky, sRGB.
        cloud: how much of the sky is under clouds, 0…1.
        stars: how many specks are in the sky.
        haze: distance at which the horizon's colour has half taken over.
        lamps: (place, linear colour, strength at one unit).
        glowing: colours whose parts shine by themselves.
    """

    solid: Solid
    eye: Point
    target: Point
    angle: float = 36.0
    ground: Paint | None = None
    water: bool = False
    sun: Point = (-0.5, 0.8, 0.6)
    sun_colour: tuple[float, float, float] = (1.15, 1.08, 0.95)
    zenith: Colour = (86, 142, 214)
    horizon: Colour = (214, 228, 238)
    cloud: float = 0.3
    stars: float = 0.0
    haze: float = 120.0
    lamps: Sequence[tuple[Point, tuple[float, float, float], float]] = ()
    glowing: frozenset[Colour] = frozenset()


def photograph(
    stage: Stage, rng: Rng, width: int = 384, height: int = 288
) -> npt.NDArray[np.uint8]:
    """The picture: u8 (height, width, 3)."""
    return _Shot(stage, rng).picture(width, height)


def noise(x: Array, z: Array, seed: int = 0) -> Array:
    """Smooth noise (n,) in 0…1 with lumps of unit size."""
    table = np.random.default_rng(1000 + seed).random((64, 64)).astype(np.float32)
    x0, z0 = np.floor(x), np.floor(z)
    u, v = x - x0, z - z0
    u, v = u * u * (3 - 2 * u), v * v * (3 - 2 * v)
    i, j = x0.astype(np.int64) % 64, z0.astype(np.int64) % 64
    k, m = (i + 1) % 64, (j + 1) % 64
    low = table[i, j] * (1 - u) + table[k, j] * u
    high = table[i, m] * (1 - u) + table[k, m] * u
    return np.asarray(low * (1 - v) + high * v, dtype=np.float32)


def rough(x: Array, z: Array, seed: int = 0, octaves: int = 4) -> Array:
    """Noise of several sizes (n,), about 0…1."""
    out = np.zeros_like(x)
    for octave in range(octaves):
        out += noise(x * 2**octave, z * 2**octave, seed + octave) / 2 ** (octave + 1)
    return np.asarray(out / (1 - 0.5**octaves), dtype=np.float32)


def f32(numbers: Any) -> Array:
    """Numbers in single precision."""
    return np.asarray(numbers, dtype=np.float32)


def plain(colour: Colour, change: float = 0.1, size: float = 1.0) -> Paint:
    """Ground of one colour, a little uneven: ``change`` is how much, ``size`` of the lumps."""

    def paint(x: Array, z: Array) -> Array:
        uneven = 1 + change * (2 * rough(x / size, z / size) - 1)
        return np.asarray(f32(colour) / 255 * uneven[:, None], dtype=np.float32)

    return paint


def grass(x: Array, z: Array) -> Array:
    """A lawn."""
    tuft = rough(x * 9, z * 9, 3) - 0.5 + 0.6 * (rough(x * 0.7, z * 0.7, 9) - 0.5)
    return np.asarray(f32([0.34, 0.52, 0.2]) * (1 + 0.8 * tuft[:, None]), dtype=np.float32)


def planks(x: Array, z: Array) -> Array:
    """Wooden boards that run along x."""
    board = np.floor(z * 2.2)
    tone = 0.85 + 0.25 * noise(board * 7.1, 0 * x + 3.3, 5)
    vein = noise(x * 1.3 + board * 17, z * 26, 6)
    gap = np.abs(z * 2.2 - board - 0.5) > 0.475
    shade = tone * (0.84 + 0.26 * vein) * np.where(gap, 0.55, 1)
    return np.asarray(f32([0.62, 0.43, 0.26]) * shade[:, None], dtype=np.float32)


def cutout(stage: Stage, rng: Rng, width: int = 200, height: int = 150) -> npt.NDArray[np.uint8]:
    """The solid alone, to be laid over other pictures: u8 (height, width, 4)."""
    shot = _Shot(stage, rng, bare=True)
    pixels = shot.picture(width, height)
    return np.dstack([pixels, np.rint(shot.cover * 255).astype(np.uint8)])


class _Shot:
    """One picture being taken; ``bare`` leaves the sky out and counts what is covered."""

    def __init__(self, stage: Stage, rng: Rng, bare: bool = False) -> None:
        from embreex.mesh_construction import TriangleMesh
        from embreex.rtcore_scene import EmbreeScene

        self.stage, self.rng, self.bare = stage, rng, bare
        self.cover: Array = np.zeros((0, 0))  # share of each pixel that the solid fills
        vertices, faces, colours = stage.solid.arrays()
        normals = _vertex_normals(vertices, faces)
        self.count = len(faces)
        self.colours = (colours / 255).astype(np.float32)  # (f, 3) sRGB
        self.normals = normals[faces].astype(np.float32)  # (f, 3, 3)
        glow = np.zeros(len(faces), bool)
        for colour in stage.glowing:
            glow |= (colours == colour).all(axis=1)
        self.glow = glow
        corners = vertices[faces]
        if stage.ground is not None:
            a, b, c, d = ((-_FAR, 0, -_FAR), (-_FAR, 0, _FAR), (_FAR, 0, _FAR), (_FAR, 0, -_FAR))
            corners = np.concatenate([corners, np.array([[a, b, c], [a, c, d]])])
        self.scene = EmbreeScene()
        TriangleMesh(self.scene, np.ascontiguousarray(corners, np.float32))
        self.to_sun = f32(stage.sun) / f32(np.linalg.norm(stage.sun))

    def picture(self, width: int, height: int) -> npt.NDArray[np.uint8]:
        stage = self.stage
        back = np.subtract(stage.eye, stage.target).astype(np.float32)
        back /= np.linalg.norm(back)
        right = np.cross(f32([0, 1, 0]), back)
        right /= np.linalg.norm(right)
        up = np.cross(back, right)
        reach = f32(np.tan(np.radians(stage.angle / 2)))
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        turn = self.rng.random((2, height * width), dtype=np.float32)
        total = np.zeros((height * width, 3), np.float32)
        cover = np.zeros(height * width, np.float32)
        for k, (dx, dy) in enumerate(((0.37, 0.12), (0.88, 0.37), (0.63, 0.88), (0.12, 0.63))):
            plane_x = ((x + dx) * 2 - width) / height * reach
            plane_y = (height - 2 * (y + dy)) / height * reach
            rays = (plane_x.reshape(-1, 1) * right + plane_y.reshape(-1, 1) * up - back).astype(
                np.float32
            )
            rays /= np.linalg.norm(rays, axis=1, keepdims=True)
            starts = np.broadcast_to(f32(stage.eye), rays.shape)
            light, hit = self.light(starts, rays, turn, k)
            total += np.minimum(light, 1.6) * (hit[:, None] if self.bare else 1)
            cover += hit
        self.cover = (cover / 4).reshape(height, width)
        linear = total / np.maximum(cover, 1)[:, None] if self.bare else total / 4
        linear = np.where(linear > 0.8, 0.8 + 0.2 * np.tanh((linear - 0.8) / 0.2 * 0.8), linear)
        srgb = np.clip(linear, 0, 1) ** (1 / 2.2)
        grainy = srgb + self.rng.normal(0, 0.006, (height * width, 1))
        return np.asarray(np.rint(np.clip(grainy, 0, 1) * 255).reshape(height, width, 3), np.uint8)

    def light(
        self, starts: Array, rays: Array, turn: Array, k: int, depth: int = 0
    ) -> tuple[Array, npt.NDArray[np.bool_]]:
        """Linear light (n, 3) that comes back along rays, and which of them hit something (n,)."""
        stage = self.stage
        hit = self.scene.run(np.ascontiguousarray(starts), np.ascontiguousarray(rays), output=1)
        rows = np.flatnonzero(hit["primID"] >= 0)
        if not len(rows):
            return self.sky(rays), hit["primID"] >= 0
        face, u, v = hit["primID"][rows], hit["u"][rows, None], hit["v"][rows, None]
        ray, distance = rays[rows], hit["tfar"][rows, None]
        place = starts[rows] + ray * distance
        floor = face >= self.count
        face = np.minimum(face, self.count - 1)
        n = self.normals[face]
        normal = (1 - u - v) * n[:, 0] + u * n[:, 1] + v * n[:, 2]
        normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9
        normal[floor] = (0, 1, 0)
        normal = np.where((normal * ray).sum(axis=1, keepdims=True) > 0, -normal, normal)
        albedo = self.colours[face] ** 2.2
        if stage.ground is not None and floor.any():
            albedo[floor] = np.clip(stage.ground(place[floor, 0], place[floor, 2]), 0, 1) ** 2.2
        out = albedo * self.fall(place, normal, turn[:, rows], k)
        shine = np.clip((_mirror(ray, normal) * self.to_sun).sum(axis=1, keepdims=True), 0, 1) ** 40
        out += 0.12 * shine * f32(stage.sun_colour) * ~floor[:, None]
        glowing = self.glow[face] & ~floor
        out[glowing] = albedo[glowing] * 1.5
        if stage.water and floor.any() and depth == 0:
            out[floor] = self.mirror(place[floor], ray[floor], turn[:, rows[floor]], k)
        fog = 1 - 0.5 ** ((distance / stage.haze) ** 1.5)
        out = out * (1 - fog) + f32(_linear(stage.horizon)) * fog
        result = np.empty_like(rays)
        free = np.flatnonzero(hit["primID"] < 0)
        result[rows], result[free] = out, self.sky(rays[free])
        return result, hit["primID"] >= 0

    def fall(self, place: Array, normal: Array, turn: Array, k: int) -> Array:
        """Light (n, 3) that falls on places: the sun's, the sky's and the lamps'."""
        stage = self.stage
        lift = place + normal * 0.004
        number = f32(k)
        a = turn[0] + number * 0.25
        b = turn[1] + number * 0.618
        jitter = np.stack([a % 1 - 0.5, b % 1 - 0.5, (a + b) % 1 - 0.5], axis=-1) * 0.09
        to_sun = self.to_sun + jitter.astype(np.float32)
        facing = np.clip((normal * self.to_sun).sum(axis=1), 0, 1)
        lit = self.free(lift, to_sun) * facing
        total = lit[:, None] * f32(stage.sun_colour)
        zenith, horizon = f32(_linear(stage.zenith)), f32(_linear(stage.horizon))
        seen = np.zeros(len(place), np.float32)
        for j in range(3):
            index = f32(3 * k + j)
            seen += self.free(
                lift,
                _hemisphere(normal, (turn[0] + index * 0.7549) % 1, (turn[1] + index * 0.5698) % 1),
            )
        tilt = 0.5 + 0.5 * normal[:, 1:2]
        sky = zenith * 0.45 * tilt + horizon * 0.45 + 0.04
        total += sky * (0.12 + 0.88 * seen[:, None] / 3) * 0.95
        for at, colour, strength in stage.lamps:
            ray = f32(at) - lift
            distance = np.linalg.norm(ray, axis=1, keepdims=True)
            ray = ray / distance
            lamp = (
                np.clip((normal * ray).sum(axis=1, keepdims=True), 0, 1)
                * strength
                / (0.15 + distance**2)
            )
            shadow = self.free(lift, ray, distance[:, 0] * 0.9)
            total += lamp * f32(colour) * shadow[:, None]
        return np.asarray(total)

    def free(self, starts: Array, rays: Array, distances: Array | None = None) -> Array:
        """1 where nothing is in the way, 0 elsewhere: (n,)."""
        near = None if distances is None else np.ascontiguousarray(distances, np.float32)
        blocked = self.scene.run(
            np.ascontiguousarray(starts, np.float32),
            np.ascontiguousarray(rays, np.float32),
            near,
            query="OCCLUDED",
        )
        return np.asarray(blocked < 0, dtype=np.float32)

    def mirror(self, place: Array, ray: Array, turn: Array, k: int) -> Array:
        """Water: sky and scene in rippled reflection over a deep colour."""
        x, z = place[:, 0], place[:, 2]
        distance = np.linalg.norm(place - f32(self.stage.eye), axis=1)
        calm = 1 / (1 + (distance / 14) ** 2)
        normal = np.stack(
            [
                0.16 * (rough(x * 1.4, z * 2.6, 21) - 0.5) * (0.25 + calm),
                np.ones_like(x),
                0.3 * (rough(x * 1.1, z * 3.1, 22) - 0.5) * (0.25 + calm),
            ],
            axis=-1,
        ).astype(np.float32)
        normal /= np.linalg.norm(normal, axis=1, keepdims=True)
        back = _mirror(ray, normal)
        back[:, 1] = np.maximum(back[:, 1], 0.01)
        seen, _ = self.light(place + f32([0, 0.004, 0]), back, turn, k, depth=1)
        facing = np.clip(-(ray * normal).sum(axis=1, keepdims=True), 0, 1)
        share = 0.05 + 0.95 * (1 - facing) ** 4
        ground = self.stage.ground
        deep = np.zeros_like(place) if ground is None else ground(x, z) ** 2.2
        return np.asarray(seen * share + deep * (1 - share) * 0.8, np.float32)

    def sky(self, rays: Array) -> Array:
        """Linear light (n, 3) of the sky along rays."""
        stage = self.stage
        up = np.abs(rays[:, 1:2])
        out = _linear(stage.horizon) + (_linear(stage.zenith) - _linear(stage.horizon)) * up**0.55
        x, z = rays[:, 0] / (up[:, 0] + 0.12), rays[:, 2] / (up[:, 0] + 0.12)
        if stage.cloud:
            cover = np.clip(
                (rough(x * 1.3 + 3, z * 1.3, 31, 5) - 0.72 + 0.42 * stage.cloud) * 5, 0, 1
            )[:, None]
            white = f32([0.92, 0.92, 0.94]) * np.clip(out.mean(axis=1, keepdims=True) * 2.4, 0, 1)
            out = out * (1 - 0.85 * cover) + white * 0.85 * cover
        if stage.stars:
            cell = np.floor(rays * 90).astype(np.int64) @ np.array([73856093, 19349663, 83492791])
            bright = ((cell % 9973) / 9973.0) ** 2
            out = out + ((cell % 1009) < stage.stars)[:, None] * bright[:, None] * 0.9 * (up > 0.02)
        toward = np.clip((rays * self.to_sun).sum(axis=1, keepdims=True), 0, 1)
        halo = 0.35 * toward**24 + 2.0 * (toward > 0.9994)
        return np.asarray(out + halo * f32(stage.sun_colour) * 0.8, np.float32)


def _linear(colour: Colour) -> Array:
    return np.asarray((f32(colour) / 255) ** 2.2, np.float32)


def _mirror(ray: Array, normal: Array) -> Array:
    return np.asarray(ray - 2 * (ray * normal).sum(axis=1, keepdims=True) * normal, np.float32)


def _hemisphere(normal: Array, a: Array, b: Array) -> Array:
    """Directions (n, 3) about normals, denser towards them as the cosine is."""
    height = np.sqrt(1 - a)
    out, angle = np.sqrt(a), 2 * np.pi * b
    ball = np.stack([out * np.cos(angle), out * np.sin(angle), height], axis=-1)
    other = np.where(np.abs(normal[:, :1]) < 0.8, f32([[1, 0, 0]]), f32([[0, 1, 0]]))
    x = np.cross(other, normal)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    y = np.cross(normal, x)
    return np.asarray(ball[:, :1] * x + ball[:, 1:2] * y + ball[:, 2:] * normal, np.float32)


def _vertex_normals(vertices: Array, faces: Array) -> Array:
    """Normals (v, 3): the means of the faces around, weighed by their areas."""
    a, b, c = (vertices[faces[:, n]] for n in range(3))
    face = np.cross(b - a, c - a)
    normals = np.zeros_like(vertices)
    for n in range(3):
        np.add.at(normals, faces[:, n], face)
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return np.asarray(normals / np.where(length > 0, length, 1))
