"""Pictures: upright, sRGB, alpha over white, at a reduced scale.

Each format's own Pillow plugin is called, not `PIL.Image.open`: the content has been told
already, and Pillow's process-wide guard against decompression bombs gives way to our limit,
which knows that a baseline JPEG is decoded at a reduced scale.
"""

import io
from collections.abc import Callable
from typing import BinaryIO

import numpy as np
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from xmr_core import media
from xmr_core.errors import DamagedMedia, OversizedMedia
from xmr_core.media import Modality
from xmr_core.readers.limits import Limits
from xmr_core.readers.source import Source


def _heif(file: BinaryIO) -> ImageFile.ImageFile:
    from pillow_heif import HeifImageFile

    return HeifImageFile(file)  # type: ignore[no-untyped-call]


_PLUGINS: dict[str, Callable[[BinaryIO], ImageFile.ImageFile]] = {
    "png": PngImagePlugin.PngImageFile,
    "jpeg": JpegImagePlugin.JpegImageFile,
    "webp": WebPImagePlugin.WebPImageFile,
    "gif": GifImagePlugin.GifImageFile,
    "bmp": BmpImagePlugin.BmpImageFile,
    "tiff": TiffImagePlugin.TiffImageFile,
    "avif": AvifImagePlugin.AvifImageFile,
    "heic": _heif,
}
_ORIENTATION = 0x0112
# EXIF 2.32, tag Orientation: what brings the stored picture upright.
_UPRIGHT: dict[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_JPEG_REDUCTION = 16  # decoded at an eighth, it takes 1/64 of the memory; the time still grows
_SHORTER = 13 / 20  # of ``Limits.enough_side``, for the shorter side
_SRGB = ImageCms.createProfile("sRGB")


def read(source: Source, kind: str, limits: Limits) -> media.Image:
    """Read a picture; of several in one file, the first.

    Returns:
        pixels with a longer side of at most ``limits.image_side``; facts ``width`` and
        ``height`` of the file, upright.

    Raises:
        OversizedMedia: over ``limits.pixels``, told from the header before decoding.
        DamagedMedia: truncated or malformed.
    """
    source.refuse_over(limits.file_bytes)
    picture = opened(source, kind)
    width, height = picture.size
    _refuse_huge(source, picture, kind, limits)
    if kind == "jpeg":
        picture.draft(picture.mode, _enough(picture.size, limits))
    try:
        picture.load()
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise DamagedMedia(
            source.path, f"is a {kind} picture that breaks off", "Copy or download it again."
        ) from error
    turn = _orientation(picture)  # some plugins have turned it themselves by now and say so
    small = _to_rgb(_shrunk(picture, limits))
    if turn in _UPRIGHT:
        small = small.transpose(_UPRIGHT[turn])
        if turn >= 5:
            width, height = height, width
    return media.Image(np.array(small), {"width": float(width), "height": float(height)})


def gif_modality(source: Source) -> Modality:
    """An animated gif is a video, a still one an image."""
    picture = opened(source, "gif")
    animated = bool(getattr(picture, "is_animated", False))
    source.file.seek(0)
    return Modality.VIDEO if animated else Modality.IMAGE


def opened(source: Source, kind: str) -> ImageFile.ImageFile:
    """A picture of which only the header is read, with what it says of itself."""
    source.file.seek(0)
    try:
        return _PLUGINS[kind](source.file)
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError) as error:
        raise DamagedMedia(
            source.path, f"begins like a {kind} picture but is malformed", "Copy it again."
        ) from error


def _refuse_huge(source: Source, picture: ImageFile.ImageFile, kind: str, limits: Limits) -> None:
    width, height = picture.size
    limit = limits.pixels
    if kind == "jpeg" and not picture.info.get("progressive"):  # those are held whole
        limit *= _JPEG_REDUCTION
    if width * height > limit:
        raise OversizedMedia(
            source.path,
            f"has {width:,} × {height:,} pixels; {kind} pictures are read up to "
            f"{limit / 1e6:,.0f} million pixels",
            "Save a smaller version.",
        )


def _orientation(picture: ImageFile.ImageFile) -> int:
    """The EXIF orientation, 1 where there is none or it cannot be read."""
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # broken metadata must not cost the picture
        return 1


def _enough(size: tuple[int, int], limits: Limits) -> tuple[int, int]:
    """The size that a large picture becomes, or a JPEG is to have at least when it is decoded at
    a half, a quarter or an eighth.

    >>> _enough((4000, 2600), Limits()), _enough((4000, 400), Limits())
    ((800, 520), (1024, 102))
    """
    enough = max(limits.enough_side / max(size), _SHORTER * limits.enough_side / min(size))
    scale = min(1.0, enough, limits.image_side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _shrunk(picture: Image.Image, limits: Limits) -> Image.Image:
    """The picture in a mode that can be averaged, at its size or, if that is more, at enough."""
    if picture.mode in ("I", "F") or picture.mode.startswith("I;16"):
        picture = _eight_bits(picture)
    elif picture.mode in ("P", "PA", "1") or "transparency" in picture.info:
        opaque = "L" if picture.mode == "1" else "RGB"
        alpha = picture.mode == "PA" or "transparency" in picture.info
        picture = picture.convert("RGBA" if alpha else opaque)
    if max(picture.size) > limits.image_side:
        size = _enough(picture.size, limits)
        profile = picture.info.get("icc_profile")
        # In three fifths of bicubic's time; 49 dB from Lanczos, where bicubic comes to 53.
        picture = picture.resize(size, Image.Resampling.HAMMING, reducing_gap=2.0)
        if profile:
            picture.info["icc_profile"] = profile
    return picture


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Grey of more bits: 16 by their full range, 32 and floats by the range they use."""
    values = np.asarray(picture, dtype=np.float32)  # (H, W)
    if picture.mode.startswith("I;16"):
        low, high = 0.0, 65535.0
    else:
        finite = values[np.isfinite(values)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        if picture.mode == "I" and low >= 0 and 255 < high <= 65535:
            low, high = 0.0, 65535.0  # 16-bit PNGs of older Pillows
    scaled = (np.nan_to_num(values, nan=low, posinf=high, neginf=low) - low) / max(high - low, 1e-9)
    return Image.fromarray((scaled * 255.0 + 0.5).astype(np.uint8), mode="L")


def _to_rgb(picture: Image.Image) -> Image.Image:
    alpha = picture.getchannel("A") if picture.mode in ("RGBA", "LA") else None
    if picture.mode in ("RGBa", "La"):
        picture = picture.convert("RGBA")
        alpha = picture.getchannel("A")
    profile = picture.info.get("icc_profile")
    opaque = picture.convert("RGB" if picture.mode == "RGBA" else "L") if alpha else picture
    colours = _managed(opaque, profile) if profile else opaque.convert("RGB")
    if alpha is None:
        return colours
    white = Image.new("RGB", picture.size, (255, 255, 255))
    white.paste(colours, mask=alpha)
    return white


def _managed(picture: Image.Image, profile: bytes) -> Image.Image:
    """Colours of the picture's own profile as sRGB; a useless profile is passed over."""
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(own):
            return picture.convert("RGB")
        managed = ImageCms.profileToProfile(picture, own, _SRGB, outputMode="RGB")
        return managed if managed is not None else picture.convert("RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture.convert("RGB")
