from curation.training.label_matching import match
from tests.curation.training.test_page_labels import (
    FIRST,
    KINDS,
    REPLY,
    SECOND,
    TEXTS,
    TITLE,
    C,
    M,
    N,
    T,
    labels_of,
)


def test_blocks_have_the_kinds_that_they_were_given():
    found = match(labels_of(), TEXTS)
    assert list(found.kinds) == KINDS
    assert found.lost_chars == 0


def test_blocks_that_are_cut_elsewhere_keep_their_kinds():
    texts = ["首", "页", TITLE, "早上出门，", "天还没亮。", SECOND, REPLY, "首页"]
    assert list(match(labels_of(), texts).kinds) == [N, N, T, M, M, M, C, N]


def test_blocks_that_run_together_have_the_kind_of_most_of_them():
    texts = ["首页" + TITLE, FIRST + SECOND + REPLY, "首页"]
    assert list(match(labels_of(), texts).kinds) == [T, M, N]


def test_a_block_that_was_not_there_has_no_kind():
    texts = [*TEXTS[:3], "一段新读出来的话", *TEXTS[3:]]
    found = match(labels_of(), texts)
    assert found.kinds[3] is None
    assert [*found.kinds[:3], found.kinds[-3], found.kinds[-2]] == [N, T, M, M, C]
    assert found.lost_chars == 0


def test_main_text_that_is_no_longer_read_is_counted():
    found = match(labels_of(), [text for text in TEXTS if text != SECOND])
    assert (found.main_chars, found.lost_chars) == (15, 7)


def test_other_blocks_that_are_no_longer_read_are_not_main_text_lost():
    assert match(labels_of(), [text for text in TEXTS if text != REPLY]).lost_chars == 0


def test_white_space_and_punctuation_may_be_read_otherwise():
    texts = [text.replace("，", " , ").replace("。", "") for text in TEXTS]
    assert list(match(labels_of(), texts).kinds) == KINDS


def test_equal_texts_are_told_apart_by_their_place():
    texts, kinds = ["回复", "正文一段", "回复", "回复"], [N, M, M, C]
    assert list(match(labels_of(texts, kinds), texts).kinds) == kinds


def test_a_block_without_letters_has_the_kind_of_both_its_neighbours():
    texts = ["正文一段", "※※※", "正文二段", "×", "首页", "|"]
    kinds = [M, M, M, N, N, N]
    assert list(match(labels_of(texts, kinds), texts).kinds) == [M, M, M, None, N, N]


def test_a_page_without_letters_has_no_kinds():
    assert list(match(labels_of(["※"], [M]), ["※"]).kinds) == [None]
