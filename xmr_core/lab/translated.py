"""A translator that has learned from a dataset, and what it says of things it never saw."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from xmr_core.datasets import Dataset, Encoders
from xmr_core.errors import LabError
from xmr_core.lab import TRANSLATORS
from xmr_core.lab.contract import SEED, Tell
from xmr_core.lab.material import Material, gathered
from xmr_core.lab.translation import Saying, Translation


@dataclass(frozen=True)
class Example:
    """What is said of one thing of the test split.

    Attributes:
        row: of its medium's view.
        name: of that row: a picture's path.
        sayings: the likeliest first; the rows of their sources are of the training split.
        references: what people said.
    """

    row: int
    name: str
    sayings: tuple[Saying, ...]
    references: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Translated:
    """A translator that has learned from a dataset.

    Attributes:
        dataset: that it learned from.
        material: what was learned.
        translation: what came of it.
        seconds: that learning took.
    """

    dataset: Dataset
    material: Material
    translation: Translation
    seconds: float

    @classmethod
    def of(
        cls, dataset: Dataset, material: Material, name: str, seed: int, tell: Tell | None = None
    ) -> "Translated":
        """Let a translator learn from material of its kind; raises LabError where it cannot."""
        started = time.perf_counter()
        translator = TRANSLATORS[name]()
        learned = translator.fit(
            material.features, material.texts, material.words, seed=seed, tell=tell
        )
        return cls(dataset, material, learned, time.perf_counter() - started)

    def examples(self, rows: Sequence[int], most: int = 3) -> list[Example]:
        """What is said of some rows of the test split's medium, f32 (k,).

        Args:
            rows: of things of which people said something, too.
            most: sayings of each.

        Raises:
            LabError: a row that there is not.
        """
        place = {int(row): i for i, row in enumerate(self.material.asked)}
        if missing := [row for row in rows if row not in place]:
            raise LabError(f"Nothing is known of row {missing[0]}.", "Choose another one.")
        where = [place[row] for row in rows]
        names = self.dataset.test.names[self.material.medium]
        said = self.translation.say(self.material.queries[where], most)
        return [
            Example(
                row,
                names[row],
                tuple(self._at_home(saying) for saying in sayings),
                tuple(self.material.references[i]),
            )
            for row, i, sayings in zip(rows, where, said, strict=True)
        ]

    def _at_home(self, saying: Saying) -> Saying:
        """With the rows of the training split, not of what was learned from."""
        rows = self.material.rows
        return replace(
            saying,
            sources=tuple(
                source if source.row is None else replace(source, row=int(rows[source.row]))
                for source in saying.sources
            ),
        )


def translated(
    dataset: Dataset,
    encoders: Encoders,
    name: str,
    *,
    seed: int = SEED,
    tell: Tell | None = None,
) -> Translated:
    """Let a translator learn from a dataset's training split.

    Args:
        dataset: of sentences beside one other medium, encoded.
        encoders: that made its views.
        name: of the translator in the registry.
        seed: of all that is drawn.
        tell: told how far it is.

    Raises:
        LabError: no such translator, or a dataset that it cannot learn from.
    """
    if name not in TRANSLATORS:
        raise LabError(f"There is no translator '{name}'.", f"There are: {', '.join(TRANSLATORS)}.")
    made = gathered(dataset, encoders, words=TRANSLATORS[name]().says_words, seed=seed)
    return Translated.of(dataset, made, name, seed, tell)


def examples(
    dataset: Dataset,
    encoders: Encoders,
    name: str,
    rows: Sequence[int],
    *,
    most: int = 3,
    seed: int = SEED,
    tell: Tell | None = None,
) -> list[Example]:
    """What a translator says of some rows of the test split; see :func:`translated`."""
    return translated(dataset, encoders, name, seed=seed, tell=tell).examples(rows, most)
