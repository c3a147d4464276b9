"""Media whose content is known: what match strengths are fitted on.

Every medium has a stock of items with a few words on what each shows. What heads were
trained on comes in through heads that were trained without it: clips of animals and
named models by cross-fitting, Flickr8k by the thousand pictures that are judged on.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from heads import audio as sounds_head
from heads import data as tables
from heads import mesh as mesh_head
from heads.classes import last_layers, wordings
from xmr_core.demo import WORKS
from xmr_core.encoders import Encoder
from xmr_core.encoders.image import ImageEncoder
from xmr_core.heads import Head, Unit
from xmr_core.media import Encoding, Floats, Media, Modality
from xmr_core.profiles.info import heads_dir
from xmr_core.readers import read
from xmr_core.space import JointSpace

FLICKR = "flickr"  # the source whose items are told by captions, not by names
_FOLDS = 4
_LONGEST = 4  # words of a name; longer captions of stamps are sentences about them

Matrix = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Stock:
    """Items of one medium.

    Attributes:
        rows: unit f32 (r, d): wholes and parts, as a library would hold them.
        owners: i64 (r,), the item of each row, ascending.
        whole: bool (r,).
        words: what each of the n items shows, in a few words each.
        sources: where each of them comes from.
    """

    rows: Floats
    owners: Matrix
    whole: Matrix
    words: list[tuple[str, ...]]
    sources: list[str]


def stocks(data: Path, space: JointSpace) -> dict[Modality, Stock]:
    """The stock of every medium, in the space of the shipped heads."""
    demo = {m: _demo(m, space.encoders[m]) for m in Modality}
    parts: dict[Modality, list[tuple[Floats, list[tuple[str, ...]], str]]] = {
        m: [(space.embed(m, demo[m][:, 2:]), _demo_words(m), "demo")] for m in Modality
    }
    numbers: dict[Modality, list[Floats]] = {m: [demo[m][:, :2]] for m in Modality}

    def add(m: Modality, at: Floats, rows: Floats, words: list[tuple[str, ...]], name: str) -> None:
        numbers[m].append(at)
        parts[m].append((rows, words, name))

    paths, labels = tables.animal_sounds(data)
    clips = _encoded("animal sounds", space.encoders[Modality.AUDIO], paths)
    said = [sounds_head.ANIMALS[label] for label in labels]
    add(Modality.AUDIO, clips[:, :2], _clips(space, clips, labels), said, "animals")
    paths, rows = tables.stamps(data)
    named: list[tuple[str, ...]] = [(tables.thing(row["caption"]),) for row in rows]
    heard = [i for i, row in enumerate(rows) if row["sound"]]
    files = [data / "stamps" / rows[i]["sound"] for i in heard]
    made = _encoded("stamps sounds", space.encoders[Modality.AUDIO], files)
    joint = space.embed(Modality.AUDIO, made[:, 2:])
    add(Modality.AUDIO, made[:, :2], joint, [named[i] for i in heard], "stamps")
    seen = _pictures("stamps", space, paths)
    add(Modality.IMAGE, _wholes(len(seen)), seen, named, "stamps")
    paths, captions = tables.flickr(data)
    judged = tables.flickr_split(len(paths)).judged
    seen = _pictures("flickr", space, paths)[list(judged)]
    told = [tuple(captions[i]) for i in judged]
    add(Modality.IMAGE, _wholes(len(seen)), seen, told, FLICKR)
    read_ = tables.sentences("judged captions", [captions[i][0] for i in judged])
    texts = space.embed(Modality.TEXT, read_)
    add(Modality.TEXT, _wholes(len(texts)), texts, [t[1:] for t in told], FLICKR)
    paths, labels = tables.meshes(data)
    things = tables.features("meshes", space.encoders[Modality.MESH], paths)
    called: list[tuple[str, ...]] = [(label.lower(),) for label in labels]
    add(Modality.MESH, _wholes(len(things)), _models(space, things, labels), called, "meshes")
    return {m: _stock(numbers[m], parts[m]) for m in Modality}


def phrases(data: Path) -> tuple[list[str], list[str]]:
    """Words to ask for things by, and the source of each."""
    names = {tables.thing(row["caption"]) for row in tables.stamps(data)[1]}
    paths, captions = tables.flickr(data)
    groups = {
        "animals": [phrase for said in sounds_head.ANIMALS.values() for phrase in said],
        "stamps": [name for name in names if len(name.split()) <= _LONGEST],
        "meshes": [label.lower() for label in tables.meshes(data)[1]],
        "demo": [_name(work.path) for work in WORKS],
        "themes": [theme for work in WORKS for theme in work.themes],
        FLICKR: [captions[i][0] for i in tables.flickr_split(len(paths)).judged[:300]],
    }
    pairs = {line: source for source, lines in groups.items() for line in sorted(set(lines))}
    return list(pairs), list(pairs.values())


def _stock(numbers: list[Floats], parts: list[tuple[Floats, list[tuple[str, ...]], str]]) -> Stock:
    """One after the other; ``numbers`` f32 (r, 2) are (item, part) of each source's rows."""
    before = np.cumsum([0, *(len(words) for _, words, _ in parts)])
    return Stock(
        rows=np.concatenate([rows for rows, _, _ in parts]),
        owners=np.concatenate(
            [at[:, 0].astype(int) + start for at, start in zip(numbers, before, strict=False)]
        ),
        whole=np.concatenate([at[:, 1] == 0 for at in numbers]),
        words=[word for _, words, _ in parts for word in words],
        sources=[name for _, words, name in parts for _ in words],
    )


def _wholes(n: int) -> Floats:
    """(item, part) of n items without parts, f32 (n, 2)."""
    return np.stack([np.arange(n), np.zeros(n)], axis=1).astype(np.float32)


def _pictures(name: str, space: JointSpace, paths: Sequence[Path]) -> Floats:
    """Joint vectors of pictures; their features are those that the head is trained on."""
    encoder = space.encoders[Modality.IMAGE]
    assert isinstance(encoder, ImageEncoder)
    features = [tables.towers(name, encoder.towers, paths)]
    if encoder.tuning:
        features.append(tables.tuned(name, encoder.towers, encoder.tuning, paths))
    return space.embed(Modality.IMAGE, np.concatenate(features, axis=1))


def _clips(space: JointSpace, clips: Floats, labels: Sequence[str]) -> Floats:
    """Joint vectors of animals' clips, each by a head that was trained without it."""
    text = space.heads[Modality.TEXT, "gallery"]
    assert isinstance(text, Head)
    target, others = sounds_head.words(text), sounds_head.synthesised()
    whole = clips[clips[:, 1] == 0, 2:]
    fold = np.random.default_rng(0).permutation(len(labels)) % _FOLDS
    joint = np.zeros((len(clips), space.dim), np.float32)
    for out in range(_FOLDS):
        kept = fold != out
        known = [label for label, keep in zip(labels, kept, strict=True) if keep]
        layers = sounds_head.layers(target, whole[kept], known, others)
        held = fold[clips[:, 0].astype(int)] == out
        joint[held] = Head(whole.shape[1], layers)(clips[held, 2:])
    return joint


def _models(space: JointSpace, things: Floats, labels: Sequence[str]) -> Floats:
    """Joint vectors of meshes, each by a head that was trained without its name."""
    image, text = (
        Head.load(heads_dir() / "image.safetensors"),
        space.heads[Modality.TEXT, "gallery"],
    )
    assert isinstance(text, Head)
    kinds = sorted(set(labels))
    own = np.searchsorted(kinds, labels)
    names = text(tables.sentences("mesh names", kinds))
    known = text(Unit()(wordings()[:3].mean(axis=0)))
    towers = image.about["towers"].split("+")
    anchors, last = mesh_head.classes(towers), last_layers(towers)(things)
    fold = (np.random.default_rng(0).permutation(len(kinds)) % _FOLDS)[own]
    joint = np.zeros((len(things), space.dim), np.float32)
    for out in range(_FOLDS):
        kept = fold != out
        fitted = mesh_head.adapter(last[kept], names[own[kept]], anchors, known)
        joint[~kept] = Head(image.dim_in, mesh_head.layers(image, fitted))(things[~kept])
    return joint


def _name(path: str) -> str:
    """The words in a file's name.

    >>> _name("home/red-sofa.glb")
    'red sofa'
    """
    return Path(path).stem.replace("-", " ")


def _demo_words(modality: Modality) -> list[tuple[str, ...]]:
    return [(_name(w.path), *w.themes) for w in WORKS if w.modality == modality]


def _demo(modality: Modality, encoder: Encoder[Any]) -> Floats:
    """(item, part, features) of the demo library's items of one medium."""
    works = [work for work in WORKS if work.modality == modality]

    def media(folder: Path) -> list[Callable[[], Media]]:
        def one(work: Any) -> Media:
            file = folder / f"file{work.suffix}"
            file.write_bytes(work.bytes())
            return read(file)

        return [lambda work=work: one(work) for work in works]  # type: ignore[misc]

    def make() -> Floats:
        with tempfile.TemporaryDirectory() as folder:
            return _rows(encoder, media(Path(folder)))

    keys = [encoder.fingerprint, *[work.path for work in works]]
    return tables.cached(f"demo {modality} parts", make, *keys)


def _encoded(name: str, encoder: Encoder[Any], paths: Sequence[Path]) -> Floats:
    """(item, part, features) of files."""

    def make() -> Floats:
        return _rows(encoder, [lambda path=path: read(path) for path in paths])  # type: ignore[misc]

    keys = [encoder.fingerprint, *[f"{path.parent.name}/{path.name}" for path in paths]]
    return tables.cached(f"{name} parts", make, *keys)


def _rows(encoder: Encoder[Any], media: Sequence[Callable[[], Media]]) -> Floats:
    """(item, part, features) f32 (r, 2 + m) of media, one after the other; meshes as wholes."""
    rows = []
    for item, make in enumerate(media):
        encoding: Encoding = encoder.encode([make()])[0]
        parts = encoding.parts if encoder.modality != Modality.MESH else encoding.parts[:0]
        for part, vector in enumerate([encoding.pooled, *parts]):
            rows.append(np.concatenate([[item, part], vector]))
    return np.array(rows, np.float32)
