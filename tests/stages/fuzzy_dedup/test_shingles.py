from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text.segmenter import cut
from stages.fuzzy_dedup.shingles import shingle
from stages.standardise import standardise


def shingles_of(texts: list[str], width: int = 5) -> list[list[str]]:
    found = shingle(texts, width)
    spans = [
        bytes(found.buffer[start : start + length]).decode()
        for start, length in zip(found.starts, found.lengths, strict=True)
    ]
    ends = found.offsets.tolist()
    return [spans[first:last] for first, last in pairwise(ends)]


def expected(text: str, width: int = 5) -> list[str]:
    tokens = cut(standardise(text))
    if not tokens:
        return []
    return [" ".join(tokens[i : i + width]) for i in range(max(1, len(tokens) - width + 1))]


def test_a_sentence_gives_every_run_of_five_tokens():
    assert shingles_of(["One, two three; four five. Six!"]) == [
        ["one two three four five", "two three four five six"]
    ]


def test_a_document_of_fewer_tokens_is_one_shingle_of_all():
    assert shingles_of(["just three words"]) == [["just three words"]]


@pytest.mark.parametrize("text", ["", "   \n", "。!?…", "\u2028"])
def test_a_document_without_tokens_has_no_shingle(text):
    assert shingles_of([text]) == [[]]


def test_shingles_never_cross_from_one_document_to_the_next():
    first, second = "a b c d e f", "今天 天气 很好 我们 出去 玩"
    assert shingles_of([first, "", second]) == [expected(first), [], expected(second)]


def test_an_empty_batch_has_no_documents():
    assert shingles_of([]) == []


def test_a_lone_surrogate_does_not_stop_the_batch():
    broken = "one two \ud800 three four five six"
    assert shingles_of([broken, "a b"])[1] == ["a b"]


@given(st.lists(st.text(), max_size=5), st.integers(1, 7))
def test_any_texts_are_shingled_as_the_plain_definition_says(texts, width):
    assert shingles_of(texts, width) == [expected(text, width) for text in texts]


def test_real_pages_are_shingled_as_the_plain_definition_says(real_texts):
    assert shingles_of(real_texts) == [expected(text) for text in real_texts]
