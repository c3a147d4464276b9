"""Tables made: methods fitted on a dataset's training pairs and measured on its test split."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version

from xmr_core.datasets import Dataset, Encoders
from xmr_core.errors import LabError
from xmr_core.lab import METHODS, RERANKERS, TRANSLATORS
from xmr_core.lab.judging import Judge, kind_of
from xmr_core.lab.reranked import BEST
from xmr_core.lab.runs import Moment, Run, Tell, fitted, looked_again
from xmr_core.lab.table import BASE, Row, Said, Table, settings_of
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
        names: of methods, re-rankers and translators; all methods if None, and where there
            are encoders all re-rankers and translators, too.
        seeds: each method is fitted with, one after the other.
        draws: of the bootstrap.
        encoders: that made the dataset's views; re-rankers and translators need them.
        tell: told how far it is.

    Raises:
        LabError: of :func:`known`. What goes wrong in a method is said in its row.
    """
    made = rows(dataset, names, seeds, draws=draws, encoders=encoders, tell=tell)
    return table_of(dataset, tuple(made), seeds)


def known(names: Sequence[str]) -> list[str]:
    """The names of methods, re-rankers and translators, each once.

    Raises:
        LabError: there is none, or one that is unknown.
    """
    every = [*METHODS, *RERANKERS, *TRANSLATORS]
    if not names:
        raise LabError("No method is named.", f"There are: {', '.join(every)}.")
    for name in names:
        if name not in every:
            raise LabError(f"There is no method '{name}'.", f"There are: {', '.join(every)}.")
    return list(dict.fromkeys(names))


def table_of(dataset: Dataset, made: Sequence[Row | Said], seeds: Sequence[int] = SEEDS) -> Table:
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
        rows=tuple(one for one in made if isinstance(one, Row)),
        said=tuple(one for one in made if isinstance(one, Said)),
    )


def rows(
    dataset: Dataset,
    names: Sequence[str] | None = None,
    seeds: Sequence[int] = SEEDS,
    *,
    draws: int = intervals.DRAWS,
    encoders: Encoders | None = None,
    tell: Tell | None = None,
) -> Iterator[Row | Said]:
    """The rows of :func:`tabulate`, each as soon as it is there.

    The base comes first where it is asked for, as the others are compared with it. What
    takes minutes, re-rankers and translators, is done with the first seed alone.
    """
    every = [*METHODS, *([*RERANKERS, *TRANSLATORS] if encoders else ())]
    chosen = every if names is None else known(names)
    chosen.sort(key=lambda name: name != BASE)
    judge = Judge(dataset, encoders or {}, seeds[0], draws)
    base: Report | None = None
    for place, name in enumerate(chosen):
        run = Run(Moment(name, seeds[0], place, len(chosen)), tell)
        if name in TRANSLATORS:
            translator = TRANSLATORS[name]()
            said = Said(
                name, translator.about.title, kind_of(name), settings=settings_of(translator)
            )
            yield from run.said(said, partial(judge.rows, name))
        elif name in METHODS:
            made = METHODS[name]()
            about = made.about
            blank = Row(name, about.title, about.family, settings=settings_of(made))
            row = run.row(blank, partial(fitted, dataset, made, draws), seeds, base)
            if name == BASE:
                base = row.report
            yield row
        else:
            again, first = RERANKERS[name](), METHODS[BASE]()
            title = f"{again.about.title}, the best {BEST} of {first.about.title}"
            blank = Row(name, title, again.about.family, settings=settings_of(again))
            fit = partial(looked_again, dataset, encoders or {}, first, again, draws)
            yield run.row(blank, fit, seeds[:1], base)
