"""Meshes: triangles with y up, one colour a face, from any of eight formats.

Which way is up: gltf and glb say y; dae says it in its header; 3mf says z, and so do the
programs that write stl, for a printer's bed lies flat; both are turned. obj, ply and off do
not say, and are taken as y up, which most exporters write by default.

Each kind brings its own reader: a function of the source, its kind and the limits that gives
the pieces of the mesh, already upright.
"""

from collections.abc import Callable

from xmr_core.errors import DamagedMedia, MediaError
from xmr_core.media import Mesh
from xmr_core.readers import collada, gltf, off, polygons, threemf
from xmr_core.readers.limits import Limits
from xmr_core.readers.pieces import Piece, joined
from xmr_core.readers.source import Source

_READERS: dict[str, Callable[[Source, str, Limits], list[Piece]]] = {
    "glb": gltf.pieces,
    "gltf": gltf.pieces,
    "obj": polygons.pieces,
    "stl": polygons.pieces,
    "ply": polygons.pieces,
    "off": off.pieces,
    "3mf": threemf.pieces,
    "dae": collada.pieces,
}


def read(source: Source, kind: str, limits: Limits) -> Mesh:
    """Read a mesh; of several scenes in one file, the first or the one it shows by default.

    Returns:
        vertices f32 (v, 3), faces i32 (f, 3), colours u8 (f, 3); facts ``vertices`` and
        ``faces``, degenerate faces and unused vertices not counted.

    Raises:
        OversizedMedia: over ``limits.faces``, instances counted, told from the header where
            the format tells; or over ``limits.file_bytes``.
        BlankMedia: no faces, as in a point cloud.
        DamagedMedia: malformed, with coordinates that are not finite, or without a file that
            its shape needs.
        UnsupportedMedia: compressed in a way that cannot be read here.
    """
    source.refuse_over(limits.file_bytes)
    try:
        pieces = _READERS[kind](source, kind, limits)
    except (MediaError, MemoryError, RecursionError, OSError):
        raise
    except Exception as error:  # loaders raise anything on hostile bytes
        raise DamagedMedia(
            source.path,
            f"is a mesh ({kind}) that breaks off or is malformed ({type(error).__name__})",
            "Copy it again, or export it again from the program that made it.",
        ) from error
    return joined(source, pieces, limits)
