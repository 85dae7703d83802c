"""Labels that come back: every fault is named by file and line, and nothing is stored twice."""

import json
from dataclasses import replace

import pytest

from curation.labelling.questions import load_questions
from curation.labelling.records import digest_of_line, read_labels, to_lines
from tests.commands import curate, message, output
from tests.curation.labelling.finished_run import NAV, Page, write_run

TEXT = f"{NAV}\n\nA story of the mill.\nIts end."


@pytest.fixture
def root(tmp_path):
    write_run(
        tmp_path, [Page(n, f"{TEXT} {n}", language="zh" if n % 2 else "en") for n in range(6)]
    )
    return tmp_path


def blank_labels(root, task, annotator="anna"):
    out = root / f"{task}.jsonl"
    output("label", "export", task, "--root", root, "--out", out)
    questions = sorted(load_questions(str(out)), key=lambda question: question.doc_id)
    return [question.label(annotator, 1) for question in questions]


def write(root, labels, name="labels.jsonl"):
    (root / name).write_bytes(to_lines(labels))
    return root / name


def take(root, *files, **options):
    more = [f"--{name.replace('_', '-')}" for name in options]
    return curate("label", "import", *files, "--root", root, *more)


def good(root, annotator="anna", value="good"):
    return [replace(label, value=value) for label in blank_labels(root, "quality", annotator)]


def test_labels_are_stored_and_read_back(root):
    labels = good(root)
    ran = take(root, write(root, labels))
    assert ran.exit_code == 0, ran.stderr
    assert "6 labels are new, 0 replace others, 0 were there, 0 rows were refused" in ran.stdout
    assert "no label yet of 2 of 3: middling, poor" in ran.stdout
    assert read_labels([str(root)], "quality") == labels


def test_importing_twice_adds_nothing(root):
    path = write(root, good(root))
    take(root, path)
    stored = (root / "labels" / "quality.jsonl").read_bytes()
    ran = take(root, path, path)
    assert "0 labels are new, 0 replace others, 12 were there" in ran.stdout
    assert (root / "labels" / "quality.jsonl").read_bytes() == stored


def test_the_order_of_files_and_rows_does_not_matter(root):
    labels = [*good(root), *good(root, "wang", "poor")]
    take(root, write(root, labels))
    stored = (root / "labels" / "quality.jsonl").read_bytes()
    (root / "labels" / "quality.jsonl").unlink()
    take(root, write(root, labels[7:], "2.jsonl"), write(root, labels[6::-1], "1.jsonl"))
    assert (root / "labels" / "quality.jsonl").read_bytes() == stored


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"value": "fine"}, "value 'fine': must be one of good, middling, poor"),
        ({"value": ""}, "value '': must be one of"),
        ({"doc_id": "f" * 32}, "no document of the run that has a text has this id"),
        ({"text_digest": "0" * 32}, "has another text in the run"),
        ({"language": "fr"}, "language 'fr': is 'en' in the run"),
        ({"lines": [["0" * 8, 1]]}, "lines: are not asked for by quality"),
        ({"task": "page_type"}, "task 'page_type': is not quality"),
        ({"annotator": "\x00"}, "is damaged (annotator: String should match pattern"),
        ({"annotator": "\ud800"}, "is damaged (Invalid JSON"),
        ({"format_version": 9}, "was written by a newer version"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_and_nothing_is_stored(root, wrong, fault):
    labels = good(root)
    path = write(root, labels[1:])
    row = json.loads(to_lines(labels[:1])) | wrong
    path.write_bytes(path.read_bytes() + b"\n" + json.dumps(row).encode() + b"\n")
    ran = curate("label", "import", path, "--root", root, "--task", "quality")
    assert ran.exit_code == 2
    assert f"{path}, line 7: " in ran.stderr
    assert fault in ran.stderr
    assert "1 of 6 rows are refused, so that nothing was stored" in message(ran)
    assert not (root / "labels").exists()


def test_the_others_are_stored_if_that_is_asked_for(root):
    labels = good(root)
    path = write(root, [replace(labels[0], value="fine"), *labels[1:]])
    path.write_bytes(path.read_bytes() + b'{"cut": "of')
    ran = take(root, path, skip_refused=True)
    assert ran.exit_code == 0
    assert "5 labels are new" in ran.stdout
    assert "2 rows were refused" in ran.stdout
    assert f"{path}, line 7: is damaged" in ran.stderr
    assert read_labels([str(root)], "quality") == labels[1:]


def test_another_answer_of_the_same_annotator_is_a_conflict(root):
    labels = good(root)
    take(root, write(root, labels))
    path = write(root, [replace(labels[0], value="poor")])
    ran = take(root, path)
    assert ran.exit_code == 2
    said = f"{path}, line 1: conflict: anna said another thing of document {labels[0].doc_id} in pass 1"
    assert f"{said} ('good' before, 'poor' here)" in ran.stderr
    assert read_labels([str(root)], "quality") == labels
    ran = take(root, path, replace=True)
    assert "1 replace others" in ran.stdout
    assert read_labels([str(root)], "quality")[0].value == "poor"


def test_two_annotators_are_compared(root):
    anna = good(root)
    anna[:3] = [replace(label, value="poor") for label in anna[:3]]
    wang = [replace(label, annotator="wang") for label in anna[:4]]
    wang[0] = replace(wang[0], value="good")
    ran = take(root, write(root, anna), write(root, wang, "wang.jsonl"))
    # Of 4: 3 agree; by chance (3 * 2 + 1 * 2) / 16 = 0.5
    assert (
        "anna (pass 1) and wang (pass 1): 4 judged by both, agree on 75.0%, kappa 0.50 "
        "(good 0.50, poor 0.50)"
    ) in ran.stdout


def test_shares_are_of_the_run_and_not_of_the_sample(root):
    labels = [replace(label, weight=1.0) for label in good(root)]
    labels[0] = replace(labels[0], value="poor", weight=15.0)
    shown = take(root, write(root, labels)).stdout
    assert "75.0%" in next(line for line in shown.splitlines() if "poor" in line)


def lines_of(label, *values):
    lines = (NAV, "A story of the mill.", f"Its end. {int(label.doc_id, 16)}")
    pairs = zip(lines, values, strict=False)
    return replace(label, lines=tuple((digest_of_line(line), value) for line, value in pairs))


def test_lines_are_compared_one_by_one(root):
    anna = [lines_of(label, 0, 1, 1) for label in blank_labels(root, "clutter")]
    wang = [lines_of(label, 0, 1, 0) for label in blank_labels(root, "clutter", "wang")]
    ran = take(root, write(root, anna), write(root, wang, "wang.jsonl"))
    assert ran.exit_code == 0, ran.stderr
    assert "18 judged by both, agree on 66.7%, kappa 0.40 (clutter 0.40, main 0.40)" in ran.stdout
    assert set(read_labels([str(root)], "clutter")) == {*anna, *wang}


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ((), "lines: has none"),
        ((("0" * 8, 1),), "lines: 00000000 is no line of document"),
    ],
)
def test_lines_that_are_not_the_documents_are_refused(root, lines, fault):
    labels = blank_labels(root, "clutter")
    ran = take(root, write(root, [replace(labels[0], lines=lines)]))
    assert ran.exit_code == 2
    assert fault in ran.stderr


def test_a_line_of_a_megabyte_and_a_file_without_an_end_are_read(root):
    labels = good(root)
    path = root / "long.jsonl"
    path.write_bytes(to_lines(labels[:5]) + b'{"a": "' + b"x" * 40_000_000)
    ran = take(root, path)
    assert ran.exit_code == 2
    assert f"{path}, line 6: is damaged" in ran.stderr
    path.write_bytes(to_lines(labels).rstrip(b"\n").replace(b'"en"', b'"en"' + b" " * 1_000_000))
    assert "6 labels are new" in take(root, path).stdout


@pytest.mark.parametrize("content", [b"", b"\n\n  \n"])
def test_an_empty_file_is_one_line(root, content):
    (root / "empty.jsonl").write_bytes(content)
    ran = take(root, root / "empty.jsonl")
    assert ran.exit_code == 2
    assert message(ran) == f"{root}/empty.jsonl: holds no label"


def test_a_file_that_is_not_there_and_a_root_without_a_run(root, tmp_path_factory):
    ran = take(root, root / "absent.jsonl")
    assert (ran.exit_code, message(ran)) == (
        2,
        f"{root}/absent.jsonl: cannot be read (No such file or directory)",
    )
    path = write(root, good(root))
    ran = take(tmp_path_factory.mktemp("none"), path)
    assert ran.exit_code == 2
    assert "holds no run" in message(ran)


def test_rows_of_two_tasks_need_the_name_of_one(root):
    path = write(root, [*good(root), *blank_labels(root, "page_type")])
    ran = take(root, path)
    assert ran.exit_code == 2
    assert message(ran) == "the rows are of page_type, quality: name one with --task"
