"""The Lab page: the field's methods on the same data, compared, looked into and put to use."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from xmr_core.errors import LabError, QueryError
from xmr_core.lab.fitting import Fit, after, before, found
from xmr_core.lab.keeping import keep
from xmr_core.media import Modality
from xmr_core.metrics import Match
from xmr_core.report import arrow
from xmr_core.ui import fields, lab_data, lab_made, lab_own, lab_pictures, lab_told, lessons
from xmr_core.ui.context import Action, Context, Plain
from xmr_core.ui.lab_data import Data
from xmr_core.ui.lab_made import Spoken
from xmr_core.ui.lab_markup import markup
from xmr_core.ui.lab_runs import LabRun, LabRuns
from xmr_core.ui.page import Page
from xmr_core.ui.words import NAMES

FIRST = ("cca", "pls", "sm", "scm", "infonce")
"""The methods that are chosen when the page opens: quick, and one of each kind."""

_POINTS = 240  # pairs drawn on a plane
_COLUMN = 10  # answers of a column
_MOST = 60  # methods of a run
_PICTURES = 200  # asked for at once
_LEFT_OUT = 5  # files that are named


def actions(context: Context) -> Mapping[str, Action]:
    """What the page asks of the server."""
    return LabPage(context).actions()


class LabPage:
    """The page's actions. Its runs change no library, and have a board of their own."""

    def __init__(self, context: Context) -> None:
        self.shelf = context.shelf
        self.runs = LabRuns(context.board())

    def actions(self) -> dict[str, Action]:
        """By name."""
        return {
            "lab.open": self.open,
            "lab.pairs": self.pairs,
            "lab.run": self.run,
            "lab.job": self.job,
            "lab.cancel": self.cancel,
            "lab.planes": self.planes,
            "lab.queries": self.queries,
            "lab.columns": self.columns,
            "lab.bits": self.bits,
            "lab.said": self.said,
            "lab.pictures": self.pictures,
            "lab.keep": self.keep,
        }

    def open(self, payload: Plain) -> Plain:
        """``{}`` → the datasets that can be had, and the methods."""
        return {
            "words": {str(m): list(words) for m, words in NAMES.items()},
            "lessons": lessons.told(),
            "data": [*lab_data.described(), *map(_library, self.shelf.names())],
            "methods": [
                {
                    "name": name,
                    "title": about.title,
                    "family": about.family,
                    "paper": about.paper,
                    "labelled": about.labelled,
                    "bits": about.bits,
                    "chosen": name in FIRST,
                }
                for name, about in lab_made.offered().items()
            ],
        }

    def pairs(self, payload: Plain) -> Plain:
        """``{library}`` → what pairs it holds, and what counts as one."""
        return lab_own.told(self.shelf.get(fields.text(payload, "library")))

    def run(self, payload: Plain) -> Plain:
        """``{data, media, methods, seed}`` → the token of a run that has begun."""
        data, wanted = fields.text(payload, "data"), fields.texts(payload, "methods")
        media = fields.texts(payload, "media")
        seed = fields.whole(payload, "seed", 0, high=2**31 - 1)
        source = self._source(data, media)
        chosen = list(dict.fromkeys(wanted))[:_MOST]
        known = lab_made.offered()
        for name in chosen:
            if name not in known:
                raise LabError(f"There is no method '{name}'.", f"There are: {', '.join(known)}.")
        if not chosen:
            raise LabError("No method is chosen.", "Choose one or more.")
        return self._told(self.runs.start(source, chosen, seed))

    def job(self, payload: Plain) -> Plain:
        """``{token}`` → how far it is, and what there is so far."""
        return self._told(self._run(payload))

    def cancel(self, payload: Plain) -> Plain:
        """``{token}``: stop it; what is fitted stays."""
        run = self._run(payload)
        self.runs.cancel(run)
        return self._told(run)

    def planes(self, payload: Plain) -> Plain:
        """``{token, method}`` → both views as points, before and after."""
        run, fit = self._fit(payload)
        split = run.dataset.test
        rows = {m: r[:: max(1, len(r) // _POINTS)][:_POINTS] for m, r in split.rows().items()}
        first = next(iter(rows))
        labels = split.labels.get(first)
        single = labels is not None and labels.ndim == 1
        return {
            "media": [str(m) for m in rows],
            "before": lab_told.points(before(split, rows)),
            "after": lab_told.points(after(fit.space, split, rows)),
            "classes": labels[rows[first]].tolist() if labels is not None and single else [],
            "names": list(run.dataset.classes),
        }

    def queries(self, payload: Plain) -> Plain:
        """``{token, source}`` → some rows of the test split to ask with."""
        wanted = fields.text(payload, "source")
        run = self._run(payload)
        source, split = _medium(run, wanted), run.dataset.test
        count = len(split.views[source])
        rows = np.linspace(0, count - 1, min(count, 60)).astype(int)
        return {
            "rows": [
                {"row": int(i), "name": lab_told.name(run.dataset, source, int(i))} for i in rows
            ]
        }

    def columns(self, payload: Plain) -> Plain:
        """``{token, source, row}`` → what each fitted method finds for one query."""
        wanted, row = fields.text(payload, "source"), fields.whole(payload, "row", 0)
        run = self._run(payload)
        dataset, source = run.dataset, _medium(run, wanted)
        split = dataset.test
        row = min(row, len(split.views[source]) - 1)
        target = next(m for m in split.modalities if m is not source)
        keys = split.keys(dataset.relevant)
        right = Match(keys[source][row : row + 1], keys[target]).rows(slice(None))[0]  # (n,)
        columns = []
        for name, fit in run.spaces.items():
            hits = found(fit.space, split, source, row, target, _COLUMN)
            columns.append(
                {
                    "method": name,
                    "hits": [
                        {
                            "row": i,
                            "name": lab_told.name(run.dataset, target, i),
                            "score": round(score, 3),
                            "right": bool(right[i]),
                        }
                        for i, score in hits
                    ],
                }
            )
        return {
            "query": lab_told.name(run.dataset, source, row),
            "source": str(source),
            "target": str(target),
            "columns": columns,
        }

    def bits(self, payload: Plain) -> Plain:
        """``{token, method}`` → what is found when vectors are kept in fewer and fewer bytes."""
        run, fit = self._fit(payload)
        dataset, sizes = run.dataset, self.runs.sizes(run, fit)
        return {
            "measure": "precision among ten" if dataset.relevant == "labels" else "recall at 10",
            "directions": [arrow(d) for d in sizes[0].found],
            "items": len(dataset.test.views[dataset.test.modalities[0]]),
            "steps": [
                {
                    "how": size.how,
                    "bytes": size.bytes,
                    "found": [round(share, 4) for share in size.found.values()],
                    "micro": round(1e6 * size.seconds, 2),
                }
                for size in sizes
            ],
        }

    def said(self, payload: Plain) -> Plain:
        """``{token}`` → things of the test split, with what translators say of them."""
        run = self._run(payload)
        spoken = [one for one in run.fits.values() if isinstance(one, Spoken)]
        if not spoken:
            raise LabError("Nothing is said here.", "Fit a translator first.")
        told = lab_told.examples(spoken)
        medium = next(m for m in run.dataset.test.modalities if m is not Modality.TEXT)
        for one in told:
            one["name"] = lab_told.name(run.dataset, medium, one["row"])
        return {"medium": str(medium), "examples": told}

    def pictures(self, payload: Plain) -> Plain:
        """``{token, rows}`` → small pictures of rows of the test split, those that there are."""
        rows = (fields.wholes(payload, "rows") or [])[:_PICTURES]
        run = self._run(payload)
        return {"pictures": lab_pictures.of(run.dataset, rows)}

    def keep(self, payload: Plain) -> Plain:
        """``{token, method, name}``: keep the space as a profile, for libraries to use."""
        name = fields.text(payload, "name", most=80).strip()
        run, fit = self._fit(payload)
        return {"profile": keep(name, fit.space, run.dataset, run.data.title, run.data.profile)}

    def _source(self, name: str, media: list[str]) -> Data:
        if not name.startswith(lab_own.OWN):
            return lab_data.of_name(name)
        known = tuple(m for wanted in media for m in Modality if m.value == wanted)
        return lab_own.data_of(self.shelf.get(name.removeprefix(lab_own.OWN)), known)

    def _run(self, payload: Plain) -> LabRun:
        return self.runs.get(fields.text(payload, "token"))

    def _fit(self, payload: Plain) -> tuple[LabRun, Fit]:
        name = fields.text(payload, "method")
        run = self._run(payload)
        if name not in run.fits:
            raise LabError(f"{name or 'No method'} is not fitted here.", "Fit it first.")
        if name not in run.spaces:
            raise LabError(f"{name} makes no space.", "Choose another method.")
        return run, run.spaces[name]

    def _told(self, run: LabRun) -> Plain:
        job, dataset = self.runs.job(run), run.read.dataset if run.read else None
        fits, problems = dict(run.fits), dict(run.problems)  # its thread goes on
        failures = dataset.failures if dataset else ()
        return {
            "token": run.token,
            "data": run.data.name,
            "seed": run.seed,
            "job": job.told() if job else None,
            "reading": None if dataset else run.reading.told(),
            "methods": list(run.methods),
            "now": run.now,
            "step": run.step,
            "steps": run.steps,
            "curve": lab_told.thin(run.curve),
            "fits": {name: lab_told.made(one) for name, one in fits.items()},
            "problems": problems,
            "ways": list(dict.fromkeys((dataset.relevant, "pairs"))) if dataset else [],
            "media": [str(m) for m in dataset.test.modalities] if dataset else [],
            "usable": bool(dataset and dataset.raw and dataset.encoders),
            "failed": len(failures),
            "failures": [[Path(file).name, why] for file, why in failures[:_LEFT_OUT]],
            "pairs": len(next(iter(dataset.train.rows().values()))) if dataset else 0,
            "tested": {str(m): len(rows) for m, rows in dataset.test.rows().items()}
            if dataset
            else {},
        }


def _library(name: str) -> Plain:
    """A library as data: how many pairs it holds is counted once it is chosen."""
    return {
        "name": lab_own.OWN + name,
        "library": name,
        "title": f"Pairs of my library {name}",
        "there": True,
        "where": "",
        "labelled": False,
        "captioned": False,
    }


def _medium(run: LabRun, wanted: str) -> Modality:
    media = run.dataset.test.modalities
    for medium in media:
        if medium.value == wanted:
            return medium
    raise QueryError(f"This data has no {wanted or 'such medium'}.", f"It has {', '.join(media)}.")


PAGE = Page(
    "lab",
    "Lab",
    (
        "labchart",
        "labdata",
        "labjob",
        "labtable",
        "labcurves",
        "labplane",
        "labcolumns",
        "labbits",
        "labspeech",
        "lesson",
        "lab",
    ),
    markup,
    actions,
)
