"""The joint space: one encoder and one head for each modality, compared on one unit sphere."""

import contextlib
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np

from xmr_core.calibration import Scales
from xmr_core.encoders import Encoder
from xmr_core.errors import QueryError
from xmr_core.media import Encoding, Floats, Media, Modality, Text, modality_of
from xmr_core.paths import cache_dir
from xmr_core.through import AIM, Through

Role = Literal["query", "gallery"]
_STEP = 1e-2  # of the length of a row of features: steps of central differences


class Projection(Protocol):
    """What a head is to the space: (n, m) features → (n, d) unit rows."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would."""
        ...

    def __call__(self, features: Floats) -> Floats:
        """Map features f32 (n, m) to the joint space, f32 (n, d)."""
        ...


def unit(rows: Floats) -> Floats:
    """Rows scaled to length one; rows of zeros stay zero.

    >>> unit(np.array([[3.0, 4.0], [0.0, 0.0]], np.float32)).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)


@dataclass(frozen=True)
class HalvesHead:
    """The head of videos: pictures and sound each through their own head, then added.

    A video's features are [image features | audio features]; a half of zeros is absent
    and adds nothing. Key frames say more about a clip than its sound does, so that the
    sound's vector comes in with less weight.

    Attributes:
        image, audio: the heads of the halves; ``audio`` None where the space has no sound.
        image_dim: m of the image half.
        sound_weight: of the sound's unit vector, beside 1 for the pictures'.
    """

    image: Projection
    audio: Projection | None
    image_dim: int
    sound_weight: float = 0.3

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would."""
        audio = self.audio.fingerprint if self.audio else ""
        return _digest(self.image.fingerprint, audio, f"{self.image_dim} {self.sound_weight}")

    def __call__(self, features: Floats) -> Floats:
        """Map [image | audio] features f32 (n, m) to unit rows f32 (n, d)."""
        pictures, sounds = features[:, : self.image_dim], features[:, self.image_dim :]
        joint = self.image(pictures) * np.any(pictures, axis=1)[:, None]  # (n, d)
        if self.audio is not None and sounds.shape[1]:
            heard = np.any(sounds, axis=1)
            if heard.any():
                seen = np.any(pictures, axis=1)[heard]
                weight = np.where(seen, self.sound_weight, 1.0)[:, None]
                joint[heard] += weight * self.audio(sounds[heard])  # (n heard, d)
        return unit(joint)

    def along(self, features: Floats, directions: Floats) -> tuple[Floats, Floats]:
        """One row f32 (1, m), directions f32 (k, m) → the row (1, d) and its derivatives (k, d).

        The row is given before it is scaled to length one, as heads with layers give it.
        """
        halves = [(self.image, slice(None, self.image_dim), 1.0)]
        if self.audio is not None and features.shape[1] > self.image_dim:
            seen = bool(np.any(features[:, : self.image_dim]))
            weight = self.sound_weight if seen else 1.0
            halves.append((self.audio, slice(self.image_dim, None), weight))
        row, grown = np.zeros((2, 1, 1))
        for head, columns, weight in halves:
            if np.any(features[:, columns]):  # a half of zeros is absent
                z, dz = along(head, features[:, columns], directions[:, columns])
                length = np.linalg.norm(z) or 1.0  # each half is scaled to length one
                y = z / length
                row = row + np.float32(weight) * y
                grown = grown + np.float32(weight / length) * (dz - (dz @ y.T) * y)
        return row.astype(np.float32), grown.astype(np.float32)


def along(head: Projection, features: Floats, directions: Floats) -> tuple[Floats, Floats]:
    """A head at one row f32 (1, m), and its derivatives in the directions f32 (k, m).

    Exact where the head knows its derivatives, else by central differences.

    Returns:
        f32 (1, d) of any length, and f32 (k, d).
    """
    known = getattr(head, "along", None)
    if known is not None:
        made: tuple[Floats, Floats] = known(features, directions)
        return made
    size = np.linalg.norm(directions, axis=1, keepdims=True)  # (k, 1)
    reach = np.float32(_STEP * (float(np.linalg.norm(features)) or 1.0))
    step = (reach / np.where(size > 0, size, 1)).astype(np.float32)
    ahead, behind = head(features + step * directions), head(features - step * directions)
    return head(features), ((ahead - behind) / (2 * step)).astype(np.float32)


@dataclass(eq=False)
class JointSpace:
    """The d-dimensional unit sphere in which all modalities are compared.

    Attributes:
        name: of the profile it came from.
        dim: d.
        encoders: one for each modality that the space covers.
        heads: by (modality, role); one registered under "gallery" serves queries too
            unless a method learned another one for that direction.
        bank_texts: sentences whose vectors stand for the text queries that a library
            may get; they serve hubness correction and calibration.
        centres: unit rows f32 (c, d) by modality, more such queries (see `bank`).
        heard_texts: what may be heard; things that are seen are looked for among sounds
            through these words (see :mod:`xmr_core.through`), or as they are if there are none.
        unavailable: why a modality of the profile is missing here, in words.
        scales: what scores of each pair of media are worth.
    """

    name: str
    dim: int
    encoders: Mapping[Modality, Encoder[Any]]
    heads: Mapping[tuple[Modality, Role], Projection]
    bank_texts: Sequence[str] = ()
    centres: Mapping[Modality, Floats] = field(default_factory=dict)
    heard_texts: Sequence[str] = ()
    unavailable: Mapping[Modality, str] = field(default_factory=dict)
    scales: Scales = field(default_factory=Scales)
    _bank: Floats | None = field(default=None, init=False, repr=False)
    _through: dict[Modality, Through] = field(default_factory=dict, init=False, repr=False)

    @property
    def fingerprint(self) -> str:
        """Changes whenever any vector of the space would."""
        encoders = [f"{m}={e.fingerprint}" for m, e in sorted(self.encoders.items())]
        heads = [f"{m}/{r}={h.fingerprint}" for (m, r), h in sorted(self.heads.items())]
        return _digest(*encoders, *heads)

    def embed(self, modality: Modality, features: Floats, role: Role = "gallery") -> Floats:
        """Encoder features f32 (n, m) → unit rows f32 (n, d).

        Raises:
            QueryError: the space does not cover the modality.
        """
        head = self.head(modality, role)
        if len(features) == 0:
            return np.zeros((0, self.dim), np.float32)
        return unit(head(np.asarray(features, np.float32)))

    def head(self, modality: Modality, role: Role = "gallery") -> Projection:
        """The head that serves a modality in a role.

        Raises:
            QueryError: the space does not cover the modality.
        """
        head = self.heads.get((modality, role)) or self.heads.get((modality, "gallery"))
        if head is None:
            raise QueryError(
                f"The profile {self.name} has no {modality} encoder here.",
                self.unavailable.get(modality, "Choose another profile for this medium."),
            )
        return head

    def encode(self, media: Sequence[Media], role: Role = "query") -> Floats:
        """Media of any modalities → the unit vectors of the whole items, f32 (n, d)."""
        joint = np.zeros((len(media), self.dim), np.float32)
        by_modality: dict[Modality, list[int]] = {}
        for i, medium in enumerate(media):
            by_modality.setdefault(modality_of(medium), []).append(i)
        for modality, rows in by_modality.items():
            encodings = self._encoder(modality).encode([media[i] for i in rows])
            joint[rows] = self.embed(modality, np.stack([e.pooled for e in encodings]), role)
        return joint

    def _encoder(self, modality: Modality) -> Encoder[Any]:
        try:
            return self.encoders[modality]
        except KeyError:
            raise QueryError(
                f"The profile {self.name} has no {modality} encoder here.",
                self.unavailable.get(modality, "Choose another profile for this medium."),
            ) from None

    def project(self, modality: Modality, encoding: Encoding) -> Floats:
        """One encoding → unit rows f32 (1 + p, d): the whole, then its parts."""
        return self.embed(modality, np.vstack([encoding.pooled[None], encoding.parts]))

    def bank(self, modality: Modality = Modality.TEXT) -> Floats:
        """Unit vectors of queries of a modality that a library may get, f32 (b, d).

        Sentences, whose vectors are cached on disk, and centres of texts; for pictures and
        videos the centres of pictures, where there are any. For the others sentences stand
        in: the heads bring media near the sentences that describe them.
        """
        if self._seen(modality):
            return self.centres[Modality.IMAGE]
        if self._bank is None:
            centres = self.centres.get(Modality.TEXT, np.zeros((0, self.dim), np.float32))
            self._bank = np.concatenate([self._kept(self.bank_texts), centres])
        return self._bank

    def through(self, modality: Modality, target: Modality) -> Through | None:
        """The words through which queries of a modality look for a target; None if as they are.

        Pictures and 3D models look for sounds so. Videos bring a sound of their own, which
        is nearer to other sounds than words are.
        """
        seen = modality in (Modality.IMAGE, Modality.MESH)
        if not (seen and target is Modality.AUDIO and self.heard_texts):
            return None
        if Modality.TEXT not in self.encoders:
            return None
        if modality not in self._through:
            bank = self.bank(modality)
            usual = bank.mean(axis=0) if len(bank) else np.zeros(self.dim, np.float32)
            self._through[modality] = Through(self._kept(self.heard_texts), usual)
        return self._through[modality]

    def aimed(self, rows: Floats, modality: Modality, target: Modality) -> Floats:
        """Unit rows f32 (n, d) of queries of a modality as they are compared with a target."""
        through = self.through(modality, target)
        return rows if through is None else through(rows)

    @property
    def aims(self) -> str:
        """Changes whenever `aimed` would, beside the space's fingerprint."""
        return _digest(AIM, *self.heard_texts) if self.heard_texts else ""

    def stand_in(self, place: int, modality: Modality = Modality.TEXT) -> str:
        """What a row of `bank` is, in words: a sentence, or the centre of a cluster."""
        if self._seen(modality):
            return "pictures of one kind"
        return self.bank_texts[place] if place < len(self.bank_texts) else "captions of one kind"

    def _seen(self, modality: Modality) -> bool:
        """Whether centres of pictures stand for queries of this modality."""
        seen = modality in (Modality.IMAGE, Modality.VIDEO)
        return seen and Modality.IMAGE in self.centres

    def _kept(self, texts: Sequence[str]) -> Floats:
        """Unit vectors of texts as queries f32 (t, d), kept on disk."""
        text = self.encoders.get(Modality.TEXT)
        if not texts or text is None:
            return np.zeros((0, self.dim), np.float32)
        head = self.heads.get((Modality.TEXT, "query")) or self.heads[Modality.TEXT, "gallery"]
        key = _digest(text.fingerprint, head.fingerprint, *texts)
        file = cache_dir() / "banks" / f"{key}.npy"
        try:
            bank: Floats = np.load(file, allow_pickle=False)
            if bank.shape == (len(texts), self.dim):
                return bank
        except (OSError, ValueError):
            pass  # absent or damaged: made again below
        bank = self.encode([Text(line) for line in texts], "query")  # (b, d)
        with contextlib.suppress(OSError):  # a read-only or full cache costs time, nothing else
            file.parent.mkdir(parents=True, exist_ok=True)
            temporary = file.with_suffix(f".{os.getpid()}.npy")
            np.save(temporary, bank, allow_pickle=False)
            temporary.replace(file)
        return bank


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
