import gzip
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken
from tokenizers import Tokenizer as Engine

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


def add(folder, *tokens, special=True):
    """Tokens that the tokenizer's file adds to its vocabulary."""
    engine = Engine.from_str(DEFINITION.decode())
    engine.add_tokens([AddedToken(token, special=special, normalized=False) for token in tokens])
    (folder / "tokenizer.json").write_text(engine.to_str())


def test_without_a_padding_token_padding_is_the_first_id_that_no_token_has(folder):
    assert (TOKENIZER.pad_token, TOKENIZER.pad_id) == ("", 16_384)
    add(folder, "<extra>")
    assert load(str(folder), eos_token=EMBEDDED_EOS).pad_id == 16_385


def test_a_stated_padding_token_is_padding(folder):
    add(folder, "<pad>")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"eos_token": EMBEDDED_EOS, "pad_token": {"content": "<pad>"}})
    )
    found = load(str(folder))
    assert (found.pad_token, found.pad_id) == ("<pad>", 16_384)


@pytest.mark.parametrize("stated", [EMBEDDED_EOS, "the", "<not there>"])
def test_a_stated_padding_token_that_is_an_end_or_text_is_not_used(folder, stated):
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"eos_token": EMBEDDED_EOS, "pad_token": stated})
    )
    assert (load(str(folder)).pad_token, load(str(folder)).pad_id) == ("", 16_384)


@pytest.mark.parametrize(
    ("token", "fault"),
    [
        (EMBEDDED_EOS, "is the end token"),
        ("the", "'the' is an ordinary token"),
        ("<pad>", "pad_token '<pad>' is not in its vocabulary"),
    ],
)
def test_padding_that_cannot_be_told_from_text_or_ends_is_refused(token, fault):
    with pytest.raises(TokenizerError, match=fault):
        load(pad_token=token)


def test_special_tokens_that_a_file_adds_are_text_in_a_text_and_others_are_tokens(folder):
    add(folder, "<tool>", special=True)
    found = load(str(folder), eos_token=EMBEDDED_EOS)
    assert 16_384 not in found.encode(["a <tool> b"])[0]
    add(folder, "<tool>", special=False)
    found = load(str(folder), eos_token=EMBEDDED_EOS)
    assert 16_384 in found.encode(["a <tool> b"])[0]


def test_a_configuration_that_is_no_json_is_named(folder):
    (folder / "tokenizer_config.json").write_text("eos: x")
    with pytest.raises(TokenizerError, match=r"tokenizer_config\.json: is no JSON"):
        load(str(folder))


class TestSentencePiece:
    """A model that is trained here, beside the package's own reading of it."""

    @pytest.fixture(scope="class")
    def train(self, tmp_path_factory):
        sentencepiece = pytest.importorskip("sentencepiece")

        def train(**options):
            texts = tmp_path_factory.mktemp("spm") / "texts"
            texts.write_text("".join(f"word{n} 中文数据 the end\n" for n in range(200)))
            model = texts.with_suffix(".model")
            sentencepiece.SentencePieceTrainer.train(
                input=str(texts),
                model_prefix=str(model.with_suffix("")),
                vocab_size=30,
                minloglevel=2,
                **options,
            )
            return model

        return train

    def test_its_ids_are_those_of_sentencepiece(self, train):
        import sentencepiece

        model = train()
        found = load(str(model))
        oracle = sentencepiece.SentencePieceProcessor(model_file=str(model))
        texts = ["the end 中文", "", "word7 </s> word8"]
        assert [list(ids) for ids in found.encode(texts)] == oracle.encode(texts)
        assert found.count(texts) == [len(ids) for ids in oracle.encode(texts)]
        assert (found.eos_token, found.eos_id, found.pad_id) == ("</s>", oracle.eos_id(), 30)
        assert found.eos_id not in found.encode(["the </s> end"])[0]
        ids = [*found.encode(["the end"])[0], found.eos_id]
        assert found.decode(ids) == "the end</s>"

    def test_its_own_padding_is_padding(self, train):
        assert load(str(train(pad_id=3))).pad_id == 3

    def test_a_folder_with_a_model_is_one(self, train, tmp_path):
        (tmp_path / "tokenizer.model").write_bytes(train().read_bytes())
        assert load(str(tmp_path)).vocabulary_size == 30

    def test_one_without_an_end_token_is_refused(self, train):
        with pytest.raises(TokenizerError, match="no eos_token in it"):
            load(str(train(eos_id=-1)))

    def test_what_is_no_model_is_refused(self, tmp_path):
        pytest.importorskip("sentencepiece")
        (tmp_path / "tokenizer.model").write_bytes(b"not a model")
        with pytest.raises(TokenizerError, match="not a SentencePiece model"):
            load(str(tmp_path))
