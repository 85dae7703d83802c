import sys

import pytest

from models import page_type, quality
from models.transformer import TransformerClassifier
from models.transformer.network import batches_by_length
from tests.models.checkpoints import save_decoder
from tests.models.texts import CHINESE, ENGLISH, ENGLISH_MENU

TEXTS = [ENGLISH, "", CHINESE, "a", ENGLISH_MENU, "中", ENGLISH[:70]]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("models") / "classifier"
    return str(save_decoder(folder, "SequenceClassification", ["article", "forum", "listing"]))


def test_batches_hold_every_item_once_within_the_budget():
    lengths = [5, 1, 9, 30, 9, 2, 2, 1]
    batches = list(batches_by_length(lengths, 20))
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= 20


def test_equal_lengths_keep_their_order():
    assert list(batches_by_length([3, 3, 3], 6)) == [[0, 1], [2]]
    assert list(batches_by_length([], 6)) == []


@pytest.mark.torch
def test_scores_are_those_of_the_model_asked_text_by_text(checkpoint):
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint).eval()
    classifier = TransformerClassifier(checkpoint, tokens_per_batch=64)
    scores = classifier.score(TEXTS)
    for text, score in zip(TEXTS, scores, strict=True):
        if text:
            with torch.no_grad():
                logits = model(**tokenizer(text, return_tensors="pt")).logits[0]
            assert list(score.values()) == pytest.approx(logits.softmax(-1).tolist(), abs=1e-4)
    assert len({tuple(score.values()) for score in scores}) == len(TEXTS)


@pytest.mark.torch
def test_labels_come_from_the_configuration(checkpoint):
    (score,) = TransformerClassifier(checkpoint).score([ENGLISH])
    assert list(score) == ["article", "forum", "listing"]
    assert sum(score.values()) == pytest.approx(1, abs=1e-3)


@pytest.mark.torch
def test_a_batch_of_nothing_gives_nothing_and_empty_text_a_score(checkpoint):
    classifier = TransformerClassifier(checkpoint)
    assert classifier.score([]) == []
    assert classifier.score([""])[0].keys() == {"article", "forum", "listing"}


@pytest.mark.torch
def test_text_beyond_the_token_limit_is_not_read(checkpoint):
    classifier = TransformerClassifier(checkpoint, max_tokens=16)
    long, longer = classifier.score([ENGLISH, ENGLISH + CHINESE])
    assert long == longer


@pytest.mark.torch
def test_page_type_and_quality_take_a_checkpoint_by_path(checkpoint, tmp_path):
    (kind,) = page_type.load(checkpoint).score([ENGLISH])
    assert kind.type in {"article", "forum", "listing"}
    good = save_decoder(tmp_path / "good", "SequenceClassification", ["bad", "good"])
    (result,) = quality.load(str(good)).score([ENGLISH])
    assert 0 < result.quality < 1
    for ask in (quality.load, quality.digest):
        with pytest.raises(ValueError, match=r"one of .*good.* must be among them"):
            ask(checkpoint)


@pytest.mark.torch
def test_pickled_weights_are_not_loaded(checkpoint, tmp_path):
    import shutil

    import torch
    from safetensors.torch import load_file

    folder = tmp_path / "pickled"
    shutil.copytree(checkpoint, folder)
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    with pytest.raises(ValueError, match="not a checkpoint that can be loaded"):
        TransformerClassifier(str(folder))


@pytest.mark.torch
def test_a_missing_checkpoint_is_named(tmp_path):
    with pytest.raises(ValueError, match="absent"):
        TransformerClassifier(str(tmp_path / "absent"))


def test_without_torch_the_error_says_what_to_install(monkeypatch, tmp_path):
    (tmp_path / "config.json").write_text("{}")
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ImportError, match="install the models extra"):
        TransformerClassifier(str(tmp_path))
