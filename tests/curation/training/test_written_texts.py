import json
import re

import pytest

from curation.training.written_texts import KINDS, read_written


def test_kinds_are_files_and_poor_ones_lie_apart(tmp_path):
    rows = [{"id": f"law-{number:02d}", "title": "T", "text": "A\nB"} for number in (1, 2)]
    for folder in ("en", "en/poor"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "law.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n")
    texts = list(read_written("en", tmp_path))
    assert [(one.kind, one.is_good, one.is_for_tuning) for one in texts] == [
        ("law", True, True),
        ("law", True, False),
        ("law", False, True),
        ("law", False, False),
    ]
    assert not list(read_written("fr", tmp_path))


@pytest.mark.parametrize("language", [path.name for path in sorted(KINDS.iterdir())])
def test_texts_that_ship_have_numbers_and_no_line_of_another(language):
    texts = list(read_written(language))
    assert len({(one.is_good, one.id) for one in texts}) == len(texts)
    assert all(re.fullmatch(rf"(?:poor-)?{one.kind}-\d+", one.id) for one in texts)
    lines = [line for one in texts for line in one.text.split("\n") if len(line) > 40]
    assert len(lines) - len(set(lines)) <= len(lines) // 100
    assert min(len(one.text) for one in texts if one.is_good) >= 30
