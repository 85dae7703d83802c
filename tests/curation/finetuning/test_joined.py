"""Labels and documents: which belong together, and what is said of those that do not."""

import pytest

from curation.errors import UsageError
from curation.finetuning.documents import Document, read_file, read_run, site_of
from curation.finetuning.joined import join
from curation.labelling.records import Label, digest_of_line, digest_of_text
from models.finetuning.examples import Reads


def document(name, text="one\n\ntwo", **known):
    return Document(name, text, **known)


def label(name, task, value="", text="one\n\ntwo", lines=(), annotator="ann"):
    return Label(name, digest_of_text(text), "en", task, annotator, 1, value, lines)


def joined(labels, documents=None):
    by_task = {}
    for one in labels:
        by_task.setdefault(one.task, []).append(one)
    names = dict.fromkeys(one.doc_id for one in labels)
    return join(documents or [document(name, title="head") for name in names], by_task)


def test_answers_are_numbers_of_labels_in_the_order_of_the_task():
    found = joined([label("b", "quality", "good"), label("a", "quality", "poor")])
    assert found.heads[0].labels == ("good", "poor")
    assert [(one.id, one.answers) for one in found.examples] == [
        ("a", {"quality": 1}),
        ("b", {"quality": 0}),
    ]


@pytest.mark.parametrize(
    ("task", "text"), [("page_type", "head\none\n\ntwo"), ("category", "head\none\n\ntwo")]
)
def test_a_text_is_what_the_stage_hands_to_its_model(task, text):
    values = {"page_type": ("article", "forum"), "category": ("world_history", "general_web")}
    found = joined(
        [label(name, task, value) for name, value in zip("ab", values[task], strict=True)]
    )
    assert found.examples[0].text == text


def test_quality_reads_no_title():
    found = joined([label("a", "quality", "good"), label("b", "quality", "poor")])
    assert found.examples[0].text == "one\n\ntwo"


def test_lines_have_answers_by_their_digest_and_blank_ones_are_none():
    one, two = digest_of_line("one"), digest_of_line("two")
    found = joined(
        [label("a", "clutter", lines=((one, 1),)), label("b", "clutter", lines=((two, 0),))]
    )
    assert found.heads[0].reads is Reads.LINES
    main, clutter = (found.heads[0].labels.index(name) for name in ("main", "clutter"))
    assert [one.lines for one in found.examples] == [("one", "two")] * 2
    assert [one.line_answers["clutter"] for one in found.examples] == [
        (main, None),
        (None, clutter),
    ]


def test_what_most_annotators_say_counts_and_a_tie_says_nothing():
    given = [
        ("a", "good"),
        ("a", "poor"),
        ("a", "poor"),
        ("b", "good"),
        ("c", "good"),
        ("c", "poor"),
    ]
    found = joined([label(n, "quality", v, annotator=f"ann {i}") for i, (n, v) in enumerate(given)])
    assert {one.id: one.answers["quality"] for one in found.examples} == {"a": 1, "b": 0}
    account = found.accounts["quality"]
    assert (account.disputed, account.values) == (1, {"poor": 1, "good": 1})
    assert len(account.annotators) == 6


def test_documents_that_are_missing_or_have_changed_are_counted():
    labels = [
        label(name, "quality", value)
        for name, value in zip("abcd", ["good", "poor"] * 2, strict=True)
    ]
    found = joined(labels, [document("a"), document("b"), document("c", "another text")])
    assert len(found.examples) == 2
    account = found.accounts["quality"]
    assert (account.missing, account.changed) == (1, 1)


def test_the_text_that_was_judged_is_found_among_several_of_a_document():
    labels = [label("a", "quality", "good"), label("b", "quality", "poor", text="cut")]
    texts = [document("a", "longer"), document("a"), document("b"), document("b", "cut")]
    found = joined(labels, texts)
    assert [one.text for one in found.examples] == ["one\n\ntwo", "cut"]


def test_labels_of_several_tasks_meet_in_one_example():
    lines = ((digest_of_line("one"), 1), (digest_of_line("two"), 0))
    found = joined(
        [
            label("a", "quality", "good"),
            label("b", "quality", "poor"),
            label("a", "clutter", lines=lines),
        ]
    )
    assert [set(one.answers) | set(one.line_answers) for one in found.examples] == [
        {"quality", "clutter"},
        {"quality"},
    ]


FAULTS = {
    r"'superb', which is none of its values \(good": [label("a", "quality", "superb")],
    "at least two values are needed": [label("a", "quality", "good")],
    "none is good, which the stage keeps": [
        label("a", "quality", "middling"),
        label("b", "quality", "poor"),
    ],
    "has no lines, but a value": [label("a", "clutter", "main")],
}


@pytest.mark.parametrize("fault", FAULTS)
def test_labels_that_nothing_can_be_learnt_from_are_refused(fault):
    with pytest.raises(UsageError, match=fault):
        joined(FAULTS[fault])


def test_labels_of_other_documents_say_how_many_are_missing():
    labels = [label("a", "quality", "good"), label("b", "quality", "poor")]
    with pytest.raises(UsageError, match="2 documents are labelled, 2 of them are not among"):
        joined(labels, [document("c")])
    with pytest.raises(UsageError, match=r"0 of them .* 2 have another text there than was judged"):
        joined(labels, [document("a", "other"), document("b", "other")])


def test_a_file_has_documents_under_either_name_of_their_id(tmp_path):
    path = tmp_path / "documents.jsonl"
    path.write_text(
        '{"id": "a", "text": "x", "task": "quality"}\n\n{"doc_id": "b", "text": "y", "url": null}\n'
    )
    assert list(read_file(str(path))) == [Document("a", "x"), Document("b", "y")]


@pytest.mark.parametrize(
    "line", ["{", "[1]", '{"id": "a"}', '{"text": "x"}', '{"id": 1, "text": "x"}']
)
def test_a_line_that_is_no_document_is_named_by_its_number(tmp_path, line):
    path = tmp_path / "documents.jsonl"
    path.write_text('{"id": "a", "text": "x"}\n' + line + "\n")
    with pytest.raises(UsageError, match=r"documents\.jsonl, line 2: "):
        list(read_file(str(path)))


def test_no_run_and_no_file_are_said(tmp_path):
    with pytest.raises(UsageError, match="no such file of documents"):
        list(read_file(str(tmp_path / "none.jsonl")))
    with pytest.raises(UsageError, match="holds no run"):
        list(read_run(str(tmp_path), None, None))


def test_documents_of_a_site_are_held_out_together():
    assert document("a", url="https://m.news.example.co.uk/1").held_out_with == "example.co.uk"
    assert document("a", url="https://x/1", site="given").held_out_with == "given"
    assert document("a").held_out_with == "a"
    assert site_of("http://one.blogspot.com/") == "one.blogspot.com"
