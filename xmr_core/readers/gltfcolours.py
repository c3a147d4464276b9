"""The colours of glTF's faces: base colour times texture times vertex colours."""

from collections.abc import Callable
from typing import Any

import numpy as np

from xmr_core.media import Bytes
from xmr_core.readers import facecolours
from xmr_core.readers.limits import Limits
from xmr_core.readers.pieces import Doubles, Indices

# Writers that put colours as they are seen where the format asks for light, which is linear.
_AS_SEEN = ("https://github.com/mikedh/trimesh", "XMR")
_GLOSS = "KHR_materials_pbrSpecularGlossiness"
_MOVED = "KHR_texture_transform"


class Painter:
    """Colours the faces of a document.

    Args:
        tree: the document's JSON.
        image: the bytes of a picture by its number; may raise anything.
        limits: on the pixels of a texture.
    """

    def __init__(self, tree: dict[str, Any], image: Callable[[int], bytes], limits: Limits) -> None:
        self._tree, self._image, self._limits = tree, image, limits
        self._as_seen = str(tree.get("asset", {}).get("generator", "")).startswith(_AS_SEEN)
        self._textures: dict[int, Bytes | None] = {}

    def colours(
        self,
        primitive: dict[str, Any],
        faces: Indices,
        array: Callable[[int | None, int], Doubles | None],
    ) -> Bytes:
        """Colours u8 (f, 3) of a primitive.

        Args:
            primitive: as the document has it.
            faces: i64 (f, 3).
            array: the array of an accessor by its number, None when it is shorter than needed.
        """
        attributes = primitive["attributes"]
        needed = int(faces.max()) + 1 if faces.size else 0
        painted = array(attributes.get("COLOR_0"), needed)  # (v, 3 or 4)
        if "material" not in primitive and painted is None:
            return facecolours.plain(facecolours.GREY, len(faces))
        factor, reference = self._base(primitive.get("material"))
        light = np.tile(factor, (len(faces), 1))  # (f, 3)
        if painted is not None:
            light *= painted[:, :3][faces].mean(axis=1)
        pixels = self._texture(reference)
        if pixels is not None:
            move = reference.get("extensions", {}).get(_MOVED, {})
            number = move.get("texCoord", reference.get("texCoord", 0))
            uv = array(attributes.get(f"TEXCOORD_{number}"), needed)
            if uv is not None:
                seen = facecolours.sampled(pixels, _moved(uv[faces], move)) / 255.0
                light *= seen if self._as_seen else _to_linear(seen)
        shown = light if self._as_seen else _to_srgb(light)
        return np.rint(np.clip(np.nan_to_num(shown), 0, 1) * 255).astype(np.uint8)

    def _base(self, number: int | None) -> tuple[Doubles, dict[str, Any]]:
        """A material's base colour (3,) and its reference to a texture."""
        try:
            material = self._tree["materials"][number] if number is not None else {}
            plain = material.get("pbrMetallicRoughness", {})
            gloss = material.get("extensions", {}).get(_GLOSS, {})
            factor = gloss.get("diffuseFactor", plain.get("baseColorFactor", (1, 1, 1)))
            reference = gloss.get("diffuseTexture", plain.get("baseColorTexture", {}))
            return np.array(factor, np.float64)[:3].reshape(3), dict(reference)
        except (LookupError, TypeError, ValueError, AttributeError):
            return np.ones(3), {}

    def _texture(self, reference: dict[str, Any]) -> Bytes | None:
        try:
            texture = self._tree["textures"][reference["index"]]
            webp = texture.get("extensions", {}).get("EXT_texture_webp", {})
            number = webp.get("source", texture.get("source"))
            if number not in self._textures:
                self._textures[number] = None
                self._textures[number] = facecolours.texture(self._image(number), self._limits)
            return self._textures[number]
        except Exception:  # a texture is not worth failing for
            return None


def _moved(uv: Doubles, move: dict[str, Any]) -> Doubles:
    """Texture coordinates (f, 3, 2) offset, turned and scaled (KHR_texture_transform)."""
    if not move:
        return uv
    turn = float(move.get("rotation", 0))
    cos, sin = np.cos(turn), np.sin(turn)
    scaled = uv * np.array(move.get("scale", (1, 1)), np.float64)
    turned = scaled @ np.array([[cos, -sin], [sin, cos]])
    return np.asarray(turned + np.array(move.get("offset", (0, 0)), np.float64))


def _to_linear(seen: Doubles) -> Doubles:
    """sRGB (IEC 61966-2-1) in 0…1 as light.

    >>> _to_linear(np.array([0.0, 0.5, 1.0])).round(3).tolist()
    [0.0, 0.214, 1.0]
    """
    return np.where(seen <= 0.04045, seen / 12.92, ((seen + 0.055) / 1.055) ** 2.4)


def _to_srgb(light: Doubles) -> Doubles:
    """Light in 0…1 as sRGB.

    >>> _to_srgb(np.array([0.0, 0.214, 1.0])).round(2).tolist()
    [0.0, 0.5, 1.0]
    """
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
