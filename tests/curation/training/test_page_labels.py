import hashlib
import json
from dataclasses import replace

import pytest

from curation.errors import RecordError
from curation.training.page_labels import (
    LABELS,
    BlockKind,
    PageLabels,
    make_runs,
    read_labels,
    write_labels,
)

BODY = hashlib.sha256(b"a page").hexdigest()
TITLE, FIRST, SECOND, REPLY = "山中一日", "早上出门，天还没亮。", "中午在溪边吃饭。", "写得好！"
TEXTS = ["首页", TITLE, FIRST, "|", SECOND, REPLY, "首页"]
M, N, T, C = BlockKind.MAIN, BlockKind.NAVIGATION, BlockKind.TITLE, BlockKind.COMMENT
KINDS = [N, T, M, M, M, C, N]


def labels_of(texts=TEXTS, kinds=KINDS, body=BODY):
    return PageLabels(
        id="page",
        source="extraction/zh",
        body_sha256=body,
        site="",
        page_type="article",
        guide=1,
        labelled_on="2026-11-27",
        note="",
        runs=make_runs(texts, kinds, body),
    )


def test_equal_texts_of_two_pages_have_different_hashes():
    one, other = labels_of(), labels_of(body=hashlib.sha256(b"another").hexdigest())
    assert one.runs[0].digests != other.runs[0].digests


def test_labels_are_read_as_they_were_written(tmp_path):
    path = tmp_path / "zh.jsonl"
    second = replace(labels_of(), id="another", note="两个作者")
    write_labels(path, [labels_of(), second])
    assert read_labels(path) == {"another": second, "page": labels_of()}
    assert list(read_labels(path)) == ["another", "page"]


def test_a_file_that_is_not_there_has_no_labels(tmp_path):
    assert read_labels(tmp_path / "zh.jsonl") == {}


def test_a_damaged_line_is_named(tmp_path):
    path = tmp_path / "zh.jsonl"
    write_labels(path, [labels_of()])
    path.write_text(path.read_text() + '{"id": "page"}\n')
    with pytest.raises(RecordError, match=r"zh\.jsonl, line 2: is damaged"):
        read_labels(path)


def test_a_line_that_a_newer_version_wrote_is_refused(tmp_path):
    path = tmp_path / "zh.jsonl"
    write_labels(path, [labels_of()])
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format_version": 2}) + "\n")
    with pytest.raises(RecordError, match="newer version"):
        read_labels(path)


def test_a_page_that_is_labelled_twice_is_named(tmp_path):
    path = tmp_path / "zh.jsonl"
    write_labels(path, [labels_of()])
    path.write_text(2 * path.read_text())
    with pytest.raises(RecordError, match=r"line 2: has page page again"):
        read_labels(path)


def test_labels_that_ship_hold_no_text():
    for path in LABELS.glob("??.jsonl"):
        for labels in read_labels(path).values():
            for run in labels.runs:
                assert len(run.chars) == len(run.digests)
                assert all(len(digest) == 8 and int(digest, 16) >= 0 for digest in run.digests)
