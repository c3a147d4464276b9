"""What all three are given: pictures as cameras save them, one file of weights, queries."""

import shutil
from pathlib import Path

import numpy as np
import PIL.Image

from xmr_core.bench import media
from xmr_core.encoders.byte_pairs import table_file

ARCHITECTURE = "ViT-B-32-256"  # the one that rclip is made for
SIZES = ((1280, 960), (1600, 1200), (1440, 1080))  # 1.2 to 1.9 megapixels
RCLIP_MODEL = "ViT-B-32-256-datacomp_s34b_b86k"  # the folder that rclip looks in
_RCLIP_PAPERS = ("LICENSE", "OPENAI-CLIP-MIT.txt", "README.md", "THIRD_PARTY_NOTICES.md")
_GRAIN = 6  # of 255: without it, enlarged pictures would be quicker to decode than photographs


def queries(n: int) -> list[str]:
    """n different questions."""
    return [f"{media.SENTENCES[i % len(media.SENTENCES)]} {i}" for i in range(n)]


def write_pictures(folder: Path, n: int) -> None:
    """n JPEGs of 1.2 to 1.9 megapixels at quality 88, about 300 KB each."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(1)
    for i, pixels in enumerate(media.photographs(n)):
        width, height = SIZES[i % len(SIZES)]
        large = PIL.Image.fromarray(pixels).resize((width, height), PIL.Image.Resampling.BICUBIC)
        grain = rng.integers(-_GRAIN, _GRAIN + 1, (height, width, 1), dtype=np.int16)
        noisy = (np.asarray(large).astype(np.int16) + grain).clip(0, 255).astype(np.uint8)
        PIL.Image.fromarray(noisy).save(folder / f"{i:05d}.jpg", quality=88)


def write_weights(file: Path, architecture: str = ARCHITECTURE) -> None:
    """A checkpoint of an open_clip model with random weights, always the same."""
    import open_clip
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(0)
    model = open_clip.create_model(architecture)
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file({key: value.contiguous() for key, value in model.state_dict().items()}, file)


def write_rclip_data(folder: Path, weights: Path, architecture: str = ARCHITECTURE) -> None:
    """The weights as rclip keeps them in its data folder: two graphs and a tokeniser's table.

    rclip's makers export open_clip's model once, for all; so is this, with nothing changed.
    The papers that rclip looks for beside them are empty here.
    """
    import open_clip
    import torch
    from torch import nn

    network = open_clip.create_model(architecture, pretrained=str(weights)).eval()

    class Tower(nn.Module):
        def __init__(self, kind: str) -> None:
            super().__init__()
            self.network, self.kind = network, kind

        def forward(self, given: torch.Tensor) -> torch.Tensor:
            encode = getattr(self.network, f"encode_{self.kind}")
            result: torch.Tensor = encode(given)
            return result

    models = folder / RCLIP_MODEL
    models.mkdir(parents=True, exist_ok=True)
    side = int(network.visual.image_size[0])
    tokens = open_clip.get_tokenizer(architecture)(["a dog", "two cats"])
    given = {"visual": ("image", torch.zeros(2, 3, side, side)), "textual": ("text", tokens)}
    for name, (kind, sample) in given.items():
        with torch.inference_mode():
            torch.onnx.export(
                Tower(kind).eval(),
                (sample,),
                models / f"{name}.onnx",
                input_names=["input"],
                output_names=["output"],
                dynamic_shapes=({0: torch.export.Dim("n")},),
                dynamo=True,
                external_data=False,
                verbose=False,
            )
    (folder / "tokenizer").mkdir(exist_ok=True)
    shutil.copy(table_file(), folder / "tokenizer")
    for name in _RCLIP_PAPERS:
        (folder / name).touch()
