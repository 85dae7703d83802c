import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.fuzzy_dedup import Priority, rank


def test_every_document_has_the_same_rank_in_crawl_order():
    assert rank({"doc_id": "a", "text": "long"}, Priority.CRAWL_ORDER, 1) == 0


def test_the_longest_goes_first():
    four, three = ({"doc_id": "a", "text": text} for text in ("four", "one"))
    assert rank(four, Priority.LONGEST, 1) < rank(three, Priority.LONGEST, 1)
    assert rank({"doc_id": "a", "text": None}, Priority.LONGEST, 1) == 0


def test_the_random_order_hangs_on_seed_and_id_alone():
    row = {"doc_id": "a", "text": "four"}
    assert rank(row, Priority.RANDOM, 1) == rank(row | {"text": "other"}, Priority.RANDOM, 1)
    assert rank(row, Priority.RANDOM, 1) != rank(row, Priority.RANDOM, 2)


def test_random_ranks_fill_63_bits_evenly():
    ranks = [rank({"doc_id": str(i), "text": ""}, Priority.RANDOM, 1) for i in range(2000)]
    assert len(set(ranks)) == 2000
    assert abs(sum(r < 1 << 62 for r in ranks) - 1000) < 5 * 22.4  # standard error of a fair coin
    assert all(0 <= r < 1 << 63 for r in ranks)


def by_score(value) -> int:
    return rank({"doc_id": "a", "text": "", "q": value}, Priority.BEST_SCORE, 1, "q")


@given(st.lists(st.floats(allow_nan=False) | st.integers(-(1 << 40), 1 << 40), max_size=20))
def test_the_highest_score_goes_first_whatever_its_size_and_sign(values):
    ranks = [by_score(value) for value in sorted(values, reverse=True)]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len({float(value) for value in values})
    assert all(-(1 << 63) <= r < (1 << 63) - 1 for r in ranks)


@pytest.mark.parametrize("missing", [None, math.nan])
def test_documents_without_a_score_go_last(missing):
    assert by_score(missing) > by_score(-math.inf)


def test_a_score_may_be_a_field_of_a_column():
    rows = [{"measures": {"words": 3.0}}, {"measures": {"words": 2.0}}, {"measures": None}]
    ranks = [rank(row, Priority.BEST_SCORE, 1, "measures.words") for row in rows]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == 3


@pytest.mark.parametrize("value", ["0.5", True, [1.0]])
def test_a_score_that_is_no_number_is_refused(value):
    with pytest.raises(TypeError, match="score = 'q' must name a number"):
        by_score(value)


def test_a_score_that_is_not_there_is_refused():
    with pytest.raises(TypeError, match="there is no 'chars'"):
        rank({"measures": {"words": 1.0}}, Priority.BEST_SCORE, 1, "measures.chars")
