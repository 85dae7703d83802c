from datetime import UTC, datetime

import pytest

from curation.outputs.provenance import common_folder, moment, relative_name
from curation.outputs.seeded_shards import SeededShards
from curation.outputs.shards import exported_schema
from curation.testing.output_checks import KEPT


@pytest.mark.parametrize(
    ("paths", "folder"),
    [
        ([], ""),
        (["/data/a.warc"], "/data"),
        (["/data/a/1", "/data/ab/1"], "/data"),
        (["/data/1", "/data/sub/deep/1"], "/data"),
        (["/a/1", "/b/1"], ""),
        (["s3://bucket/x/1", "s3://bucket/y/1"], "s3://bucket"),
    ],
)
def test_the_folder_of_a_crawl_is_the_deepest_that_holds_all_of_it(paths, folder):
    assert common_folder(paths) == folder
    assert common_folder(reversed(paths)) == folder


def test_a_folder_of_the_machine_is_never_part_of_a_name():
    assert relative_name("/home/me/1.warc", "") == "1.warc"
    assert relative_name("/home/me/1.warc", "/home/m") == "1.warc"
    assert relative_name("1.warc", "/home") == "1.warc"


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2024-03-01T05:06:07Z", datetime(2024, 3, 1, 5, 6, 7, tzinfo=UTC)),
        ("2024-03-01T05:06:07.123456789Z", datetime(2024, 3, 1, 5, 6, 7, 123456, tzinfo=UTC)),
        ("20240301050607", datetime(2024, 3, 1, 5, 6, 7, tzinfo=UTC)),
        ("2024-03", datetime(2024, 3, 1, tzinfo=UTC)),
        ("2024-13-01", None),
        ("0000", None),
        ("", None),
        (None, None),
        ("２０２４", None),
        ("9" * 10_000, None),
    ],
)
def test_a_capture_has_its_moment_or_none(date, expected):
    assert moment(date) == expected


@pytest.mark.parametrize(
    ("columns", "fault"),
    [(("texts",), "'texts', which no document has: doc_id"), (("text", "text"), "'text' twice")],
)
def test_columns_that_cannot_be_are_refused(columns, fault):
    with pytest.raises(ValueError, match=fault):
        exported_schema(KEPT, columns)


def test_every_column_says_what_it_means():
    schema = exported_schema(KEPT)
    assert all(field.metadata[b"description"] for field in schema)
    assert "source" not in schema.names
    assert SeededShards.__dataclass_fields__["columns"].default == ()
