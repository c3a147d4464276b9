"""Media → pictures for cards: the picture itself, a waveform, a page, a key frame, a view.

All are RGB, so that they can be kept as JPEG or WebP, and carry a ground of
their own, so that they look the same on a light and on a dark page.
"""

import functools

import numpy as np
import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont

from xmr_core.media import Audio, Bytes, Floats, Image, Media, Mesh, Text, Video

_SHAPE = 3 / 4  # height of a drawn card by its width
_OVER = 3  # drawn this much larger and reduced, for smooth edges

_GROUND_TOP, _GROUND_BOTTOM = (38, 44, 66), (24, 28, 44)
_BAR_LEFT, _BAR_RIGHT = (88, 214, 200), (158, 140, 255)

_DESK, _PAPER, _EDGE = (196, 201, 210), (252, 251, 248), (166, 172, 184)
_INK, _TITLE_INK, _MISSING_INK = (62, 66, 76), (24, 26, 34), (190, 194, 202)

_FONTS = (  # of Linux, macOS and Windows; Pillow's own comes last and knows little but English
    "DejaVuSans.ttf",
    "Arial.ttf",
    "arial.ttf",
    "LiberationSans-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
    "PingFang.ttc",
    "msyh.ttc",
    "Arial Unicode.ttf",
    "segoeui.ttf",
)
_LINES_READ = 4000  # characters: no page shows more


def thumbnail(media: Media, side: int = 400) -> PIL.Image.Image:
    """A picture of any medium, RGB, its longer side at most ``side`` pixels.

    Small pictures are not enlarged; waveforms and pages are ``side`` wide and three
    quarters as high.
    """
    match media:
        case Image():
            return _reduced(media.pixels, side)
        case Audio():
            return _waveform(media, side)
        case Video():
            return _reduced(media.frames[_best_frame(media.frames)], side)
        case Mesh():
            from xmr_core.render import render

            return PIL.Image.fromarray(render(media, 30.0, 20.0, side))
        case Text():
            return _page(media.text[:_LINES_READ], side)


def turntable(mesh: Mesh, side: int = 200, views: int = 12) -> PIL.Image.Image:
    """A strip of views once around the mesh from its front on, RGB, side × (side · views)."""
    from xmr_core.render import render_angles

    angles = [(360.0 * i / views, 20.0) for i in range(views)]
    return PIL.Image.fromarray(np.concatenate(render_angles(mesh, angles, side), axis=1))


def _reduced(pixels: Bytes, side: int) -> PIL.Image.Image:
    picture = PIL.Image.fromarray(pixels)
    # Halves and thirds by plain means first, then by a filter of few pixels: a third of the time
    # of the best one, and no difference on a card.
    picture.thumbnail((side, side), PIL.Image.Resampling.HAMMING, reducing_gap=1.0)
    return picture


def _best_frame(frames: Bytes) -> int:
    """The frame that shows most: colourful, sharp, neither dark nor washed out.

    Colour is measured as by Hasler and Süsstrunk (2003); sharpness by the mean
    difference of neighbours; both as shares of the best frame's.

    >>> grey = np.full((2, 8, 8, 3), 128, np.uint8)
    >>> grey[1, ::2, :, 0] = 255
    >>> _best_frame(grey)
    1
    """
    colour, detail, light = [], [], []
    for frame in frames:
        step = max(1, max(frame.shape[:2]) // 160)
        r, g, b = frame[::step, ::step].astype(np.float32).transpose(2, 0, 1)
        red_green, yellow_blue = r - g, (r + g) / 2 - b
        spread = np.hypot(red_green.std(), yellow_blue.std())
        colour.append(spread + 0.3 * np.hypot(red_green.mean(), yellow_blue.mean()))
        grey = (r + g + b) / 3
        across, down = np.diff(grey, axis=1), np.diff(grey, axis=0)
        detail.append(sum(float(np.abs(d).mean()) for d in (across, down) if d.size))
        light.append(1 - abs(float(grey.mean()) / 127.5 - 1))
    shares = [_share(colour), 2 * _share(detail), _share(light)]
    return int(np.argmax(np.sum(shares, axis=0)))


def _share(values: list[float]) -> Floats:
    found = np.array(values, np.float32)
    return found / max(float(found.max()), 1e-6)


def _waveform(audio: Audio, side: int) -> PIL.Image.Image:
    """Bars about the middle, one for each stretch of the sound, as high as it is loud."""
    width, height = side, max(1, round(side * _SHAPE))
    pitch = max(2, round(side / 44))  # pixels from bar to bar
    margin = pitch * 2
    heights = _loudness(audio.samples, max(1, (width - 2 * margin) // pitch))  # (bars,) in 0…1
    mask = PIL.Image.new("L", (width * _OVER, height * _OVER))
    draw = PIL.ImageDraw.Draw(mask)
    bar = pitch * 0.6  # the rest is the gap
    left = (width - pitch * len(heights)) / 2 + (pitch - bar) / 2
    for i, share in enumerate(heights):
        half = max(bar / 2, share * height * 0.40)
        x = left + i * pitch
        box = [x, height / 2 - half, x + bar, height / 2 + half]
        draw.rounded_rectangle([v * _OVER for v in box], radius=bar / 2 * _OVER, fill=255)
    mask = mask.resize((width, height), PIL.Image.Resampling.BOX)
    ground = _gradient(width, height, _GROUND_TOP, _GROUND_BOTTOM, upright=True)
    bars = _gradient(width, height, _BAR_LEFT, _BAR_RIGHT, upright=False)
    return PIL.Image.composite(bars, ground, mask)


def _loudness(samples: Floats, bars: int) -> Floats:
    """Loudness of equal stretches, as shares of the loudest; quiet ones are lifted to be seen.

    >>> _loudness(np.array([0, 0, 1, -1], np.float32), 2).tolist()
    [0.0, 1.0]
    """
    edges = np.linspace(0, len(samples), bars + 1).astype(int)
    power = np.concatenate([[0.0], np.cumsum(samples.astype(np.float64) ** 2)])
    counts = np.maximum(np.diff(edges), 1)
    loud = np.sqrt(np.maximum(np.diff(power[edges]), 0) / counts)  # (bars,) root mean square
    shares: Floats = ((loud / max(float(loud.max()), 1e-9)) ** 0.7).astype(np.float32)
    return shares


def _gradient(
    width: int, height: int, start: tuple[int, ...], end: tuple[int, ...], upright: bool
) -> PIL.Image.Image:
    across = np.linspace(0, 1, height if upright else width, dtype=np.float32)[:, None]
    colours = (np.array(start) * (1 - across) + np.array(end) * across).round().astype(np.uint8)
    line = PIL.Image.fromarray(colours[:, None] if upright else colours[None])
    return line.resize((width, height))


def _page(text: str, side: int) -> PIL.Image.Image:
    """A sheet of paper with the text's first lines: the first one larger, as a title."""
    width, height = side, max(1, round(side * _SHAPE))
    page = PIL.Image.new("RGB", (width, height), _DESK)
    draw = PIL.ImageDraw.Draw(page)
    unit = side / 100
    draw.rectangle([7 * unit, 6 * unit, 93 * unit, height], fill=_PAPER, outline=_EDGE)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    lines = [line for line in lines if line] or [""]
    left, right, y = 13 * unit, 88 * unit, 12 * unit
    title, body = lines[0], lines[1:]
    if len(title) > 90:  # no title, but a first paragraph
        title, body = "", lines
    for paragraph, size, ink in [(title, 5.6, _TITLE_INK), *((b, 4.2, _INK) for b in body)]:
        y = _paragraph(draw, paragraph, (left, y, right, height), size * unit, ink)
        if y >= height:
            break
        y += 1.6 * unit
    return page


def _paragraph(
    draw: PIL.ImageDraw.ImageDraw,
    text: str,
    box: tuple[float, float, float, float],
    size: float,
    ink: tuple[int, ...],
) -> float:
    """Set one paragraph, broken at words, and return where the next one starts.

    A word that no font here can show is drawn as a bar of about its length.
    """
    left, y, right, bottom = box
    x = left
    space = size * 0.3
    for word in text.split():
        font = _font_for(word, size)
        for piece in _fitting(word, font, right - left, size):
            length = font.getlength(piece) if font else len(piece) * size * 0.55
            if x > left and x + length > right:
                x, y = left, y + size * 1.4
            if y >= bottom:
                return bottom
            if font:
                draw.text((x, y), piece, fill=ink, font=font)
            else:
                draw.rounded_rectangle(
                    [x, y + size * 0.3, x + length, y + size * 0.9],
                    radius=size * 0.2,
                    fill=_MISSING_INK,
                )
            x += length + space
    return y + size * 1.4 if text else y


def _fitting(
    word: str, font: PIL.ImageFont.FreeTypeFont | None, width: float, size: float
) -> list[str]:
    """The word cut into pieces that fit a line: Chinese, and web addresses, have no spaces."""
    pieces, piece, length = [], "", 0.0
    for character in word:
        wide = font.getlength(character) if font else size * 0.55
        if piece and length + wide > width:
            pieces.append(piece)
            piece, length = "", 0.0
        piece += character
        length += wide
    return [*pieces, piece]


def _font_for(word: str, size: float) -> PIL.ImageFont.FreeTypeFont | None:
    """The first font that has all of the word's characters."""
    for font, missing in _fonts(max(6, round(size))):
        if not any(_glyph(font, c) == missing for c in set(word)):
            return font
    return None


@functools.lru_cache(maxsize=8)
def _fonts(size: int) -> list[tuple[PIL.ImageFont.FreeTypeFont, bytes]]:
    """The fonts of this machine at a size, each with what it draws for what it does not know."""
    found = []
    for name in _FONTS:
        try:
            found.append(PIL.ImageFont.truetype(name, size))
        except OSError:
            continue  # not on this machine
    own = PIL.ImageFont.load_default(size)
    if isinstance(own, PIL.ImageFont.FreeTypeFont):
        found.append(own)
    return [(font, _glyph(font, "\U0010ffff")) for font in found]


@functools.lru_cache(maxsize=4096)
def _glyph(font: PIL.ImageFont.FreeTypeFont, character: str) -> bytes:
    return bytes(font.getmask(character))
