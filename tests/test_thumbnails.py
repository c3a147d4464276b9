import numpy as np
import PIL.Image
import pytest

from tests.encoders.test_mesh import RED_BOX
from xmr_core.bench.media import photographs, sound
from xmr_core.media import Audio, Image, Text, Video
from xmr_core.readers import read
from xmr_core.render import render, render_angles
from xmr_core.thumbnails import _DESK, _MISSING_INK, _PAPER, _font_for, thumbnail, turntable

RATE = 44_100


def pixels(picture):
    assert picture.mode == "RGB"
    return np.asarray(picture).astype(int)


def near(array, colour, tolerance=12):
    """Where an array (H, W, 3) has about this colour."""
    return (np.abs(array - np.array(colour)).max(axis=2) <= tolerance).mean()


MEDIA = {
    "text": Text("A title\n\nSome words about bells."),
    "image": Image(photographs(1)[0]),
    "audio": sound(3.0),
    "video": Video(np.stack(photographs(2)), np.array([0, 1], np.float32)),
    "mesh": RED_BOX,
}


@pytest.mark.parametrize("name", MEDIA)
@pytest.mark.parametrize("side", [400, 64, 333])
def test_every_medium_has_a_picture_of_that_side_the_same_each_time(name, side):
    picture = thumbnail(MEDIA[name], side)
    assert max(picture.size) == side
    assert picture.mode == "RGB"
    assert np.ptp(pixels(picture)) > 50
    assert np.array_equal(pixels(picture), pixels(thumbnail(MEDIA[name], side)))


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((480, 640), (400, 300)),
        ((640, 480), (300, 400)),
        ((30, 20), (20, 30)),  # small pictures are not enlarged
        ((1, 1), (1, 1)),
        ((1, 5000), (400, 1)),
        ((5000, 1), (1, 400)),
        ((3, 4000), (400, 1)),
    ],
)
def test_pictures_keep_their_proportions_and_at_least_a_pixel(shape, size):
    assert thumbnail(Image(np.full((*shape, 3), 90, np.uint8))).size == size


def test_picture_is_the_picture():
    quarters = np.zeros((600, 800, 3), np.uint8)
    quarters[:300, :400, 0] = quarters[300:, 400:, 2] = 255
    small = pixels(thumbnail(Image(quarters)))
    assert small[75, 100].tolist() == [255, 0, 0]
    assert small[225, 300].tolist() == [0, 0, 255]
    assert small[75, 300].tolist() == [0, 0, 0]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turned_photograph_stands_upright(tmp_path, orientation):
    """A camera notes how it was held; what is stored is undone by that note."""
    upright = np.full((60, 90, 3), 255, np.uint8)
    upright[:20, :30] = (255, 0, 0)  # red at the top left
    stored = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.transpose(1, 0, 2),
        6: upright.transpose(1, 0, 2)[::-1],
        7: upright.transpose(1, 0, 2)[::-1, ::-1],
        8: upright.transpose(1, 0, 2)[:, ::-1],
    }[orientation]
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "turned.png"
    PIL.Image.fromarray(np.ascontiguousarray(stored)).save(path, exif=exif)
    small = thumbnail(read(path))
    assert small.size == (90, 60)
    assert np.array_equal(pixels(small), upright)


def test_transparent_picture_lies_on_white(tmp_path):
    path = tmp_path / "clear.png"
    PIL.Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(path)
    assert (pixels(thumbnail(read(path))) == 255).all()


def bars(picture):
    """How many pixels of each column are brighter than the ground."""
    return (pixels(picture).max(axis=2) > 120).sum(axis=0)


def test_waveform_is_high_where_the_sound_is_loud():
    t = np.arange(2 * RATE) / RATE
    rising = Audio((t / 2 * np.sin(2 * np.pi * 300 * t)).astype(np.float32), RATE)
    heights = bars(thumbnail(rising))
    left, right = heights[30:120].max(), heights[280:370].max()
    assert right > 2 * left > 0
    assert heights[:8].max() == heights[-8:].max() == 0


def test_silence_is_a_line_and_loudness_is_relative():
    t = np.arange(RATE) / RATE
    wave = np.sin(2 * np.pi * 300 * t).astype(np.float32)
    silent = bars(thumbnail(Audio(np.zeros(RATE, np.float32), RATE)))
    assert 0 < silent.max() < 12
    quiet, loud = (bars(thumbnail(Audio(wave * gain, RATE))) for gain in (0.001, 1.0))
    assert np.array_equal(quiet, loud)
    assert loud.max() > 100


@pytest.mark.parametrize("samples", [0, 1, 2, 43])
def test_sound_of_hardly_any_samples_has_a_card(samples):
    picture = thumbnail(Audio(np.ones(samples, np.float32), RATE))
    assert picture.size == (400, 300)


def test_video_shows_the_frame_that_shows_most():
    black, white = np.zeros((48, 64, 3), np.uint8), np.full((48, 64, 3), 255, np.uint8)
    photo = photographs(1)[0][::10, ::10]
    blurred = np.full_like(photo, photo.mean(axis=(0, 1)).astype(np.uint8))
    frames = np.stack([black, blurred, photo, white])
    picture = thumbnail(Video(frames, np.arange(4, dtype=np.float32)))
    assert np.array_equal(pixels(picture), photo)
    (only,) = (Video(black[None], np.zeros(1, np.float32)),)
    assert thumbnail(only).size == (64, 48)


def test_mesh_is_seen_from_a_little_above():
    assert np.array_equal(pixels(thumbnail(RED_BOX, 120)), render(RED_BOX, 30, 20, 120))


def test_turntable_is_a_strip_once_around():
    strip = pixels(turntable(RED_BOX, 50, 8))
    assert strip.shape == (50, 400, 3)
    views = render_angles(RED_BOX, [(45.0 * i, 20.0) for i in range(8)], 50)
    assert np.array_equal(strip, np.concatenate(views, axis=1))


def ink(picture):
    """The share of dark pixels: letters, not bars for missing ones."""
    return (pixels(picture).max(axis=2) < 120).mean()


def test_page_has_paper_on_a_desk_and_letters_on_it():
    page = thumbnail(Text("Bells\n\n" + "The bell rings in the old tower. " * 30))
    assert page.size == (400, 300)
    shown = pixels(page)
    assert near(shown[:, :24], _DESK) > 0.8
    assert near(shown[:, 40:360], _PAPER) > 0.5
    assert 0.03 < ink(page) < 0.4
    assert ink(thumbnail(Text("Bells"))) < ink(page) / 5


def test_title_is_larger_than_the_text_but_a_first_paragraph_is_none():
    title = pixels(thumbnail(Text("Hxg")))
    body = pixels(thumbnail(Text("\n" + "long " * 30)))
    rows = [np.flatnonzero((p[:, 40:360].max(axis=2) < 120).any(axis=1)) for p in (title, body)]
    line = rows[1][rows[1] < rows[1][0] + 16]
    assert np.ptp(rows[0]) > np.ptp(line)


@pytest.mark.parametrize(
    "text", ["", "   \n\n\t", "\x00\x01", "\u200b\u200d", "a", "x" * 5000, "\n" * 5000, "- " * 3000]
)
def test_texts_of_nothing_and_of_one_endless_word_have_a_card(text):
    page = thumbnail(Text(text))
    assert page.size == (400, 300)
    assert near(pixels(page), _PAPER) > 0.2


@pytest.mark.parametrize(
    "text", ["Ein Männlein steht im Walde", "Привет, мир", "Καλημέρα κόσμε", "Zażółć gęślą jaźń"]
)
def test_european_scripts_are_set_in_letters(text):
    if _font_for(text.replace(" ", ""), 16) is None:
        pytest.skip("no font of this machine has them; they are drawn as bars")
    page = thumbnail(Text(text))
    assert ink(page) > 0.003
    assert near(pixels(page), _MISSING_INK, 2) < 0.001


@pytest.mark.parametrize(
    "text", ["多年以后奥雷里亚诺" * 20, "مرحبا بالعالم", "नमस्ते दुनिया", "😀 😃 🎉", "\U0010ffff" * 8]
)
def test_other_scripts_are_set_in_letters_or_drawn_as_bars_never_as_boxes(text):
    page = thumbnail(Text(text))
    word = text.split()[0]
    if _font_for(word, 16) is None:
        assert near(pixels(page), _MISSING_INK, 2) > 0.002
    else:
        assert ink(page) > 0.002


def test_long_text_costs_no_more_than_a_page():
    import time

    started = time.process_time()
    thumbnail(Text("Some words of a very long text. " * 100_000))
    assert time.process_time() - started < 3
