import pytest

from models import tokenizer as tokenizers
from models.tokenizer import definition
from models.tokenizer.fit import fit
from tests.models.texts import CHINESE, ENGLISH


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    path = tmp_path_factory.mktemp("tokenizer") / "tokenizer.json.gz"
    path.write_bytes(fit(iter([ENGLISH, CHINESE]), vocabulary_size=400))
    return path


def test_a_text_that_was_not_seen_comes_back_unchanged(fitted, monkeypatch):
    monkeypatch.setattr(definition, "WEIGHTS", fitted)
    made = tokenizers.load()
    text = "Größe 桥梁 {x}\r\n\t…"
    [ids] = made.encode([text])
    assert made.decode(ids) == text
    assert (made.vocabulary_size, made.eos_id) == (400, 0)


def test_the_same_texts_give_the_same_bytes(fitted):
    assert fit(iter([ENGLISH, CHINESE]), vocabulary_size=400) == fitted.read_bytes()
