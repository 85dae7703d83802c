"""A label that was written is read back; a line that is no label is named by file and line."""

import json

import pytest

from curation.errors import RecordError, UsageError
from curation.labelling.records import Label, digest_of_line, read_labels, stored_path, to_lines

LABEL = Label("a" * 32, "0" * 32, "zh", "page_type", "王 & co", 2, value="article", weight=2.5)
LINES = Label("b" * 32, "1" * 32, "en", "clutter", "me", lines=((digest_of_line("Share"), 0),))


def test_labels_are_read_back_as_they_were_written(tmp_path):
    path = tmp_path / "labels.jsonl"
    path.write_bytes(to_lines([LABEL, LINES]) + b"\n")
    assert read_labels([str(path)], "page_type") == [LABEL]
    assert read_labels([str(path)], "clutter") == [LINES]


def test_a_root_stands_for_what_was_stored_below_it(tmp_path):
    path = tmp_path / "labels" / "page_type.jsonl"
    path.parent.mkdir()
    path.write_bytes(to_lines([LABEL]))
    assert stored_path(str(tmp_path), "page_type") == str(path)
    assert read_labels([str(tmp_path)], "page_type") == [LABEL]


def test_a_root_without_labels_says_what_makes_them(tmp_path):
    with pytest.raises(UsageError, match=r"labels/quality\.jsonl: no such file of labels; `curate"):
        read_labels([str(tmp_path)], "quality")


@pytest.mark.parametrize(
    "wrong",
    [
        {"annotator": ""},
        {"annotator": "a\0b"},
        {"annotator": "\ud800"},
        {"annotator": "a\u202eb"},
        {"text_digest": "0" * 31},
        {"lines": [["0" * 8, 2]]},
        {"lines": [["Share", 1]]},
        {"weight": 0},
        {"weight": float("nan")},
        {"pass_number": "1"},
        {"value": None},
    ],
)
def test_a_line_that_is_no_label_is_named(tmp_path, wrong):
    path = tmp_path / "labels.jsonl"
    row = json.dumps(json.loads(to_lines([LABEL])) | wrong).encode()
    path.write_bytes(to_lines([LABEL]) + row)
    with pytest.raises(RecordError, match=r"labels.jsonl, line 2: is damaged \("):
        read_labels([str(path)], "page_type")
