"""Shards opened by what people open them with."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.outputs.dataset_card import DatasetFacts, dataset_card
from curation.outputs.export import ParquetLayout
from curation.outputs.export_counts import ExportCounts
from curation.outputs.jsonl import JsonlLayout
from curation.outputs.mds import MdsLayout
from curation.outputs.shards import exported_schema
from curation.storage import StoredFile, sha256_of
from curation.testing.output_checks import KEPT

SCHEMA = exported_schema(KEPT)
ROWS = [
    {
        **dict.fromkeys(SCHEMA.names),
        "doc_id": f"{number:032x}",
        "copy": 0,
        "copies": 1,
        "date": datetime(2024, 3, 1, 5, number % 60, 7, tzinfo=UTC),
        "text": f"第{number}行\nof a “page”",
        "quality": number / 40 if number % 4 else None,
        "tokens": number,
        "cuts": [{"stage": "rules", "reason": "prompt", "lines": 2}] if number % 2 else [],
        "warc_filename": "a/1.warc.gz",
        "warc_record_offset": number << 33,
    }
    for number in range(40)
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two shards of each format, with what its readers want beside them."""
    home = tmp_path_factory.mktemp("shards")
    batches = pa.Table.from_pylist(ROWS, SCHEMA).to_batches(max_chunksize=20)
    layouts = (
        ParquetLayout(2, 0, SCHEMA, 8, 3),
        JsonlLayout(2, 0, SCHEMA, 3),
        MdsLayout(2, 0, SCHEMA),
    )
    for layout in layouts:
        files = []
        for number, batch in enumerate(batches):
            path = home / layout.file_name(number)
            rows = layout.write(path, [batch]).rows
            files.append(StoredFile(path.name, rows, path.stat().st_size, sha256_of(path)))
        for name, text in layout.index(files).items():
            (home / name).write_text(text)
    return home


def aware(row):
    """The row with its moment in UTC, as readers without time zones mean it."""
    date = row["date"]
    date = datetime.fromisoformat(date) if isinstance(date, str) else date
    return {**row, "date": date if date.tzinfo else date.replace(tzinfo=UTC)}


def test_arrow_reads_units_and_meanings(folder):
    schema = pq.read_schema(folder / "shard-00000-of-00002.parquet")
    assert schema.equals(SCHEMA, check_metadata=False)
    assert schema.field("tokens").metadata[b"unit"] == b"tokens"
    assert [field.name for field in schema if not field.nullable] == [
        *("doc_id", "copy", "copies", "text", "cuts", "warc_filename")
    ]


@pytest.mark.parametrize(
    ("builder", "pattern"), [("parquet", "*.parquet"), ("json", "*.jsonl.zst")]
)
@pytest.mark.parametrize("streaming", [True, False])
def test_hugging_face_datasets(folder, tmp_path, monkeypatch, builder, pattern, streaming):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    loaded = datasets.load_dataset(
        builder,
        data_files={"train": sorted(map(str, folder.glob(pattern)))},
        split="train",
        streaming=streaming,
        cache_dir=str(tmp_path),
    )
    assert [aware(row) for row in loaded] == ROWS


def test_hugging_face_datasets_by_the_card(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    card = dataset_card(DatasetFacts("tea", "", ".jsonl.zst", ExportCounts()))
    (tmp_path / "README.md").write_text(card)
    for shard in folder.iterdir():
        (tmp_path / shard.name).symlink_to(shard)
    loaded = datasets.load_dataset(str(tmp_path), split="train", cache_dir=str(tmp_path / "cache"))
    assert [aware(row) for row in loaded] == ROWS


def test_duckdb(folder):
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    parquet = connection.sql(f"SELECT * FROM '{folder}/*.parquet' ORDER BY doc_id").arrow()
    table = parquet.read_all() if hasattr(parquet, "read_all") else parquet
    assert [{**row, "date": row["date"].astimezone(UTC)} for row in table.to_pylist()] == ROWS
    lines = f"SELECT sum(tokens), max(warc_record_offset) FROM '{folder}/*.jsonl.zst'"
    assert connection.sql(lines).fetchall() == [(780, 39 << 33)]


def test_polars(folder):
    polars = pytest.importorskip("polars")
    frame = polars.scan_parquet(folder / "*.parquet").sort("doc_id").collect()
    assert [{**row, "date": row["date"].astimezone(UTC)} for row in frame.to_dicts()] == ROWS
    lines = polars.scan_ndjson(folder / "*.jsonl.zst").select("tokens").collect()
    assert lines["tokens"].sum() == 780


def test_pandas(folder):
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_parquet(folder / "shard-00001-of-00002.parquet")
    assert frame["tokens"].tolist() == list(range(20, 40))
    assert str(frame["date"].dtype) == "datetime64[us, UTC]"
    lines = pandas.read_json(folder / "shard-00001-of-00002.jsonl.zst", lines=True)
    assert lines["text"].tolist() == frame["text"].tolist()
    assert frame["quality"].isna().tolist() == [number % 4 == 0 for number in range(20, 40)]


@pytest.mark.spark
def test_spark(spark, folder):
    frame = spark.read.parquet(*sorted(map(str, folder.glob("*.parquet"))))
    rows = frame.selectExpr("doc_id", "text", "tokens", "unix_timestamp(date) AS seconds").collect()
    assert [tuple(row) for row in sorted(rows)] == [
        (row["doc_id"], row["text"], row["tokens"], int(row["date"].timestamp())) for row in ROWS
    ]


@pytest.mark.spark
def test_spark_reads_lines_of_json(spark, folder):
    frame = spark.read.json(sorted(map(str, folder.glob("*.jsonl.zst"))))
    rows = frame.selectExpr("doc_id", "text", "tokens").collect()
    assert [tuple(row) for row in sorted(rows)] == [
        (row["doc_id"], row["text"], row["tokens"]) for row in ROWS
    ]


MDS_READER = Path(sys.prefix, "mds-reader")
"""Where `make` puts MosaicML's streaming: its bounds exclude versions that the project pins."""


@pytest.mark.skipif(not MDS_READER.is_dir(), reason="`make test` installs mosaicml-streaming")
def test_mosaicml_streaming(folder, tmp_path):
    reader = str(Path(__file__).with_name("mds_reader.py"))
    path = os.pathsep.join([str(MDS_READER), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, reader, str(folder)]
    env = {**os.environ, "PYTHONPATH": path, "TMPDIR": str(tmp_path)}
    ran = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    read = json.loads(ran.stdout)
    assert [aware(row) for row in read["rows"]] == ROWS
    assert aware(read["last"]) == ROWS[-1]
    assert sum(read["tokens"]) == sum(row["tokens"] for row in ROWS)
