from enum import StrEnum

import pyarrow.parquet as pq
import pytest

from curation.parts.writer import PartWriter
from curation.storage.manifest import ReasonCount
from curation.summaries.documents import summarise
from curation.summaries.files import read_summary
from curation.summaries.summary import total_of
from schemas.document import SOURCE_COLUMNS
from schemas.verdict import Decision, quarantine, remove
from stages.chain import Document
from tests.curation.small_runs import reasons_of


class Fault(StrEnum):
    BAD = "bad"
    BROKEN = "broken"


def document(position, text="text", **more):
    columns = {"doc_id": f"{position:032x}", "url": "http://a.example/", "position": position}
    return Document({**columns, "text": text, "body": b"<p>", **more})


def write(tmp_path, documents, **options):
    with PartWriter(SOURCE_COLUMNS, str(tmp_path), 3, options.get("max_chars", 100)) as writer:
        writer.write(documents)
        return writer.finish({"request": 2})


def test_each_decision_has_its_file_and_every_row_is_counted_from_what_was_written(tmp_path):
    kept, gone, held = document(1), document(2), document(3)
    gone.apply("rules", remove(Fault.BAD, "why"))
    held.apply("extract", quarantine(Fault.BROKEN, "how"))
    result = write(tmp_path, [kept, gone, held])
    assert result.rows_in == 3
    assert {name: file.rows for name, file in result.files.items()} == {
        "keep": 1,
        "remove": 1,
        "quarantine": 1,
    }
    assert result.reasons == (
        ReasonCount(Decision.QUARANTINE, "extract", "broken", 1),
        ReasonCount(Decision.REMOVE, "rules", "bad", 1),
    )
    row = pq.read_table(tmp_path / result.files["remove"].name, partitioning=None).to_pylist()[0]
    assert (row["stage"], row["reason"], row["detail"], row["text"]) == (
        "rules",
        "bad",
        "why",
        "text",
    )
    assert "body" not in row


def test_a_part_of_a_crawl_has_a_lookup_of_every_page_whatever_became_of_it(tmp_path):
    gone = document(2, url="https://www.B.example/")
    gone.apply("rules", remove(Fault.BAD, "why"))
    with PartWriter(SOURCE_COLUMNS, str(tmp_path), 3, 100, is_crawled=True) as writer:
        writer.write([document(1)])
        writer.write([gone])
        result = writer.finish({})
    rows = pq.read_table(tmp_path / result.lookup.name).to_pylist()
    assert [(row["key"], row["position"]) for row in rows] == [
        (f"{1:032x}", 1), (f"{2:032x}", 2), ("a.example", 1), ("b.example", 2)
    ]  # fmt: skip
    assert write(tmp_path / "later", [document(1)]).lookup is None


def test_a_value_that_cannot_be_stored_quarantines_its_row_alone(tmp_path):
    result = write(tmp_path, [document(1), document(2, text="lone \ud800 surrogate"), document(3)])
    assert result.files["keep"].rows == 2
    assert result.reasons == (ReasonCount(Decision.QUARANTINE, "storage", "unstorable_value", 1),)
    row = pq.read_table(tmp_path / result.files["quarantine"].name, partitioning=None).to_pylist()[
        0
    ]
    assert row["text"] == "lone ? surrogate"
    assert row["position"] == 2


def mixed(count):
    """Documents of every decision, some of which cannot be stored as they are."""
    made = []
    for number in range(count):
        text = f"bad \ud800 {number}" if number % 7 == 3 else f"text {number}"
        made.append(document(number, text=text))
        if number % 5 == 1:
            made[-1].apply("rules", remove(Fault.BAD, "why"))
        elif number % 5 == 2:
            made[-1].apply("extract", quarantine(Fault.BROKEN, "how"))
    return made


def test_documents_that_cannot_be_stored_lie_in_quarantine_in_their_places(tmp_path):
    result = write(tmp_path, mixed(40))
    unstorable = {n for n in range(40) if n % 7 == 3}
    expected = {
        "keep": [n for n in range(40) if n % 5 not in (1, 2) and n not in unstorable],
        "remove": [n for n in range(40) if n % 5 == 1 and n not in unstorable],
        "quarantine": [n for n in range(40) if n % 5 == 2 or n in unstorable],
    }
    found = {
        name: pq.read_table(tmp_path / file.name, partitioning=None)["position"].to_pylist()
        for name, file in result.files.items()
    }
    assert found == expected
    assert reasons_of(result) == {
        ("remove", "rules", "bad"): len(expected["remove"]),
        ("quarantine", "storage", "unstorable_value"): len(unstorable),
        ("quarantine", "extract", "broken"): len(expected["quarantine"]) - len(unstorable),
    }
    assert result.rows_in == 40


def test_the_summary_is_of_what_was_stored(tmp_path):
    result = write(tmp_path, mixed(600))
    tables = [
        (pq.read_table(tmp_path / file.name, partitioning=None), decision)
        for decision, file in result.files.items()
    ]
    stored = total_of(summarise(*each) for each in tables)
    assert read_summary(str(tmp_path / result.summary.name)) == stored
    assert result.summary.rows == 600


@pytest.mark.parametrize("size", [1, 7, 64])
def test_files_do_not_depend_on_how_documents_come_in_batches(tmp_path, size):
    documents = mixed(1500)
    whole = write(tmp_path / "whole", mixed(1500))
    with PartWriter(SOURCE_COLUMNS, str(tmp_path / "cut"), 3, 100) as writer:
        for start in range(0, len(documents), size):
            writer.write(documents[start : start + size])
        assert writer.finish({"request": 2}) == whole


def row_groups(path):
    metadata = pq.ParquetFile(path).metadata
    return [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)]


def test_a_row_group_ends_with_the_row_that_fills_it(tmp_path, monkeypatch):
    result = write(tmp_path / "rows", [document(n) for n in range(1100)])
    assert row_groups(tmp_path / "rows" / result.files["keep"].name) == [512, 512, 76]
    monkeypatch.setattr("curation.parts.writer.FLUSH_CHARS", 100)
    sizes = [60, 39, 1, 100, 250, 5, None]
    documents = [document(n, text=size and "字" * size) for n, size in enumerate(sizes)]
    result = write(tmp_path / "chars", documents)
    assert row_groups(tmp_path / "chars" / result.files["keep"].name) == [3, 1, 1, 2]


def test_a_good_document_becomes_a_row_once(tmp_path, monkeypatch):
    made = []
    row = Document.row

    def count(document):
        made.append(document.columns["position"])
        return row(document)

    monkeypatch.setattr(Document, "row", count)
    write(tmp_path, [document(n) for n in range(600)])
    assert made == list(range(600))


def test_removed_text_is_kept_up_to_the_limit(tmp_path):
    gone = document(1, text="x" * 50)
    gone.apply("rules", remove(Fault.BAD, ""))
    result = write(tmp_path, [gone], max_chars=10)
    table = pq.read_table(tmp_path / result.files["remove"].name, partitioning=None)
    assert table["text"].to_pylist() == ["x" * 10]


def test_an_empty_part_writes_no_file(tmp_path):
    result = write(tmp_path, [])
    assert (result.rows_in, result.files, result.summary) == (0, {}, None)
    assert list(tmp_path.iterdir()) == []


def test_the_same_rows_make_the_same_files(tmp_path):
    first = write(tmp_path / "a", [document(1), document(2)])
    second = write(tmp_path / "b", [document(1), document(2)])
    assert first == second


def test_what_is_kept_is_given_back_as_it_is_stored(tmp_path):
    """Keys are made of it: they must be those that a reader of the file would make."""
    gone, broken = document(2), document(3, text="\ud800")
    gone.apply("rules", remove(Fault.BAD, "why"))
    kept = [document(1, http_charset="utf-8"), document(4)]
    with PartWriter(SOURCE_COLUMNS, str(tmp_path), 3, 100) as writer:
        rows = writer.write([kept[0], gone, broken, kept[1]])
        assert writer.write([gone]).num_rows == 0
        assert writer.write([]).num_rows == 0
        file = writer.finish({}).files[Decision.KEEP]
    assert rows.to_pylist() == pq.read_table(tmp_path / file.name, partitioning=None).to_pylist()
    assert rows.column("position").to_pylist() == [1, 4]
