r"""Stacked cross-attention between the words of texts and the regions of pictures (SCAN).

Regions v and words e are mapped to unit vectors of one space. Text to image, each word j
attends to the regions i, and is compared with what it attends to:

.. math:: s_{ij} = v_i^\top e_j, \quad
    \bar s_{ij} = [s_{ij}]_+ \Big/ \sqrt{\textstyle\sum_j [s_{ij}]_+^2}, \quad
    \alpha_{ij} = \operatorname*{softmax}_i(\lambda_1 \bar s_{ij}), \quad
    R_j = \cos\big(e_j, \textstyle\sum_i \alpha_{ij} v_i\big)

and the pair's score is the mean of R or its soft maximum,
:math:`\lambda_2^{-1} \log \sum_j e^{\lambda_2 R_j}`. Image to text is the same with words and
regions in each other's place. Learned by a hinge on the hardest text and the hardest picture
of a batch,

.. math:: [\Delta - S(I, T) + S(I, \hat T)]_+ + [\Delta - S(I, T) + S(\hat I, T)]_+

Lee, Chen, Hua, Hu and He, "Stacked cross attention for image-text matching", ECCV 2018.

Simplified: the paper's regions are 36 objects that a detector finds, and its words are read by
a recurrent network that is trained with the rest; here the parts are what frozen encoders see,
a coarse grid of cells as a rule, and one affine map a medium is learned. Both directions are
learned together and averaged, where the paper averages two models. The first epochs take the
mean over all negatives, as hardest ones alone can draw everything to one point at the start.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal

import numpy as np

from xmr_core.errors import LabError
from xmr_core.explain.alignment import attended
from xmr_core.heads import Head
from xmr_core.lab.contract import SEED, About, Tell
from xmr_core.lab.interaction.contract import checked_pairs
from xmr_core.lab.interaction.parts import Parts, Rows
from xmr_core.lab.training import Net, Schedule, descend
from xmr_core.media import Floats, Modality

Pooling = Literal["mean", "lse"]
Direction = Literal["text", "other"]
"""Whose parts attend: those of the text, or those of the other medium."""

_LEVEL = 1.0  # of a feature's variance: small principal components of parts are noise mostly


@dataclass(frozen=True)
class Attending:
    """One direction of attention.

    Attributes:
        sharpness: λ₁, of the softmax over what is attended to.
        pooling: of the cosines of the parts that attend, the mean or the soft maximum.
        peak: λ₂, of the soft maximum.
    """

    sharpness: float
    pooling: Pooling = "mean"
    peak: float = 6.0


@dataclass(frozen=True, eq=False)
class CrossAttention:
    """A learned :class:`xmr_core.lab.interaction.contract.Interaction`.

    Attributes:
        heads: of the parts of texts and of the other medium.
        directions: who attends, and how; scores are their mean.
    """

    heads: Mapping[Modality, Head]
    directions: Mapping[Direction, Attending]

    def embed(self, modality: Modality, parts: Parts) -> Parts:
        """See :class:`xmr_core.lab.interaction.contract.Interaction`."""
        head = self.heads.get(modality)
        if head is None or parts.rows.shape[1] != head.dim_in:
            known = ", ".join(f"{m} ({h.dim_in} features)" for m, h in self.heads.items())
            raise LabError(
                f"Parts of {modality} with {parts.rows.shape[1]} features were not learned from.",
                f"Give parts of {known}.",
            )
        return Parts(head(parts.rows), parts.counts)

    def scores(self, source: Modality, query: Floats, hits: Parts, rows: Rows) -> Floats:
        """See :class:`xmr_core.lab.interaction.contract.Interaction`."""
        side, there = hits.padded(rows)  # (k, o, d), (k, o)
        own = np.ones((1, len(query)), bool)
        found = []
        for direction, how in self.directions.items():
            if (direction == "text") == (source is Modality.TEXT):
                _, cosines = attended(query, side, how.sharpness)  # (k, p)
                found.append(pooled(cosines, own, how))
            else:
                _, cosines = attended(side, query, how.sharpness)  # (k, o)
                found.append(pooled(cosines, there, how))
        return np.asarray(np.mean(found, axis=0), np.float32)


def pooled(cosines: Floats, there: Any, how: Attending) -> Floats:
    """One score f32 (k,) of the cosines f32 (k, p) of parts, where bool (k, p) says there are any.

    >>> pooled(np.array([[1, 0, 9]], np.float32), np.array([[1, 1, 0]]), Attending(9.0)).tolist()
    [0.5]
    """
    if how.pooling == "mean":
        return np.asarray((cosines * there).sum(axis=1) / there.sum(axis=1), np.float32)
    raised = np.exp(how.peak * cosines) * there
    return np.asarray(np.log(raised.sum(axis=1)) / how.peak, np.float32)


@dataclass(frozen=True)
class SCAN:
    """Words that look for regions, and regions that look for words.

    Attributes:
        dim: d.
        directions: who attends, and how.
        margin: Δ.
        dropout: of the features of parts, while learning.
        gentle: share of the epochs that take the mean over all negatives.
        most: parts of a text that are looked at while learning; captions rarely have more.
        schedule: how long and how fast.
        least: steps; fewer pairs are seen more often, in smaller batches.
    """

    about: ClassVar[About] = About(
        "Stacked cross-attention (SCAN)",
        "interaction",
        "Lee, Chen, Hua, Hu and He, Stacked cross attention for image-text matching, ECCV 2018",
    )
    dim: int = 256
    directions: Mapping[Direction, Attending] = field(
        default_factory=lambda: {"text": Attending(9.0), "other": Attending(4.0)}
    )
    margin: float = 0.2
    dropout: float = 0.2
    gentle: float = 0.25
    most: int = 20
    schedule: Schedule = field(
        default_factory=lambda: Schedule(epochs=3, batch=64, rate=3e-3, decay=1e-2)
    )
    least: int = 240

    def fit(
        self,
        parts: Mapping[Modality, Parts],
        pairs: Rows | None = None,
        *,
        seed: int = SEED,
        tell: Tell | None = None,
    ) -> CrossAttention:
        """See :class:`xmr_core.lab.interaction.contract.Reranker`."""
        import torch

        other, pairs = checked_pairs(self.about, parts, pairs)
        media = (Modality.TEXT, other)
        nets = [
            Net.over(parts[m].rows.astype(np.float32), self.dim, seed=seed + i, level=_LEVEL)
            for i, m in enumerate(media)
        ]
        generator = torch.Generator().manual_seed(seed)
        of = torch.from_numpy(np.ascontiguousarray(pairs))
        done = 0
        schedule = self._schedule(len(pairs))
        gentle = self.gentle * schedule.epochs * (len(pairs) // schedule.batch)

        def side(net: Net, things: Parts, rows: Any, most: int) -> tuple[Any, Any]:
            """Unit rows (b, w, d) of the parts of some things, zeros where there are none."""
            at, there = things.places(rows.numpy())
            mask = torch.from_numpy(there[:, :most])
            features = net.features[torch.from_numpy(at[:, :most])]
            kept = torch.rand(features.shape, generator=generator) >= self.dropout
            mapped = net.module(features * kept / (1 - self.dropout))
            return torch.nn.functional.normalize(mapped, dim=2) * mask[:, :, None], mask

        def loss(rows: Any) -> Any:
            nonlocal done
            done += 1
            own = of[rows]  # (b, 2)
            words, is_word = side(nets[0], parts[Modality.TEXT], own[:, 0], self.most)
            cells, is_cell = side(nets[1], parts[other], own[:, 1], 10**6)
            near = _near(words, cells)  # (b, b, w, r)
            found = []
            for direction, how in self.directions.items():
                if direction == "text":
                    found.append(_scores(near, is_word, cells, is_cell, how))
                else:
                    turned = near.permute(1, 0, 3, 2)
                    found.append(_scores(turned, is_cell, words, is_word, how).T)
            scores = torch.stack(found).mean(dim=0)  # (b, b), texts by others
            same = (own[:, :1] == own[:, 0]) | (own[:, 1:] == own[:, 1])
            return _hinge(scores, same, self.margin, hardest=done > gentle)

        learned = [p for net in nets for p in net.parameters]
        descend(loss, learned, len(pairs), schedule, seed=seed, tell=tell)
        return CrossAttention(
            {m: net.head() for m, net in zip(media, nets, strict=True)}, self.directions
        )

    def _schedule(self, n: int) -> Schedule:
        """For n pairs."""
        batch = max(2, min(self.schedule.batch, n // 8))
        epochs = max(self.schedule.epochs, -(-self.least // (n // batch)))
        return replace(self.schedule, batch=batch, epochs=epochs)


def _near(ones: Any, others: Any) -> Any:
    """Cosines of all parts of all things: (x, p, d) and (y, o, d) → (x, y, p, o)."""
    x, p, d = ones.shape
    y, o, _ = others.shape
    flat = ones.reshape(x * p, d) @ others.reshape(y * o, d).T
    return flat.reshape(x, p, y, o).permute(0, 2, 1, 3)


def _scores(near: Any, there: Any, others: Any, are: Any, how: Attending) -> Any:
    """What :func:`attended` and :func:`pooled` give for every pair of a batch, in torch.

    The length of what is attended to comes from the products of the others among themselves,
    αᵀGα, so that no vector of d numbers is made for each part of each pair.

    Args:
        near: cosines (x, y, p, o) of parts that attend with the others.
        there: bool (x, p), where there is a part that attends.
        others: unit rows (y, o, d) of what is attended to.
        are: bool (y, o), where there is one.
        how: of this direction.

    Returns:
        scores (x, y).
    """
    import torch

    kept = near.clamp(min=0)
    scaled = kept / (kept.square().sum(dim=2, keepdim=True) + 1e-12).sqrt()
    blocked = (how.sharpness * scaled).masked_fill(~are[:, None, :], -torch.inf)
    attention = blocked.softmax(dim=3)  # (x, y, p, o)
    products = others @ others.transpose(1, 2)  # (y, o, o)
    lengths = (torch.einsum("xypo,yoq->xypq", attention, products) * attention).sum(dim=3)
    cosines = (attention * near).sum(dim=3) / (lengths + 1e-12).sqrt()  # (x, y, p)
    mask = there[:, None, :]
    if how.pooling == "mean":
        return (cosines * mask).sum(dim=2) / mask.sum(dim=2)
    return torch.logsumexp((how.peak * cosines).masked_fill(~mask, -torch.inf), dim=2) / how.peak


def _hinge(scores: Any, same: Any, margin: float, hardest: bool) -> Any:
    """Both hinges of a batch's scores (b, b), whose pairs stand on the diagonal.

    Args:
        scores: of each text with each other.
        same: bool (b, b), what is no negative.
        margin: Δ.
        hardest: the largest of each row and column, else their mean.
    """
    own = scores.diagonal()
    over = [(margin + scores - own[:, None]), (margin + scores - own[None, :])]
    costs = [cost.clamp(min=0).masked_fill(same, 0) for cost in over]
    if hardest:
        return costs[0].amax(dim=1).mean() + costs[1].amax(dim=0).mean()
    return (costs[0] + costs[1]).sum() / max((~same).sum(), 1)
