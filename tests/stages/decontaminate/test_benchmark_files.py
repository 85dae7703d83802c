import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stages.decontaminate import Benchmark
from stages.decontaminate.benchmark_files import BenchmarkError, Item, read_items

ROWS = [
    {"id": 7, "q": "Which one?", "choices": ["this", "that"], "a": 1},
    {"id": 8, "q": None, "choices": [], "a": None},
]


def benchmark(*files, **columns):
    given = {"question": ("q", "choices"), "answer": ("a",), "id": "id"} | columns
    return Benchmark("some", tuple(map(str, files)), **given)


def write_lines(path, rows):
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


EXPECTED = [Item("7", "Which one?\nthis\nthat", "1"), Item("8", "", "")]


def test_jsonl_packed_jsonl_and_parquet_give_the_same_items(tmp_path):
    plain = write_lines(tmp_path / "items.jsonl", ROWS)
    packed = tmp_path / "items.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    table = tmp_path / "items.parquet"
    pq.write_table(pa.Table.from_pylist(ROWS), table)
    for path in (plain, packed, table):
        assert list(read_items(benchmark(path))) == EXPECTED


def test_a_byte_order_mark_before_the_first_line_is_no_part_of_it(tmp_path):
    path = tmp_path / "items.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in ROWS), encoding="utf-8-sig")
    assert list(read_items(benchmark(path))) == EXPECTED


def test_a_pattern_stands_for_its_files_in_order_each_once(tmp_path):
    for name in ("b", "a"):
        write_lines(tmp_path / f"{name}.jsonl", [{"q": name}])
    found = read_items(
        benchmark(tmp_path / "*.jsonl", tmp_path / "a.jsonl", question=("q",), answer=(), id="")
    )
    assert [(item.id, item.question) for item in found] == [("a.jsonl:1", "a"), ("b.jsonl:1", "b")]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("items.jsonl", "", "has no rows"),
        ("items.jsonl", "\n\n", "has no rows"),
        ("items.jsonl", '{"q": "a", "id": 1, "choices": []}\n', "no row has a; name columns"),
        ("items.jsonl", '{"q": "a"}\n{"q": \n', "line 2: is not JSON"),
        ("items.jsonl", '["a"]\n', "line 1: is a list, not an object"),
        ("items.jsonl", '{"q": {"text": "a"}}\n', "line 1: q is a dict: it must be a text"),
        ("items.parquet", "not a table", "cannot be read"),
        ("items.jsonl.gz", "not packed", "cannot be read"),
        ("items.csv", "q\na\n", "is called neither"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_by_benchmark_file_and_rule(
    tmp_path, name, content, told
):
    (tmp_path / name).write_text(content)
    with pytest.raises(BenchmarkError, match=r"benchmark some: .*items") as error:
        list(read_items(benchmark(tmp_path / name)))
    assert told in str(error.value)


def test_a_table_without_a_column_says_which_it_has(tmp_path):
    pq.write_table(pa.table({"prompt": ["a"]}), tmp_path / "items.parquet")
    with pytest.raises(BenchmarkError, match=r"has no column a, choices, id, q; it has prompt"):
        list(read_items(benchmark(tmp_path / "items.parquet")))


def test_files_that_are_not_there_are_told(tmp_path):
    with pytest.raises(BenchmarkError, match="no such file"):
        list(read_items(benchmark(tmp_path / "*.jsonl")))
