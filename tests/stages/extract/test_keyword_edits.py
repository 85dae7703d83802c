"""The keyword lines that extraction cuts stand in the verdict, with the places that they had."""

import pytest

from curation import judge
from curation.inspect.report.excerpt import excerpt
from stages.extract import Extract, TextFormat

SENTENCE = (
    "The river rises in the northern hills and runs for ninety miles before it meets the sea."
)
PAGE = f"""<html><head><title>On rivers</title></head><body><article><p>Share this:</p><h1>On rivers</h1>
<p>{SENTENCE}</p><p>Its course is clear and cold, and few people live on its banks nowadays.</p>
<p>责任编辑：王某</p></article></body></html>"""
CUT = ["Share this:", "责任编辑：王某"]


@pytest.fixture
def judged(tmp_path):
    """The row of a page of a site whose rule takes all of the article."""
    (tmp_path / "e.toml").write_text('domains = ["e.org"]\n[extract]\nbody = ["//article"]\n')

    def one(html, **settings):
        stage = Extract(sites=str(tmp_path), **settings)
        [row] = judge([{"html": html, "url": "http://e.org/"}], [stage]).to_pylist()
        return row

    return one


@pytest.mark.parametrize("form", list(TextFormat))
def test_keyword_lines_are_edits_that_stand_around_the_text_again(judged, form):
    row = judged(PAGE, format=form)
    assert [edit["text"] for edit in row["edits"]] == CUT
    assert {(edit["stage"], edit["reason"]) for edit in row["edits"]} == {
        ("extract", "keyword_line")
    }
    shown = excerpt(row["text"], len(row["text"]), row["edits"])
    assert [line.text for line in shown if line.stage] == CUT
    assert [shown[0].text, shown[-1].text] == CUT
    assert "\n".join(line.text for line in shown if not line.stage) == row["text"]


def test_a_text_without_keyword_lines_has_no_edits(judged):
    page = PAGE.replace("<p>Share this:</p>", "").replace("<p>责任编辑：王某</p>", "")
    assert not judged(page)["edits"]


def test_a_page_that_is_too_short_has_its_edits_too(judged):
    row = judged(PAGE, min_text_chars=10_000)
    assert row["reason"] == "text_too_short"
    assert [edit["text"] for edit in row["edits"]] == CUT
