"""Speech in many languages, heard by Whisper, if it is chosen.

Radford et al., Robust speech recognition via large-scale weak supervision, 2022 (by way of the
library transformers). The weights come from the model hub, or lie in a folder as transformers
keeps them; only ``.safetensors`` is read, never a pickle. A sound is heard in windows of thirty
seconds, the length that the model was trained on; each begins where the last whole segment of
the one before ended. What was heard before is not told to the model, against the paper: it
loses a name now and then, and never goes round in circles for minutes.
"""

import functools
import re
import threading
from pathlib import Path

import numpy as np

from xmr_core.catalogue import Line
from xmr_core.encoders.hub import file_sha256, hub_file, hub_size, in_hub_cache
from xmr_core.errors import QueryError, WeightsDamaged, WeightsMissing
from xmr_core.media import Audio, Floats
from xmr_core.models import Progress
from xmr_core.words.listening import ListenerInfo
from xmr_core.words.transcribing import RATE, SECONDS, Heard, Transcriber

SIZES: dict[str, int] = {
    "openai/whisper-tiny": 151_000_000,
    "openai/whisper-base": 290_000_000,
    "openai/whisper-small": 967_000_000,
}
"""Models that a machine without an accelerator can bear, in bytes; all are Apache-2.0."""

_WEIGHTS = "model.safetensors"
_PICKLES = ("pytorch_model.bin", "model.bin", "model.pt", "pytorch_model.pt")
_FILES = ("config.json", "generation_config.json", "preprocessor_config.json", "tokenizer.json")
_REPO = re.compile(r"[\w.-]+/[\w.-]+")
_PATH = re.compile(r"[/~.\\]|[A-Za-z]:[/\\]")
_QUIET = 1e-3  # peak of what holds no sound
_LEAST = 1.0  # seconds that a window goes on at least


class Whisper:
    """A listener.

    Args:
        model: a repository of the hub, such as ``openai/whisper-tiny``, or the path of a folder.

    Raises:
        QueryError: it is neither.
    """

    def __init__(self, model: str) -> None:
        self.name = f"whisper:{model}"
        self.repo, self.folder = "", None
        if _PATH.match(model):
            self.folder = Path(re.sub("^//+", "/", model)).expanduser()
        elif _REPO.fullmatch(model):
            self.repo = model
        else:
            raise QueryError(
                f"'{self.name}' names no model.",
                "Such as whisper:openai/whisper-tiny, or whisper:/path/to/a/folder.",
            )

    @property
    def version(self) -> str:
        """Of the hub's models the name, of those in folders what their weights are."""
        if self.folder is None:
            return f"whisper 1 {self.repo}"
        try:
            about = (self.folder / _WEIGHTS).stat()
        except OSError:
            return "whisper 1 away"
        return f"whisper 1 {_digest(self.folder / _WEIGHTS, about.st_size, about.st_mtime_ns)}"

    def describe(self) -> ListenerInfo:
        """What it is; the hub is asked for the size of what is not known."""
        about = f"Whisper, {self.folder or self.repo}: speech in many languages."
        if self.folder is not None:
            return ListenerInfo(self.name, about, "the folder's own", 0, needs_hub=False)
        known = SIZES.get(self.repo)
        if in_hub_cache(self.repo, [_WEIGHTS]) is not None:
            size: int | None = 0
        else:
            size = known or hub_size(self.repo, [_WEIGHTS])
        licence = "Apache-2.0" if known else "as its authors state on the model hub"
        return ListenerInfo(self.name, about, licence, size, needs_hub=size != 0)

    def prepare(self, progress: Progress | None = None) -> None:
        """Fetch what is missing.

        Raises:
            WeightsMissing: the folder, or the hub, has no such model.
            HubUnreachable: it is on the hub, which does not answer.
        """
        self._found(progress)

    def lines(self, sound: Audio, tell: Progress) -> list[Line]:
        """What is said in a sound, a segment a line, and in which language.

        Raises:
            ModelError: it cannot be had, or is no Whisper.
        """
        transcriber = _loaded(self._found())
        samples = resampled(sound)
        language, found = "", list[Line]()
        at, end = 0.0, len(samples) / RATE

        def tick() -> None:
            tell(round(100 * at), round(100 * end))

        with _lock:
            while at < end:
                tick()
                window = samples[round(at * RATE) : round((at + SECONDS) * RATE)]
                if not len(window) or float(np.abs(window).max()) < _QUIET:
                    at += SECONDS
                    continue
                heard = transcriber.hear(window, language, tick)
                if heard.segments:
                    language = language or heard.language
                _take(found, heard, at, end)
                at += max(heard.seconds, _LEAST)
        if found and (spoken := transcriber.called(language)):
            found.append(Line("language", spoken))
        return found

    def _found(self, progress: Progress | None = None) -> Path:
        """The folder of its files."""
        if self.folder is not None:
            return checked(self.folder)
        weights = hub_file(
            self.repo,
            [_WEIGHTS],
            what=self.name,
            size=SIZES.get(self.repo),
            instead="Connect to the internet and try again, put a copy of the model into a folder "
            "and choose whisper:/path/to/it, or listen with PocketSphinx.",
            progress=progress,
        )
        for name in _FILES:
            hub_file(self.repo, [name], what=self.name, size=None, instead="Try again later.")
        return weights.parent


def checked(folder: Path) -> Path:
    """A folder that has the files of a model.

    Raises:
        WeightsMissing: it has not.
        WeightsDamaged: its weights are a pickle, a program to be run.
    """
    if not folder.is_dir():
        raise WeightsMissing(f"There is no folder {folder}.", "Check its path.")
    if not (folder / _WEIGHTS).is_file():
        for name in _PICKLES:
            if (folder / name).is_file():
                raise WeightsDamaged(
                    f"The weights in {folder} are {name}, which would have to run code to be read.",
                    f"It was not opened. Get {_WEIGHTS} of the same model, or save it again as "
                    "that where you trust it.",
                )
    missing = [name for name in (_WEIGHTS, *_FILES) if not (folder / name).is_file()]
    if missing:
        raise WeightsMissing(
            f"There is no Whisper in {folder}: {', '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} not there.",
            "Copy all files of the model into it, as on the hub in openai/whisper-tiny.",
        )
    return folder


def resampled(sound: Audio) -> Floats:
    """Samples f32 (n,) at the model's rate, all of them finite."""
    samples = np.nan_to_num(sound.samples.astype(np.float32), posinf=0.0, neginf=0.0)
    if sound.rate != RATE and len(samples):
        import soxr

        samples = np.asarray(soxr.resample(samples, sound.rate, RATE), np.float32)
    return samples


def _take(found: list[Line], heard: Heard, at: float, end: float) -> None:
    """Add what a window holds to what was found before.

    Left out is what would begin after the sound's end, and what only says the last line again:
    of music and hum Whisper makes one and the same sentence.
    """
    for segment in heard.segments:
        low, high = at + segment.start, min(at + segment.end, end)
        if low >= end or (found and found[-1].text == segment.text):
            continue
        found.append(Line("spoken", segment.text, (low,), (max(low, high),), heard.sure))


_lock = threading.Lock()  # one sound at a time: the model has threads of its own


@functools.lru_cache(maxsize=1)
def _loaded(folder: Path) -> Transcriber:
    return Transcriber(folder)


@functools.lru_cache(maxsize=16)
def _digest(weights: Path, size: int, changed: int) -> str:
    """Of weights; reckoned again where size or time have changed."""
    return file_sha256(weights)[:16]
