"""A sample as it is written: whole, the same bytes from any parts, hostile text included."""

import json

import pytest

from curation.labelling.questions import MAX_LINE_CHARS, excerpt, load_questions
from curation.labelling.records import digest_of_line, digest_of_text
from tests.commands import curate, message, output
from tests.curation.labelling.finished_run import NAV, STEPS, Page, pages, write_run

HOSTILE = "NUL \0 and \u202e bidi </script><b>\nsecond \u2028 line"


def export(root, task="quality", *more):
    out = root / "questions.jsonl"
    output("label", "export", task, "--root", root, "--out", out, *more)
    return load_questions(str(out))


def test_a_question_says_all_that_an_annotator_needs(tmp_path):
    page = Page(1, f"{NAV}\nStory of the mill.", language="zh", score=0.9)
    write_run(tmp_path, [page])
    [question] = export(tmp_path, "page_type")
    assert (question.doc_id, question.url) == (page.doc_id, "http://www.a.example/1")
    assert (question.title, question.text, question.language) == ("Page 1", page.text, "zh")
    assert question.text_digest == digest_of_text(page.text)
    assert question.values[:2] == ("article", "product")  # as the run's stage was configured
    assert {"listing", "gambling"} < set(question.values)
    assert "visitor" in question.question["en"]
    assert question.question["zh"]
    assert question.guide == "docs/annotation/page_type.md"
    assert (question.run, question.stratum.end, question.weight) == ("demo/default", "kept", 1.0)
    assert question.stratum.scores == "0.6 to 1"


def test_clutter_asks_for_each_line_that_is_not_blank(tmp_path):
    write_run(tmp_path, [Page(1, f"{NAV}\n\nStory.")])
    [question] = export(tmp_path, "clutter")
    assert [(line.number, line.digest) for line in question.lines] == [
        (0, digest_of_line(NAV)),
        (2, digest_of_line("Story.")),
    ]
    assert question.values == ("main", "clutter")


def test_category_has_the_classes_of_the_runs_taxonomy(tmp_path):
    write_run(tmp_path, [Page(1, "Story.")])
    [question] = export(tmp_path, "category")
    assert len(question.values) == 200
    assert "world_history" in question.values


def test_the_same_run_gives_the_same_bytes_from_any_parts(tmp_path):
    made, written = pages(120), []
    for parts in (1, 5):
        root = tmp_path / str(parts)
        write_run(root, made, parts=parts)
        export(root, "page_type", "-n", 40, "--max-per-site", 6)
        written.append((root / "questions.jsonl").read_bytes())
    assert written[0] == written[1]
    assert len(written[0].splitlines()) == 40


def test_removed_documents_are_in_the_sample_with_their_texts(tmp_path):
    made = pages(120)
    write_run(tmp_path, made)
    found = {question.stratum.end: question for question in export(tmp_path, "page_type", "-n", 60)}
    assert set(found) == {"kept", "rules", "page_type", "quality"}
    texts = {page.doc_id: page.text for page in made}
    assert all(question.text == texts[question.doc_id] for question in found.values())


def test_weights_add_up_to_the_documents_that_have_a_text(tmp_path):
    made = [*pages(120), Page(500, "  \n"), Page(501, "")]
    write_run(tmp_path, made)
    questions = export(tmp_path, "quality", "-n", 200, "--max-per-site", 200)
    assert sum(question.weight for question in questions) == len(questions)
    with_text = [page for page in made if page.ends != "url_filter" and page.text.strip()]
    assert len(questions) == len(with_text)


def test_standard_output_has_nothing_but_questions(tmp_path):
    write_run(tmp_path, pages(30))
    export(tmp_path)
    ran = curate("label", "export", "quality", "--root", tmp_path, "--out", "-")
    assert ran.stdout_bytes == (tmp_path / "questions.jsonl").read_bytes()
    assert "questions, drawn from" in ran.stderr


def test_it_says_when_the_cap_on_sites_leaves_fewer_than_asked_for(tmp_path):
    write_run(tmp_path, [Page(n, f"Story {n}.") for n in range(30)])
    said = output(
        *("label", "export", "quality", "--root", tmp_path, "--out", tmp_path / "q.jsonl"),
        *("--max-per-site", 4),
    )
    assert "4 questions, drawn from 30 documents" in said
    assert "no more are left of at most 4 of each site" in said


def test_hostile_text_and_ten_megabytes_are_read_back(tmp_path):
    write_run(tmp_path, [Page(1, HOSTILE), Page(2, "x" * 10_000_000), Page(3, "y\n" * 1_000_000)])
    questions = {question.doc_id: question for question in export(tmp_path, "clutter")}
    assert questions[Page(1, "").doc_id].text == HOSTILE
    long = questions[Page(2, "").doc_id]
    assert (len(long.text), long.text_chars) == (MAX_LINE_CHARS + 1, 10_000_000)
    assert long.lines[0].digest == digest_of_line("x" * 10_000_000)
    many = questions[Page(3, "").doc_id]
    assert len(many.lines) == many.text.count("\n") + 1 == 20_000


def test_an_excerpt_has_whole_lines_and_at_least_one():
    assert excerpt("one\ntwo", 1) == ["one"]
    assert excerpt("", 9) == [""]


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("colour",), "'colour': is no task of labels; there are page_type, clutter"),
        (("safety",), "is no task of labels"),
        (("quality",), "had no stage quality, whose scores say what to label; its stages: url"),
    ],
)
def test_what_cannot_be_exported_is_one_line(tmp_path, arguments, fault):
    write_run(tmp_path, [Page(1, "a")], steps={"prepare": STEPS["prepare"]})
    ran = curate("label", "export", *arguments, "--root", tmp_path, "--out", tmp_path / "q.jsonl")
    assert ran.exit_code == 2
    assert fault in message(ran)
    assert not (tmp_path / "q.jsonl").exists()


def test_a_run_without_a_text_is_one_line(tmp_path):
    write_run(tmp_path, [Page(1, "", ends="url_filter")])
    ran = curate("label", "export", "quality", "--root", tmp_path, "--out", tmp_path / "q.jsonl")
    assert ran.exit_code == 2
    assert "no document with a text: there is nothing to label" in message(ran)


def test_rows_are_plain_json(tmp_path):
    write_run(tmp_path, [Page(1, "a")])
    export(tmp_path)
    row = json.loads((tmp_path / "questions.jsonl").read_text())
    assert row["format_version"] == 1
    assert row["stratum"] == {"end": "kept", "language": "en", "value": "", "scores": "0.5 to 1"}
