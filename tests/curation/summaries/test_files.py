import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.errors import DamageError, RecordError
from curation.summaries.files import FORMAT_VERSION, read_summary, write_summary
from curation.summaries.summary import TABLES
from tests.curation.summaries.rows import row, summary_of


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
