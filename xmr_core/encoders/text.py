"""Texts → what they mean and which words they use: one vector a chunk, and their mean.

What they mean is all-MiniLM-L6-v2's vector (Wang et al., 2020; trained further on
sentence pairs by the sentence-transformers project): the mean over the network's
tokens, made unit. It forgets on purpose how something was said, colours and numbers
among it. So beside it stand the words themselves: the mean of the word pieces' own
embeddings, before any layer of the network. On captions of pictures the pair finds
more than either.
"""

import functools
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from xmr_core.encoders.chunks import Chunk, Pieces, chunks_of
from xmr_core.encoders.onnx import Export, Network, graph
from xmr_core.media import Encoding, Floats, Modality, Text
from xmr_core.models import artefact, fetch

if TYPE_CHECKING:
    import tokenizers

SENTENCE = 384  # numbers of the meaning; those of the words follow
DIM = 2 * SENTENCE
TOKENS = 256  # of a chunk, with the two that mark its ends: what the network was trained on
CLS, SEP = 101, 102
_RUN_TOKENS = 4096  # of one run of the graph, padding included
_EXPORT = 2  # raise when the exported module changes
_FRONT = "chunks-2"  # chunking and pooling, as part of the fingerprint


class TextEncoder:
    """Texts to unit f32 (768,); parts are unit vectors of chunks, boxes their characters.

    The first ``SENTENCE`` numbers are the meaning, the others the words; each half has
    the same length, but for a text without any word piece, whose second half is zero.

    A text's vector is the mean of its chunks' vectors, made unit. Of a text with
    more than 512 chunks, 512 evenly spaced ones stand for it (see ``chunks_of``).
    """

    modality = Modality.TEXT
    dim = DIM
    name = "minilm-l6-v2"

    def __init__(self) -> None:
        shas = [artefact(n).sha256[:16] for n in (self.name, f"{self.name}-tokenizer")]
        self.fingerprint = ":".join([self.name, *shas, _FRONT])

    def encode(self, batch: Sequence[Text]) -> list[Encoding]:
        """One vector a text and one a chunk."""
        chunks = [chunks_of(text, pieces, TOKENS - 2) for text in batch]
        vectors = _run([c for some in chunks for c in some], "pooled")
        encodings = []
        start = 0
        for some in chunks:
            parts = np.stack(vectors[start : start + len(some)])  # (p, 768)
            start += len(some)
            boxes = np.array([[[c.start], [c.end]] for c in some], np.float32)  # (p, 2, 1)
            encodings.append(Encoding(_unit(parts.mean(0)), parts, boxes))
        return encodings

    def words(self, text: Text) -> tuple[Floats, Floats]:
        """Features of the word pieces of a text's chunks, f32 (w, 768), and boxes f32 (w, 2, 1).

        The mean over a chunk's pieces and its two end marks is the chunk's vector.
        """
        chunks = chunks_of(text, pieces, TOKENS - 2)
        tokens = [_level(t)[1:-1] for t in _run(chunks, "tokens")]  # without the end marks
        offsets = [o for c in chunks for o in c.offsets]
        boxes = np.array(offsets, np.float32).reshape(-1, 2, 1)
        return np.concatenate(tokens), boxes

    def knows(self, word: str) -> bool:
        """See `Vocabulary.knows`."""
        return len(pieces(word).ids) == 1


def pieces(text: str) -> Pieces:
    """The word pieces of a text: their numbers, characters and words."""
    encoding = _tokenizer().encode(text, add_special_tokens=False)
    return Pieces(encoding.ids, encoding.offsets, encoding.word_ids)


@functools.cache
def _tokenizer() -> "tokenizers.Tokenizer":
    import tokenizers

    tokenizer = tokenizers.Tokenizer.from_file(str(fetch("minilm-l6-v2-tokenizer")))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _run(chunks: Sequence[Chunk], output: str) -> list[Floats]:
    """Run the graph over chunks, longest first so that little is padding; results in order."""
    network = _graph()
    done: list[Floats] = [np.zeros(0, np.float32)] * len(chunks)
    left = sorted(range(len(chunks)), key=lambda i: -len(chunks[i].ids))
    while left:
        longest = network.step * -(-(len(chunks[left[0]].ids) + 2) // network.step)
        most = network.larger * _RUN_TOKENS // longest
        rows, left = left[:most], left[most:]
        ids = np.zeros((len(rows), longest), np.int64)
        mask = np.zeros_like(ids)
        for i, row in enumerate(rows):
            marked = [CLS, *chunks[row].ids, SEP]
            ids[i, : len(marked)] = marked
            mask[i, : len(marked)] = 1
        (values,) = network.run([output], ids=ids, mask=mask)
        for i, row in enumerate(rows):
            done[row] = values[i] if output == "pooled" else values[i, : mask[i].sum()]
    return done


def _level(tokens: Floats) -> Floats:
    """A chunk's tokens f32 (t, 768), each half scaled so that the mean is the chunk's vector."""
    halves = np.split(tokens, [SENTENCE], axis=1)
    lengths = [float(np.linalg.norm(half.mean(axis=0))) for half in halves]
    whole = np.sqrt(sum(length > 0 for length in lengths))
    scaled = [half / (length * whole or 1) for half, length in zip(halves, lengths, strict=True)]
    return np.concatenate(scaled, axis=1).astype(np.float32)


def _unit(vector: Floats) -> Floats:
    """The vector at length 1.

    >>> _unit(np.array([3, 4], np.float32)).tolist()
    [0.6000000238418579, 0.800000011920929]
    """
    unit: Floats = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return unit


def _graph() -> Network:
    return graph("minilm-l6-v2", [artefact("minilm-l6-v2").sha256], _EXPORT, _build)


def _build() -> Export:
    import safetensors.torch
    import torch
    from transformers import BertConfig, BertModel

    config = BertConfig(**json.loads(fetch("minilm-l6-v2-config").read_text()))
    config._attn_implementation = "eager"  # plain operators, which onnxruntime fuses itself
    bert: Any = BertModel(config, add_pooling_layer=False)
    state = safetensors.torch.load_file(fetch("minilm-l6-v2"))
    wanted = bert.state_dict()
    bert.load_state_dict({k: v for k, v in state.items() if k in wanted}, strict=True)

    class Sentence(torch.nn.Module):
        """ids, mask i64 (n, t) → tokens (n, t, 768), pooled unit (n, 768)."""

        def __init__(self) -> None:
            super().__init__()
            self.wanted = frozenset({"tokens", "pooled"})
            self.bert = bert
            table = bert.embeddings.word_embeddings.weight.detach().clone()
            table -= table.mean(0)  # what all pieces have in common says nothing
            table[[0, CLS, SEP]] = 0  # padding and end marks are no words
            self.words = torch.nn.Embedding.from_pretrained(table)  # type: ignore[no-untyped-call]

        def forward(
            self, ids: torch.Tensor, mask: torch.Tensor
        ) -> tuple[torch.Tensor, torch.Tensor]:
            meant = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state.float()
            said = self.words(ids).float()  # (n, t, 384); sums and lengths need the precision
            weight = mask.unsqueeze(2).to(meant.dtype)  # (n, t, 1)
            halves = [(meant * weight).sum(1), (said * weight).sum(1)]
            halves = [torch.nn.functional.normalize(half, dim=1) for half in halves]
            pooled = torch.nn.functional.normalize(torch.cat(halves, dim=1), dim=1)
            return torch.cat([meant, said], dim=2) if "tokens" in self.wanted else pooled, pooled

    ids = torch.tensor([[CLS, 1037, 4937, SEP, 0, 0], [CLS, 2048, 6077, 2006, 1996, SEP]])
    return Export(
        module=Sentence().eval(),
        inputs={"ids": ids, "mask": (ids > 0).long()},
        outputs=("tokens", "pooled"),
        dynamic={"ids": {0: "n", 1: "t"}, "mask": {0: "n", 1: "t"}},
    )
