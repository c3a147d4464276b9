"""Each tower alone: as torch runs it by default, and as it is deployed."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from xmr_core.bench import media
from xmr_core.bench.report import Figure
from xmr_core.encoders.audio import AudioEncoder
from xmr_core.encoders.image import BATCH, TOWERS, ImageEncoder, network, prepare
from xmr_core.encoders.text import TextEncoder
from xmr_core.media import Image, Modality, Text
from xmr_core.profiles import load_profile

_ROUNDS = 5


def rate(work: Callable[[], Any], items: int, rounds: int = _ROUNDS) -> float:
    """Items a second: the median over rounds, the first one thrown away."""
    took = []
    for _ in range(rounds + 1):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return items / float(np.median(took[1:]))


def bench_towers() -> Iterator[Figure]:
    """Images, texts and sounds a second; the default image tower against eager torch."""
    import torch

    pixels = [prepare(p, 320) for p in media.photographs(BATCH)]
    pictures = [Image(p) for p in pixels]
    default = load_profile("embedded").encoders[Modality.IMAGE]
    for name, tower in TOWERS.items():
        encoder, net = ImageEncoder((name,)), network(name)
        batch = np.stack([prepare(p, tower.side) for p in pixels])
        tensor = (torch.from_numpy(batch).permute(0, 3, 1, 2).float() - 127) / 128

        def eager(net: Any = net, tensor: Any = tensor) -> None:
            with torch.inference_mode():
                net.forward_features(tensor).mean((2, 3))

        slow = rate(eager, BATCH)
        quick = rate(lambda e=encoder: e.encode(pictures), BATCH)  # type: ignore[misc]
        single = rate(lambda e=encoder: e.encode(pictures[:1]), 1)  # type: ignore[misc]
        yield Figure(f"image tower {name}, eager torch, batch {BATCH}", slow, "images/s")
        yield Figure(f"image tower {name}, deployed, batch {BATCH}", quick, "images/s")
        yield Figure(f"image tower {name}, deployed, batch 1", single, "images/s")
        bar = (
            4.0 if default.name == encoder.name or name in getattr(default, "towers", ()) else None
        )
        yield Figure(f"image tower {name}, deployed against eager", quick / slow, "×", bar)
    texts = [Text(f"{line}, number {n}") for n, line in enumerate(media.SENTENCES * 8)]
    reader = TextEncoder()
    yield Figure("text tower, deployed", rate(lambda: reader.encode(texts), len(texts)), "texts/s")
    sound = media.sound(30.0)
    heard = rate(lambda: AudioEncoder().encode([sound]), 1)
    yield Figure("audio tower, deployed", heard * sound.seconds, "× real time")
