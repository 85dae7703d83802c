import json

import pytest

from conf import locate
from curation.training.document_labels import LABELS, read_document_labels
from models.taxonomy import read_taxonomy

VALUES = {
    "category": {one.id for one in read_taxonomy(locate("taxonomy.toml")).classes},
    "quality": {"good", "middling", "poor"},
    "page_type": {
        *("article", "documentation", "product", "service", "listing", "forum"),
        *("tool", "audio", "video", "adult", "gambling"),
    },
}


def write(path, *rows):
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def test_all_files_of_a_task_are_read_but_for_second_passes_and_evaluation(tmp_path):
    write(tmp_path / "quality_en.jsonl", {"id": "a", "value": "good", "pass": 1})
    write(
        tmp_path / "quality_en_2.jsonl",
        {"id": "a", "value": "poor", "pass": 2},
        {"id": "b", "value": "poor", "pass": 1},
    )
    write(tmp_path / "quality_zh.jsonl", {"id": "c", "value": "good", "pass": 1})
    write(tmp_path / "evaluation_quality_en.jsonl", {"id": "d", "value": "good", "pass": 1})
    assert read_document_labels("quality", "en", tmp_path) == {"a": "good", "b": "poor"}
    assert read_document_labels("category", "en", tmp_path) == {}


@pytest.mark.parametrize("task", VALUES)
def test_labels_that_ship_are_ids_and_known_values_and_no_text(task):
    files = sorted(LABELS.glob(f"*{task}_??*.jsonl"))
    assert files
    for path in files:
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            assert set(row) == {"id", "value", "pass", "annotator"}
            assert row["value"] in VALUES[task], (path.name, row)
            assert len(row["id"]) < 60


@pytest.mark.parametrize("task", VALUES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_document_has_one_value_a_pass(task, language):
    files = sorted(LABELS.glob(f"{task}_{language}*.jsonl"))
    rows = [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]
    passes = [(row["id"], row["pass"]) for row in rows]
    assert len(passes) == len(set(passes))
