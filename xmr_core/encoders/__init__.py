"""Encoders: media of one modality → one pooled vector and one vector per coarse part."""

from collections.abc import Sequence
from typing import Protocol, TypeVar, runtime_checkable

from xmr_core.media import Encoding, Media, Modality

M_contra = TypeVar("M_contra", bound=Media, contravariant=True)


class Encoder(Protocol[M_contra]):
    """The seam between media and vectors.

    Attributes:
        name: as shown to people, such as ``efficientnet-lite2``.
        modality: what it takes.
        dim: m, the length of its vectors.
        fingerprint: changes whenever its vectors would: weights, front end, version.
    """

    name: str
    modality: Modality
    dim: int
    fingerprint: str

    def encode(self, batch: Sequence[M_contra]) -> list[Encoding]:
        """Encode media; one result for each, in order; never fails on what a reader returned."""
        ...


@runtime_checkable
class Vocabulary(Protocol):
    """An encoder of texts that can say which words it was taught."""

    def knows(self, word: str) -> bool:
        """Whether a word is one of its pieces, rather than spelt out of several."""
        ...


__all__ = ["Encoder", "Vocabulary"]
