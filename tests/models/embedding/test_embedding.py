"""Embeddings: unit rows, the same everywhere, near for near copies."""

import hashlib
import random

import numpy as np
import pytest

from benchmarks.semantic_quality import delete
from curation.training.written_texts import read_written
from models.embedding import DIMENSIONS, load, same_content

ENGLISH = (
    "The committee met on Tuesday to discuss the new bridge across the river. Engineers said that "
    "the steel would arrive in March, and that work on the northern pier could begin soon after. "
    "Residents asked about noise, traffic and the price of the whole undertaking."
)
CHINESE = (
    "委员会周二开会讨论跨河新桥。工程师表示钢材将于三月运抵，北侧桥墩随后即可开工。"
    "居民询问噪音、交通和总造价。"
)


@pytest.fixture(scope="module")
def model():
    return load()


@pytest.mark.parametrize("text", [ENGLISH, CHINESE, "one", "字", "a\ud800b", "word " * 50_000])
def test_a_text_is_a_unit_vector(model, text):
    matrix = model.score([text])
    assert matrix.shape == (1, DIMENSIONS)
    assert matrix.dtype == np.float32
    assert np.linalg.norm(matrix[0]) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_a_text_without_words_is_the_zero_vector(model, text):
    assert not model.score([text]).any()


def test_an_empty_batch_has_no_rows(model):
    assert model.score([]).shape == (0, DIMENSIONS)


def test_a_row_does_not_depend_on_its_batch(model):
    together = model.score([ENGLISH, "", CHINESE])
    assert np.array_equal(together[2], model.score([CHINESE])[0])


@pytest.mark.parametrize("text", [ENGLISH, CHINESE])
def test_a_small_change_stays_near_and_another_text_is_far(model, text):
    changed = text.replace("March", "April").replace("三月", "四月")
    other = "Recipes need butter, flour and patience; the oven does the rest. 面粉、黄油和耐心。"
    near, far = model.score([text, changed, other])[1:] @ model.score([text])[0]
    assert changed != text
    assert near > 0.9
    assert far < 0.3


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_light_rewrite_has_the_same_content_and_no_other_text_has(model, language):
    dice = random.Random(1)
    texts = [written.text for written in read_written(language) if written.is_good]
    rows = model.score(texts)
    rewritten = model.score([delete(text, dice) for text in texts])
    found = np.einsum("ij,ij->i", rows, rewritten) >= same_content(model.name)
    assert np.mean(found) >= 0.95
    assert np.triu(rows @ rows.T, 1).max() < same_content(model.name)


def test_word_order_counts(model):
    left, right = model.score(["dog bites man today", "man bites dog today"])
    assert left @ right < 0.9


def test_the_vector_of_a_text_never_changes(model):
    found = hashlib.sha256(model.score([ENGLISH, CHINESE]).astype("<f4").tobytes()).hexdigest()
    assert found == "d4ce6b35920a985c40369ea2dea6d1d08624d8e509a210e0003b450599cdcc47"


@pytest.mark.torch
def test_a_checkpoint_gives_unit_vectors_by_path(tmp_path):
    pytest.importorskip("sentence_transformers")
    folder = make_checkpoint(tmp_path)
    model = load(str(folder))
    assert model.dimensions == 16
    matrix = model.score(["a bridge", "", "the river"])
    assert matrix.dtype == np.float32
    assert np.linalg.norm(matrix, axis=1) == pytest.approx([1, 0, 1], abs=1e-5)
    assert np.allclose(matrix[2], model.score(["the river"])[0], atol=1e-5)


@pytest.mark.torch
def test_the_digest_of_a_checkpoint_follows_its_files(tmp_path):
    pytest.importorskip("sentence_transformers")
    from models.embedding import digest

    folder = make_checkpoint(tmp_path)
    before = digest(str(folder))
    assert digest(str(folder)) == before
    (folder / "config.json").write_text((folder / "config.json").read_text() + " ")
    assert digest(str(folder)) != before


def make_checkpoint(tmp_path):
    """A one-layer encoder with random weights, saved as sentence-transformers does."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(0)
    base = tmp_path / "base"
    base.mkdir()
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "the", "bridge", "river"]
    (base / "vocab.txt").write_text("\n".join(words))
    BertTokenizerFast(str(base / "vocab.txt")).save_pretrained(base)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    BertModel(config).save_pretrained(base)
    encoder = Transformer(str(base))
    parts = [encoder, Pooling(16, pooling_mode="cls"), Normalize()]
    folder = tmp_path / "checkpoint"
    SentenceTransformer(modules=parts, device="cpu").save(str(folder))
    return folder
