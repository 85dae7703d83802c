import gzip
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.tokenizer import EMBEDDED_EOS, WEIGHTS, TokenizerError, load

TOKENIZER = load()
DEFINITION = gzip.decompress(WEIGHTS.read_bytes())

BUSY = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
"""The machine may be busy: no test fails for being slow."""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tokenizer.json").write_bytes(DEFINITION)
    return tmp_path


def state_eos(folder, token, name="tokenizer_config.json"):
    (folder / name).write_text(json.dumps({"eos_token": token}))


@BUSY
@given(st.text())
def test_every_text_comes_back_unchanged(text):
    assert TOKENIZER.decode(TOKENIZER.encode([text])[0]) == text


@pytest.mark.parametrize(
    "text",
    [
        "春眠不觉晓，处处闻啼鸟。",
        "Zwölf  Boxkämpfer\r\n\tjagen",
        "𠮷野家 👩‍👩‍👧 \x00 \ufeff",
        " \n \n",
    ],
)
def test_texts_of_all_kinds_come_back_unchanged(text):
    assert TOKENIZER.decode(TOKENIZER.encode([text])[0]) == text


def test_an_end_token_written_in_a_text_is_plain_text():
    ids = TOKENIZER.encode([f"before {EMBEDDED_EOS} after"])[0]
    assert TOKENIZER.eos_id not in ids
    assert TOKENIZER.decode(ids) == f"before {EMBEDDED_EOS} after"


def test_counts_are_the_lengths_of_the_ids():
    texts = ["", "one two three", "一二三四五六七"]
    assert TOKENIZER.count(texts) == [len(ids) for ids in TOKENIZER.encode(texts)]
    assert TOKENIZER.count([""]) == [0]


def test_common_words_are_single_tokens_in_both_languages():
    assert TOKENIZER.count(["我们", "技术", " the", " people"]) == [1, 1, 1, 1]


def test_a_folder_and_a_file_give_the_same_tokenizer(folder):
    state_eos(folder, {"content": EMBEDDED_EOS, "lstrip": False})
    by_folder = load(str(folder))
    by_file = load(str(folder / "tokenizer.json"))
    assert by_folder.digest == by_file.digest == TOKENIZER.digest
    assert by_folder.eos_id == TOKENIZER.eos_id == 0
    assert by_folder.vocabulary_size == 16_384


def test_the_end_token_may_stand_in_the_special_tokens_map(folder):
    state_eos(folder, EMBEDDED_EOS, "special_tokens_map.json")
    assert load(str(folder)).eos_token == EMBEDDED_EOS


def test_no_stated_end_token_is_refused(folder):
    with pytest.raises(TokenizerError, match=r"tokenizer .*: no eos_token"):
        load(str(folder))


def test_an_end_token_outside_the_vocabulary_is_refused(folder):
    with pytest.raises(TokenizerError, match="'</done>' is not in its vocabulary"):
        load(str(folder), eos_token="</done>")


def test_an_ordinary_token_as_the_end_is_refused():
    with pytest.raises(TokenizerError, match="'the' is an ordinary token"):
        load(eos_token="the")


def test_a_folder_without_a_definition_is_refused(tmp_path):
    with pytest.raises(TokenizerError, match=r"has no tokenizer\.json"):
        load(str(tmp_path))


def test_a_file_that_is_no_tokenizer_is_refused(tmp_path):
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(TokenizerError, match=r"not a tokenizer\.json"):
        load(str(tmp_path), eos_token=EMBEDDED_EOS)


def test_a_longer_vocabulary_by_added_tokens_counts(folder):
    definition = json.loads(DEFINITION)
    definition["added_tokens"].append(
        {
            "id": 20_000,
            "content": "<extra>",
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
    )
    (folder / "tokenizer.json").write_text(json.dumps(definition))
    assert load(str(folder), eos_token="<extra>").vocabulary_size >= 16_385
