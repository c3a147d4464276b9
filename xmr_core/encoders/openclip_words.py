"""OpenCLIP's text towers taken apart: what each word says in the joint space.

As for pictures (see ``openclip_towers``), a token has two readings: the last layer's output
through norm and projection, and the last attention's value, which is what the place that
stands for the whole text takes from it.

Letters of shapes: n texts, l places, w words of a text, d joint dimensions.
"""

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from typing import Any, Protocol

import numpy as np
import torch

from xmr_core.encoders.attention import Values, gradients, propagate, unknown, watched
from xmr_core.media import Floats


class Tower(Protocol):
    """One family of text towers."""

    def tokens(self, ids: torch.Tensor) -> torch.Tensor:
        """I64 (n, l) → (n, l, d), not made unit."""
        ...

    def values(self, ids: torch.Tensor) -> torch.Tensor:
        """I64 (n, l) → (n, l, d), not made unit."""
        ...

    def heat(self, ids: torch.Tensor, direction: torch.Tensor) -> Floats:
        """How much each place raises ``unit(embedding) @ direction``: f32 (n, l), ≥ 0."""
        ...


class OwnTransformer:
    """open_clip's TextTransformer, by itself or as part of its class CLIP."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._text = getattr(model, "text", model)

    def tokens(self, ids: torch.Tensor) -> torch.Tensor:
        """See ``Tower``."""
        x, mask, last = self._before(ids)
        return self._finish(last(x, attn_mask=mask), ids)

    def values(self, ids: torch.Tensor) -> torch.Tensor:
        """See ``Tower``."""
        x, mask, last = self._before(ids)
        with Values() as mode:
            inner = last.ln_1(x)
            if hasattr(last, "attention"):
                inner = last.attention(inner, attn_mask=mask)
            else:
                inner = last.ln_attn(last.attn(inner, attn_mask=mask))
        if mode.calls == 0:
            raise unknown("attends in a way of its own")
        return self._finish(last.ls_1(inner), ids)

    def heat(self, ids: torch.Tensor, direction: torch.Tensor) -> Floats:
        """See ``Tower``; by attention (Chefer et al.)."""
        score, watch = watched(lambda: self._model.encode_text(ids), direction)
        total = propagate(gradients(score, watch))  # (n, l, l)
        place = self._whole(ids, total.shape[1])
        return np.asarray(total[np.arange(len(total)), place][:, : ids.shape[1]], np.float32)

    def _before(self, ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None, Any]:
        """What enters the last block (n, l, w), the mask, and that block."""
        text = self._text
        if hasattr(text, "_embeds"):
            x, mask = text._embeds(ids)
        else:
            x = text.token_embedding(ids) + text.positional_embedding
            mask = text.attn_mask
        *blocks, last = text.transformer.resblocks
        for block in blocks:
            x = block(x, attn_mask=mask)
        return x, mask, last

    def _finish(self, x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
        text = self._text
        x = text.ln_final(x[:, : ids.shape[1]])
        if isinstance(text.text_projection, torch.nn.Linear):
            x = text.text_projection(x)
        elif text.text_projection is not None:
            x = x @ text.text_projection
        rows: torch.Tensor = x
        return rows

    def _whole(self, ids: torch.Tensor, places: int) -> Any:
        """The place of each text that stands for the whole, (n,)."""
        text = self._text
        if getattr(text, "cls_emb", None) is not None:
            return np.full(len(ids), places - 1)
        pool = getattr(text, "pool_type", None) or text.text_pool_type
        if pool == "argmax":
            return ids.argmax(dim=1).cpu().numpy()
        if pool == "eos":
            end = getattr(text, "eos_id", None) or text.text_eos_id
            return (ids == end).int().argmax(dim=1).cpu().numpy()
        if pool in ("first", "last"):
            return np.full(len(ids), 0 if pool == "first" else places - 1)
        raise unknown(f"pools its texts by '{pool}'")


class HubTransformer:
    """A text tower of the library transformers behind open_clip: both readings are the last
    layer's, for its blocks are of too many kinds."""

    def __init__(self, text: Any) -> None:
        self._text = text

    def tokens(self, ids: torch.Tensor) -> torch.Tensor:
        """See ``Tower``."""
        found = self._text.transformer(input_ids=ids, attention_mask=self._mask(ids))
        rows: torch.Tensor = self._text.proj(found.last_hidden_state)
        return rows

    def values(self, ids: torch.Tensor) -> torch.Tensor:
        """See ``Tower``."""
        return self.tokens(ids)

    def heat(self, ids: torch.Tensor, direction: torch.Tensor) -> Floats:
        """See ``Tower``; by attention (Chefer et al.)."""
        score, watch = watched(lambda: self._text(ids), direction)
        total = propagate(gradients(score, watch))  # (n, l, l)
        pooler = type(self._text.pooler).__name__
        if pooler == "MeanPooler":
            mask = self._mask(ids).float().cpu().numpy()
            shares = mask / mask.sum(axis=1, keepdims=True)  # (n, l)
            return np.asarray(np.einsum("nq,nqk->nk", shares, total), np.float32)
        if pooler.startswith("Cls"):
            return total[:, 0]
        raise unknown(f"pools its texts by {pooler}")

    def _mask(self, ids: torch.Tensor) -> torch.Tensor:
        mask: torch.Tensor = (ids != self._text.config.pad_token_id).long()
        return mask


def tower_of(model: Any) -> Tower:
    """The family of a model's text tower.

    Raises:
        ExplanationError: none that is known.
    """
    text = getattr(model, "text", model)
    if hasattr(text, "token_embedding") and hasattr(text.transformer, "resblocks"):
        return OwnTransformer(model)
    if hasattr(text, "pooler") and hasattr(text, "config"):
        return HubTransformer(text)
    raise unknown(f"reads texts with {type(text).__name__}, which is not known here")


def places_of_words(
    line: Sequence[int], words: Sequence[Sequence[int]], special: frozenset[int]
) -> list[list[int]]:
    """Where in a line of tokens each word is.

    A tokeniser that is given words one by one may cut them otherwise than in their line
    (``don't``): what differs between two pieces that agree is shared out in order, and a
    token that stands for two words belongs to both.

    Args:
        line: the tokens of a text, with those that mark its ends.
        words: the tokens of each word by itself.
        special: tokens that belong to no word.

    Returns:
        Places in ``line`` for each word; none for a word that the tokeniser leaves out.

    >>> places_of_words([9, 1, 2, 7, 9], [[1], [2, 3]], frozenset({9}))
    [[1], [2, 3]]
    """
    inner = [i for i, token in enumerate(line) if token not in special]
    owners = [w for w, tokens in enumerate(words) for _ in tokens]
    flat = [token for tokens in words for token in tokens]
    found: list[list[int]] = [[] for _ in words]
    matcher = SequenceMatcher(None, [line[i] for i in inner], flat, autojunk=False)
    for _, low, high, start, end in matcher.get_opcodes():
        if start == end:
            continue  # tokens that no word has alone, such as a mark of spaces
        count = max(high - low, end - start) if high > low else 0
        for step in range(count):  # the shorter side's are used several times
            place = inner[low + step * (high - low) // count]
            owner = found[owners[start + step * (end - start) // count]]
            if place not in owner:
                owner.append(place)
    return found


def merge_words(rows: Floats, places: Sequence[Sequence[int]], join: str) -> Floats:
    """Rows of places f32 (l, …) → of words f32 (w, …), by ``mean`` or ``sum``."""
    merge: Callable[..., Any] = np.mean if join == "mean" else np.sum
    made = [merge(rows[list(p)], axis=0) for p in places]
    return np.array(made, np.float32).reshape(len(places), *rows.shape[1:])
