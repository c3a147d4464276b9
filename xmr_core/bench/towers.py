"""Each tower alone: as torch runs it by default, and as it is deployed."""

from collections.abc import Iterator, Sequence
from functools import partial

from xmr_core.bench import media
from xmr_core.bench.eager import Eager
from xmr_core.bench.report import Figure
from xmr_core.bench.settings import setting
from xmr_core.bench.timing import rates
from xmr_core.encoders.audio import AudioEncoder
from xmr_core.encoders.image import TOWERS, ImageEncoder, prepare
from xmr_core.encoders.precision import precision
from xmr_core.encoders.text import TextEncoder
from xmr_core.media import Image, Modality, Text
from xmr_core.profiles import load_profile

_BAR = 4.0  # times eager torch
_SHORTER = 2.0  # times floating point, where there are eight bits
_BATCH = 16


def bench_towers(
    names: Sequence[str] = (), rounds: int = 5, batch: int = _BATCH
) -> Iterator[Figure]:
    """Images, texts and sounds a second; the default image towers against eager torch.

    Tuned stages have no eager form of their own: they count in the speed of the default
    alone, not in what it gains.

    Args:
        names: image towers besides those of the default profile; all if none.
        rounds: that count.
        batch: pictures at once.
    """
    default = load_profile("embedded").encoders[Modality.IMAGE]
    towers: tuple[str, ...] = getattr(default, "towers", ("lite2",))
    pictures = [Image(prepare(p, 320)) for p in media.photographs(batch)]
    eager_seconds, seconds = {}, {}
    for name in dict.fromkeys((*towers, *(names or TOWERS))):
        encoder = ImageEncoder((name,))

        def deployed(encoder: ImageEncoder = encoder) -> None:
            encoder.encode(pictures)

        def one(encoder: ImageEncoder = encoder) -> None:
            encoder.encode(pictures[:1])

        with Eager(name, batch) as eager:
            slow, quick, single = rates((eager, batch), (deployed, batch), (one, 1), rounds=rounds)
        eager_seconds[name], seconds[name] = 1 / slow, 1 / quick
        yield Figure(f"image tower {name}, eager torch, batch {batch}", slow, "images/s")
        yield Figure(f"image tower {name}, deployed, batch {batch}", quick, "images/s")
        yield Figure(f"image tower {name}, deployed, batch 1", single, "images/s")
        yield Figure(f"image tower {name}, deployed against eager", quick / slow, "×")
    gain = sum(eager_seconds[t] for t in towers) / sum(seconds[t] for t in towers)
    (whole,) = rates((lambda: default.encode(pictures), batch), rounds=rounds)
    yield Figure(f"default image tower ({default.name}), deployed", whole, "images/s")
    yield Figure("default image tower, deployed against eager", gain, "×", _BAR)
    if isinstance(default, ImageEncoder) and precision() == "int8":
        yield from _shorter(default, rounds, batch)
    texts = [Text(f"{line}, number {n}") for n, line in enumerate(media.SENTENCES * 8)]
    reader, listener, sound = TextEncoder(), AudioEncoder(), media.sound(30.0)
    read, heard = rates(
        (lambda: reader.encode(texts), len(texts)),
        (lambda: listener.encode([sound]), 1),
        rounds=rounds,
    )
    yield Figure("text tower, deployed", read, "texts/s")
    yield Figure("audio tower, deployed", heard * sound.seconds, "× real time")


def _shorter(default: ImageEncoder, rounds: int, batch: int) -> Iterator[Figure]:
    """The towers alone, on squashed pictures, in floating point and in eight bits."""
    seconds = dict.fromkeys(("float", "int8"), 0.0)
    for tower in default.towers:
        encoder = ImageEncoder((tower,), default.tuning)
        pictures = [Image(prepare(p, TOWERS[tower].side)) for p in media.photographs(batch)]

        def run(kind: str, encoder: ImageEncoder = encoder, some: list[Image] = pictures) -> None:
            with setting("XMR_PRECISION", kind):
                encoder.encode(some)

        kinds = [(partial(run, kind), batch) for kind in seconds]
        for kind, rate in zip(seconds, rates(*kinds, rounds=rounds), strict=True):
            seconds[kind] += 1 / rate
    words = {"float": "floating point", "int8": "eight bits"}
    for kind, of in seconds.items():
        name = f"default image tower, {words[kind]}, batch {batch}"
        yield Figure(name, 1 / of, "images/s")
    gain = seconds["float"] / seconds["int8"]
    name = "default image tower, eight bits against floating point"
    yield Figure(name, gain, "×", _SHORTER)
