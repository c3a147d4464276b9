"""Measure what the multilingual profile gives other languages and costs in English.

Stamps: captions in five languages against English captions and pictures. Flickr8k: rsum of
English captions on the 1,000 pictures on which heads are judged. Prints a table for docs/:

    XMR_DATA=../shared/data python tools/measure_multilingual.py
"""

import csv
import os
import time
from pathlib import Path

import numpy as np

from xmr_core.media import Floats, Image, Media, Modality, Text
from xmr_core.profiles import load_profile
from xmr_core.readers import read
from xmr_core.space import JointSpace

_LANGUAGES = {"English": "", "German": "_de", "French": "_fr", "Spanish": "_es", "Chinese": "_zh"}
_AT_ONCE = 64


def embed(space: JointSpace, media: list[Media]) -> Floats:
    """The whole items' vectors f32 (n, d), a few at a time."""
    rows = [space.encode(media[i : i + _AT_ONCE]) for i in range(0, len(media), _AT_ONCE)]
    return np.concatenate(rows)


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a table of test data."""
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def picture(path: Path) -> Image:
    """A picture file as the readers give it."""
    media = read(path)
    if not isinstance(media, Image):
        raise SystemExit(f"{path} is not a picture.")
    return media


def recall(queries: Floats, gallery: Floats, own: list[int], k: int) -> float:
    """Share of queries f32 (q, d) whose own row of the gallery f32 (n, d) is among the first k."""
    scores = queries @ gallery.T  # (q, n)
    mine = scores[np.arange(len(own)), own]
    return float(np.mean((scores > mine[:, None]).sum(axis=1) < k))


def same_caption(queries: Floats, gallery: Floats, own: list[int], english: list[str]) -> float:
    """Share of queries whose nearest English caption reads as their own does."""
    nearest = (queries @ gallery.T).argmax(axis=1)
    return float(np.mean([english[a] == english[b] for a, b in zip(own, nearest, strict=True)]))


def rsum(texts: Floats, pictures: Floats) -> float:
    """Six recalls of five captions a picture f32 (5 n, d) and f32 (n, d), from 0 to 600."""
    n = len(pictures)
    scores = texts @ pictures.T  # (5 n, n)
    own = scores[np.arange(5 * n), np.repeat(np.arange(n), 5)]
    forward = (scores > own[:, None]).sum(axis=1)
    best = own.reshape(n, 5).max(axis=1)
    back = (best[:, None] < scores.T).sum(axis=1)
    return float(sum(100 * np.mean(ranks < k) for ranks in (forward, back) for k in (1, 5, 10)))


def main() -> None:
    """Print one row a profile and language."""
    data = Path(os.environ["XMR_DATA"])
    stamps = table(data / "stamps" / "manifest.csv")
    flickr = table(data / "flickr8k" / "captions.csv")
    judged = np.sort(np.random.default_rng(2026).permutation(len(flickr))[:1000])
    captions: list[Media] = [Text(flickr[i][f"caption{n}"]) for i in judged for n in range(1, 6)]
    english = [stamp["caption"] for stamp in stamps]
    space = load_profile("embedded")
    seen = embed(space, [picture(data / "stamps" / stamp["image"]) for stamp in stamps])
    photos = embed(space, [picture(data / "flickr8k" / flickr[i]["path"]) for i in judged])
    print("| profile | language | n | English caption R@1 | picture R@1 | R@10 |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name in ("embedded", "embedded-multilingual"):
        space = load_profile(name)
        read_english = embed(space, [Text(caption) for caption in english])
        for language, suffix in _LANGUAGES.items():
            own = [i for i, stamp in enumerate(stamps) if stamp[f"caption{suffix}"]]
            asked = embed(space, [Text(stamps[i][f"caption{suffix}"]) for i in own])
            found = same_caption(asked, read_english, own, english)
            shown = [recall(asked, seen, own, k) for k in (1, 10)]
            cells = f"{found:.3f} | {shown[0]:.3f} | {shown[1]:.3f}"
            print(f"| {name} | {language} | {len(own)} | {cells} |")
        start = time.perf_counter()
        texts = embed(space, captions)
        rate = len(captions) / (time.perf_counter() - start)
        print(
            f"| {name} | Flickr8k rsum {rsum(texts, photos):.1f}, {rate:.0f} captions/s | | | | |"
        )
    print(f"\nd = {space.dim}, picture encoder {space.encoders[Modality.IMAGE].name}")


if __name__ == "__main__":
    main()
