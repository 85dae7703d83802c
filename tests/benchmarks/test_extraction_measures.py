import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.extraction_measures import Measures, Truth, longest_common_subsequence, measure
from benchmarks.extraction_texts import Block, BlockKind, Searchable

TRUTH = "The mill was built by monks.\nIt ground flour for the abbey."


def english(text, **known):
    return Truth(text, "en", **known)


def by_table(one, other):
    """The longest common subsequence as textbooks have it."""
    row = [0] * (len(other) + 1)
    for word in one:
        above = row
        row = [0]
        for place, against in enumerate(other):
            row.append(above[place] + 1 if word == against else max(above[place + 1], row[-1]))
    return row[-1]


@given(
    st.lists(st.sampled_from("abcd"), max_size=90), st.lists(st.sampled_from("abce"), max_size=90)
)
def test_the_longest_common_subsequence_is_that_of_the_textbook(one, other):
    assert longest_common_subsequence(one, other) == by_table(one, other)


def test_the_longest_common_subsequence_of_long_texts_is_that_of_the_textbook():
    draw = random.Random(1)
    one, other = (draw.choices("abcdefghij", k=700) for _ in range(2))
    assert longest_common_subsequence(one, other) == by_table(one, other)


def test_the_truth_itself_scores_one_in_everything():
    found = measure(TRUTH, english(TRUTH, wanted=("built by monks",), unwanted=("Subscribe",)))
    assert found.named() == {
        "f1": 1,
        "precision": 1,
        "recall": 1,
        "rouge_l": 1,
        "wanted": 1,
        "unwanted": 0,
    }


@pytest.mark.parametrize("found", ["", "Quite another text"])
def test_a_text_without_a_true_word_scores_zero(found):
    assert measure(found, english(TRUTH)) == Measures(0, 0, 0, 0)


def test_precision_falls_with_what_is_too_much_and_recall_with_what_is_missing():
    more = measure(f"{TRUTH} {'menu ' * 12}", english(TRUTH))
    less = measure("The mill was built by monks.", english(TRUTH))
    assert (more.precision, more.recall) == (0.5, 1)
    assert (less.precision, less.recall) == (1, 0.5)


def test_a_word_counts_as_often_as_the_truth_has_it():
    assert measure("mill mill mill mill", english("mill a b c")).f1 == 0.25


def test_order_shows_in_rouge_l_alone():
    turned = "\n".join(reversed(TRUTH.splitlines()))
    found = measure(turned, english(TRUTH))
    assert found.f1 == 1
    assert found.rouge_l == 0.5


def test_chinese_is_compared_by_characters_without_white_space():
    found = measure("水 车\n灌", Truth("水车灌溉", "zh"))
    assert (found.precision, found.recall) == (1, 0.75)


def test_snippets_are_found_whatever_their_spaces_and_points():
    text = "Share Facebook. The mill was built."
    known = english(text, wanted=("The mill, was built", "not there"), unwanted=("ShareFacebook",))
    found = measure(text, known)
    assert (found.wanted, found.unwanted) == (0.5, 1)


def test_a_snippet_without_letters_is_no_snippet():
    assert measure("a", english("a", wanted=("...",))).wanted is None


CODE = Block(BlockKind.CODE_LINE, "    return mill(flour)")


def test_a_line_of_code_is_kept_if_it_is_a_line_of_the_text():
    truth = english("Call it:\nreturn mill(flour)\nDone.", blocks=(CODE,))
    assert measure("Call it:\nreturn mill(flour)\nDone.", truth).kept == {CODE.kind: 1}
    assert measure("Call it: return mill(flour) Done.", truth).kept == {CODE.kind: 0}


def test_a_truth_that_has_code_in_markdown_alone_has_it():
    truth = english("Call it.", structured="```\nreturn mill(flour)\n```", blocks=(CODE,))
    assert measure("Call it.", truth).kept == {CODE.kind: 0}


def test_what_is_not_in_the_truth_leaks_if_it_is_found():
    comment = Block(BlockKind.COMMENT, "I have never seen a mill as fine as this one")
    truth = english(TRUTH, blocks=(comment,))
    assert measure(TRUTH, truth).leaked == {BlockKind.COMMENT: 0}
    leaked = measure(f"{TRUTH}\n{comment.text}", truth)
    assert leaked.leaked == {BlockKind.COMMENT: 1}
    assert leaked.kept == {}


def test_a_row_is_kept_if_its_cells_stand_in_order():
    row = Block(BlockKind.TABLE_ROW, "2019 1.5 tons wheat")
    truth = english("2019\t1.5 tons\twheat", blocks=(row,))
    assert measure("| 2019 | 1.5 tons | wheat |", truth).kept == {row.kind: 1}
    assert measure("2019\n2020\n1.5 tons\n1.6 tons\nwheat\nrye", truth).kept == {row.kind: 0}


def test_a_formula_belongs_to_the_paragraph_that_it_stands_in():
    formula = Block(BlockKind.FORMULA, r"\frac{a}{b}=c", beside="The mill was built by monks.")
    truth = english(TRUTH, blocks=(formula,))
    assert measure(TRUTH, truth).kept == {formula.kind: 0}
    assert measure(rf"{TRUTH} $\frac{{a}}{{b}} = c$", truth).kept == {formula.kind: 1}


def test_a_short_block_must_be_there_word_for_word():
    text = Searchable("a flour mill stands here")
    assert text.has(Block(BlockKind.TABLE_ROW, "flour mill"))
    assert not text.has(Block(BlockKind.TABLE_ROW, "mill flour"))
    assert not text.has(Block(BlockKind.TABLE_ROW, "our mill"))
