from enum import StrEnum

import pyarrow.parquet as pq

from curation.parts.writer import PartWriter
from schemas.document import SOURCE_COLUMNS
from schemas.verdict import quarantine, remove
from stages.chain import Document


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
    assert result.reasons == {"remove/rules/bad": 1, "quarantine/extract/broken": 1}
    row = pq.read_table(tmp_path / result.files["remove"].name, partitioning=None).to_pylist()[0]
    assert (row["stage"], row["reason"], row["detail"], row["text"]) == (
        "rules",
        "bad",
        "why",
        "text",
    )
    assert "body" not in row


def test_a_value_that_cannot_be_stored_quarantines_its_row_alone(tmp_path):
    result = write(tmp_path, [document(1), document(2, text="lone \ud800 surrogate"), document(3)])
    assert result.files["keep"].rows == 2
    assert result.reasons == {"quarantine/storage/unstorable_value": 1}
    row = pq.read_table(tmp_path / result.files["quarantine"].name, partitioning=None).to_pylist()[
        0
    ]
    assert row["text"] == "lone ? surrogate"
    assert row["position"] == 2


def test_removed_text_is_kept_up_to_the_limit(tmp_path):
    gone = document(1, text="x" * 50)
    gone.apply("rules", remove(Fault.BAD, ""))
    result = write(tmp_path, [gone], max_chars=10)
    table = pq.read_table(tmp_path / result.files["remove"].name, partitioning=None)
    assert table["text"].to_pylist() == ["x" * 10]


def test_an_empty_part_writes_no_file(tmp_path):
    result = write(tmp_path, [])
    assert (result.rows_in, result.files) == (0, {})
    assert list(tmp_path.iterdir()) == []


def test_the_same_rows_make_the_same_files(tmp_path):
    first = write(tmp_path / "a", [document(1), document(2)])
    second = write(tmp_path / "b", [document(1), document(2)])
    assert first == second
