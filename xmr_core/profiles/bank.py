"""The bank that comes with XMR: stand-ins for the queries that a library may get.

Sentences, from which every profile makes vectors of its own; and, for the heads that
come with XMR, the centres of clusters of the pictures and captions they were trained
on. A sentence is far from the pictures that people ask by, and a hub among texts is
found by pictures alone.
"""

from collections.abc import Mapping

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from xmr_core.heads import Head
from xmr_core.media import Floats, Modality
from xmr_core.paths import assets_dir
from xmr_core.space import unit

_MARK = "heads"


def heads_mark(image: Head, text: Head) -> str:
    """What `bank_centres` and `save_bank` know the heads of pictures and texts by."""
    return f"{image.fingerprint}+{text.fingerprint}"


def bank_texts() -> list[str]:
    """The sentences; none where there is no bank."""
    file = assets_dir() / "bank" / "text.txt"
    if not file.is_file():
        return []
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def heard_texts() -> list[str]:
    """Names of what may be heard, each once; none where there is no such list."""
    file = assets_dir() / "bank" / "heard.txt"
    if not file.is_file():
        return []
    lines = file.read_text(encoding="utf-8").splitlines()
    said = [line.partition(":")[2] for line in lines if not line.startswith("#")]
    phrases = (phrase.strip() for line in said for phrase in line.split(";"))
    return list(dict.fromkeys(phrase for phrase in phrases if phrase))


def bank_centres(heads: str) -> dict[Modality, Floats]:
    """The clusters' centres, unit rows f32 (c, d) by modality; none for other heads.

    Args:
        heads: says which heads the centres must belong to, see `heads_mark`.
    """
    file = assets_dir() / "bank" / "centres.safetensors"
    try:
        with safe_open(file, "np") as stored:
            if (stored.metadata() or {}).get(_MARK) != heads:
                return {}
            rows = {Modality(key): stored.get_tensor(key) for key in stored.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, ValueError):
        return {}  # absent or damaged: the sentences alone serve
    return {modality: unit(np.asarray(x, np.float32)) for modality, x in rows.items()}


def save_bank(centres: Mapping[Modality, Floats], heads: str) -> None:
    """Keep centres f32 (c, d) by modality, in halves, beside the sentences."""
    file = assets_dir() / "bank" / "centres.safetensors"
    halves = {str(modality): x.astype(np.float16) for modality, x in centres.items()}
    save_file(halves, file, {_MARK: heads})
    file.chmod(0o644)
