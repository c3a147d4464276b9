"""One colour a face: of a texture where the face lies on it, of vertices, of a material."""

import io
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from xmr_core.media import Bytes
from xmr_core.readers.limits import Limits
from xmr_core.readers.pieces import Doubles, Indices

GREY = (160, 160, 160)  # where a file says nothing
_SIDE = 512  # of a texture: a face is a few pixels wide, finer grain is noise
_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TGA", "TIFF", "GIF")


def plain(colour: npt.ArrayLike, faces: int) -> Bytes:
    """One colour for all: u8 (f, 3).

    >>> plain(GREY, 2).tolist()
    [[160, 160, 160], [160, 160, 160]]
    """
    return np.tile(np.asarray(colour, np.uint8)[:3], (faces, 1))


def texture(picture: bytes | Image.Image | None, limits: Limits) -> Bytes | None:
    """A texture u8 (H, W, 3), at most 512 a side; None where it cannot be had.

    A texture is not worth failing for: the shape is whole without it.
    """
    try:
        if isinstance(picture, bytes):
            picture = Image.open(io.BytesIO(picture), formats=_FORMATS)
        if picture is None or picture.width * picture.height > limits.pixels:
            return None
        if isinstance(picture, Image.Image) and hasattr(picture, "draft"):
            picture.draft("RGB", (_SIDE, _SIDE))
        if picture.mode.startswith(("I", "F")):
            return None
        picture = picture.convert("RGBA" if picture.mode not in ("RGB", "L", "CMYK") else "RGB")
        picture.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX, reducing_gap=2.0)
        if picture.mode == "RGBA":
            white = Image.new("RGB", picture.size, (255, 255, 255))
            white.paste(picture, mask=picture.getchannel("A"))
            picture = white
        return np.asarray(picture)
    except Exception:  # decoders raise anything
        return None


def sampled(pixels: Bytes, uv: Doubles) -> Bytes:
    """The colours (f, 3) of a texture at the middles of faces whose corners are ``uv`` (f, 3, 2).

    u runs to the right and v down from the top left corner, and the texture repeats.

    >>> two = np.array([[[255, 0, 0], [0, 0, 255]]], np.uint8)
    >>> sampled(two, np.array([[[0.6, 0.1], [0.9, 0.1], [0.9, 0.2]]])).tolist()
    [[0, 0, 255]]
    """
    middle = np.nan_to_num(np.asarray(uv, np.float64).mean(axis=1))  # (f, 2)
    middle -= np.floor(middle)
    height, width = pixels.shape[:2]
    columns = np.minimum((middle[:, 0] * width).astype(np.int64), width - 1)
    rows = np.minimum((middle[:, 1] * height).astype(np.int64), height - 1)
    return np.asarray(pixels[rows, columns])


def of_trimesh(mesh: Any, limits: Limits) -> Bytes:
    """Colours u8 (f, 3) of a `trimesh.Trimesh`, from whatever visuals it has."""
    faces: Indices = mesh.faces
    visual = mesh.visual
    if visual.kind in ("vertex", "face"):
        colours = np.asarray(visual.face_colors, np.uint8)
        if len(colours) == len(faces):
            opaque: Bytes = colours[:, :3]
            return opaque
    if visual.kind != "texture":
        return plain(GREY, len(faces))
    material = visual.material
    pixels = texture(getattr(material, "image", None), limits)
    if pixels is not None and visual.uv is not None and len(visual.uv) == len(mesh.vertices):
        return sampled(pixels, (visual.uv * (1, -1) + (0, 1))[faces])  # its v runs up
    stated = "kd" in getattr(material, "kwargs", {})
    return plain(material.diffuse if stated else GREY, len(faces))
