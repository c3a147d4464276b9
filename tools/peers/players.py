"""How each of the three is driven: by its own commands, and for warm queries by its own code."""

import json
import shutil
import sys
from abc import ABC, abstractmethod
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .command import Took, timed
from .stock import ARCHITECTURE

_SCRIPTS = Path(__file__).with_name("scripts")
_ROOT = Path(__file__).parents[2]
Words = list[str | Path]
K = 10  # hits that each query asks for


class Player(ABC):
    """One of the three.

    Args:
        place: a folder of its own for all that it keeps.
        pictures: the folder to index.
        weights: the checkpoint.
    """

    name: str
    always_anew = False  # its second run is its first once more
    rounds = 1_000  # that it takes part in, at most

    def __init__(self, place: Path, pictures: Path, weights: Path) -> None:
        self.place, self.pictures, self.weights = place, pictures, weights
        place.mkdir(parents=True, exist_ok=True)

    @property
    @abstractmethod
    def missing(self) -> str:
        """Why it cannot take part; empty if it can."""

    @abstractmethod
    def forget(self) -> None:
        """Remove its index, as if it had never seen the pictures."""

    @abstractmethod
    def index(self) -> Took:
        """Index the pictures, or look for new ones where that is done already."""

    @abstractmethod
    def ask(self, query: str, filled: bool = False) -> Took:
        """One question by a command of its own, of the pictures or of the filled index."""

    @abstractmethod
    def warm(self, queries: Path, filled: bool = False) -> list[float]:
        """Milliseconds of each question (a JSON list) in one process, after five to warm up."""

    @abstractmethod
    def fill(self, vectors: Path) -> None:
        """A second index of unit vectors f32 (n, d), in an .npy file, of pictures that are not
        there."""


class XMR(Player):
    """This checkout."""

    name = "XMR"
    missing = ""

    @property
    def _profile(self) -> str:
        return f"openclip:{ARCHITECTURE}/{self.weights}"

    @property
    def _environment(self) -> dict[str, str]:
        home, cache = self.place / "home", self.place / "cache"
        return {"XMR_HOME": str(home), "XMR_CACHE": str(cache), "PYTHONPATH": str(_ROOT)}

    def _run(self, *words: str | Path) -> Took:
        return timed([sys.executable, *words], self.place, self._environment)

    @property
    def is_ready(self) -> bool:
        """Whether it has been run with this checkpoint before."""
        return any((self.place / "cache").glob("banks/*"))

    def ready(self) -> Took:
        """The first run with a new checkpoint: it is read and its towers become graphs."""
        return self._scripted("ready", self._profile)

    def forget(self) -> None:
        """See ``Player``."""
        shutil.rmtree(self.place / "home" / "indexes" / "peers", ignore_errors=True)

    def index(self) -> Took:
        """See ``Player``."""
        words: Words = ["index", self.pictures, "--library", "peers", "--profile", self._profile]
        return self._run("-m", "xmr_core.cli", *words)

    def ask(self, query: str, filled: bool = False) -> Took:
        """See ``Player``."""
        words = ["search", query, "-k", str(K), "--json", "-l", "filled" if filled else "peers"]
        return self._run("-m", "xmr_core.cli", *words)

    def warm(self, queries: Path, filled: bool = False) -> list[float]:
        """See ``Player``."""
        return _times(self._scripted("warm", "filled" if filled else "peers", str(queries), str(K)))

    def fill(self, vectors: Path) -> None:
        """See ``Player``."""
        shutil.rmtree(self.place / "home" / "indexes" / "filled", ignore_errors=True)
        self._scripted("fill", self._profile, str(vectors))

    def vectors(self) -> npt.NDArray[np.float32]:
        """The pictures' vectors f32 (n, d)."""
        file = self.place / "real.npy"
        self._scripted("vectors", "peers", str(file))
        found: npt.NDArray[np.float32] = np.load(file)
        return found

    def _scripted(self, *words: str) -> Took:
        return self._run(_SCRIPTS / "ask_xmr.py", *words)


class Rclip(Player):
    """https://github.com/yurijmikhalevich/rclip, in the environment ``home``.

    Its command indexes and answers at once; with ``--no-indexing`` it answers alone.
    """

    name = "rclip"

    def __init__(self, home: Path | None, place: Path, pictures: Path, weights: Path) -> None:
        super().__init__(place, pictures, weights)
        self._home = home

    @property
    def missing(self) -> str:
        """See ``Player``."""
        return _missing(self._home, "rclip")

    def _data(self, filled: bool) -> Path:
        """A data folder with an index of its own, and the same weights."""
        folder = self.place / ("filled" if filled else "data")
        if filled and not folder.is_dir():
            folder.mkdir()
            for path in (self.place / "data").iterdir():
                if not path.name.startswith("db."):
                    (folder / path.name).symlink_to(path)
        return folder

    def _folder(self, filled: bool) -> Path:
        folder = self.place / "nothing" if filled else self.pictures
        folder.mkdir(exist_ok=True)
        return folder

    def _run(self, *words: str | Path, filled: bool = False, command: str = "rclip") -> Took:
        environment = {"RCLIP_DATADIR": str(self._data(filled))}
        return timed([_bin(self._home, command), *words], self._folder(filled), environment)

    def forget(self) -> None:
        """See ``Player``."""
        for path in (self.place / "data").glob("db.*"):
            path.unlink()

    def index(self) -> Took:
        """See ``Player``; one question is answered by the way."""
        return self._run("a dog", "--top", str(K))

    def ask(self, query: str, filled: bool = False) -> Took:
        """See ``Player``."""
        return self._run("--no-indexing", query, "--top", str(K), filled=filled)

    def warm(self, queries: Path, filled: bool = False) -> list[float]:
        """See ``Player``."""
        told: Words = [_SCRIPTS / "ask_rclip.py", "warm", queries, str(K)]
        return _times(self._run(*told, filled=filled, command="python"))

    def fill(self, vectors: Path) -> None:
        """See ``Player``."""
        shutil.rmtree(self.place / "filled", ignore_errors=True)
        self._run(_SCRIPTS / "ask_rclip.py", "fill", vectors, filled=True, command="python")


class ClipRetrieval(Player):
    """https://github.com/rom1504/clip-retrieval, in the environment ``home``.

    Two commands make an index, always anew. No command answers one question with open_clip's
    models (``filter`` knows OpenAI's alone), so its service's own class is asked.
    """

    name = "clip-retrieval"
    always_anew = True

    def __init__(self, home: Path | None, place: Path, pictures: Path, weights: Path) -> None:
        super().__init__(place, pictures, weights)
        self._home = home

    @property
    def missing(self) -> str:
        """See ``Player``."""
        return _missing(self._home, "clip-retrieval")

    @property
    def _model(self) -> str:
        return f"open_clip:{ARCHITECTURE}/{self.weights}"

    def _run(self, *words: str | Path, command: str = "clip-retrieval") -> Took:
        return timed([_bin(self._home, command), *words], self.pictures.parent)

    def forget(self) -> None:
        """See ``Player``."""
        shutil.rmtree(self.place / "vectors", ignore_errors=True)
        shutil.rmtree(self.place / "index", ignore_errors=True)

    def index(self) -> Took:
        """See ``Player``; batches of 16, two readers: quicker than its 256 and four here."""
        self.forget()
        told: Words = [
            "--input_dataset",
            self.pictures.name,
            "--output_folder",
            self.place / "vectors",
        ]
        told += ["--clip_model", self._model, "--enable_text", "False"]
        told += ["--batch_size", "16", "--num_prepro_workers", "2"]
        return self._run("inference", *told) + self._indexed("vectors", "index")

    def _indexed(self, vectors: str, index: str) -> Took:
        told: Words = [
            "--embeddings_folder",
            self.place / vectors,
            "--index_folder",
            self.place / index,
        ]
        return self._run("index", *told)

    def ask(self, query: str, filled: bool = False) -> Took:
        """See ``Player``."""
        return self._scripted("ask", self._index(filled), query, str(K))

    def warm(self, queries: Path, filled: bool = False) -> list[float]:
        """See ``Player``."""
        return _times(self._scripted("warm", self._index(filled), str(queries), str(K)))

    def fill(self, vectors: Path) -> None:
        """See ``Player``."""
        for name in ("filled", "filled-index"):
            shutil.rmtree(self.place / name, ignore_errors=True)
        self._scripted("fill", self.place / "filled", str(vectors))
        self._indexed("filled", "filled-index")

    def _index(self, filled: bool) -> Path:
        return self.place / ("filled-index" if filled else "index")

    def _scripted(self, what: str, place: Path, *words: str) -> Took:
        # From a folder in which the pictures are not found by their names: its service would
        # read each picture that it found and send it along, which the others do not.
        command: Words = [_bin(self._home, "python"), _SCRIPTS / "ask_clip_retrieval.py", what]
        return timed([*command, place, self._model, *words], self.place)


def _times(took: Took) -> list[float]:
    """The last line that a script said: a JSON list."""
    found: list[float] = json.loads(took.said.strip().splitlines()[-1])
    return found


def _bin(home: Path | None, name: str) -> Path:
    if home is None:
        raise RuntimeError(f"There is no environment with {name}.")
    return home.absolute() / "bin" / name


def _missing(home: Path | None, name: str) -> str:
    if home is None:
        return f"no environment was given (--{name} FOLDER)"
    return "" if _bin(home, name).is_file() else f"{_bin(home, name)} is not there"
