import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers

from tests.tiny import ARCHITECTURE, tiny_openclip, tiny_tower
from xmr_core.encoders.openclip import OpenClip
from xmr_core.encoders.openclip_encoders import OpenClipImage, OpenClipText
from xmr_core.encoders.openclip_patches import seen
from xmr_core.encoders.openclip_words import HubTransformer, places_of_words, tower_of
from xmr_core.errors import ExplanationError
from xmr_core.media import Image, Text

ODD = "I don't like 2021, wet grass; <b> &amp; İstanbul 狗!"
LONG = "A dog runs over the wet grass. The cat sleeps.\n\n" * 30


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_openclip(tmp_path_factory.mktemp("openclip"))


@pytest.fixture(scope="module")
def model(folder):
    return OpenClip(ARCHITECTURE, checkpoint=folder / "tiny.safetensors")


def picture(height, width, seed=0):
    return Image(np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8))


def direction(dim=32):
    return np.linspace(-1, 1, dim, dtype=np.float32)


@pytest.mark.parametrize(("height", "width"), [(40, 60), (61, 40), (32, 32), (9, 200)])
def test_boxes_of_patches_tile_what_the_model_sees_and_no_more(model, height, width):
    """Painting over what lies outside of them changes nothing, inside of them something."""
    encoder, image = OpenClipImage(model), picture(height, width)
    (patches,) = encoder.patches([image])
    boxes = patches.boxes.reshape(4, 4, 2, 2)
    assert np.allclose(boxes[1:, :, 0, 0], boxes[:-1, :, 1, 0])  # row upon row
    assert np.allclose(boxes[:, 1:, 0, 1], boxes[:, :-1, 1, 1])  # column beside column
    low, high = boxes[0, 0, 0] * (height, width), boxes[-1, -1, 1] * (height, width)
    assert min(high - low) > 0
    outside = np.ones((height, width), bool)
    margin = 4 * max(1.0, min(height, width) / 32)  # how far the resizing looks
    outside[
        max(0, round(low[0] - margin)) : round(high[0] + margin),
        max(0, round(low[1] - margin)) : round(high[1] + margin),
    ] = False
    assert outside.any() == (height != width)
    painted = image.pixels.copy()
    painted[outside] = 255 - painted[outside]
    before, after = encoder.encode([image, Image(painted)])
    assert np.allclose(before.pooled, after.pooled, atol=1e-5)
    inverted = image.pixels.copy()
    inverted[int(low[0]) : int(high[0]) // 2 + 1, int(low[1]) : int(high[1])] ^= 255
    assert not np.allclose(encoder.encode([Image(inverted)])[0].pooled, before.pooled, atol=1e-4)


def test_what_reaches_the_model_depends_on_how_pictures_are_resized():
    wide = (100, 200)
    low, high = seen({"size": (224, 224), "resize_mode": "squash"}, wide)
    assert low.tolist() + high.tolist() == [0, 0, 1, 1]
    low, high = seen({"size": 224, "resize_mode": "longest"}, wide)
    assert low.tolist() + high.tolist() == [-0.5, 0, 1.5, 1]
    low, high = seen({"size": 224, "resize_mode": None}, wide)
    assert low.tolist() + high.tolist() == [0, 0.25, 1, 0.75]


def test_patches_that_do_not_fill_the_picture_leave_its_edge_out(tmp_path):
    vision = {"image_size": 36, "layers": 1, "width": 64, "head_width": 32, "patch_size": 8}
    model = OpenClip("edge", checkpoint=tiny_tower(tmp_path, "edge", vision))
    (patches,) = OpenClipImage(model).patches([picture(36, 36)])
    assert np.allclose(patches.boxes[-1], [[24 / 36, 24 / 36], [32 / 36, 32 / 36]])


def test_patches_are_unit_vectors_one_for_each_cell(model):
    some = OpenClipImage(model).patches([picture(32, 32, seed) for seed in range(6)])
    assert len(some) == 6
    for patches in some:
        for rows in (patches.tokens, patches.values):
            assert rows.shape == (4, 4, 32)
            assert np.allclose(np.linalg.norm(rows, axis=2), 1, atol=1e-5)
    assert OpenClipImage(model).patches([]) == []


def test_heat_of_patches_follows_the_direction(model):
    encoder = OpenClipImage(model)
    one, two = encoder.patch_heat([picture(32, 32), picture(32, 32, 1)], direction())
    assert one.shape == two.shape == (4, 4)
    assert not np.allclose(one, two)
    (more,) = encoder.patch_heat([picture(32, 32)], 2 * direction())
    assert (more >= 2 * one).all()  # relevance is a sum of products of one slope or more
    (other,) = encoder.patch_heat([picture(32, 32)], -direction())
    assert not np.allclose(one, other, rtol=0.1)


def test_every_word_has_its_characters(model):
    encoder = OpenClipText(model)
    words = encoder.local_words(Text(ODD))
    spans = words.boxes[:, :, 0].astype(int)
    said = [ODD[low:high] for low, high in spans]
    assert said == [
        "I", "don", "'", "t", "like", "2021", ",", "wet", "grass", ";", "<", "b", ">", "&",
        "İstanbul", "狗", "!",
    ]  # fmt: skip
    assert words.tokens.shape == words.values.shape == (17, 32)
    assert np.allclose(np.linalg.norm(words.values, axis=1), 1, atol=1e-5)
    heat = encoder.word_heat(Text(ODD), direction())
    assert heat.shape == (17,)
    assert (heat >= 0).all()
    assert heat.max() > 0


def test_long_text_has_all_its_words(model):
    encoder = OpenClipText(model)
    spans = encoder.local_words(Text(LONG)).boxes[:, :, 0].astype(int)
    assert "".join(LONG[low:high] for low, high in spans) == "".join(LONG.split())
    assert len(encoder.word_heat(Text(LONG), direction())) == len(spans)


def test_text_without_words_has_none(model):
    assert OpenClipText(model).local_words(Text(" \n ")).tokens.shape == (0, 32)
    assert OpenClipText(model).word_heat(Text(" \n "), direction()).shape == (0,)


def test_last_word_of_a_text_is_not_looked_at_by_those_before_it(model):
    """CLIP reads from left to right."""
    encoder = OpenClipText(model)
    one, other = (encoder.local_words(Text(f"a dog runs {last}")) for last in ("home", "away"))
    assert np.allclose(one.tokens[:3], other.tokens[:3], atol=1e-6)
    assert not np.allclose(one.tokens[3], other.tokens[3], atol=1e-2)


def test_words_values_are_the_last_blocks_projections_worked_out_by_hand(model):
    network = model.network
    ids = model.tokens(["dog cat"])
    first, last = network.transformer.resblocks
    with torch.no_grad():
        x = network.token_embedding(ids) + network.positional_embedding
        x = last.ln_1(first(x, attn_mask=network.attn_mask))
        value = x @ last.attn.in_proj_weight[64:].T + last.attn.in_proj_bias[64:]
        out = value @ last.attn.out_proj.weight.T + last.attn.out_proj.bias
        rows = (network.ln_final(out) @ network.text_projection)[0, 1:3]
    expected = torch.nn.functional.normalize(rows, dim=-1).numpy()
    assert np.allclose(OpenClipText(model).local_words(Text("dog cat")).values, expected, atol=1e-5)


def test_whole_of_a_text_is_the_token_at_its_end(model):
    """The tower's last reading at the place that stands for the whole is the model's output."""
    ids = model.tokens(["a dog"])
    with torch.no_grad():
        tokens = tower_of(model.network).tokens(ids)
        own = model.network.encode_text(ids)
    assert torch.allclose(tokens[0, int(ids[0].argmax())], own[0], atol=1e-5)


def test_class_token_at_the_end_of_cocas_texts_is_no_word():
    import open_clip
    from open_clip.transformer import TextTransformer

    torch.manual_seed(0)
    tower = TextTransformer(31, 49408, 32, 2, 2, output_dim=32, embed_cls=True).eval()
    ids = open_clip.get_tokenizer("ViT-B-32")(["a dog"], context_length=31)

    class Whole:
        text = tower

        @staticmethod
        def encode_text(some):
            return tower(some)

    local = tower_of(Whole)
    with torch.no_grad():
        assert local.tokens(ids).shape == local.values(ids).shape == (1, 31, 32)
    heat = local.heat(ids, torch.linspace(-1, 1, 32))
    assert heat.shape == (1, 31)
    assert heat.max() > 0


@pytest.mark.parametrize("pooler", ["cls_pooler", "mean_pooler"])
def test_texts_of_the_hubs_transformers_have_words_too(pooler):
    from open_clip.hf_model import HFTextEncoder
    from transformers import RobertaConfig

    torch.manual_seed(0)
    config = RobertaConfig(
        vocab_size=40,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=34,
        pad_token_id=1,
    )
    text = HFTextEncoder("x", 16, config=config, pooler_type=pooler, proj_type="linear").eval()
    ids = torch.tensor([[0, 5, 6, 7, 2, 1, 1, 1]])
    tower = tower_of(text)
    assert isinstance(tower, HubTransformer)
    heat = tower.heat(ids, torch.linspace(-1, 1, 16))
    assert heat.shape == (1, 8)
    assert heat[0, :5].max() > 0
    with torch.no_grad():
        tokens = tower.tokens(ids)
        own = text(ids)
    assert tokens.shape == (1, 8, 16)
    if pooler == "mean_pooler":
        assert torch.allclose(tokens[0, :5].mean(dim=0), own[0], atol=1e-5)
        assert not heat[0, 5:].any()  # what is only there to fill the line


def test_places_are_shared_out_where_a_line_is_cut_otherwise_than_its_words():
    marks = frozenset({90, 91})
    assert places_of_words([90, 1, 2, 3, 91], [[1], [2], [3]], marks) == [[1], [2], [3]]
    # one token stands for two words; one word is cut into more pieces in its line
    assert places_of_words([90, 1, 77, 3, 91], [[1], [2], [8], [3]], marks) == [[1], [2], [2], [3]]
    assert places_of_words([1, 71, 72, 3], [[1], [2], [3]], marks) == [[0], [1, 2], [3]]
    # a word that is left out, and a token that no word has
    assert places_of_words([90, 1, 3, 91], [[1], [2], [3]], marks) == [[1], [], [2]]
    assert places_of_words([90, 1, 55, 3, 91], [[1], [3]], marks) == [[1], [3]]
    assert places_of_words([90, 91], [], marks) == []


def test_hubs_tokenisers_are_asked_for_their_marks(model):
    inner = Tokenizer(models.WordLevel({"a": 0, "<s>": 1, "<unk>": 2}, unk_token="<unk>"))
    inner.pre_tokenizer = pre_tokenizers.Whitespace()
    from transformers import PreTrainedTokenizerFast

    class Theirs:
        tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner, bos_token="<s>")

    own = model.tokenizer
    try:
        model.tokenizer = Theirs()
        assert model.marked([1, 0, 1]) == ([1, 0, 1], frozenset({1}))
    finally:
        model.tokenizer = own
    line, marks = model.marked([49406, 320, 0, 49407, 0, 0])
    assert (list(line), marks) == ([49406, 320, 0], frozenset({49406, 49407}))


def test_model_of_an_unknown_kind_says_so_and_still_gives_vectors(folder, monkeypatch):
    model = OpenClip(ARCHITECTURE, checkpoint=folder / "tiny.safetensors")
    monkeypatch.setattr("open_clip.transformer.VisionTransformer", torch.nn.Linear)
    encoder = OpenClipImage(model)
    assert not encoder.has_patches
    assert OpenClipText(model).has_words
    with pytest.raises(ExplanationError, match="Use occlusion"):
        encoder.patches([picture(32, 32)])
    assert encoder.encode([picture(32, 32)])[0].pooled.shape == (32,)
