"""Where the documents of a run ended, and which runs will do."""

import pytest

from curation.errors import UsageError
from curation.labelling.run_documents import ends, open_run, put_back
from curation.labelling.tasks import find_task
from models.clutter import ClutterScore
from stages.clutter import cut
from tests.curation.labelling.finished_run import STEPS, Page, pages, write_run


def test_every_page_with_a_text_ended_once_where_it_ended(tmp_path):
    made = [*pages(60), Page(99, "x", ends="quarantine by rules")]
    run = open_run(str(write_run(tmp_path, made, parts=3)), find_task("page_type"))
    expected = {p.doc_id: p.ends or "kept" for p in made[:-1] if p.ends != "url_filter"}
    found = list(ends(run))
    assert {one.doc_id: one.end for one in found} == expected
    assert len(found) == len(expected)


def test_a_document_has_the_score_and_class_of_the_stage_if_it_came_so_far(tmp_path):
    made = [
        Page(1, "a", page_type="article", score=0.75),
        Page(2, "b", page_type="listing", score=0.75),
        Page(3, "c", ends="rules"),
    ]
    run = open_run(str(write_run(tmp_path, made)), find_task("page_type"))
    found = {one.position: (one.value, one.score) for one in ends(run)}
    assert found == {1: ("article", 0.75), 2: ("listing", 0.25), 3: ("", None)}


@pytest.mark.parametrize("low", [(0,), (3,), (0, 2), (1, 2), (0, 1, 2, 3), ()])
def test_lines_that_the_stage_cut_come_back_to_their_places(low):
    text = "one\ntwo\nthree\nfour"
    scores = tuple(0.0 if number in low else 1.0 for number in range(4))
    left, edits = cut(text, ClutterScore(scores), 0.5)
    rows = [{"line": edit.line, "text": edit.text} for edit in edits]
    assert put_back(left, rows) == text


def test_a_run_without_the_stage_says_which_it_had(tmp_path):
    steps = {"prepare": STEPS["prepare"]}
    folder = str(write_run(tmp_path, [Page(1, "a")], steps=steps))
    with pytest.raises(
        UsageError, match=r"had no stage quality, .* url_filter, extract, language$"
    ):
        open_run(folder, find_task("quality"))


def test_a_run_that_is_not_finished_is_refused(tmp_path):
    folder = write_run(tmp_path, [Page(1, "a")])
    (folder / "02-rules-x" / "_manifest.json").unlink()
    with pytest.raises(UsageError, match="02-rules-x: this step of the run is not done"):
        open_run(str(folder), find_task("quality"))
