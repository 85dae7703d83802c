"""Two runs differ in the documents that a comparison of all their rows finds."""

import json
from collections import Counter

import pytest

from curation.inspect.difference.compare import ABSENT, compare_runs
from tests.commands import curate, message, output
from tests.curation.inspect.made_runs import make_run, page
from tests.curation.inspect.stages_of_numbers import Even, Scored

PAGES = [page(n, "x" * (n * 37 % 211)) for n in range(200)]


def ending(length, limit):
    score = length % 100 / 100
    if score == 0.99:
        return "quarantined by scored: unreadable"
    if score < limit:
        return "removed by scored: too_low"
    return "removed by even: odd_length" if length % 2 else "kept"


def runs(tmp_path, limit, pages=PAGES, **settings):
    one = make_run(tmp_path / "a", PAGES, [("first", [Scored()]), ("second", [Even()])])
    other = make_run(
        tmp_path / "b",
        pages,
        [("all", [Scored(min_score=limit), Even()])],
        parts=7,
        configuration=settings,
    )
    return one, other


def test_the_documents_that_ended_otherwise_are_those_that_did(tmp_path):
    found = compare_runs(*runs(tmp_path, 0.6), samples=2, seed=0)
    ends = {
        row["doc_id"]: (ending(len(row["text"]), 0.3), ending(len(row["text"]), 0.6))
        for row in PAGES
    }
    changed = {name: pair for name, pair in ends.items() if pair[0] != pair[1]}
    assert {one.doc_id: (one.before, one.after) for one in found.changes} == changed
    assert found.transitions == Counter(changed.values())
    assert (found.documents, found.changed) == (200, len(changed))
    assert sum(found.groups["language"].values()) == len(changed)
    for pair, examples in found.examples.items():
        assert len(examples) == min(2, found.transitions[pair])


def test_equal_runs_cut_in_other_parts_do_not_differ(tmp_path):
    found = compare_runs(*runs(tmp_path, 0.3), samples=2, seed=0)
    assert (found.changed, found.documents) == (0, 200)


def test_a_document_of_one_run_alone_is_told(tmp_path):
    found = compare_runs(*runs(tmp_path, 0.3, PAGES[:190]), samples=0, seed=0)
    assert {one.doc_id for one in found.changes} == {row["doc_id"] for row in PAGES[190:]}
    assert {one.after for one in found.changes} == {ABSENT}


def test_documents_of_one_id_are_matched_one_by_one(tmp_path):
    row = page(0, "x" * 40)
    twice = [row, {**row, "position": row["position"] + 1, "text": "x" * 45}]
    one = make_run(tmp_path / "a", twice, [("all", [Scored()])])
    other = make_run(tmp_path / "b", twice, [("all", [Scored(min_score=0.42)])])
    found = compare_runs(one, other, samples=1, seed=0)
    assert (found.documents, found.changed) == (2, 1)


def test_what_the_runs_were_made_with_is_told(tmp_path):
    one, other = runs(tmp_path, 0.6, **{"stage.scored.min_score": 0.6})
    found = compare_runs(one, other, samples=0, seed=0)
    assert list(found.settings) == ["stage.scored.min_score: not set | 0.6"]


def test_the_command_shows_it_and_writes_every_document(tmp_path):
    one, other = runs(tmp_path, 0.6)
    out = tmp_path / "changed.jsonl"
    shown = output("diff", "made/default", other, "--root", tmp_path / "a", "--out", out)
    assert "kept -> removed by scored: too_low" in shown
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(rows) == compare_runs(one, other, samples=0, seed=0).changed
    ran = curate("diff", "made/other", other, "--root", tmp_path / "a")
    assert ran.exit_code == 2
    assert "made/other: is no run" in message(ran)


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\u202e"])
def test_the_command_says_nothing_to_the_terminal(tmp_path, hostile):
    row, language = page(0, "x" * 60, url=f"http://a.example/{hostile}"), f"[red]{hostile}"
    one = make_run(tmp_path / "a", [row], [("all", [Scored(language=language)])])
    other = make_run(tmp_path / "b", [row], [("all", [Scored(0.7, language)])])
    shown = output("diff", one, other)
    assert hostile not in shown
    assert "[red]" in shown
