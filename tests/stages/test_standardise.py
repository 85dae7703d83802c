import gzip
import hashlib
import json
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stages.standardise import digest, identity, standardise

any_text = st.text(st.characters(exclude_categories=()))
marked_text = st.text(st.sampled_from("aÅİΑΣς.'!\u0301\u0323\u0307\u212b\u1e9e\u037e 　。，\x1c각"))


def by_definition(text: str) -> str:
    """The report's four steps, one character at a time."""
    folded = unicodedata.normalize("NFD", text).lower()
    bare = "".join(c for c in folded if not unicodedata.category(c).startswith("P"))
    return unicodedata.normalize("NFD", " ".join(bare.split()))


@given(any_text | marked_text)
@example("a\u0301!\u0323")
@example("Α'Σ ΑΣ. ΑΣ.Α")
@example("İ")
def test_standardising_twice_changes_nothing(text):
    once = standardise(text)
    assert standardise(once) == once


@given(any_text | marked_text)
def test_it_does_what_the_four_steps_say(text):
    assert standardise(text) == by_definition(text)


def test_every_character_of_unicode_is_stable_and_punctuation_alone_goes():
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) == "Cn":
            continue  # the regex module may know newer characters than this Python
        once = standardise(character)
        assert standardise(once) == once == by_definition(character), hex(code)


@pytest.mark.parametrize("text", ["", " \n\t　", "。，！？", "...", "\u3000—\u2028"])
def test_text_without_words_becomes_empty(text):
    assert standardise(text) == ""
    assert identity(text) == "d41d8cd98f00b204e9800998ecf8427e"


def test_symbols_and_digits_are_not_punctuation():
    assert standardise("C++ costs $5 (≥ 3)!") == "c++ costs $5 ≥ 3"


def test_full_width_letters_stay_what_they_are_because_nfd_is_canonical_only():
    assert standardise("ＡＢＣ，abc") == "ａｂｃabc"


def test_precomposed_and_decomposed_spellings_are_one():
    assert identity("Café ÅNGSTRÖM") == identity("Cafe\u0301 A\u030angstro\u0308m")


def test_one_other_word_gives_another_identity():
    assert identity("你好，世界") != identity("你好，世间")


def test_identity_is_the_md5_of_the_utf8_in_hexadecimal():
    assert identity("Hello, World!") == hashlib.md5(b"hello world").hexdigest()
    assert digest("Hello, World!").hex() == identity("Hello, World!")


def test_a_lone_surrogate_has_an_identity_of_its_own():
    assert len(identity("broken \ud800 text")) == 32
    assert identity("broken \ud800 text") != identity("broken \ud801 text")


def test_real_articles_are_standardised_as_the_four_steps_say(real_data):
    with gzip.open(
        real_data / "corpus" / "lctt_zh_sample.jsonl.gz", "rt", encoding="utf-8"
    ) as rows:
        texts = [json.loads(row)["text"] for row, _ in zip(rows, range(100), strict=False)]
    assert texts
    for text in texts:
        assert standardise(text) == by_definition(text)
