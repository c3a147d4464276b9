"""Measure a profile on a manifest: captions, labels or pairs of media."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from xmr_core import metrics, readers
from xmr_core.errors import ManifestError, MediaError, UnreadableFile
from xmr_core.hubness import hub_bias
from xmr_core.manifest import Manifest
from xmr_core.media import Floats, Media, Modality, Text, modality_of
from xmr_core.space import JointSpace

_BATCH = 32
_PRESENCE_SPLITS = 10
_PRESENCE_SEED = 0

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Evaluation:
    """What was measured.

    Attributes:
        n: items that were read and compared.
        profile: the space's name.
        results: as ``xmr eval --json`` writes them; recalls, mAP and accuracy 0…1, rsum 0…600.
        failures: (path, reason) of the files that could not be read; they take no part.
    """

    n: int
    profile: str
    results: dict[str, Any]
    failures: tuple[tuple[Path, str], ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        failures = [{"path": str(path), "reason": reason} for path, reason in self.failures]
        return {"n": self.n, "profile": self.profile, **self.results, "failures": failures}


def evaluate(manifest: Manifest, space: JointSpace, progress: Progress | None = None) -> Evaluation:
    """Encode the manifest's media and compare them with what stands beside them.

    Args:
        manifest: the test data; none of it enters the bank of hubness correction.
        space: the joint space to measure.
        progress: told (files done, files in all).

    Raises:
        ManifestError: none of its files could be read.
    """
    paths = [*manifest.paths, *manifest.paths2]
    vectors, modalities, failed = _encode_files(paths, space, progress)
    rows = [
        i
        for i, path in enumerate(manifest.paths)
        if path not in failed and (not manifest.paths2 or manifest.paths2[i] not in failed)
    ]
    failures = tuple(failed.items())
    if not rows:
        raise ManifestError(
            "None of the manifest's files could be read.",
            f"The first one: {failures[0][1]}" if failures else "Check its paths.",
        )
    manifest = manifest.keep(rows)
    media = np.stack([vectors[p] for p in manifest.paths])  # (n, d)
    kinds = [modalities[p] for p in manifest.paths]
    if manifest.kind == "captions":
        results = _captions(media, kinds, manifest.captions, space)
    elif manifest.kind == "labels":
        results = _labels(media, kinds, manifest.labels, space)
    else:
        others = np.stack([vectors[p] for p in manifest.paths2])
        results = _pairs(media, kinds, others, [modalities[p] for p in manifest.paths2], space)
    return Evaluation(len(rows), space.name, results, failures)


def _captions(
    media: Floats, kinds: list[Modality], captions: Sequence[Sequence[str]], space: JointSpace
) -> dict[str, Any]:
    sentences = [Text(caption) for row in captions for caption in row]
    owner = np.repeat(np.arange(len(captions)), [len(row) for row in captions])  # (s,)
    relevant = owner[:, None] == np.arange(len(media))  # (s, n)
    asked, kept = space.encode(sentences, "query"), space.encode(sentences, "gallery")
    there, back = asked @ media.T, media @ kept.T  # (s, n), (n, s)
    raw = _directions("text_to_media", there, "media_to_text", back, relevant)
    corrected = _directions(
        "text_to_media",
        there - hub_bias(media, space.bank(Modality.TEXT)),
        "media_to_text",
        back - _bias_by_query(kept, kinds, space),
        relevant,
    )
    return {**raw, "corrected": corrected}


def _pairs(
    media: Floats,
    kinds: list[Modality],
    others: Floats,
    other_kinds: list[Modality],
    space: JointSpace,
) -> dict[str, Any]:
    relevant = np.eye(len(media), dtype=bool)  # (n, n)
    there = media @ others.T
    raw = _directions("path_to_path2", there, "path2_to_path", there.T, relevant)
    corrected = _directions(
        "path_to_path2",
        there - _bias_by_query(others, kinds, space),
        "path2_to_path",
        there.T - _bias_by_query(media, other_kinds, space),
        relevant,
    )
    return {**raw, "corrected": corrected}


def _directions(
    name: str, there: Floats, back_name: str, back: Floats, relevant: metrics.Relevance
) -> dict[str, Any]:
    forth, return_ = metrics.recalls(there, relevant), metrics.recalls(back, relevant.T)
    return {name: forth, back_name: return_, "rsum": metrics.rsum(forth, return_)}


def _labels(
    media: Floats, kinds: list[Modality], labels: Sequence[str], space: JointSpace
) -> dict[str, Any]:
    names = sorted(set(labels))
    own = np.array([names.index(label) for label in labels])  # (n,)
    queries = space.encode([Text(name) for name in names], "query")  # (c, d)
    there = queries @ media.T  # (c, n)
    between = media @ media.T  # (n, n)
    text_bias = hub_bias(media, space.bank(Modality.TEXT))
    corrected_there = there - text_bias
    return {
        **_label_measures(there, there.T, between, own),
        "presence_auroc": _presence(corrected_there, queries, space, own),
        "corrected": _label_measures(
            corrected_there,
            there.T - _bias_by_query(queries, kinds, space),
            between - _bias_by_query(media, kinds, space),
            own,
        ),
    }


def _label_measures(
    there: Floats, back: Floats, between: Floats, own: np.ndarray[Any, Any]
) -> dict[str, Any]:
    """Scores label→media (c, n), media→label (n, c), media→media (n, n), labels i64 (n,)."""
    relevant = np.arange(len(there))[:, None] == own  # (c, n)
    same = own[:, None] == own  # (n, n)
    apart = ~np.eye(len(own), dtype=bool)
    alike = (same & apart).sum(axis=1) > 0  # an item alone in its class has nothing to find
    others = np.where(apart, between, -np.inf)
    found = metrics.average_precision(others[alike], (same & apart)[alike])
    return {
        "label_to_media": {
            "map": float(metrics.average_precision(there, relevant).mean()),
            "precision@10": float(metrics.precision_at(there, relevant, 10).mean()),
        },
        "zero_shot_accuracy": float(np.mean(back.argmax(axis=1) == own)),
        "media_to_media": {"map": float(found.mean()) if alike.any() else 0.0},
    }


def _presence(
    scores: Floats, queries: Floats, space: JointSpace, own: np.ndarray[Any, Any]
) -> float | None:
    """AUROC of the best score for labels present against labels absent.

    Half of the labels lose their media, the best score of every label in what is left is
    taken, and the present are compared with the absent; the mean over seeded splits.
    None for fewer than two labels.
    """
    classes = len(queries)
    if classes < 2:
        return None
    rng = np.random.default_rng(_PRESENCE_SEED)
    areas = []
    for _ in range(_PRESENCE_SPLITS):
        present = np.zeros(classes, bool)
        present[rng.permutation(classes)[: classes // 2]] = True
        best = scores[:, present[own]].max(axis=1)  # (c,)
        areas.append(metrics.auroc(best[present], best[~present]))
    return float(np.mean(areas))


def _bias_by_query(gallery: Floats, kinds: list[Modality], space: JointSpace) -> Floats:
    """The gallery's hub bias for each query's modality, f32 (q, n)."""
    by_kind = {kind: hub_bias(gallery, space.bank(kind)) for kind in set(kinds)}
    return np.stack([by_kind[kind] for kind in kinds])


def _encode_files(
    paths: Sequence[Path], space: JointSpace, progress: Progress | None
) -> tuple[dict[Path, Floats], dict[Path, Modality], dict[Path, str]]:
    vectors: dict[Path, Floats] = {}
    modalities: dict[Path, Modality] = {}
    failed: dict[Path, str] = {}
    waiting: dict[Modality, list[tuple[Path, Media]]] = {}

    def flush(modality: Modality) -> None:
        batch = waiting.pop(modality)
        for (path, _), vector in zip(batch, space.encode([m for _, m in batch]), strict=True):
            vectors[path], modalities[path] = vector, modality

    unique = list(dict.fromkeys(paths))
    for done, (path, media) in enumerate(_read_ahead(unique), start=1):
        if isinstance(media, MediaError):
            failed[path] = str(media)
        else:
            modality = modality_of(media)
            waiting.setdefault(modality, []).append((path, media))
            if len(waiting[modality]) >= _BATCH:
                flush(modality)
        if progress:
            progress(done, len(unique))
    for modality in list(waiting):
        flush(modality)
    return vectors, modalities, failed


def _read_ahead(paths: Sequence[Path]) -> Iterator[tuple[Path, Media | MediaError]]:
    """Read in order, a batch at a time, two files at once."""

    def read(path: Path) -> Media | MediaError:
        try:
            return readers.read(path)
        except MediaError as error:
            if isinstance(error.__cause__, FileNotFoundError | NotADirectoryError):
                # to a reader it has vanished; here it may never have been
                return UnreadableFile(path, "is not there", "Check its path in the manifest.")
            return error

    with ThreadPoolExecutor(2) as pool:
        for start in range(0, len(paths), _BATCH):
            batch = paths[start : start + _BATCH]
            yield from zip(batch, pool.map(read, batch), strict=True)
