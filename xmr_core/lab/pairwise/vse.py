r"""Visual-semantic embedding: the sum of the hinges of all negatives of a batch.

.. math:: \min \sum_i \sum_{j \ne i}
    [\alpha - s(x_i, y_i) + s(x_i, y_j)]_+ + [\alpha - s(x_i, y_i) + s(x_j, y_i)]_+

with s the cosine of linear maps of both views. Kiros, Salakhutdinov and Zemel, "Unifying
visual-semantic embeddings with multimodal neural language models", 2014. There a recurrent
network reads the sentence; here the features of both views are fixed and the maps alone are
learned, with noise on the features against learning pairs by heart. Negatives are the other
pairs of the batch, but for those that are the same picture or the same text.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from xmr_core.lab.base import FromPairs, Heads
from xmr_core.lab.contract import About, Tell, Views
from xmr_core.lab.pairs import Pairs
from xmr_core.lab.pairwise.hinges import hinges
from xmr_core.lab.training import Schedule, descend


@dataclass(frozen=True)
class VSE(FromPairs):
    """Every own pair is to be a margin better than every other.

    Attributes:
        dim: d.
        margin: α, of cosines.
        noise: on the features while it is learned.
        level: of the features' variances, see :meth:`xmr_core.lab.training.Net.over`.
        schedule: how long and how fast.
    """

    about: ClassVar[About] = About(
        "Visual-semantic embedding (VSE)",
        "pairwise",
        "Kiros, Salakhutdinov and Zemel, Unifying visual-semantic embeddings with multimodal "
        "neural language models, 2014",
    )
    name: ClassVar[str] = "vse"
    dim: int = 256
    margin: float = 0.2
    noise: float = 0.5
    level: float = 1.0
    schedule: Schedule = field(default_factory=lambda: Schedule(15, 256, 2e-3, 1e-2, 100))

    def learn(self, views: Views, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromPairs`."""
        pairs = Pairs.over(views, self.dim, seed=seed, noise=self.noise, level=self.level)

        def loss(rows: Any) -> Any:
            return self.objective(pairs.cosines(rows), pairs.same(rows))

        descend(loss, pairs.parameters, len(pairs), self.schedule, seed=seed, tell=tell)
        return pairs.heads()

    def objective(self, scores: Any, same: Any) -> Any:
        """Of a batch: cosines (b, b) and what is no negative (b, b) → a mean over the pairs."""
        return sum(self.of_negatives(h).mean() for h in hinges(scores, same, self.margin))

    def of_negatives(self, table: Any) -> Any:
        """Hinges (b, b), a query a row → (b,)."""
        return table.sum(dim=1)
