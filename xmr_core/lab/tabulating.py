"""Tables made: methods fitted on a dataset's training pairs and measured on its test split."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version

from xmr_core.datasets import Dataset, Encoders
from xmr_core.errors import LabError
from xmr_core.lab import METHODS, RERANKERS
from xmr_core.lab.reranked import BEST
from xmr_core.lab.runs import Moment, Run, Tell, fitted, looked_again
from xmr_core.lab.table import BASE, Row, Table
from xmr_core.metrics import intervals
from xmr_core.report import Report

SEEDS = (0, 1, 2)

_MATTER = ("xmr", "numpy", "scipy", "scikit-learn", "torch", "cca-zoo", "faiss-cpu")  # versions


def tabulate(
    dataset: Dataset,
    names: Sequence[str] | None = None,
    seeds: Sequence[int] = SEEDS,
    *,
    draws: int = intervals.DRAWS,
    encoders: Encoders | None = None,
    tell: Tell | None = None,
) -> Table:
    """Fit methods on the training pairs and measure them on the test split.

    Args:
        dataset: what they are compared on.
        names: of the methods and re-rankers; all methods if None, and where there are
            encoders all re-rankers, too.
        seeds: each method is fitted with, one after the other.
        draws: of the bootstrap.
        encoders: that made the dataset's views; re-rankers need them.
        tell: told how far it is.

    Raises:
        LabError: a name is none of a method. What goes wrong in a method is said in its row.
    """
    made = rows(dataset, names, seeds, draws=draws, encoders=encoders, tell=tell)
    return table_of(dataset, tuple(made), seeds)


def table_of(dataset: Dataset, made: tuple[Row, ...], seeds: Sequence[int] = SEEDS) -> Table:
    """The table of rows that were made on a dataset."""
    return Table(
        dataset=dataset.name,
        source=dataset.source,
        checksum=dataset.checksum,
        known=dataset.known,
        by=dataset.relevant,
        train=len(next(iter(dataset.train.rows().values()))),
        test={str(m): len(view) for m, view in dataset.test.views.items()},
        seeds=tuple(seeds),
        versions={name: version(name) for name in _MATTER},
        when=datetime.now(UTC).isoformat(timespec="seconds"),
        rows=made,
    )


def rows(
    dataset: Dataset,
    names: Sequence[str] | None = None,
    seeds: Sequence[int] = SEEDS,
    *,
    draws: int = intervals.DRAWS,
    encoders: Encoders | None = None,
    tell: Tell | None = None,
) -> Iterator[Row]:
    """The rows of :func:`tabulate`, each as soon as it is there.

    The base comes first where it is asked for, as the others are compared with it.
    """
    chosen = list(names or [*METHODS, *(RERANKERS if encoders else ())])
    for name in chosen:
        if name not in METHODS and name not in RERANKERS:
            known = ", ".join([*METHODS, *RERANKERS])
            raise LabError(f"There is no method '{name}'.", f"There are: {known}.")
    chosen.sort(key=lambda name: name != BASE)
    base: Report | None = None
    for place, name in enumerate(chosen):
        moment = Moment(name, seeds[0], place, len(chosen))
        if name in METHODS:
            made = METHODS[name]()
            row = Run(made, made.about.title, moment, tell).row(
                partial(fitted, dataset, made, draws), seeds, base
            )
        else:
            again = RERANKERS[name]()
            title = f"{again.about.title}, the best {BEST} of {METHODS[BASE]().about.title}"
            row = Run(again, title, moment, tell).row(
                partial(looked_again, dataset, encoders or {}, METHODS[BASE](), again, draws),
                seeds[:1],  # it takes minutes
                base,
            )
        if name == BASE:
            base = row.report
        yield row
