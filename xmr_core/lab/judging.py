"""How good is what translators say, beside saying anything and beside what people say.

Letters of shapes: q things of which something is said, g of a gallery, v words, B draws.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np

from xmr_core.datasets import Dataset, Encoders
from xmr_core.datasets.features import through
from xmr_core.lab import METHODS, TRANSLATORS
from xmr_core.lab.contract import SEED, Tell
from xmr_core.lab.material import Material, Whole, gathered, pooled, spoken
from xmr_core.lab.table import BASE, Kind, Said, settings_of
from xmr_core.lab.translated import Translated
from xmr_core.lab.translation import WordTranslation, bleu_counts, bleu_of, cider_d
from xmr_core.media import Floats, Modality
from xmr_core.metrics import Match, Value, average_precision, first_ranks_of, intervals
from xmr_core.report import PAIRS


@dataclass
class Judge:
    """Measures translators on the test split; what they learn from is gathered once.

    Attributes:
        dataset: of sentences beside one other medium, encoded.
        encoders: that made its views.
        seed: of all that is drawn.
        draws: of the bootstrap.
    """

    dataset: Dataset
    encoders: Encoders
    seed: int = SEED
    draws: int = intervals.DRAWS
    _material: dict[Kind, Material] = field(default_factory=dict)
    _beside: set[Kind] = field(default_factory=set)
    _learned: dict[str, Translated] = field(default_factory=dict)

    def rows(self, name: str, tell: Tell | None = None) -> list[Said]:
        """A translator's row, after the baselines where it is the first of its kind.

        Raises:
            LabError: a dataset that it cannot learn from.
        """
        kind = kind_of(name)
        before = [] if kind in self._beside else self.baselines(kind)
        made = self.judged(name, tell)
        self._beside.add(kind)
        return [*before, made]

    def material(self, kind: Kind) -> Material:
        """What translators of a kind learn from; raises LabError where they cannot."""
        if kind not in self._material:
            self._material[kind] = gathered(
                self.dataset, self.encoders, words=kind == "words", seed=self.seed
            )
        return self._material[kind]

    def learned(self, name: str, tell: Tell | None = None) -> Translated:
        """A translator after learning, which it does once.

        Raises:
            LabError: a dataset that it cannot learn from.
        """
        if name not in self._learned:
            made = self.material(kind_of(name))
            self._learned[name] = Translated.of(self.dataset, made, name, self.seed, tell)
        return self._learned[name]

    def judged(self, name: str, tell: Tell | None = None) -> Said:
        """Let a translator learn, and measure what it says.

        Raises:
            LabError: a dataset that it cannot learn from.
        """
        learned, kind = self.learned(name, tell), kind_of(name)
        translator = TRANSLATORS[name]()
        title, queries = translator.about.title, learned.material.queries
        if kind == "captions":
            title += f" in the space of {METHODS[BASE]().about.title}"
            sayings = learned.translation.say(queries, most=1)
            measured = self._captions([row[0].text for row in sayings])
        else:
            measured = self._words(cast(WordTranslation, learned.translation).scores(queries))
        settings = settings_of(translator)
        return self._said(name, title, kind, measured, settings=settings, seconds=learned.seconds)

    def baselines(self, kind: Kind) -> list[Said]:
        """What it is worth to say anything, or what is said most; of sentences, what people say.

        Raises:
            LabError: a dataset that translators cannot learn from.
        """
        made = self.material(kind)
        rng = np.random.default_rng(self.seed)
        q = len(made.asked)
        if kind == "words":
            assert made.words is not None  # noqa: S101 - of this kind they are there
            often = made.words.counted(made.texts).sum(axis=0)
            by_chance = self._words(rng.random((q, len(often)), np.float32))
            by_count = self._words(np.tile(often, (q, 1)))
            by_count.pop("map/new", None)  # nothing is known of those never shown
            return [
                self._said("random", "A random order", kind, by_chance, baseline=True),
                self._said("frequent", "The most frequent first", kind, by_count, baseline=True),
            ]
        every = [text for texts in made.texts for text in texts]
        most = Counter(every).most_common(1)[0][0]
        anything = [every[i] for i in rng.integers(len(every), size=q)]
        found = [
            self._said(name, title, kind, self._captions(captions), baseline=True)
            for name, title, captions in (
                ("random", "A random caption", anything),
                ("frequent", "The most frequent caption", [most] * q),
            )
        ]
        some = np.array([i for i, texts in enumerate(made.references) if len(texts) > 1], np.int64)
        if len(some):
            one = self._captions([made.references[i][0] for i in some], some)
            found.append(self._said("person", "One person", kind, one, baseline=True))
        return found

    def _said(
        self, name: str, title: str, kind: Kind, measured: dict[str, Value], **more: Any
    ) -> Said:
        made = self.material(kind)
        new = 0 if made.new is None else int(made.new.sum())
        known = 0 if made.new is None else len(made.new) - new
        return Said(
            name,
            title,
            kind,
            things=len(made.asked),
            known=known,
            new=new,
            measured=measured,
            **more,
        )

    def _captions(self, said: Sequence[str], person: Whole | None = None) -> dict[str, Value]:
        """Agreement with what people say, and whether the thing is found by what was said of it.

        Args:
            said: a caption of each thing asked …
            person: … or what the first person says, of these of them: others are to agree.
        """
        made = self.material("captions")
        where = np.arange(len(made.asked)) if person is None else person
        first = 0 if person is None else 1
        references = [made.references[i][first:] for i in where]
        counts = bleu_counts(said, references)
        things = np.arange(len(said))
        drawn = bleu_of(intervals.means(counts, things, self.draws))
        ranks = self._round_trip(said, made.asked[where])
        each = {name: of(ranks) for name, of in PAIRS.items()}
        each["cider-d"] = cider_d(said, references).astype(np.float64)
        return {
            "bleu-4": intervals.around(float(bleu_of(counts.mean(axis=0))), drawn),
            "median_rank": intervals.median(ranks, things, self.draws),
            **intervals.each_mean(each, things, self.draws),
        }

    def _round_trip(self, said: Sequence[str], rows: Whole) -> Whole:
        """The rank i64 (q,) of each thing of the test split, asked for by what was said of it."""
        made, split = self.material("captions"), self.dataset.test
        assert made.space is not None  # noqa: S101 - captions are learned in one
        before = self.dataset.before[Modality.TEXT]
        features = through(before, pooled(self.encoders, said))
        asked = made.space.embed(Modality.TEXT, features, "query")
        gallery = made.space.embed(made.medium, split.views[made.medium], "gallery")
        owners = split.owners[made.medium]
        return first_ranks_of(asked, gallery, Match(owners[rows], owners))

    def _words(self, scores: Floats) -> dict[str, Value]:
        """Mean average precision of the words of each thing, among those shown and the others.

        Args:
            scores: f32 (q, v), of all words.
        """
        made = self.material("words")
        assert made.words is not None and made.new is not None  # noqa: S101 - of this kind
        right = made.words.counted([spoken(texts) for texts in made.references]) > 0
        measured = {}
        for name, which in (("map/known", ~made.new), ("map/new", made.new)):
            some = right[:, which].any(axis=1)
            if some.any():
                precision = average_precision(scores[some][:, which], right[some][:, which])
                measured[name] = intervals.mean(precision, draws=self.draws)
        return measured


def kind_of(name: str) -> Kind:
    """What a translator says."""
    return "words" if TRANSLATORS[name]().says_words else "captions"
