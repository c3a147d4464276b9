"""Pictures and texts as an OpenCLIP model's embeddings, by the contract of encoders."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from xmr_core.encoders.chunks import Pieces, chunks_of
from xmr_core.encoders.openclip import OpenClip
from xmr_core.encoders.passages import encode_passages
from xmr_core.media import Encoding, Floats, Image, Modality, Text

if TYPE_CHECKING:
    from xmr_core.encoders.openclip_patches import Passage, Patches, Words

_WORD = re.compile(r"\w{1,24}|[^\w\s]{1,24}")  # no longer than fits a context, whatever the script


class OpenClipImage:
    """Pictures → CLIP's embeddings; no parts."""

    modality = Modality.IMAGE

    def __init__(self, model: OpenClip) -> None:
        self._model = model
        self.name = model.label
        self.dim = model.dim
        self.fingerprint = f"{model.fingerprint} image"

    def encode(self, batch: Sequence[Image]) -> list[Encoding]:
        """Encode pictures; pooled f32 (d,) of length one."""
        vectors = self._model.pictures([image.pixels for image in batch])  # (n, d)
        none, boxes = np.zeros((0, self.dim), np.float32), np.zeros((0, 2, 2), np.float32)
        return [Encoding(vector, none, boxes) for vector in vectors]

    @property
    def has_patches(self) -> bool:
        """Whether the model's picture tower is one that can be taken apart."""
        return self._model.local.has_patches

    def patches(self, batch: Sequence[Image]) -> "list[Patches]":
        """The cells of pictures in the joint space; see ``LocalFeatures.patches``."""
        return self._model.local.patches([image.pixels for image in batch])

    def patch_heat(self, batch: Sequence[Image], direction: Floats) -> list[Floats]:
        """How much each cell raises a score; see ``LocalFeatures.patch_heat``."""
        return self._model.local.patch_heat([image.pixels for image in batch], direction)


class OpenClipText:
    """Texts → CLIP's embeddings, one a chunk that fits its context, and their mean made unit."""

    modality = Modality.TEXT

    def __init__(self, model: OpenClip) -> None:
        self._model = model
        self.name = model.label
        self.dim = model.dim
        self.fingerprint = f"{model.fingerprint} text chunks-1"

    def encode(self, batch: Sequence[Text]) -> list[Encoding]:
        """Encode texts; parts f32 (p, d) and pooled f32 (d,) of length one."""
        limit = self._model.context - 2
        return encode_passages(batch, self._pieces, limit, self._model.texts)

    @property
    def has_words(self) -> bool:
        """Whether the model's text tower is one that can be taken apart."""
        return self._model.local.has_words

    def local_words(self, text: Text) -> "Words":
        """The words of a text in the joint space; see ``LocalFeatures.words``."""
        return self._model.local.words(self._passages(text))

    def word_heat(self, text: Text, direction: Floats) -> Floats:
        """How much each word raises a score; see ``LocalFeatures.word_heat``."""
        return self._model.local.word_heat(self._passages(text), direction)

    def _passages(self, text: Text) -> "list[Passage]":
        """The chunks of a text, each with its words and where they start."""
        from xmr_core.encoders.openclip_patches import Passage

        passages = []
        for chunk in chunks_of(text, self._pieces, self._model.context - 2):
            found = _WORD.finditer(text.text, chunk.start, chunk.end)
            line = text.text[chunk.start : chunk.end]
            passages.append(Passage(line, [word.span() for word in found], chunk.start))
        return passages

    def _pieces(self, text: str) -> Pieces:
        """The tokens of each word, all with the characters of their word.

        CLIP's tokenisers tell no characters; since their pieces never cross words,
        counting word by word gives chunks that fit.
        """
        ids: list[int] = []
        offsets: list[tuple[int, int]] = []
        words: list[int | None] = []
        for word, found in enumerate(_WORD.finditer(text)):
            tokens = self._model.word_tokens(found.group())
            ids += tokens
            offsets += [found.span()] * len(tokens)
            words += [word] * len(tokens)
        return Pieces(ids, offsets, words)
