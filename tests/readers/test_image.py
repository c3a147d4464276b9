"""Pictures: every format, upright, in sRGB, over white, and never larger than they should be."""

import struct
import time
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from tests.readers import made
from xmr_core.errors import DamagedMedia, OversizedMedia
from xmr_core.media import Image as Picture
from xmr_core.media import Modality
from xmr_core.readers import Limits, detect, read

ORIENTATION = 0x0112


def pixels(path: Path, limits: Limits | None = None) -> np.ndarray:
    media = read(path, limits) if limits else read(path)
    assert isinstance(media, Picture)
    assert media.pixels.dtype == np.uint8 and media.pixels.shape[2] == 3
    return media.pixels


def quarters() -> Image.Image:
    """Red, green over blue, white: no turn or flip leaves it as it is."""
    grid = np.array([[(255, 0, 0), (0, 255, 0)], [(0, 0, 255), (255, 255, 255)]], np.uint8)
    return Image.fromarray(grid.repeat(24, axis=0).repeat(32, axis=1))


def near(found: np.ndarray, expected: np.ndarray | tuple[int, ...], by: int = 12) -> bool:
    return bool((np.abs(found.astype(int) - np.asarray(expected, int)) <= by).all())


@pytest.mark.parametrize("name", made.PICTURES)
def test_every_format_shows_its_colours_where_they_are(name: str, tmp_path: Path) -> None:
    path = made.made(name, tmp_path)
    assert detect(path) is Modality.IMAGE
    shown = pixels(path)
    assert shown.shape == (40, 60, 3)
    assert near(shown[5:35, 5:25], (255, 0, 0)) and near(shown[5:35, 35:55], (0, 0, 255))
    assert read(path).facts == {"width": 60.0, "height": 40.0}


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_exif_orientation_brings_pictures_upright(turn: int, format: str, tmp_path: Path) -> None:
    picture = quarters()
    exif = picture.getexif()
    exif[ORIENTATION] = turn
    path = tmp_path / "turned"
    picture.save(path, format, exif=exif)
    with Image.open(path) as stored:
        expected = np.asarray(ImageOps.exif_transpose(stored).convert("RGB"))
    media = read(path)
    assert isinstance(media, Picture)
    assert near(media.pixels, expected)
    assert (media.facts["height"], media.facts["width"]) == expected.shape[:2]


def test_a_phone_held_upright_gives_a_tall_picture(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    quarters().save(tmp_path / "a.jpg", exif=exif, quality=95)
    shown = pixels(tmp_path / "a.jpg")
    assert shown.shape == (64, 48, 3)
    assert near(shown[4, 4], (0, 0, 255)) and near(shown[4, -4], (255, 0, 0))


def test_heic_is_turned_once_and_not_twice(tmp_path: Path) -> None:
    import pillow_heif

    exif = Image.Exif()
    exif[ORIENTATION] = 6
    file = pillow_heif.from_pillow(quarters())
    file.save(tmp_path / "a.heic", quality=95, exif=exif.tobytes())
    expected = np.asarray(quarters().transpose(Image.Transpose.ROTATE_270))
    assert near(pixels(tmp_path / "a.heic"), expected, 25)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "RGB"])
def test_transparent_pixels_are_laid_over_white(mode: str, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    picture = Image.new("RGBA", (20, 10), (0, 0, 0, 255))
    picture.paste((0, 0, 0, 0), (0, 0, 10, 10))
    if mode == "RGB":  # one colour of an opaque picture declared transparent
        plain = Image.new("RGB", (20, 10), (0, 0, 0))
        plain.paste((9, 9, 9), (0, 0, 10, 10))
        plain.save(path, transparency=(9, 9, 9))
    elif mode == "P":
        palette = Image.new("P", (20, 10), 0)
        palette.putpalette([0, 0, 0, 7, 7, 7])
        palette.paste(1, (0, 0, 10, 10))
        palette.save(path, transparency=1)
    else:
        picture.convert(mode).save(path)
    shown = pixels(path)
    assert near(shown[:, :9], (255, 255, 255), 2) and near(shown[:, 11:], (0, 0, 0), 2)


def test_half_transparent_red_over_white_is_pink(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 8), (255, 0, 0, 128)).save(tmp_path / "a.png")
    assert near(pixels(tmp_path / "a.png"), (255, 127, 127), 2)


@pytest.mark.parametrize("name", ["a.png", "a.tiff"])
def test_sixteen_bit_grey_keeps_its_full_range(name: str, tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 400).astype(np.uint16).reshape(20, 20)
    Image.fromarray(ramp).save(tmp_path / name)
    assert near(pixels(tmp_path / name)[..., 0], ramp / 257, 1)


def test_floating_point_grey_is_stretched_and_survives_nan(tmp_path: Path) -> None:
    ramp = np.linspace(-3, 5, 256).astype(np.float32).reshape(16, 16)
    ramp[0, 0] = np.nan
    Image.fromarray(ramp).save(tmp_path / "a.tiff")
    shown = pixels(tmp_path / "a.tiff")[..., 0].ravel()
    assert shown[0] == 0 and shown[-1] == 255 and near(shown[1:], np.arange(1, 256), 2)


def test_printers_colours_become_screen_colours(tmp_path: Path) -> None:
    made.picture().convert("CMYK").save(tmp_path / "a.jpg", quality=95)
    shown = pixels(tmp_path / "a.jpg")
    assert shown[20, 10, 0] > 180 > 90 > shown[20, 10, 2]
    assert shown[20, 50, 2] > 180 > 90 > shown[20, 50, 0]


def test_black_and_white_drawings_are_read(tmp_path: Path) -> None:
    Image.new("1", (16, 16), 1).save(tmp_path / "a.png")
    assert near(pixels(tmp_path / "a.png"), (255, 255, 255), 0)


def test_colours_of_another_profile_become_srgb(tmp_path: Path) -> None:
    from PIL import ImageCms

    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")  # in the table of tags
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    named = bytes(profile).replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))
    made.picture().save(tmp_path / "a.png", icc_profile=named)
    shown = pixels(tmp_path / "a.png")
    assert near(shown[10, 10], (0, 0, 255), 10) and near(shown[10, 50], (255, 0, 0), 10)
    made.picture().save(tmp_path / "b.png", icc_profile=b"no profile at all")
    assert near(pixels(tmp_path / "b.png")[10, 10], (255, 0, 0), 0)


def test_large_pictures_are_read_small_and_say_how_large_they_were(tmp_path: Path) -> None:
    made.picture((3000, 900)).save(tmp_path / "a.jpg", quality=90)
    media = read(tmp_path / "a.jpg")
    assert isinstance(media, Picture)
    assert media.pixels.shape == (307, 1024, 3)
    assert media.facts == {"width": 3000.0, "height": 900.0}


def photograph(size: tuple[int, int]) -> Image.Image:
    """A real photograph, enlarged."""
    import skimage.data

    return Image.fromarray(skimage.data.coffee()).resize(size, Image.Resampling.BICUBIC)


@pytest.mark.parametrize(
    ("size", "read_as"),
    [
        ((1600, 1200), (800, 600)),  # a half
        ((4000, 3000), (1000, 750)),  # a quarter
        ((7000, 5000), (875, 625)),  # an eighth
        ((1280, 960), (800, 600)),  # all of it: a half would be too small for thumbnails, towers
        ((3000, 2500), (800, 667)),  # a half: a quarter would be
        ((2400, 900), (1024, 384)),  # and here for towers alone
        ((760, 570), (760, 570)),
    ],
)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_jpeg_is_decoded_no_larger_than_is_enough_and_looks_the_same(
    size: tuple[int, int], read_as: tuple[int, int], mode: str, tmp_path: Path
) -> None:
    picture = photograph(size).convert(mode)
    picture.save(tmp_path / "a.jpg", quality=92)
    with Image.open(tmp_path / "a.jpg") as stored:
        whole = np.asarray(stored.convert("RGB").resize(read_as, Image.Resampling.BICUBIC), int)
    shown = pixels(tmp_path / "a.jpg")
    assert shown.shape == (read_as[1], read_as[0], 3)
    assert np.abs(shown - whole).mean() < 1.5
    media = read(tmp_path / "a.jpg")
    assert media.facts == {"width": float(size[0]), "height": float(size[1])}


@pytest.mark.parametrize(
    ("size", "read_as"),
    [((1600, 1200), (800, 600)), ((1000, 750), (1000, 750)), ((900, 1400), (520, 809))],
)
def test_large_pictures_of_other_kinds_become_what_is_enough(
    size: tuple[int, int], read_as: tuple[int, int], tmp_path: Path
) -> None:
    picture = photograph(size)
    picture.save(tmp_path / "a.png")
    shown = pixels(tmp_path / "a.png")
    assert shown.shape == (read_as[1], read_as[0], 3)
    whole = np.asarray(picture.resize(read_as, Image.Resampling.LANCZOS), int)
    assert np.abs(shown - whole).mean() < 1.0


@pytest.mark.parametrize("turn", [3, 6, 8])
def test_jpeg_decoded_small_is_upright(turn: int, tmp_path: Path) -> None:
    picture = photograph((1600, 1200))
    exif = picture.getexif()
    exif[ORIENTATION] = turn
    picture.save(tmp_path / "a.jpg", quality=92, exif=exif)
    with Image.open(tmp_path / "a.jpg") as stored:
        upright = ImageOps.exif_transpose(stored)
    shown = pixels(tmp_path / "a.jpg")
    assert sorted(shown.shape) == [3, 600, 800]
    whole = upright.resize((shown.shape[1], shown.shape[0]), Image.Resampling.BICUBIC)
    assert np.abs(shown - np.asarray(whole, int)).mean() < 1.5


def test_who_wants_all_of_a_jpeg_gets_it(tmp_path: Path) -> None:
    photograph((1600, 1200)).save(tmp_path / "a.jpg")
    limits = Limits(image_side=2048, enough_side=2048)
    assert pixels(tmp_path / "a.jpg", limits).shape == (1200, 1600, 3)


def test_a_still_gif_is_a_picture_and_an_animated_one_a_video(tmp_path: Path) -> None:
    assert detect(made.made("a.gif", tmp_path)) is Modality.IMAGE
    assert detect(made.made("moving.gif", tmp_path)) is Modality.VIDEO


def enormous_png(side: int) -> bytes:
    """A png that declares side × side pixels, with a few rows of them."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes((1 + 3 * side) * 20))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def test_sixty_thousand_pixels_square_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    path.write_bytes(enormous_png(60_000))
    read(made.made("a.png", tmp_path))  # imports are not what is measured
    tracemalloc.start()
    begun = time.perf_counter()
    with pytest.raises(OversizedMedia, match=r"huge\.png has 60,000 × 60,000 pixels") as caught:
        read(path)
    seconds, peak = time.perf_counter() - begun, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seconds < 1 and peak < 20e6
    assert caught.value.hint


@pytest.mark.parametrize("name", made.PICTURES)
def test_pixels_over_the_limit_are_refused(name: str, tmp_path: Path) -> None:
    limits = Limits(pixels=100)  # a baseline jpeg may have sixteen times as many: 1,600
    with pytest.raises(OversizedMedia):
        read(made.made(name, tmp_path), limits)


def test_baseline_jpeg_may_be_larger_for_it_is_decoded_small(tmp_path: Path) -> None:
    made.picture((400, 300)).save(tmp_path / "a.jpg")
    made.picture((400, 300)).save(tmp_path / "b.jpg", progressive=True)
    limits = Limits(pixels=50_000, image_side=50)
    assert pixels(tmp_path / "a.jpg", limits).shape == (38, 50, 3)
    with pytest.raises(OversizedMedia):
        read(tmp_path / "b.jpg", limits)


@pytest.mark.parametrize("name", made.PICTURES)
def test_a_picture_that_breaks_off_is_damaged(name: str, tmp_path: Path) -> None:
    data = made.content(name)
    path = tmp_path / name
    path.write_bytes(data[: int(len(data) * 0.6)])
    with pytest.raises(DamagedMedia, match=path.name):
        read(path)


def test_broken_metadata_does_not_cost_the_picture(tmp_path: Path) -> None:
    made.picture().save(tmp_path / "a.jpg", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert pixels(tmp_path / "a.jpg").shape == (40, 60, 3)
