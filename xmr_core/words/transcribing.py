"""Whisper's way from half a minute of sound to segments of text.

Radford et al., Robust speech recognition via large-scale weak supervision, 2022, section 4.5:
timestamps in pairs, the first within a second; greedy, and by chance at rising temperatures where
what came out is unlikely (mean log-probability of its tokens below −1) or repeats itself (gzip
makes it more than 2.4 times smaller); silent where the model thinks so (above .6) and what came
out is unlikely. What is no better at the highest temperature is left out here, where the paper
keeps it: for a search a wrong word is worse than none.
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xmr_core.encoders.pretrained import hush, ready
from xmr_core.errors import WeightsDamaged
from xmr_core.media import Floats

if TYPE_CHECKING:
    import torch

RATE = 16_000  # of the model
SECONDS = 30.0  # of a window
_TEMPERATURES = (0.0, 0.4, 0.8)  # half of the paper's: each costs as much as the first
_UNLIKELY = -1.0
_REPEATS = 2.4
_SILENT = 0.6
_FIRST = 50  # the latest first timestamp, a second
_EACH = 0.02  # seconds of a timestamp


class Segment(NamedTuple):
    """What is said from one timestamp to another, in seconds of the window."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in a window.

    Attributes:
        segments: with words in them; () where nothing is said.
        seconds: after which the next window is to begin.
        language: its code, such as ``en``; "" where the model knows but one.
        sure: of its tokens, on the geometric mean, 0…1.
    """

    segments: tuple[Segment, ...]
    seconds: float
    language: str
    sure: float


@dataclass(frozen=True, slots=True)
class Said:
    """Tokens that were decoded, without the last one that ends them.

    Attributes:
        tokens: words and timestamps.
        mean: log-probability of a token.
        silent: the model's probability that nothing is said.
    """

    tokens: tuple[int, ...]
    mean: float
    silent: float


class Transcriber:
    """A Whisper model, read from a folder.

    Raises:
        WeightsDamaged: it is not one.
    """

    def __init__(self, folder: Path) -> None:
        self._model, self._front, self._words = _load(folder)
        about = self._model.generation_config
        self._end = int(about.eos_token_id)
        self._begin = int(about.decoder_start_token_id)
        self._times = int(about.no_timestamps_token_id) + 1
        self._count = int(self._model.config.vocab_size)
        self._languages: dict[int, str] = {}
        self._task: tuple[int, ...] = ()
        if getattr(about, "is_multilingual", False):
            self._languages = {n: name.strip("<|>") for name, n in about.lang_to_id.items()}
            self._task = (int(about.task_to_id["transcribe"]),)
        self._never = _places(about.suppress_tokens, self._count)
        self._not_first = _places(about.begin_suppress_tokens, self._count)
        self._most = int(self._model.config.max_target_positions) // 2

    def hear(
        self, samples: Floats, language: str = "", tick: Callable[[], None] | None = None
    ) -> Heard:
        """Listen to at most thirty seconds.

        Args:
            samples: f32 (n,), at the model's rate.
            language: that is spoken, if it is known.
            tick: called before each token; what it raises is let through.
        """
        import torch

        with torch.inference_mode():
            sound = self._encoded(samples)
            prompt, language = self._prompt(sound, language)
            for temperature in _TEMPERATURES:
                said = self.decode(sound, prompt, temperature, tick)
                if said.silent > _SILENT and said.mean < _UNLIKELY:
                    return Heard((), SECONDS, language, 0.0)
                if self.good(said):
                    segments, seconds = self.segments(said.tokens, len(samples) / RATE)
                    return Heard(segments, seconds, language, float(np.exp(said.mean)))
        return Heard((), SECONDS, language, 0.0)

    def good(self, said: Said) -> bool:
        """Whether tokens are likely enough, and no repetition."""
        return said.mean >= _UNLIKELY and squeezed(self.text(said.tokens)) <= _REPEATS

    def text(self, tokens: Sequence[int]) -> str:
        """The words of tokens."""
        return str(self._words.decode([n for n in tokens if n < self._end])).strip()

    def called(self, language: str) -> str:
        """What people call a language, "" where that is not known."""
        from transformers.models.whisper.tokenization_whisper import LANGUAGES

        return LANGUAGES.get(language, language).title()

    def segments(self, tokens: Sequence[int], seconds: float) -> tuple[tuple[Segment, ...], float]:
        """Tokens as segments, and after how many seconds the next window begins.

        A segment stands between two timestamps. Two that follow each other end one and begin the
        next; what begins and does not end is cut by the window, and heard again in the next one.
        """
        pieces: list[tuple[int, list[int], int | None]] = []
        start, words = 0, list[int]()
        for token in tokens:
            if token < self._times:
                words.append(token)
                continue
            if words:
                pieces.append((start, words, token - self._times))
            start, words = token - self._times, []
        cut = bool(words)
        ended = bool(pieces)
        if cut and not ended:  # one long segment: its end is the window's
            pieces.append((start, words, None))
        found = []
        for low, some, high in pieces:
            if text := self.text(some):
                end = seconds if high is None else min(high * _EACH, seconds)
                found.append(Segment(low * _EACH, end, text))
        paired = len(tokens) > 1 and min(tokens[-2:]) >= self._times
        on = pieces[-1][2] if ended and (cut or paired) else None
        return tuple(found), SECONDS if on is None else on * _EACH

    def decode(
        self,
        sound: "torch.Tensor",
        prompt: Sequence[int],
        temperature: float = 0.0,
        tick: Callable[[], None] | None = None,
    ) -> Said:
        """Tokens for an encoded window.

        Args:
            sound: (1, t, w), of the encoder.
            prompt: tokens to begin with.
            temperature: 0 takes the likeliest.
            tick: called before each token.
        """
        import torch

        chance = torch.Generator().manual_seed(0)
        given = torch.tensor([prompt], device=sound.device)  # (1, p)
        cache: Any = None
        tokens: list[int] = []
        total, silent, ended = 0.0, 0.0, False
        while len(tokens) < self._most and not ended:
            if tick is not None:
                tick()
            out = self._model(
                encoder_outputs=(sound,),
                decoder_input_ids=given,
                past_key_values=cache,
                use_cache=True,
            )
            cache = out.past_key_values
            if not tokens:
                first = out.logits[0, 0].float().softmax(-1)
                silent = float(first[self._times - 2])  # stands before <|notimestamps|>
            logits = self._allowed(out.logits[0, -1].float(), tokens)  # (v,)
            chances = logits.log_softmax(-1)
            if temperature:
                drawn = (logits / temperature).softmax(-1).cpu()
                token = int(torch.multinomial(drawn, 1, generator=chance))
            else:
                token = int(chances.argmax())
            total += float(chances[token])
            ended = token == self._end
            if not ended:
                tokens.append(token)
                given = torch.tensor([[token]], device=sound.device)
        return Said(tuple(tokens), total / (len(tokens) + 1), silent)

    def _allowed(self, logits: "torch.Tensor", tokens: Sequence[int]) -> "torch.Tensor":
        """Logits (v,) with what must not come next at −∞."""
        import torch

        times, never = self._times, -torch.inf
        logits[self._never] = never
        logits[times - 1] = never
        if not tokens:
            logits[self._not_first] = never
            logits[:times] = never
            logits[times + _FIRST + 1 :] = never
            return logits
        after_time = tokens[-1] >= times
        pair = after_time and (len(tokens) < 2 or tokens[-2] >= times)
        if pair:  # words now
            logits[times:] = never
        elif after_time:  # the other one of a pair, or the end
            logits[: self._end] = never
        said = [token for token in tokens if token >= times]
        if said:  # time does not go back, and a segment lasts
            logits[times : said[-1] + (0 if after_time and not pair else 1)] = never
        chances = logits.log_softmax(-1)
        if chances[times:].logsumexp(-1) > chances[:times].max():
            logits[:times] = never
        return logits

    def _encoded(self, samples: Floats) -> "torch.Tensor":
        features = self._front(samples, sampling_rate=RATE, return_tensors="pt").input_features
        encoder = self._model.get_encoder()
        heard: torch.Tensor = encoder(features.to(self._model.device)).last_hidden_state
        return heard  # (1, t, w)

    def _prompt(self, sound: "torch.Tensor", language: str) -> tuple[tuple[int, ...], str]:
        """The tokens to begin with, and the language."""
        if not self._languages:
            return (self._begin,), ""
        codes = {name: n for n, name in self._languages.items()}
        if language not in codes:
            import torch

            start = torch.tensor([[self._begin]], device=sound.device)
            out = self._model(encoder_outputs=(sound,), decoder_input_ids=start)
            likely = out.logits[0, -1]
            language = max(codes, key=lambda name: float(likely[codes[name]]))
        return (self._begin, codes[language], *self._task), language


def squeezed(text: str) -> float:
    """How many times smaller compression makes a text.

    >>> squeezed("We begin, as always, with the weather.") < 1, squeezed("so " * 60) > 5
    (True, True)
    """
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw))


def _places(tokens: Sequence[int] | None, count: int) -> list[int]:
    """Tokens that are in a vocabulary."""
    return [n for n in tokens or () if 0 <= n < count]


def _load(folder: Path) -> tuple[Any, Any, Any]:
    """Model, front end and tokeniser, in evaluation mode, on the accelerator if there is one."""
    import torch
    from tokenizers import Tokenizer
    from transformers import WhisperFeatureExtractor, WhisperForConditionalGeneration

    hush()
    load: Any = WhisperForConditionalGeneration.from_pretrained
    try:
        model, about = load(
            folder,
            local_files_only=True,
            use_safetensors=True,
            dtype=torch.float32,
            output_loading_info=True,
        )
        front = WhisperFeatureExtractor.from_pretrained(folder, local_files_only=True)
        words = Tokenizer.from_file(str(folder / "tokenizer.json"))
        int(model.generation_config.no_timestamps_token_id)
    except Exception as error:  # what tokenizers raises has no type of its own
        raise WeightsDamaged(
            f"The Whisper model in {folder} cannot be read: {error}", "Fetch it again."
        ) from error
    return ready(model, about, folder), front, words
