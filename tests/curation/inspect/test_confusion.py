"""The confusion of a labelled file, as ``curate confusion`` prints it."""

import json

import pytest

from tests.commands import curate, message, output


@pytest.fixture
def labelled(tmp_path):
    rows = [
        {
            "title": "菜谱",
            "text": "鸡蛋打散，锅中放油，加适量盐和酱油，翻炒出锅。",
            "category": "recipes",
        },
        {
            "title": "",
            "text": "The telescope saw a distant galaxy and a supernova.",
            "category": "film",
        },
    ]
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_the_confusion_names_what_a_class_is_taken_for(labelled):
    lines = output("confusion", labelled, "--model", "lexicon").splitlines()
    assert lines == ["film 1 0.00: astronomy 1", "recipes 1 1.00", "all 2 0.50"]


@pytest.mark.parametrize("row", ["{", "[]", '{"title": "x"}', '{"text": 1, "category": "film"}'])
def test_a_row_that_is_no_labelled_text_is_refused_with_its_line(tmp_path, row):
    path = tmp_path / "labelled.jsonl"
    path.write_text(row, encoding="utf-8")
    ran = curate("confusion", path, "--model", "lexicon")
    assert ran.exit_code == 2
    assert f"{path}, line 1: " in message(ran)
