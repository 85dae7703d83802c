from tests.journal import Journal


def test_what_was_added_is_there_for_the_next_one_and_a_line_that_was_cut_never_was(tmp_path):
    path = tmp_path / "found.jsonl"
    Journal(path).add("a", rows=1)
    Journal(path).add("b", rows=2)
    Journal(path).add("a", rows=3)
    path.write_bytes(path.read_bytes() + b'{"key": "c", "ro')
    Journal(path).add("d", rows=4)
    assert [(entry["key"], entry["rows"]) for entry in Journal(path)] == [
        ("a", 3),
        ("b", 2),
        ("d", 4),
    ]
    assert Journal(path).get("c") is None
    assert Journal(None).add("a", rows=1) == {"key": "a", "rows": 1}
