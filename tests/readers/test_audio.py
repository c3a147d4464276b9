"""Sounds: every format, mono at 44,100 Hz, and what is no sound."""

import struct
import time
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.readers import made
from xmr_core.errors import BlankMedia, DamagedMedia
from xmr_core.media import Audio, Modality
from xmr_core.readers import Limits, detect, read


def heard(path: Path, limits: Limits | None = None) -> Audio:
    media = read(path, limits) if limits else read(path)
    assert isinstance(media, Audio)
    assert media.rate == 44_100 and media.samples.dtype == np.float32 and media.samples.ndim == 1
    return media


def pitch(audio: Audio) -> float:
    power = np.abs(np.fft.rfft(audio.samples * np.hanning(len(audio.samples))))
    return float(power.argmax() * audio.rate / len(audio.samples))


@pytest.mark.parametrize("name", made.SOUNDS)
def test_every_format_sounds_the_same(name: str, tmp_path: Path) -> None:
    path = made.made(name, tmp_path)
    assert detect(path) is Modality.AUDIO
    audio = heard(path)
    assert audio.seconds == pytest.approx(2.0, abs=0.06)
    assert audio.facts["seconds"] == pytest.approx(2.0, abs=0.06)
    assert pitch(audio) == pytest.approx(440, abs=1)
    assert audio.samples[20_000:60_000].std() == pytest.approx(0.5 / np.sqrt(2), abs=0.03)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
@pytest.mark.parametrize("rate", [8_000, 44_100, 96_000])
def test_wav_of_every_depth_and_rate(subtype: str, rate: int, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", made.tone(rate=rate), rate, subtype=subtype)
    audio = heard(tmp_path / "a.wav")
    assert audio.seconds == pytest.approx(2.0, abs=0.01)
    assert pitch(audio) == pytest.approx(440, abs=1)
    assert np.abs(audio.samples[20_000:60_000]).max() == pytest.approx(0.5, abs=0.02)


def test_channels_are_averaged_and_not_added(tmp_path: Path) -> None:
    tone = made.tone(rate=44_100)
    both = np.stack([tone, tone], axis=1)
    soundfile.write(tmp_path / "same.wav", both, 44_100, subtype="FLOAT")
    soundfile.write(tmp_path / "opposed.wav", both * (1, -1), 44_100, subtype="FLOAT")
    assert np.allclose(heard(tmp_path / "same.wav").samples, tone, atol=1e-6)
    assert np.abs(heard(tmp_path / "opposed.wav").samples).max() < 1e-6


@pytest.mark.parametrize("channels", [1, 2, 6, 7, 8, 9, 16, 41])
def test_any_number_of_channels_is_averaged(channels: int, tmp_path: Path) -> None:
    """PyAV takes eight and more, each on its own, for more than there are, and falls."""
    samples = np.zeros((44_100, channels))
    samples[:, channels - 1] = made.tone(1, rate=44_100)
    soundfile.write(tmp_path / "many.wav", samples, 44_100, subtype="FLOAT")
    heard_now = heard(tmp_path / "many.wav").samples
    assert np.allclose(heard_now, samples[:, channels - 1] / channels, atol=1e-6)


def test_samples_beyond_one_are_clipped(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "loud.wav", made.tone(rate=44_100) * 6, 44_100, subtype="FLOAT")
    assert np.abs(heard(tmp_path / "loud.wav").samples).max() == 1.0


def test_long_sounds_are_read_up_to_the_limit_and_say_their_whole_length(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "long.wav", made.tone(9, rate=8_000), 8_000)
    audio = heard(tmp_path / "long.wav", Limits(seconds=3))
    assert audio.seconds == pytest.approx(3.0, abs=0.01)
    assert audio.facts["seconds"] == pytest.approx(9.0, abs=0.01)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_samples_that_are_not_numbers_are_damage(value: float, tmp_path: Path) -> None:
    samples = made.tone(rate=44_100)
    samples[5000] = value
    soundfile.write(tmp_path / "nan.wav", samples, 44_100, subtype="FLOAT")
    with pytest.raises(DamagedMedia, match=r"nan\.wav .*not numbers") as caught:
        read(tmp_path / "nan.wav")
    assert caught.value.hint


def test_a_wav_without_samples_is_blank(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "none.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(44_100)
    with pytest.raises(BlankMedia, match=r"none\.wav holds no"):
        read(tmp_path / "none.wav")


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.m4a"])
def test_a_sound_that_breaks_off_is_damaged(name: str, tmp_path: Path) -> None:
    data = made.content(name)
    (tmp_path / name).write_bytes(data[: int(len(data) * 0.5)])
    with pytest.raises(DamagedMedia, match=name):
        read(tmp_path / name)


@pytest.mark.parametrize("name", ["a.mp3", "a.opus", "a.aac"])
def test_streamed_formats_give_what_there_is_of_them(name: str, tmp_path: Path) -> None:
    data = made.content(name)
    (tmp_path / name).write_bytes(data[: int(len(data) * 0.6)])
    assert 0.4 < heard(tmp_path / name).seconds < 1.9


def test_a_wav_written_to_a_pipe_does_not_know_its_length(tmp_path: Path) -> None:
    data = bytearray(made.content("a.wav"))
    for at in (4, data.index(b"data") + 4):
        data[at : at + 4] = b"\xff\xff\xff\xff"
    (tmp_path / "a.wav").write_bytes(data)
    assert heard(tmp_path / "a.wav").seconds == pytest.approx(2.0, abs=0.01)


def test_a_header_that_promises_hours_takes_no_memory_for_them(tmp_path: Path) -> None:
    data = bytearray(made.content("a.wav"))
    for at in (4, data.index(b"data") + 4):
        data[at : at + 4] = struct.pack("<I", 2**30)
    (tmp_path / "a.wav").write_bytes(data)
    with pytest.raises(DamagedMedia, match=r"a\.wav breaks off"):
        read(tmp_path / "a.wav")


@pytest.mark.parametrize("rate", [1, 2**31 - 1, 2**32 - 1])
def test_rates_that_no_sound_has_are_damage(rate: int, tmp_path: Path) -> None:
    data = bytearray(made.content("a.wav"))
    struct.pack_into("<I", data, data.index(b"fmt ") + 12, rate)
    (tmp_path / "a.wav").write_bytes(data)
    begun = time.perf_counter()
    with pytest.raises(DamagedMedia, match=r"a\.wav"):
        read(tmp_path / "a.wav")
    assert time.perf_counter() - begun < 2


def test_sound_in_a_film_container_is_a_sound_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(made.content("a.m4a"))
    assert detect(tmp_path / "a.mp4") is Modality.AUDIO


def test_a_song_with_a_cover_picture_is_a_sound(tmp_path: Path) -> None:
    import av

    path = tmp_path / "song.m4a"
    with av.open(str(path), "w", format="mp4") as box:
        cover = box.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        sound = box.add_stream("aac", rate=48_000, layout="mono")
        for packet in made._encoded_sound(sound, made.tone(), 48_000):
            box.mux(packet)
        for packet in cover.encode(av.VideoFrame.from_image(made.picture((64, 64)))):
            box.mux(packet)
    assert detect(path) is Modality.AUDIO
    assert pitch(heard(path)) == pytest.approx(440, abs=1)
