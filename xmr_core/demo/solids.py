"""A small kit for building coloured solids: numpy in, GLB, OBJ, PLY or STL out.

Everything is y up, in metres or thereabouts; angles are in degrees. Faces wind
counter-clockwise seen from outside. Edges sharper than 40° get vertices of their
own, so that viewers shade round things smoothly and boxes flat.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from xmr_core.demo.work import Array

if TYPE_CHECKING:
    import trimesh

Colour = tuple[int, int, int]
Point = tuple[float, float, float]

_SHARP = np.cos(np.radians(40.0))


@dataclass(frozen=True, slots=True)
class Part:
    """``vertices`` (v, 3), ``faces`` (f, 3), one ``colour``."""

    vertices: Array
    faces: Array
    colour: Colour


def rotation(turn: Point) -> Array:
    """Rotation (3, 3) by degrees about x, then y, then z.

    >>> rotation((0, 90, 0)).round(3).tolist()[0]
    [0.0, 0.0, 1.0]
    """
    (cx, cy, cz), (sx, sy, sz) = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return np.asarray(z @ y @ x, dtype=np.float64)


def _stitch(rings: int, sides: int, closed: bool = False) -> Array:
    """Triangles (f, 3) between consecutive rings of ``sides`` vertices."""
    r = np.arange(rings if closed else rings - 1)[:, None] * sides
    step = sides if not closed else (((r // sides) + 1) % rings) * sides - r
    s = np.arange(sides)[None]
    t = (s + 1) % sides
    a, b, c, d = r + s, r + t, r + step + t, r + step + s
    quads = np.stack([a, d, c, a, c, b], axis=-1)
    return np.asarray(quads.reshape(-1, 3), dtype=np.int64)


@dataclass(slots=True)
class Solid:
    """Parts of one colour each; every method adds some and returns the solid."""

    parts: list[Part] = field(default_factory=list)

    def raw(
        self,
        vertices: Array,
        faces: Array,
        colour: Colour,
        at: Point = (0, 0, 0),
        turn: Point = (0, 0, 0),
    ) -> Self:
        """Add triangles, turned about the origin and then moved."""
        self.parts.append(Part(vertices @ rotation(turn).T + np.array(at), faces, colour))
        return self

    def box(self, size: Point, at: Point, colour: Colour, turn: Point = (0, 0, 0)) -> Self:
        """A box centred on ``at``."""
        square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2
        sides = []
        for axis in range(3):
            u, v = (axis + 1) % 3, (axis + 2) % 3
            for sign in (1, -1):
                corner = np.empty((4, 3))
                corner[:, u], corner[:, v], corner[:, axis] = square[:, 0], square[:, 1], sign / 2
                sides.append(corner[::sign])
        faces = np.arange(6)[:, None, None] * 4 + np.array([[0, 1, 2], [0, 2, 3]])
        return self.raw(
            np.concatenate(sides) * np.array(size), faces.reshape(-1, 3), colour, at, turn
        )

    def lathe(
        self,
        profile: Sequence[tuple[float, float]],
        colour: Colour,
        at: Point = (0, 0, 0),
        turn: Point = (0, 0, 0),
        sides: int = 40,
        stretch: Point = (1, 1, 1),
    ) -> Self:
        """Turn (radius, height) pairs, from bottom to top, about the y axis."""
        points = np.asarray(profile, dtype=np.float64)
        steps = np.diff(points, axis=0)
        steps /= np.linalg.norm(steps, axis=1, keepdims=True) + 1e-12
        sharp = (steps[:-1] * steps[1:]).sum(axis=1) < _SHARP
        repeats = np.concatenate([[1], np.where(sharp, 2, 1), [1]])
        rows = np.repeat(points, repeats, axis=0)  # (r, 2)
        angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
        ring = np.stack([np.sin(angle), np.ones(sides), np.cos(angle)], axis=-1)  # (s, 3)
        vertices = ring[None] * rows[:, [0, 1, 0]][:, None]  # (r, s, 3)
        faces = _stitch(len(rows), sides)[:, ::-1]
        vertices = vertices.reshape(-1, 3) * np.array(stretch)
        return self.raw(vertices, _lively(vertices, faces), colour, at, turn)

    def ball(
        self,
        radii: float | Point,
        at: Point,
        colour: Colour,
        turn: Point = (0, 0, 0),
        sides: int = 32,
    ) -> Self:
        """A sphere, or an ellipsoid of three radii."""
        bow = np.linspace(-np.pi / 2, np.pi / 2, sides // 2 + 1)
        stretch = (radii, radii, radii) if isinstance(radii, int | float) else radii
        profile = list(zip(np.cos(bow), np.sin(bow), strict=True))
        return self.lathe(profile, colour, at, turn, sides, stretch)

    def rod(
        self,
        start: Point,
        end: Point,
        radius: float,
        colour: Colour,
        end_radius: float | None = None,
        sides: int = 28,
        round_ends: bool = False,
    ) -> Self:
        """A cylinder, or a frustum, between two points; with ``round_ends``, a capsule."""
        line = np.subtract(end, start).astype(np.float64)
        length = float(np.linalg.norm(line))
        top = radius if end_radius is None else end_radius
        if round_ends:
            bow = np.linspace(0, np.pi / 2, 8)
            below = [(radius * np.sin(b), -radius * np.cos(b)) for b in bow]
            above = [(top * np.cos(b), length + top * np.sin(b)) for b in bow]
            profile = below + above
        else:
            profile = [(0, 0), (radius, 0), (top, length), (0, length)]
        solid = Solid().lathe(profile, colour, sides=sides)
        vertices = solid.parts[0].vertices @ _towards(line / length).T + np.array(start)
        self.parts.append(Part(vertices, solid.parts[0].faces, colour))
        return self

    def tube(
        self,
        path: Sequence[Point] | Array,
        radius: float | Sequence[float] | Array,
        colour: Colour,
        closed: bool = False,
        sides: int = 16,
    ) -> Self:
        """A bent pipe along ``path``, of one radius or of one radius a point."""
        line = np.asarray(path, dtype=np.float64)
        radii = np.broadcast_to(np.asarray(radius, dtype=np.float64), len(line))
        ahead = np.roll(line, -1, axis=0) - np.roll(line, 1, axis=0)
        if not closed:
            ahead[0], ahead[-1] = line[1] - line[0], line[-1] - line[-2]
        ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
        side = np.cross(ahead[0], [0.31, 0.87, 0.38])
        rings = []
        angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)[:, None]
        for centre, forward, r in zip(line, ahead, radii, strict=True):
            side = side - forward * (side @ forward)  # carried along, so that the pipe never twists
            side /= np.linalg.norm(side)
            up = np.cross(forward, side)
            rings.append(centre + r * (np.cos(angle) * side + np.sin(angle) * up))
        vertices, faces = np.concatenate(rings), _stitch(len(line), sides, closed)[:, ::-1]
        if not closed:
            first, last = len(vertices), len(vertices) + 1
            vertices = np.concatenate([vertices, line[[0, -1]]])
            s = np.arange(sides)
            t, end = (s + 1) % sides, len(vertices) - 2 - sides
            low = np.stack([np.full(sides, first), t, s], axis=-1)
            high = np.stack([np.full(sides, last), end + s, end + t], axis=-1)
            faces = np.concatenate([faces, low, high])
        return self.raw(vertices, _lively(vertices, faces), colour)

    def ring(
        self, radius: float, thickness: float, at: Point, colour: Colour, turn: Point = (0, 0, 0)
    ) -> Self:
        """A torus lying flat (its axis is y) before it is turned."""
        angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
        path = np.stack([np.sin(angle), 0 * angle, np.cos(angle)], axis=-1) * radius
        solid = Solid().tube(path, thickness, colour, closed=True)
        return self.raw(solid.parts[0].vertices, solid.parts[0].faces, colour, at, turn)

    def slab(
        self,
        outline: Sequence[tuple[float, float]] | Array,
        depth: float,
        colour: Colour,
        at: Point = (0, 0, 0),
        turn: Point = (0, 0, 0),
    ) -> Self:
        """An (x, y) outline, counter-clockwise, pulled along z; its middle must see all corners."""
        flat = np.asarray(outline, dtype=np.float64)
        n = len(flat)
        front = np.column_stack([flat, np.full(n, depth / 2)])
        back = np.column_stack([flat, np.full(n, -depth / 2)])
        middle = flat.mean(axis=0)
        centres = np.array([[*middle, depth / 2], [*middle, -depth / 2]])
        s = np.arange(n)
        t = (s + 1) % n
        lid = np.stack([np.full(n, 4 * n), s, t], axis=-1)
        base = np.stack([np.full(n, 4 * n + 1), n + t, n + s], axis=-1)
        wall = np.stack([s, s + n, t + n, s, t + n, t], axis=-1).reshape(-1, 3) + 2 * n
        vertices = np.concatenate([front, back, front, back, centres])
        return self.raw(vertices, np.concatenate([lid, base, wall]), colour, at, turn)

    def add(
        self, other: "Solid", at: Point = (0, 0, 0), scale: float = 1.0, turn: Point = (0, 0, 0)
    ) -> Self:
        """Another solid, scaled, turned and moved."""
        for part in other.parts:
            self.raw(part.vertices * scale, part.faces, part.colour, at, turn)
        return self

    def bend(self, change: Callable[[Array], Array]) -> Self:
        """Move every vertex: (v, 3) → (v, 3)."""
        self.parts = [Part(change(p.vertices), p.faces, p.colour) for p in self.parts]
        return self

    def arrays(self) -> tuple[Array, Array, npt.NDArray[np.uint8]]:
        """Vertices (v, 3), faces (f, 3) and colours (f, 3) of the whole."""
        starts = np.cumsum([0, *[len(p.vertices) for p in self.parts]])
        faces = [p.faces + start for p, start in zip(self.parts, starts, strict=False)]
        colours = [np.tile(np.array(p.colour, np.uint8), (len(p.faces), 1)) for p in self.parts]
        vertices = np.concatenate([p.vertices for p in self.parts])
        return vertices, np.concatenate(faces), np.concatenate(colours)


def _towards(line: Array) -> Array:
    """A rotation (3, 3) that takes y to a unit vector."""
    other = np.array([1.0, 0, 0]) if abs(line[0]) < 0.9 else np.array([0, 0, 1.0])
    x = np.cross(line, other)
    x /= np.linalg.norm(x)
    return np.stack([x, line, np.cross(x, line)], axis=1)


def _lively(vertices: Array, faces: Array) -> Array:
    """The faces that have an area: the poles of a lathe and caps of no radius have none."""
    a, b, c = vertices[faces[:, 0]], vertices[faces[:, 1]], vertices[faces[:, 2]]
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    return np.asarray(faces[area > 1e-12])


def export(solid: Solid, suffix: str) -> bytes:
    """The solid as a file: ``.glb`` with a material a colour, ``.obj`` and ``.ply`` with
    coloured vertices, ``.stl`` bare.

    >>> export(Solid().box((1, 1, 1), (0, 0, 0), (255, 0, 0)), ".glb")[:4]
    b'glTF'
    """
    import trimesh

    visual: Any = trimesh.visual  # trimesh's types end at its door
    gltf: Any = trimesh.exchange.gltf
    if suffix == ".glb":
        scene = trimesh.Scene()
        for number, colour in enumerate(dict.fromkeys(part.colour for part in solid.parts)):
            same = Solid([part for part in solid.parts if part.colour == colour])
            mesh = _trimesh(same)
            paint = visual.material.PBRMaterial(
                name=f"colour {number}",
                baseColorFactor=[*colour, 255],
                metallicFactor=0.0,
                roughnessFactor=0.7,
            )
            mesh.visual = visual.TextureVisuals(material=paint)
            scene.add_geometry(mesh, node_name=f"part {number}", geom_name=f"part {number}")
        return bytes(gltf.export_glb(scene, include_normals=True))
    mesh = _trimesh(solid)
    if suffix != ".stl":
        mesh.visual = visual.ColorVisuals(
            mesh,
            vertex_colors=np.concatenate(
                [
                    np.tile(np.array([*p.colour, 255], np.uint8), (len(p.vertices), 1))
                    for p in solid.parts
                ]
            ),
        )
    data = mesh.export(file_type=suffix[1:])
    return data.encode() if isinstance(data, str) else bytes(data)


def _trimesh(solid: Solid) -> "trimesh.Trimesh":
    import trimesh

    vertices, faces, _ = solid.arrays()
    return trimesh.Trimesh(vertices, faces, process=False)
