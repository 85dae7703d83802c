"""Files that cannot be loaded, or must not be, are refused before a session starts."""

import json
import re
import shutil

import pytest

from models import embedding, page_type, quality
from models.transformer.checkpoint import WANTED
from models.transformer.files import read_header
from tests.models.checkpoints import save_decoder
from tests.models.texts import CHINESE, ENGLISH

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("models") / "good"
    return save_decoder(folder, "SequenceClassification", ["bad", "good"])


@pytest.fixture
def copy(good, tmp_path):
    shutil.copytree(good, tmp_path / "copy")
    return tmp_path / "copy"


def refused(folder, message):
    with pytest.raises(ValueError, match=re.escape(message)) as raised:
        quality.digest(str(folder))
    assert "\n" not in str(raised.value)
    assert str(folder) in str(raised.value)


def test_a_whole_checkpoint_is_taken(good):
    assert len(quality.digest(str(good))) == 32
    assert "model.embed_tokens.weight" in read_header(good / "model.safetensors")


def test_safetensors_that_are_cut_at_any_place_are_refused(copy):
    path = copy / "model.safetensors"
    whole = path.read_bytes()
    for end in [0, 4, 8, 100, 2_000, len(whole) // 2, len(whole) - 1]:
        path.write_bytes(whole[:end])
        refused(copy, "model.safetensors is not a whole safetensors file")
    path.write_bytes(whole + b"more")
    refused(copy, "model.safetensors is not a whole safetensors file")


def test_safetensors_with_a_header_that_is_none_are_refused(copy):
    for content in (b"\xff" * 64, (16).to_bytes(8, "little") + b'{"a": {"b": 1}} ', b"PK\x03\x04"):
        (copy / "model.safetensors").write_bytes(content)
        refused(copy, "model.safetensors is not a whole safetensors file")


def test_a_pickle_is_refused_and_never_fetched(copy):
    import torch

    (copy / "model.safetensors").unlink()
    refused(copy, "it has no weights: there must be a file *.safetensors")
    torch.save({}, copy / "pytorch_model.bin")
    refused(copy, "pytorch_model.bin is a pickle, which may run code")
    assert not any("bin" in pattern for pattern in WANTED)


def test_a_shard_that_is_missing_is_named(copy):
    index = {"weight_map": {"a": "model.safetensors", "b": "model-2.safetensors"}}
    (copy / "model.safetensors.index.json").write_text(json.dumps(index))
    refused(copy, "model-2.safetensors is missing, which model.safetensors.index.json lists")


def test_a_tokenizer_with_more_tokens_than_the_model_is_refused(copy):
    path = copy / "tokenizer.json"
    content = json.loads(path.read_text())
    content["model"]["vocab"]["foreign"] = 9_999
    path.write_text(json.dumps(content))
    refused(copy, "its tokenizer has tokens up to 9999, its word embeddings")
    path.write_text("{")
    refused(copy, "tokenizer.json cannot be read")
    path.write_text('{"model": {}}')
    refused(copy, "tokenizer.json is no tokenizer: it has no 'vocab'")


def test_a_checkpoint_without_a_tokenizer_is_refused(copy):
    """Of a folder without a vocabulary transformers makes a tokenizer that knows no word."""
    (copy / "tokenizer.json").unlink()
    refused(copy, "it has no tokenizer: there must be tokenizer.json, vocab.* or *.model")


def exchange(copy, size, special):
    """Put a tokenizer of the checkpoint's kind, of that size and these special tokens, into it."""
    from tokenizers import ByteLevelBPETokenizer
    from transformers import PreTrainedTokenizerFast

    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator([ENGLISH, CHINESE], size, special_tokens=[*special.values()])
    made = PreTrainedTokenizerFast(tokenizer_object=trained._tokenizer, **special)
    made.save_pretrained(copy)
    return len(made)


def test_a_tokenizer_with_far_fewer_tokens_than_the_model_is_refused(copy):
    rows = read_header(copy / "model.safetensors")["model.embed_tokens.weight"].shape[0]
    found = exchange(copy, 320, {"eos_token": "<end>"})
    refused(copy, f"its tokenizer is another model's: it has {found} tokens for {rows} word")


def test_a_tokenizer_to_which_none_of_the_special_tokens_is_special_is_refused(copy):
    rows = read_header(copy / "model.safetensors")["model.embed_tokens.weight"].shape[0]
    found = exchange(copy, rows, {"pad_token": "<pad>", "eos_token": "<end>"})
    assert rows * 0.9 <= found <= rows
    assert len(quality.digest(str(copy))) == 32  # so far nothing speaks against it
    config = json.loads((copy / "config.json").read_text())
    for named, is_foreign in ((7, True), ([8, 9], True), ([8, 1], False), (99_999, False)):
        (copy / "config.json").write_text(json.dumps(config | {"eos_token_id": named}))
        if is_foreign:
            refused(copy, "as special tokens, and none of them is so to it; if it is the right one")
        else:
            assert len(quality.digest(str(copy))) == 32


def test_whoever_writes_the_digest_of_a_tokenizer_down_is_believed_and_held_to_it(copy):
    exchange(copy, 320, {"eos_token": "<end>"})
    with pytest.raises(ValueError, match="another model's") as raised:
        quality.digest(str(copy))
    noted = re.search(r"write (\{.*\}) into", str(raised.value)).group(1)
    (copy / "curation.json").write_text(noted)
    assert len(quality.digest(str(copy))) == 32
    assert len(quality.load(str(copy)).score(["a"])) == 1
    exchange(copy, 321, {"eos_token": "<end>"})
    refused(copy, "its tokenizer is not the one that it has learnt with")


def test_a_checkpoint_of_another_kind_is_refused(copy):
    config = json.loads((copy / "config.json").read_text())
    for kind in ("Qwen2ForCausalLM", "Qwen2Model", "Qwen2ForTokenClassification"):
        (copy / "config.json").write_text(json.dumps(config | {"architectures": [kind]}))
        refused(copy, f"is a {kind} (architectures in its config.json)")


def test_labels_that_no_kept_type_is_among_are_refused(good):
    with pytest.raises(ValueError, match=r"one of \['article', 'product'\] must be among them"):
        page_type.digest(str(good), ["article", "product"])
    assert page_type.digest(str(good), ["good"]) == page_type.digest(str(good))


def test_notes_that_say_what_cannot_be_are_refused(copy):
    for notes in ('{"max_tokens": 0}', '{"max_tokens": "all"}', '{"long_texts": "best"}'):
        (copy / "curation.json").write_text(notes)
        with pytest.raises(ValueError, match="must be"):
            quality.digest(str(copy))


def test_a_folder_that_is_missing_is_told_without_asking_the_hub(tmp_path, monkeypatch):
    import huggingface_hub

    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda *a, **k: pytest.fail("asked"))
    for name in ("./checkpoints/absent", f"{tmp_path}/absent", f"{tmp_path}/absent#quality"):
        refused_name(name)


def refused_name(name):
    for digest in (quality.digest, embedding.digest):
        with pytest.raises(ValueError, match="there is no folder"):
            digest(name)
