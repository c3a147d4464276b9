"""Sides that are kept for a while."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from tests.fakes import WordEncoder, fake_space
from xmr_core.errors import DamagedMedia
from xmr_core.explain.cache import SideCache
from xmr_core.media import Audio, Image, Modality, Text, Video, digest


class Counting(WordEncoder):
    """Counts how often a whole text was asked for."""

    def __init__(self, fingerprint: str = "counting") -> None:
        self.fingerprint = fingerprint
        self.asked: list[str] = []
        self.wait = threading.Event()
        self.wait.set()

    def encode(self, batch):
        self.wait.wait(10)
        if len(batch) == 1:  # else these are its words
            self.asked.append(batch[0].text)
        return super().encode(batch)

    def times(self, text: str) -> int:
        return self.asked.count(text)


@pytest.fixture
def encoder() -> Counting:
    return Counting()


LINES = ["red and blue", "green and red", "blue or green"]


def test_the_same_text_is_taken_apart_once(encoder: Counting) -> None:
    cache, space = SideCache(), fake_space(text=encoder)
    first = cache.side(Text(LINES[0]), space)
    assert cache.side(Text(LINES[0]), space) is first
    assert encoder.times(LINES[0]) == 1
    assert cache.side(Text(LINES[1]), space) is not first


def test_another_encoder_takes_it_apart_again(encoder: Counting) -> None:
    cache, other = SideCache(), Counting("another")
    first = cache.side(Text(LINES[0]), fake_space(text=encoder))
    assert cache.side(Text(LINES[0]), fake_space(text=other)) is not first
    assert other.times(LINES[0]) == 1


def test_what_was_longest_unused_goes_first(encoder: Counting) -> None:
    space = fake_space(text=encoder)
    size = max(SideCache().side(Text(line), space).nbytes for line in LINES)
    cache = SideCache(limit=2 * size)
    encoder.asked.clear()
    for line in (LINES[0], LINES[1], LINES[0], LINES[2], LINES[0], LINES[1]):
        cache.side(Text(line), space)
        assert cache.nbytes <= 2 * size
    assert [encoder.times(line) for line in LINES] == [1, 2, 1]


def test_one_side_larger_than_the_limit_is_still_kept(encoder: Counting) -> None:
    cache, space = SideCache(limit=1), fake_space(text=encoder)
    cache.side(Text(LINES[0]), space)
    cache.side(Text(LINES[0]), space)
    assert encoder.times(LINES[0]) == 1
    cache.clear()
    assert cache.nbytes == 0


def test_a_query_and_a_hit_stay_together_whatever_they_take(encoder: Counting) -> None:
    cache, space = SideCache(limit=1), fake_space(text=encoder)
    for line in (LINES[0], LINES[1], LINES[0], LINES[1], LINES[2]):
        cache.side(Text(line), space)
    assert [encoder.times(line) for line in LINES] == [1, 1, 1]
    cache.side(Text(LINES[0]), space)
    assert encoder.times(LINES[0]) == 2


def test_what_a_side_keeps_is_counted_with_its_medium(encoder: Counting) -> None:
    side = SideCache().side(Text(LINES[0]), fake_space(text=encoder))
    sound = Audio(np.zeros(1000, np.float32), 8000)
    loud = replace(side, media=sound, levels=np.zeros(side.count, np.float32))
    assert loud.nbytes - side.nbytes == 4000 - 4 * len(LINES[0]) + 4 * side.count


def test_two_who_ask_at_once_share_one_side(encoder: Counting) -> None:
    cache, space, made = SideCache(), fake_space(text=encoder), []
    encoder.wait.clear()
    askers = [
        threading.Thread(target=lambda: made.append(cache.side(Text(LINES[0]), space)))
        for _ in range(4)
    ]
    for asker in askers:
        asker.start()
    encoder.wait.set()
    for asker in askers:
        asker.join(10)
    assert len(made) == 4 and all(side is made[0] for side in made)
    assert encoder.times(LINES[0]) == 1


def test_what_cannot_be_loaded_can_be_tried_again(encoder: Counting) -> None:
    cache, space = SideCache(), fake_space(text=encoder)

    def damaged() -> Text:
        raise DamagedMedia("a.txt", "is cut short", "Copy it again.")

    with pytest.raises(DamagedMedia):
        cache.side_by("key", Modality.TEXT, damaged, space)
    assert cache.side_by("key", Modality.TEXT, lambda: Text("red"), space).labels == ("red",)


def test_media_of_other_content_have_other_keys() -> None:
    pixels, samples = np.zeros((2, 4, 3), np.uint8), np.zeros(4, np.float32)
    seconds = np.zeros(2, np.float32)
    sound = Audio(samples, 44_100)
    media = [
        Text("a"),
        Text("b"),
        Image(pixels),
        Image(pixels + 1),
        Image(pixels.reshape(4, 2, 3)),
        sound,
        Audio(samples, 22_050),
        Video(pixels[None].repeat(2, 0), seconds),
        Video(pixels[None].repeat(2, 0), seconds, sound),
        Video(pixels[None].repeat(2, 0), seconds, replace(sound, rate=8000)),
    ]
    assert len({digest(medium) for medium in media}) == len(media)
    assert digest(Image(pixels, {"width": 9})) == digest(Image(pixels.copy()))
