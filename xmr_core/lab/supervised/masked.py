"""What networks of this family share: one a view, features left out at random, the descent."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from xmr_core.heads import Head
from xmr_core.lab.contract import Tell, Views
from xmr_core.lab.training import Loss, Net, Schedule, descend
from xmr_core.media import Modality


def networks(views: Views, dim: int, hidden: int, *, seed: int) -> dict[Modality, Net]:
    """A fresh network for each view; see :meth:`Net.over`."""
    return {
        modality: Net.over(view, dim, hidden, seed=seed + i)
        for i, (modality, view) in enumerate(views.items())
    }


def masked_rows(nets: Iterable[Net], drop: float, *, seed: int) -> Callable[[Any], list[Any]]:
    """Pairs i64 (b,) → unit rows (b, d) of each view, with features left out at random.

    Args:
        nets: of the views.
        drop: how many of the features are 0, the mean once standardised; the others grow so
            that their sum stays (Srivastava et al., "Dropout", JMLR 2014).
        seed: of what is left out; torch's own generator is not touched.
    """
    import torch

    every = list(nets)
    generator = torch.Generator().manual_seed(seed)

    def rows(pairs: Any) -> list[Any]:
        made = []
        for net in every:
            x = net.features[pairs]
            kept = torch.rand(x.shape, generator=generator) >= drop
            made.append(torch.nn.functional.normalize(net.module(x * kept / (1 - drop)), dim=1))
        return made

    return rows


def batch_of(n: int, most: int) -> int:
    """Pairs at a time: at least sixteen steps in an epoch where there are pairs for them.

    >>> batch_of(240, 128), batch_of(30_000, 128)
    (16, 128)
    """
    return min(most, max(16, n // 16))


def taught(
    nets: Mapping[Modality, Net],
    more: Iterable[Any],
    loss: Loss,
    n: int,
    schedule: Schedule,
    *,
    seed: int,
    tell: Tell | None,
) -> dict[Modality, Head]:
    """Networks after the descent, as heads.

    Args:
        nets: of the views; layers that they share are learned once.
        more: other parameters that are learned with them.
        loss: of a batch of pairs.
        n: pairs.
        schedule: how long and how fast.
        seed: of the order of the pairs.
        tell: told how far it is.
    """
    learned = {id(p): p for net in nets.values() for p in net.parameters}
    learned |= {id(p): p for p in more}
    fitting = replace(schedule, batch=batch_of(n, schedule.batch))
    descend(loss, list(learned.values()), n, fitting, seed=seed, tell=tell)
    return {modality: net.head() for modality, net in nets.items()}
