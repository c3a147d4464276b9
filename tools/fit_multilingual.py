"""Fit the bridge from the multilingual encoder's space to the English one's, for the assets.

Sentences: the names and definitions of WordNet's things that timm carries, and the
captions of Flickr8k's training pictures (XMR_DATA). No translation is used. Run it from
the root of the checkout; it takes ten minutes on two cores:

    XMR_DATA=../shared/data python tools/fit_multilingual.py
"""

import sys
from pathlib import Path

import numpy as np

from xmr_core.bridge import fit_bridge
from xmr_core.encoders.multilingual import UniversalSentences
from xmr_core.heads import Head
from xmr_core.paths import assets_dir

_EVERY = 3  # of the things and definitions: 14,563 beside 30,455 captions


def things() -> list[str]:
    """``A robin.`` and so on for every thing of ImageNet's 21,844, and their definitions."""
    import timm.data

    folder = Path(timm.data.__file__).parent / "_info"

    def column(name: str) -> list[str]:
        lines = (folder / f"imagenet_synset_to_{name}.txt").read_text(encoding="utf-8")
        return [line.split("\t", 1)[1] for line in lines.splitlines()]

    first = [names.split(",")[0].strip() for names in column("lemma")]
    named = [f"{'An' if name[:1].lower() in 'aeiou' else 'A'} {name}." for name in first]
    return named + column("definition")


def main() -> None:
    """Fit, tell the quality, write ``assets/heads/multilingual.safetensors``."""
    sys.path.insert(0, str(Path(__file__).parent))
    from heads import data

    named = things()[::_EVERY]
    pictures = data.flickr(data.data_dir())[1]
    kept = np.delete(np.arange(len(pictures)), data.flickr_split(len(pictures)).judged)
    told = [caption for row in pictures for caption in row]
    vectors = data.sentences("captions", told).reshape(len(pictures), 5, -1)[kept]
    english = np.concatenate([data.sentences("things", named), vectors.reshape(5 * len(kept), -1)])
    lines = named + [caption for i in kept for caption in pictures[i]]
    order = np.random.default_rng(0).permutation(len(lines))  # folds alike in kind
    carried = UniversalSentences()([lines[i] for i in order])
    bridge = fit_bridge(carried, english[order])
    about = {
        "about": "Universal Sentence Encoder (multilingual, 3) to all-MiniLM-L6-v2, linear",
        "sentences": f"{len(lines)}: WordNet names and definitions, Flickr8k captions",
        "held_out_cosine": f"{bridge.cosine:.3f}",
        "held_out_recall": f"{bridge.recall:.3f}",
        "ridge": f"{bridge.ridge:g}",
    }
    path = assets_dir() / "heads" / "multilingual.safetensors"
    path.parent.mkdir(parents=True, exist_ok=True)
    Head(bridge.head.dim_in, bridge.head.layers, about).half().save(path)
    print(f"\n{path}: {about}")


if __name__ == "__main__":
    main()
