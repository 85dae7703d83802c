import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.errors import DamageError, RecordError
from curation.summaries.files import FORMAT_VERSION, read_summary, write_summary
from curation.summaries.summary import TABLES
from tests.curation.summaries.rows import row, summary_of

QUALITIES = (0.1, 0.1, 0.5, 0.501)


@pytest.fixture
def stored(tmp_path):
    file = write_summary(summary_of([row(1), row(2)]), str(tmp_path), "part-00007")
    return tmp_path / file.name


def test_a_summary_is_a_file_named_by_its_bytes(stored):
    assert stored.parent.name == "summary"
    assert stored.name.startswith("part-00007-")
    assert read_summary(str(stored)) == summary_of([row(1), row(2)])


def test_a_summary_can_be_read_by_any_reader_of_parquet(stored):
    [one] = pq.read_table(stored, partitioning=None).to_pylist()
    assert list(one) == list(TABLES)
    assert [count["pages"] for count in one["counts"]] == [2]


def test_bins_come_back_with_both_ends_and_one_value_is_written_once(tmp_path):
    rows = [row(number, language="en", quality=value) for number, value in enumerate(QUALITIES)]
    made = summary_of(rows)
    file = write_summary(made, str(tmp_path), "part-00000")
    [written] = pq.read_table(tmp_path / file.name, partitioning=None)["histograms"].to_pylist()
    ends = [(each["lowest"], each["highest"]) for each in written if each["column"] == "quality"]
    assert sorted(ends, key=str) == sorted([(0.1, None), (0.5, 0.501)], key=str)
    assert read_summary(str(tmp_path / file.name)) == made


def test_a_summary_of_a_newer_version_says_so(stored):
    table = pq.read_table(stored, partitioning=None)
    newer = {"format_version": str(FORMAT_VERSION + 1)}
    pq.write_table(table.replace_schema_metadata(newer), stored)
    with pytest.raises(RecordError, match="newer version"):
        read_summary(str(stored))


@pytest.mark.parametrize("damage", ["gone", "cut", "other"])
def test_a_summary_that_cannot_be_read_says_what_to_do(stored, damage):
    if damage == "gone":
        stored.unlink()
    elif damage == "cut":
        stored.write_bytes(stored.read_bytes()[:-20])
    else:
        pq.write_table(pa.table({"a": [1]}), stored)
    with pytest.raises(DamageError, match=r"(is damaged|is gone).*curate repair"):
        read_summary(str(stored))


FIRST = {
    "counts": [
        {
            "decision": "keep",
            "stage": "",
            "reason": "",
            "language": "en",
            "site": "a.example",
            "pages": 2,
            "characters": 70,
            "doc_id": "aa",
            "url": "http://a.example/",
        }
    ],
    "labels": [{"decision": "keep", "column": "category", "value": "film", "pages": 2}],
    "histograms": [
        {"column": "q", "decision": "keep", "language": "en", "bin": number, "pages": 1, **values}
        for number, values in (
            (63, {"lowest": 0.99, "highest": 0.995}),
            (64, {"lowest": 1.5, "highest": 1.75}),
        )
    ],
    "cuts": [{"stage": "lines", "reason": "often", "lines": 3, "pages": 1}],
    "samples": [
        {
            "cut": cut,
            "decision": "keep",
            "stage": stage,
            "reason": reason,
            "draw": 5,
            "doc_id": "aa",
            "url": "http://a.example/",
            "source": "a.warc.gz",
            "offset": 9,
            "detail": "",
            "snippet": "Text.",
            "lines": [{"stage": "lines", "reason": "often", "text": "Share"}],
        }
        for cut, stage, reason in ((False, "", ""), (True, "lines", "often"))
    ],
}
"""As the first version wrote it."""


def test_a_summary_of_the_first_version_is_read(tmp_path):
    columns = {name: pa.array([rows]) for name, rows in FIRST.items()}
    schema = pa.schema([(n, c.type) for n, c in columns.items()], {"format_version": "1"})
    pq.write_table(pa.table(columns, schema=schema), tmp_path / "old.parquet")
    found = read_summary(str(tmp_path / "old.parquet"))
    assert (found.pages, found.counts["rows"].to_pylist()) == (2, [2])
    assert found.labels.select(["column", "value", "pages"]).to_pylist() == [
        {"column": "category", "value": "film", "pages": 2}
    ]
    assert [(one["bin"], one["pages"]) for one in found.histograms.to_pylist()] == [
        *((143, 1), (152, 1)),
    ]
    assert [pick["kind"] for pick in found.picks.to_pylist()] == ["cut", "end"]
    [document] = found.documents.to_pylist()
    assert (document["text"], document["edits"][0]["text"]) == ("Text.", "Share")
    assert (document["stage"], document["reason"]) == ("", "")
    stored = write_summary(found, str(tmp_path), "step")
    assert read_summary(str(tmp_path / stored.name)) == found
