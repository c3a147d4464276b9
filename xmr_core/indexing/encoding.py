"""A batch of media → rows for the catalogue; what goes wrong is told of the files it concerns."""

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from xmr_core.errors import ModelError
from xmr_core.indexing.jobs import Encoded, Outcome, Result, Trouble
from xmr_core.indexing.labels import parts_of
from xmr_core.indexing.reading import unexpected
from xmr_core.media import Modality
from xmr_core.space import JointSpace

_LOG = logging.getLogger(__name__)


class BatchEncoder:
    """Encoders and heads of a space, for batches of one medium; safe to use from several threads.

    Args:
        space: encoders and heads.
        at_once: batches that are encoded at the same time; a second of one counts as so much less.

    Attributes:
        closed: why media cannot be encoded here.
        begun: media of which a batch was encoded.
    """

    def __init__(self, space: JointSpace, at_once: int) -> None:
        self._space, self._at_once = space, at_once
        self.closed = {m: _uncovered(m, space) for m in Modality if m not in space.encoders}
        self.begun: set[Modality] = set()

    def encode(self, modality: Modality, batch: Sequence[Outcome]) -> list[Result]:
        """A result for each file that was read, whatever the encoder does."""
        if modality not in self.closed:
            try:
                results: list[Result] = list(self._encoded(modality, batch))
                self.begun.add(modality)
                return results
            except ModelError as error:
                message = error.message.rstrip(".")
                self.closed[modality] = Trouble(type(error).__name__, message, error.hint)
            except Exception as error:
                if len(batch) == 1:
                    _LOG.exception("unexpected, encoding %r", batch[0].job.path)
                    return [_failed(batch[0], unexpected("encoding", error))]
                # One of them is the culprit: the others must not suffer.
                return [result for one in batch for result in self.encode(modality, [one])]
        return [_failed(outcome, self.closed[modality]) for outcome in batch]

    def _encoded(self, modality: Modality, batch: Sequence[Outcome]) -> Iterable[Encoded]:
        start = time.monotonic()
        media = [outcome.media for outcome in batch if outcome.media is not None]
        encodings = self._space.encoders[modality].encode(media)
        features = [np.vstack([e.pooled[None], e.parts]).astype(np.float32) for e in encodings]
        if len(features) != len(batch) or not all(np.isfinite(f).all() for f in features):
            raise ValueError("the encoder gave numbers that are not finite, or too few")
        joint = self._space.embed(modality, np.vstack(features))  # (sum of 1 + p, d)
        bounds = np.cumsum([0] + [len(f) for f in features])
        share = (time.monotonic() - start) / len(batch) / self._at_once
        for i, outcome in enumerate(batch):
            yield Encoded(
                replace(outcome, media=None),
                features[i],
                joint[bounds[i] : bounds[i + 1]],
                parts_of(media[i], encodings[i].boxes),
                dict(media[i].facts),
                outcome.seconds + share,
                modality not in self.begun,
            )


def _uncovered(modality: Modality, space: JointSpace) -> Trouble:
    return Trouble(
        "WeightsMissing",
        f"cannot be encoded: the profile {space.name} has no {modality} encoder here",
        space.unavailable.get(modality, "Choose another profile for this medium."),
    )


def _failed(outcome: Outcome, trouble: Trouble) -> Outcome:
    return Outcome(
        outcome.job,
        outcome.size,
        outcome.mtime_ns,
        trouble=trouble,
        modality=outcome.modality,
        seconds=outcome.seconds,
    )
