"""English speech in sounds and videos, heard by PocketSphinx.

PocketSphinx (Huggins-Daines et al., 2006) and its American English model come in one package of
some 30 MB and need no network. It hears about half to nine tenths of the words of clear speech
and few in noise, and of what is no speech it makes words, too. Two things tell those: speech has
at least a word and a half a second, and the words are mostly sure of themselves. A narrow search,
several times as fast on noise, tells what is worth a wide one. The gate was set on recordings of
speech, of animals, of machines and of music (see the benchmark); what it leaves out is lost.
"""

import functools
import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from xmr_core.catalogue import Line
from xmr_core.media import Audio
from xmr_core.models import Progress
from xmr_core.words.listening import ListenerInfo

_RATE = 16_000  # of the model
_LONGEST = 15.0  # seconds of an utterance; longer ones are cut
_PAUSE = 0.6  # seconds: utterances with less between them are one
_FEWEST = 3  # words
_RATE_OF_WORDS = 1.5  # a second
_SURE = 0.5  # mean posterior of the words
_LOOSE = 0.6  # of the gate's numbers, for the narrow search
_NARROW = {"maxhmmpf": 1500, "maxwpf": 10, "ds": 2, "topn": 2, "pl_window": 7}
_LINE = 12  # words of one line
_QUIET = 1e-3  # peak of what holds no sound
_LEVEL = 0.7  # peak of what is decoded
_lock = threading.Lock()


class Word(NamedTuple):
    """A word that was heard, when (in seconds), and how sure that is (0…1)."""

    text: str
    start: float
    end: float
    sure: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """What was heard between two pauses."""

    start: float
    end: float
    words: tuple[Word, ...]

    @property
    def speech(self) -> bool:
        """Whether it passes the gate."""
        return self.passes(1.0)

    def passes(self, bar: float) -> bool:
        """Whether it has words enough, and sure ones, for a share of what the gate asks."""
        rate = len(self.words) / max(self.end - self.start, 0.1)
        enough = len(self.words) >= _FEWEST and rate >= bar * _RATE_OF_WORDS
        return enough and self.sure >= bar * _SURE

    @property
    def sure(self) -> float:
        """The mean posterior of its words."""
        return float(np.mean([word.sure for word in self.words])) if self.words else 0.0


class PocketSphinx:
    """The listener that comes with XMR."""

    name = "pocketsphinx"
    version = "1"

    def describe(self) -> ListenerInfo:
        """What it is."""
        about = "PocketSphinx: clear English, about half of it. Slow: a minute may take a minute."
        return ListenerInfo(self.name, about, "BSD-2-Clause", 0, needs_hub=False)

    def prepare(self, progress: Progress | None = None) -> None:
        """Nothing is missing."""

    def lines(self, sound: Audio, tell: Progress) -> list[Line]:
        """What is said in a sound."""
        return lines(sound, tell)


def lines(sound: Audio, tell: Progress | None = None) -> list[Line]:
    """What is said in a sound, some words a line.

    Args:
        sound: of any rate.
        tell: called with seconds done and in all, in hundredths.
    """
    return [
        Line(
            "spoken",
            " ".join(word.text for word in some),
            (some[0].start,),
            (some[-1].end,),
            float(np.mean([word.sure for word in some])),
        )
        for utterance in utterances(sound, tell)
        if utterance.speech
        for at in range(0, len(utterance.words), _LINE)
        if (some := utterance.words[at : at + _LINE])
    ]


def utterances(sound: Audio, tell: Progress | None = None) -> Iterator[Utterance]:
    """Whatever could be speech, decoded."""
    import soxr

    peak = float(np.abs(sound.samples).max(initial=0.0))
    if peak < _QUIET:
        return
    samples = sound.samples * np.float32(_LEVEL / peak)
    if sound.rate != _RATE:
        samples = soxr.resample(samples, sound.rate, _RATE)
    pcm = np.rint(np.clip(samples, -1, 1) * 32_767).astype("<i2")
    for start, end in _stretches(pcm):
        if tell is not None:
            tell(round(100 * start), round(100 * sound.seconds))
        some = pcm[round(start * _RATE) : round(end * _RATE)]
        first = Utterance(start, end, tuple(_heard(some, start, narrow=True)))
        if first.passes(_LOOSE):
            yield Utterance(start, end, tuple(_heard(some, start)))


def _stretches(pcm: npt.NDArray[np.int16]) -> list[tuple[float, float]]:
    """Seconds between pauses, by voice activity (the one of WebRTC, as PocketSphinx has it)."""
    from pocketsphinx import Endpointer

    pointer = Endpointer(sample_rate=_RATE, vad_mode=2)
    size = pointer.frame_bytes // 2
    found: list[tuple[float, float]] = []
    was = False
    for at in range(0, len(pcm) - size, size):
        pointer.process(pcm[at : at + size].tobytes())
        if was and not pointer.in_speech:
            found.append((pointer.speech_start, pointer.speech_end))
        was = pointer.in_speech
    if was:
        found.append((pointer.speech_start, len(pcm) / _RATE))
    return _cut(found)


def _cut(found: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches with short pauses joined, and cut where they grow too long.

    >>> _cut([(0.0, 4.0), (4.5, 8.0), (10.0, 40.0)])
    [(0.0, 8.0), (10.0, 25.0), (25.0, 40.0)]
    """
    joined: list[tuple[float, float]] = []
    for start, end in found:
        if joined and start - joined[-1][1] < _PAUSE and end - joined[-1][0] <= _LONGEST:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    out = []
    for start, end in joined:
        pieces = max(1, int(np.ceil((end - start) / _LONGEST)))
        edges = np.linspace(start, end, pieces + 1).tolist()
        out += list(itertools.pairwise(edges))
    return out


def _heard(pcm: npt.NDArray[np.int16], start: float, *, narrow: bool = False) -> Iterator[Word]:
    """The words of a stretch that begins at ``start`` seconds."""
    with _lock:
        decoder = _decoder(narrow)
        decoder.start_utt()
        decoder.process_raw(pcm.tobytes(), no_search=False, full_utt=True)
        decoder.end_utt()
        if decoder.hyp() is None:
            return
        found = [(s.word, s.start_frame, s.end_frame, s.prob) for s in decoder.seg()]
    for word, first, last, sure in found:
        if word[0] not in "<[+":  # silence, breath, noise
            text = word.partition("(")[0]  # which of its pronunciations does not matter
            yield Word(text, start + first / 100, start + (last + 1) / 100, float(sure))


@functools.cache
def _decoder(narrow: bool) -> Any:
    from pocketsphinx import Decoder

    return Decoder(samprate=_RATE, loglevel="FATAL", **(_NARROW if narrow else {}))
