"""The aiSFX network in two halves, as graphs: log-mel frames → a map, embeddings → features.

The first runs over any stretch of a sound and gives cells of 0.19 seconds by eight mel bands;
what is pooled of them goes through the second, the classifiers. The encoder pools windows, an
explanation pools around each moment: both are there once a sound has been encoded.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from xmr_core.encoders.onnx import Export, Network, graph
from xmr_core.encoders.soundsample import sounds
from xmr_core.media import Audio, Floats
from xmr_core.models import artefact, fetch

if TYPE_CHECKING:
    import torch

WEIGHTS = "aisfx"
EMBEDDING = 512
# Classifiers of the network whose outputs are categories of the UCS, and how many they have.
CLASSIFIERS: dict[str, int] = {"soundlyTrain": 79, "prosfx": 78, "ucsMixed": 69}
_EXPORT = 1  # raise when an exported module changes


def named(embeddings: Floats) -> Floats:
    """Embeddings (n, 512) with the classifiers' logits beside them: (n, m)."""
    features: Floats = _names_graph().run(["features"], embeddings=embeddings)[0]
    return features


def map_graph() -> Network:
    """Log-mel frames ``blocks`` (b, t, 96) → ``cells`` (b, t // 8, 12, 512), for any t."""
    shas = [artefact(WEIGHTS).sha256]
    return graph(f"{WEIGHTS}-map", shas, _EXPORT, _build_map, apart=True, sample=_sample)


def _sample() -> list[dict[str, Floats]]:
    """What the first half is given: a window of each of the made-up sounds."""
    from xmr_core.encoders import audio  # which knows the front end, and imports this

    made = sounds(audio.FRAMES * audio.HOP, audio.RATE)
    prepared = [audio.prepare(Audio(sound, audio.RATE)) for sound in made]
    return [{"blocks": audio.log_mel(audio.in_air(sound))[None]} for sound in prepared]


def _names_graph() -> Network:
    return graph(f"{WEIGHTS}-names", [artefact(WEIGHTS).sha256], _EXPORT, _build_names)


def _checkpoint() -> "tuple[dict[str, torch.Tensor], dict[str, tuple[int, int]]]":
    """The weights by name, and each classifier's (place, number of outputs)."""
    import torch

    # The file holds a few numpy integers beside its tensors; nothing else may be made from it.
    scalar = (np.asarray(0)[()].__reduce__()[0], "numpy.core.multiarray.scalar")
    allowed: list[Any] = [scalar, np.dtype, np.dtypes.Int64DType]
    with torch.serialization.safe_globals(allowed):
        weights, places = torch.load(fetch(WEIGHTS), map_location="cpu", weights_only=True)
    return weights, {name: (int(place), int(n)) for name, (place, n) in places.items()}


def network() -> "torch.nn.Module":
    """The torch network with its weights, in its two halves: ``cells`` and ``named``.

    The encoder pools what the first gives of a window, and hands that to the second.
    """
    import torch

    weights, places = _checkpoint()

    def convolution(block: int, no: int) -> torch.nn.Sequential:
        """One convolution, the batch normalisation after it folded in, and its activation."""
        prefix = f"embedding_net.conv_block{block}."
        kernel = weights[f"{prefix}conv{no}.weight"]  # (out, in, 3, 3)
        norm = {
            k: weights[f"{prefix}bn{no}.{k}"]
            for k in ("weight", "bias", "running_mean", "running_var")
        }
        scale = norm["weight"] / torch.sqrt(norm["running_var"] + 1e-5)
        layer = torch.nn.Conv2d(kernel.shape[1], kernel.shape[0], 3, padding=1)
        layer.weight.data = kernel * scale[:, None, None, None]
        layer.bias = torch.nn.Parameter(norm["bias"] - norm["running_mean"] * scale)
        return torch.nn.Sequential(layer, torch.nn.ReLU())

    def classifier(name: str) -> torch.nn.Sequential:
        """512 → 256 → 128 → categories."""
        layers: list[torch.nn.Module] = []
        for no in (0, 2, 4):
            weight = weights[f"fc.{places[name][0]}.{no}.weight"]  # (out, in)
            layer = torch.nn.Linear(weight.shape[1], weight.shape[0])
            layer.weight.data = weight
            layer.bias.data = weights[f"fc.{places[name][0]}.{no}.bias"]
            layers += [layer, torch.nn.ReLU()]
        return torch.nn.Sequential(*layers[:-1])

    class Halves(torch.nn.Module):
        """Log-mel blocks → a map of cells; embeddings → features."""

        def __init__(self) -> None:
            super().__init__()
            self.convolutions = torch.nn.ModuleList(
                convolution(block, no) for block in (1, 2, 3, 4) for no in (1, 2)
            )
            self.pool = torch.nn.MaxPool2d(2, 2)
            self.classifiers = torch.nn.ModuleList(classifier(name) for name in CLASSIFIERS)

        def cells(self, blocks: torch.Tensor) -> torch.Tensor:
            """The last convolution on log-mel frames (b, t, 96): (b, 512, t // 8, 12)."""
            x = blocks[:, None]  # (b, 1, t, f)
            for i, layer in enumerate(self.convolutions):
                x = layer(x)
                if i in (1, 3, 5):  # after each block but the last
                    x = self.pool(x)
            return x

        def named(self, embedding: torch.Tensor) -> torch.Tensor:
            """Embeddings (n, 512) with the classifiers' logits beside them: (n, m)."""
            return torch.cat([embedding, *(c(embedding) for c in self.classifiers)], dim=1)

    return Halves().eval()


def _build_map() -> Export:
    import torch

    class Cells(torch.nn.Module):
        """Log-mel frames (b, t, 96) → cells (b, t // 8, 12, 512)."""

        def __init__(self) -> None:
            super().__init__()
            self.net = network()

        def forward(self, blocks: torch.Tensor) -> torch.Tensor:
            cells: torch.Tensor = self.net.cells(blocks)  # type: ignore[operator]
            return cells.permute(0, 2, 3, 1)

    blocks = np.random.default_rng(0).uniform(0, 0.6, (2, 160, 96)).astype(np.float32)
    return Export(
        module=Cells().eval(),
        inputs={"blocks": torch.from_numpy(blocks)},
        outputs=("cells",),
        dynamic={"blocks": {0: "b", 1: "t"}},
    )


def _build_names() -> Export:
    import torch

    class Names(torch.nn.Module):
        """Embeddings (n, 512) → features (n, m)."""

        def __init__(self) -> None:
            super().__init__()
            self.net = network()

        def forward(self, embeddings: torch.Tensor) -> torch.Tensor:
            named: torch.Tensor = self.net.named(embeddings)  # type: ignore[operator]
            return named

    rows = np.abs(np.random.default_rng(0).normal(0, 1, (4, EMBEDDING))).astype(np.float32)
    return Export(
        module=Names().eval(),
        inputs={"embeddings": torch.from_numpy(rows)},
        outputs=("features",),
        dynamic={"embeddings": {0: "n"}},
    )
