import json
import re

import pytest

from curation.training.written_pages import PAGE_TYPES, read_written_pages


def test_types_are_files_and_odd_pages_may_be_learnt_from(tmp_path):
    rows = [
        {"id": f"tool-{number:02d}", "title": "T", "url": "https://a.example", "text": "A\nB"}
        for number in (1, 2)
    ]
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "tool.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n")
    pages = list(read_written_pages("en", tmp_path))
    assert [(one.type, one.is_for_tuning) for one in pages] == [("tool", True), ("tool", False)]
    assert not list(read_written_pages("fr", tmp_path))


@pytest.mark.parametrize("language", [path.name for path in sorted(PAGE_TYPES.iterdir())])
def test_pages_that_ship_have_numbers_and_invented_addresses(language):
    pages = list(read_written_pages(language))
    assert len({one.id for one in pages}) == len(pages)
    assert all(re.fullmatch(rf"{one.type}-\d+", one.id) for one in pages)
    assert all(re.match(r"https?://[a-z0-9.-]+\.example/", one.url) for one in pages)
    assert min(len(one.text) for one in pages) >= 20
