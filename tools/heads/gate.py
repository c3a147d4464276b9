"""What tells a sentence about a scene from the name of a thing: the gate of the head of texts.

Names are best read by what the towers' thousand classes are called, sentences by what was
learned from captions. Logistic regression on the text's own vector says which a text is.
"""

from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from heads.classes import wordings
from heads.data import sentences
from xmr_core.heads import Layer, Linear, Unit
from xmr_core.media import Floats

_EVERY = 7  # of ImageNet's 21,844 things


def gate(captions: Floats) -> tuple[Layer, ...]:
    """Unit text vectors f32 (n, 768) → one number, above zero for what is like a caption.

    Args:
        captions: f32 (n, 768).
    """
    names = things()[::_EVERY]
    lines = [f"{'An' if name[:1].lower() in 'aeiou' else 'A'} {name}." for name in names[::2]]
    named = np.concatenate(
        [
            sentences("gate names", names),
            sentences("gate things", lines),
            wordings()[:3].reshape(-1, captions.shape[1]),
        ]
    )
    rows = Unit()(np.concatenate([captions, named]))
    told = np.repeat([1, 0], [len(captions), len(named)])
    fitted = LogisticRegression(class_weight="balanced", max_iter=300).fit(rows, told)
    weight = fitted.coef_.T.astype(np.float32)
    return (Linear(weight, fitted.intercept_.astype(np.float32)),)


def things() -> list[str]:
    """The first name of every thing of ImageNet's 21,844, as timm carries them."""
    import timm.data

    file = Path(timm.data.__file__).parent / "_info" / "imagenet_synset_to_lemma.txt"
    rows = file.read_text(encoding="utf-8").splitlines()
    return [row.split("\t", 1)[1].split(",")[0].strip() for row in rows]
