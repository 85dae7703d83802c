import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text.folding import PUNCTUATION, fold

any_text = st.text(st.characters(exclude_categories=()))


@given(any_text | st.text(st.sampled_from("aÅİΣς.'! 　。，")))
def test_the_compiled_pass_does_what_python_does(text):
    bare = "".join(c for c in text.lower() if not unicodedata.category(c).startswith("P"))
    assert fold(text) == " ".join(bare.split())


@pytest.mark.parametrize("text", ["ΑΣ. ΑΣ", "İstanbul", "a \ud800, B"])
def test_what_the_table_cannot_tell_is_folded_all_the_same(text):
    assert fold(text) == " ".join(PUNCTUATION.sub("", text.lower()).split())


def test_symbols_are_no_punctuation():
    assert fold("C++ costs $5 (≥ 3)!") == "c++ costs $5 ≥ 3"
