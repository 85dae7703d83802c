import pickle

from models.clutter import ClutterScore
from schemas.verdict import Decision, Edit
from stages.clutter import Clutter, ClutterReason, cut, judge
from tests.models.texts import CHINESE, CHINESE_MENU, ENGLISH, ENGLISH_MENU

TEXT = "Menu\n\nA first line.\nShare\nA last line."
SCORE = ClutterScore((0.1, None, 0.9, 0.2, 0.8))


def test_lines_under_the_threshold_are_cut_and_the_rest_is_joined():
    left, edits = cut(TEXT, SCORE, 0.3)
    assert left == "A first line.\nA last line."
    assert edits == (Edit(0, "Menu", "low_line_score"), Edit(3, "Share", "low_line_score"))


def test_a_line_that_reaches_the_threshold_stays():
    assert [edit.text for edit in cut(TEXT, SCORE, 0.2)[1]] == ["Menu"]


def test_a_text_without_clutter_is_left_as_it_is():
    text = "\n" + TEXT + "\n\n"
    score = ClutterScore((None, *SCORE.lines, None, None))
    assert cut(text, score, 0.0) == (text, ())


def test_blank_lines_between_lines_that_stay_stay_too():
    score = ClutterScore((0.9, None, 0.9, 0.1, 0.9))
    assert cut(TEXT, score, 0.5)[0] == "Menu\n\nA first line.\nA last line."


def test_a_document_of_clutter_alone_is_removed():
    verdict = judge(TEXT, SCORE, 0.95, 0)
    assert (verdict.decision, verdict.reason) == (Decision.REMOVE, ClutterReason.NOTHING_LEFT)
    assert len(verdict.edits) == 4


def test_a_document_of_which_too_little_is_left_is_removed_with_its_edits():
    verdict = judge(TEXT, SCORE, 0.3, 100)
    assert verdict.reason == ClutterReason.TOO_LITTLE_LEFT
    assert verdict.detail == "26 < min_width 100 after 2 lines were cut"
    assert verdict.columns["text"] == "A first line.\nA last line."


def test_a_short_document_that_lost_nothing_is_left_alone():
    assert judge(TEXT, SCORE, 0.0, 100).decision is Decision.KEEP


def test_the_mean_line_score_is_that_before_cutting():
    assert judge(TEXT, SCORE, 0.3, 0).columns["clutter_score"] == 0.5


def test_menus_around_prose_are_cut_and_the_prose_stays():
    stage_judge = Clutter(min_line_score=0.3).open()
    for prose, menu in ((ENGLISH, ENGLISH_MENU), (CHINESE, CHINESE_MENU)):
        (verdict,) = stage_judge([{"text": f"{menu}\n{prose}\n{menu}"}])
        assert verdict.decision is Decision.KEEP
        assert verdict.columns["text"].count("\n") < 2 + len(menu.split("\n"))
        assert prose in verdict.columns["text"]


def test_an_empty_text_has_nothing_left():
    (verdict,) = Clutter().open()([{"text": None}])
    assert verdict.reason == ClutterReason.NOTHING_LEFT
    assert Clutter().open()([]) == []


def test_judging_its_own_output_again_gives_the_same_kind_of_document():
    stage_judge = Clutter().open()
    (first,) = stage_judge([{"text": ENGLISH}])
    (second,) = stage_judge([{"text": first.columns["text"]}])
    assert first == second


def test_the_stage_survives_pickling_and_names_its_weights():
    stage = Clutter(min_line_score=0.4)
    assert pickle.loads(pickle.dumps(stage)) == stage
    assert len(stage.resources()["model embedded"]) == 64
