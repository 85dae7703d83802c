import textwrap

import pytest

from models.clutter import BATCH, ClutterScore, judged_lines, load, score, spread
from models.clutter.features import FAR, line_features
from tests.models.texts import CHINESE, CHINESE_MENU, ENGLISH, ENGLISH_MENU


def test_paragraphs_score_above_every_line_of_a_menu_around_them():
    for text, menu in ((ENGLISH, ENGLISH_MENU), (CHINESE, CHINESE_MENU)):
        size = len(menu.split("\n"))
        (result,) = score([f"{menu}\n{text}\n{menu}"])
        paragraphs = result.lines[size : size + 3]
        others = result.lines[:size] + result.lines[size + 3 :]
        assert min(paragraphs) > max(others)


def test_a_paragraph_that_is_all_of_a_document_is_main_text_and_a_menu_line_is_not():
    for text, menu in ((ENGLISH, ENGLISH_MENU), (CHINESE, CHINESE_MENU)):
        (alone,) = zip(*(result.lines for result in score(text.split("\n"))), strict=True)
        assert min(alone) > 0.3
        assert max(result.mean for result in score(menu.split("\n"))) < 0.3


def test_a_blank_line_has_no_score_and_the_others_keep_their_places():
    (result,) = score([f"\n{ENGLISH}\n \n"])
    assert [line is None for line in result.lines] == [True, False, False, False, True, True]


def test_code_and_table_rows_are_not_judged():
    (result,) = score([f"{ENGLISH}\n| Maine | 17 | 63.9 |\nreturn x;\n|  | Home > News |  |"])
    assert [line is None for line in result.lines] == [False] * 3 + [True, True, False]


def test_prose_with_hard_line_ends_stays_whole():
    wrapped = "\n".join(textwrap.wrap(ENGLISH.replace("\n", " ") * 3, 72))
    assert min(score([wrapped])[0].lines) > 0.3


def test_the_mean_leaves_blank_lines_out():
    assert ClutterScore((0.2, None, 0.4)).mean == 0.6000000000000001 / 2
    assert ClutterScore((None,)).mean == 0.0


def test_an_empty_text_has_one_blank_line():
    assert score(["", "\n"]) == [ClutterScore((None,)), ClutterScore((None, None))]
    assert score([]) == []


def test_a_repeated_line_is_known_to_be_one():
    features = line_features(["Read on", "A sentence of its own.", "Read on"])
    assert [row["repeated"] for row in features] == [1.0, 0.0, 1.0]


def test_places_are_counted_from_both_ends():
    features = line_features([str(i) for i in range(11)])
    assert [row["place"] for row in features] == [i / 10 for i in range(11)]
    assert [row["from_start"] for row in features] == list(range(11))
    assert [row["from_end"] for row in features] == list(range(11))[::-1]


def test_the_distance_to_a_paragraph_leaves_the_line_itself_out():
    features = line_features(["x" * 200, "a", "b", "y" * 200])
    assert [row["long_after"] for row in features] == [3, 2, 1, FAR]
    assert [row["long_before"] for row in features] == [FAR, 1, 2, 3]


@pytest.mark.parametrize("size", [1, BATCH - 1, BATCH, BATCH + 1])
def test_scores_do_not_depend_on_how_many_texts_are_read_at_once(size):
    model = load()
    texts = [(ENGLISH, CHINESE, f"{ENGLISH_MENU}\n{ENGLISH}", "")[i % 4] for i in range(size)]
    alone = {text: model.score([text])[0] for text in set(texts)}
    assert model.score(texts) == [alone[text] for text in texts]


def test_a_title_over_its_text_stays():
    for title, text in (("The bridge of Aldon", ENGLISH), ("阿尔登的桥", CHINESE)):
        (result,) = score([f"{title}\n{text}"])
        assert result.lines[0] > 0.3


def test_scores_do_not_depend_on_the_other_texts_of_a_batch():
    model = load()
    assert model.score([ENGLISH, CHINESE, ""]) == [
        model.score([text])[0] for text in (ENGLISH, CHINESE, "")
    ]


def test_scores_are_spread_over_the_lines_that_are_judged():
    assert judged_lines("a\n\n b \n") == ["a", " b "]
    assert spread("a\n\n b \n", [0.1, 0.9]).lines == (0.1, None, 0.9, None)
