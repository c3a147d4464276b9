"""A file's mesh → GLB for the page's own viewer, read through the readers and their limits."""

from functools import lru_cache
from pathlib import Path

from xmr_core import readers
from xmr_core.errors import UnsupportedMedia
from xmr_core.glb import of_mesh
from xmr_core.media import Mesh


@lru_cache(maxsize=6)
def of_file(path: Path, content: str) -> bytes:
    """Binary glTF of a file; the hash of its content keeps a changed file from being mistaken."""
    media = readers.read(path)
    if not isinstance(media, Mesh):
        raise UnsupportedMedia(path, "is not a 3D model")
    return of_mesh(media)
