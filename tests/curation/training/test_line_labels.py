import json

from curation.labelling.records import digest_of_line
from curation.training.clutter import wrap
from curation.training.line_labels import label_lines, read_line_labels
from tests.models.texts import CHINESE, ENGLISH


def test_a_line_of_the_truth_is_main_text_and_a_menu_line_is_not():
    lines = [
        ENGLISH.split("\n")[1],
        "Skip to content",
        CHINESE.split("\n")[0],
        "更多精彩内容请关注",
    ]
    assert label_lines(lines, f"{ENGLISH}\n{CHINESE}") == [True, False, True, False]


def test_a_piece_of_a_line_of_the_truth_is_main_text():
    assert label_lines(wrap([CHINESE.split("\n")[1]], 20)[:3], CHINESE) == [True] * 3


def test_a_line_of_which_half_is_in_the_truth_is_not_labelled():
    half = (
        ENGLISH.split("\n")[0][:80] + " subscribe now to read all that our reporters have found out"
    )
    assert label_lines([half], ENGLISH) == [None]


def test_a_short_line_that_only_occurs_inside_another_is_not_labelled():
    assert label_lines(["bridge", "The town"], ENGLISH) == [None, None]


def test_the_title_and_blank_lines_are_not_labelled():
    assert label_lines(["The bridge of Aldon", " "], ENGLISH, "The Bridge of Aldon") == [None, None]


def test_a_short_line_that_a_title_happens_to_hold_is_labelled():
    assert label_lines(["Home"], ENGLISH, "The homes of Aldon") == [False]


def test_labels_that_were_read_are_there_for_both_languages():
    found = read_line_labels()
    assert sum(map(len, found.values())) > 8000
    assert 0.02 < sum(not value for one in found.values() for value in one.values()) / 8000 < 0.2


def test_second_passes_and_lists_are_no_labels_to_learn_from(tmp_path):
    lines = [[digest_of_line("Share"), 0], [digest_of_line("The mill"), 1]]
    listing = [*lines, [digest_of_line("Home"), 0], [digest_of_line("More"), 0]]
    rows = [
        {"id": "a", "pass": 1, "annotator": "a reader", "lines": lines},
        {"id": "a", "pass": 2, "annotator": "a reader", "lines": listing[::2]},
        {"id": "b", "pass": 1, "annotator": "a reader", "lines": listing},
    ]
    (tmp_path / "lines_en.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert read_line_labels(tmp_path) == {
        "a": {digest_of_line("Share"): False, digest_of_line("The mill"): True}
    }
