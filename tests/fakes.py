"""A small, real joint space whose vectors can be told by eye.

Its four axes are red, green, blue and none of them. Texts are counted for the three words,
pictures, frames and meshes are averaged, and sounds are red when low (below 400 Hz), green
in the middle and blue when high (from 2,000 Hz). So the word "red", a red picture, a red
cube and a low hum all lie on the first axis.
"""

import re
from collections.abc import Sequence

import numpy as np

from xmr_core.media import Audio, Encoding, Floats, Image, Mesh, Modality, Text, Video
from xmr_core.space import HalvesHead, JointSpace, unit

COLOURS = ("red", "green", "blue")
DIM = 4


def mixture(amounts: Sequence[float] | Floats) -> Floats:
    """Amounts of red, green and blue → f32 (4,); the fourth is 1 where there is no colour.

    >>> mixture([1, 0, 0]).tolist(), mixture([0, 0, 0]).tolist()
    ([1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0])
    """
    amounts = np.asarray(amounts, np.float32)
    nothing = np.float32(amounts.sum() == 0)
    return np.append(amounts, nothing).astype(np.float32)


def _boxes(spans: Sequence[tuple[float, float]]) -> Floats:
    return np.array(spans, np.float32).reshape(len(spans), 2, 1)


def _rows(rows: Sequence[Floats], dim: int = DIM) -> Floats:
    return np.array(rows, np.float32).reshape(len(rows), dim)


class WordEncoder:
    """Counts the three words; a part for each paragraph."""

    name = "fake-words"
    modality = Modality.TEXT
    dim = DIM
    fingerprint = "fake-words-1"

    def encode(self, batch: Sequence[Text]) -> list[Encoding]:
        return [self._encode(text.text) for text in batch]

    def _encode(self, text: str) -> Encoding:
        spans = [(m.start(), m.end()) for m in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text)]
        return Encoding(
            self._count(text),
            _rows([self._count(text[start:end]) for start, end in spans]),
            _boxes(spans),
        )

    def _count(self, text: str) -> Floats:
        return mixture([len(re.findall(colour, text.lower())) for colour in COLOURS])


class PictureEncoder:
    """The mean colour, in 0…1; no parts."""

    name = "fake-pictures"
    modality = Modality.IMAGE
    dim = DIM
    fingerprint = "fake-pictures-1"

    def encode(self, batch: Sequence[Image]) -> list[Encoding]:
        return [
            Encoding(
                mixture(image.pixels.mean(axis=(0, 1)) / 255),
                np.zeros((0, DIM), np.float32),
                np.zeros((0, 2, 2), np.float32),
            )
            for image in batch
        ]


class PitchEncoder:
    """Low, middle and high, as red, green and blue; a part for each second."""

    name = "fake-pitch"
    modality = Modality.AUDIO
    dim = DIM
    fingerprint = "fake-pitch-1"

    def encode(self, batch: Sequence[Audio]) -> list[Encoding]:
        return [self._encode(audio) for audio in batch]

    def _encode(self, audio: Audio) -> Encoding:
        starts = range(0, max(len(audio.samples), 1), audio.rate)
        parts = [self._pitch(audio.samples[at : at + audio.rate], audio.rate) for at in starts]
        spans = [(at / audio.rate, min(at / audio.rate + 1, audio.seconds)) for at in starts]
        return Encoding(np.mean(parts, axis=0, dtype=np.float32), _rows(parts), _boxes(spans))

    def _pitch(self, samples: Floats, rate: int) -> Floats:
        power = np.abs(np.fft.rfft(samples)) ** 2
        if power.size == 0 or power[1:].sum() < 1e-6:
            return mixture([0, 0, 0])
        pitch = (1 + power[1:].argmax()) * rate / len(samples)
        return mixture([pitch < 400, 400 <= pitch < 2000, pitch >= 2000])


class FilmEncoder:
    """[colour of the frames | pitch of the sound]; a part for each key frame and second."""

    name = "fake-films"
    modality = Modality.VIDEO
    dim = 2 * DIM
    fingerprint = "fake-films-1"

    def encode(self, batch: Sequence[Video]) -> list[Encoding]:
        return [self._encode(video) for video in batch]

    def _encode(self, video: Video) -> Encoding:
        frames = [mixture(frame.mean(axis=(0, 1)) / 255) for frame in video.frames]
        silent = np.zeros(DIM, np.float32)
        parts = [np.concatenate([frame, silent]) for frame in frames]
        spans = [(second, second) for second in video.seconds.tolist()]
        heard = silent
        if video.sound is not None:
            sound = PitchEncoder()._encode(video.sound)
            heard = sound.pooled
            parts += [np.concatenate([silent, part]) for part in sound.parts]
            spans += [tuple(box.ravel().tolist()) for box in sound.boxes]
        seen = np.mean(frames, axis=0, dtype=np.float32)
        return Encoding(np.concatenate([seen, heard]), _rows(parts, 2 * DIM), _boxes(spans))


class SolidEncoder:
    """The mean colour of the faces; two parts, both the same."""

    name = "fake-solids"
    modality = Modality.MESH
    dim = DIM
    fingerprint = "fake-solids-1"

    def encode(self, batch: Sequence[Mesh]) -> list[Encoding]:
        pooled = [mixture(mesh.colours.mean(axis=0) / 255) for mesh in batch]
        return [Encoding(p, _rows([p, p]), _boxes([(0, 1), (1, 2)])) for p in pooled]


class Turn:
    """A head: turns the colours by so many axes (0 leaves them) and scales to length one."""

    def __init__(self, by: int = 0) -> None:
        self.by = by
        self.fingerprint = f"turn-{by}"

    def __call__(self, features: Floats) -> Floats:
        return unit(np.roll(features, self.by, axis=1))


def fake_space(turn: int = 0, **encoders: object) -> JointSpace:
    """The space of three colours.

    Args:
        turn: of every head alike; another turn is another space on the same features.
        encoders: by modality, in place of the usual ones; None leaves a modality out.
    """
    head = Turn(turn)
    usual = [WordEncoder(), PictureEncoder(), PitchEncoder(), FilmEncoder(), SolidEncoder()]
    chosen = {encoder.modality: encoder for encoder in usual}
    for name, encoder in encoders.items():
        if encoder is None:
            del chosen[Modality(name)]
        else:
            chosen[Modality(name)] = encoder
    heads = {(modality, "gallery"): head for modality in chosen}
    heads[Modality.VIDEO, "gallery"] = HalvesHead(head, head, image_dim=DIM)
    return JointSpace("colours", DIM, chosen, heads, COLOURS)
