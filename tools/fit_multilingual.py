"""Fit the bridge from the multilingual encoder's space to the English one's, for the assets.

Sentences: the names and definitions of WordNet's things that timm carries, and the
captions of Flickr8k's training pictures (XMR_DATA). No translation is used. Run it from
the root of the checkout; it takes ten minutes on two cores:

    XMR_DATA=../shared/data python tools/fit_multilingual.py
"""

import csv
import os
import sys
from pathlib import Path

import numpy as np

from xmr_core.bridge import fit_bridge
from xmr_core.encoders.multilingual import UniversalSentences
from xmr_core.encoders.text import TextEncoder
from xmr_core.heads import Head
from xmr_core.media import Floats, Text
from xmr_core.paths import assets_dir

_AT_ONCE = 512


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


def captions(data: Path) -> list[str]:
    """Of all Flickr8k pictures but the 1,000 + 300 that heads are chosen and judged on."""
    text = (data / "flickr8k" / "captions.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    order = np.random.default_rng(2026).permutation(len(rows))
    kept = np.sort(order[1300:])
    return [rows[i][f"caption{n}"] for i in kept for n in range(1, 6)]


def english(lines: list[str]) -> Floats:
    """The English encoder's vectors f32 (n, 384)."""
    encoder = TextEncoder()
    rows = []
    for start in range(0, len(lines), _AT_ONCE):
        some = encoder.encode([Text(line) for line in lines[start : start + _AT_ONCE]])
        rows += [encoding.pooled for encoding in some]
        print(f"\r{len(rows):,} of {len(lines):,}", end="", file=sys.stderr)
    return np.stack(rows)


def main() -> None:
    """Fit, tell the quality, write ``assets/heads/multilingual.safetensors``."""
    lines = things() + captions(Path(os.environ["XMR_DATA"]))
    np.random.default_rng(0).shuffle(lines)  # folds alike in kind
    bridge = fit_bridge(UniversalSentences()(lines), english(lines))
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
