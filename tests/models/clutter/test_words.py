import numpy as np
import pytest

from models.clutter.context import word_columns
from models.clutter.features import Batch
from models.clutter.words import BUCKETS, line_scores, terms_of
from models.text.reading import Reading


def terms(text):
    lines, buckets = terms_of(Reading(text))
    return [set(buckets[lines == number].tolist()) for number in range(text.count("\n") + 1)]


def test_a_word_falls_into_the_same_bucket_in_every_line_and_case():
    one, other = terms("share this page\nPAGE of Share")
    assert len(one & other) == 2


def test_the_order_of_words_matters_and_so_do_first_and_last():
    one, other = terms("read more\nmore read")
    assert len(one) == len(other) == 5
    assert len(one & other) == 2


def test_no_term_reaches_over_a_line_feed():
    assert terms("mill\nwheel") == [terms("mill")[0], terms("wheel")[0]]


def test_chinese_characters_are_terms_by_themselves_and_in_pairs():
    assert len(terms("水车坊")[0]) == 3 + 2 + 2


def test_a_line_without_words_has_no_terms_and_scores_nothing():
    assert terms("...\n") == [set(), set()]
    ones = np.ones(BUCKETS, np.int8)
    assert line_scores(Reading("...\n"), ones, 2).tolist() == [0.0, 0.0]


def test_a_line_scores_its_weights_over_the_root_of_their_number():
    weights = np.zeros(BUCKETS, np.int8)
    [first] = terms("mill")[0] & terms("the mill wheel")[0]
    weights[first] = 60
    scores = line_scores(Reading("mill\nthe mill wheel"), weights, 2)
    assert scores.tolist() == pytest.approx([60 / 3**0.5, 60 / 7**0.5])


def test_the_scores_around_a_line_end_with_its_document():
    batch = Batch.of([["a", "b", "c"], ["d"]])
    columns = word_columns(batch, np.array([1.0, 2.0, 6.0, 9.0]))
    assert columns["words_+1"].tolist() == [2, 6, 0, 0]
    assert columns["words_-1"].tolist() == [0, 1, 2, 0]
    assert columns["words_before"].tolist() == [0, 1, 1.5, 0]
    assert columns["words_behind"].tolist() == [4, 6, 0, 0]
    assert columns["words_of_all"].tolist() == [3, 3, 3, 9]
