"""What every format of shards has in common: rows, order, numbers, bytes, card and manifest."""

import hashlib
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from curation.outputs.base import Material
from curation.outputs.export import Export
from curation.outputs.jsonl import Jsonl
from curation.outputs.mds import Mds, read_rows
from curation.outputs.seeded_shards import export_shards
from curation.outputs.shards import order_of
from curation.sample_crawl.pages import article
from curation.storage import StoredFile

pytestmark = pytest.mark.spark
DOCUMENTS = 300
FORMATS = [
    Export(shards=3, row_group_rows=64, seed=7),
    Jsonl(shards=3, seed=7),
    Mds(shards=3, seed=7),
]


def documents():
    """Documents as the last step keeps them; every seventh is dropped, some are repeated."""
    for number in range(DOCUMENTS):
        text = article(1, number)
        yield {
            "doc_id": hashlib.md5(str(number).encode()).hexdigest(),
            "url": f"https://www.harrow.example/{number}",
            "date": "2024-03-01T00:00:00Z",
            "title": text.title,
            "text": "\n".join(text.paragraphs),
            "language": text.language,
            "category": text.genre,
            "quality": number / DOCUMENTS,
            "tokens": 100 + number,
            "copies": number % 7 % 4,
            "batch": "2024-10",
            "source": f"/data/crawl/{number % 3}/sample.warc.gz",
            "offset": 1_000 * number,
            "record_length": None if number % 5 else 900,
            "record_id": f"<urn:uuid:{number}>",
            "position": number,
            "edits": [
                {"stage": "rules", "line": line, "text": "Log in", "reason": "prompt"}
                for line in range(number % 3)
            ],
        }


def write_files(folder, count):
    """The documents as ``count`` Parquet files, in crawl order."""
    folder.mkdir()
    table = pa.Table.from_pylist(list(documents()))
    size = -(-table.num_rows // count)
    paths = []
    for number in range(count):
        paths.append(str(folder / f"part-{number}.parquet"))
        pq.write_table(table.slice(number * size, size), paths[-1], row_group_size=17)
    return paths


def read(path):
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    if path.suffix == ".mds":
        return list(read_rows(str(path)))
    with zstandard.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def rows_of(folder, result):
    return [row for file in result.shards for row in read(folder / file.name)]


@pytest.fixture(scope="module", params=FORMATS, ids=lambda output: output.name)
def output(request):
    return request.param


@pytest.fixture(scope="module")
def exported(spark, output, tmp_path_factory):
    home = tmp_path_factory.mktemp("export")
    files = write_files(home / "in", 4)
    made = export_shards(spark, files, str(home / "out"), output, root="/data/crawl")
    return home / "out", made


def test_every_copy_is_a_numbered_row(exported):
    rows = rows_of(*exported)
    found = Counter((row["doc_id"], row["copy"]) for row in rows)
    expected = {(d["doc_id"], copy) for d in documents() for copy in range(d["copies"])}
    assert set(found) == expected
    assert set(found.values()) == {1}
    texts = {d["doc_id"]: d["text"] for d in documents()}
    assert all(row["text"] == texts[row["doc_id"]] for row in rows)


def test_rows_come_in_the_order_of_the_seeded_hash(exported, output):
    rows = rows_of(*exported)
    orders = [order_of(output.seed, row["doc_id"], row["copy"]) for row in rows]
    assert orders == sorted(orders)


@pytest.mark.parametrize("files", [1, 7])
def test_the_bytes_do_not_depend_on_how_the_work_is_cut(spark, output, exported, tmp_path, files):
    folder, result = exported
    old = spark.conf.get("spark.sql.execution.arrow.maxRecordsPerBatch")
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "13")
    try:
        other = export_shards(
            spark,
            write_files(tmp_path / "in", files),
            str(tmp_path / "out"),
            output,
            root="/data/crawl",
        )
    finally:
        spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", old)
    assert other == result
    for file in result.files:
        assert (tmp_path / "out" / file.name).read_bytes() == (folder / file.name).read_bytes()


def test_a_row_says_where_its_page_lies_and_what_was_cut(exported):
    by_id = {d["doc_id"]: d for d in documents()}
    for row in rows_of(*exported):
        held = by_id[row["doc_id"]]
        assert f"/data/crawl/{row['warc_filename']}" == held["source"]
        assert row["warc_record_offset"] == held["offset"]
        assert row["warc_record_length"] == held["record_length"]
        assert row["warc_record_id"] == held["record_id"]
        assert (row["copies"], row["batch"]) == (held["copies"], "2024-10")
        assert "2024-03-01" in str(row["date"])
        lines = len(held["edits"])
        expected = [{"stage": "rules", "reason": "prompt", "lines": lines}] if lines else []
        assert row["cuts"] == expected


def test_chosen_columns_are_written_in_their_order_those_of_stages_too(spark, tmp_path):
    rows = [{**d, "rank": n} for n, d in enumerate(documents())]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "in.parquet")
    export = Export(columns=("warc_filename", "rank", "doc_id"))
    made = export_shards(spark, [str(tmp_path / "in.parquet")], str(tmp_path / "out"), export)
    table = pq.read_table(tmp_path / "out" / made.shards[0].name)
    assert table.column_names == ["copy", "warc_filename", "rank", "doc_id"]
    assert {row["doc_id"]: row["rank"] for row in table.to_pylist()} == {
        row["doc_id"]: row["rank"] for row in rows if row["copies"]
    }


def test_another_seed_gives_another_order(spark, output, exported, tmp_path):
    files = write_files(tmp_path / "in", 1)
    other = export_shards(spark, files, str(tmp_path / "out"), replace(output, seed=8))
    assert sum(f.rows for f in other.shards) == sum(f.rows for f in exported[1].shards)
    assert rows_of(tmp_path / "out", other) != rows_of(*exported)


def test_the_manifest_tells_the_files_as_they_are(exported):
    folder, result = exported
    manifest = json.loads((folder / "manifest.json").read_text())
    for file in manifest["files"]:
        data = (folder / file["name"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == file["sha256"]
        assert len(data) == file["bytes"]
        assert len(read(folder / file["name"])) == file["rows"]
    kept = [d for d in documents() for _ in range(d["copies"])]
    assert manifest["counts"]["rows"] == len(kept)
    assert manifest["counts"]["documents"] == len({d["doc_id"] for d in kept})
    assert manifest["counts"]["tokens"] == sum(d["tokens"] for d in kept)
    assert manifest["counts"]["languages"] == Counter(d["language"] for d in kept)
    columns = {column["name"]: column for column in manifest["columns"]}
    assert columns["warc_record_offset"]["unit"] == "bytes"
    assert not columns["text"]["nullable"]
    assert {file.name for file in result.files} == {path.name for path in folder.iterdir()}


def test_a_document_is_found_in_the_rows_that_hold_its_copies(exported, output):
    folder, result = exported
    wanted = next(d["doc_id"] for d in documents() if d["copies"] == 3)
    found = [
        (file.name, row)
        for file in result.shards
        for row in output.find(str(folder / file.name), wanted)
    ]
    held = [read(folder / name)[row] for name, row in found]
    assert sorted((row["doc_id"], row["copy"]) for row in held) == [(wanted, n) for n in range(3)]


def test_card_and_configuration_lie_beside_the_shards(spark, output, tmp_path):
    [file] = write_files(tmp_path / "in", 1)
    material = Material(
        str(tmp_path / "in"),
        (StoredFile(Path(file).name, DOCUMENTS, 0, ""),),
        "tea",
        "abc123",
        sources=tuple(f"/data/crawl/{number}/sample.warc.gz" for number in range(3)),
        configuration={"stage.rules.rules": "conf/rules", "name": "tea"},
    )
    account = output.write(spark, material, str(tmp_path / "out"))
    card = (tmp_path / "out" / "README.md").read_text()
    assert card.startswith('---\npretty_name: "tea"')
    is_read = output.layout(1, pa.schema([])).hub_reads
    assert (f"path: shard-*.{account.files[0].name.partition('.')[2]}" in card) == is_read
    assert "| 0/sample.warc.gz |" in card
    settings = json.loads((tmp_path / "out" / "configuration.json").read_text())
    assert settings == material.configuration
    assert {file.name for file in account.files} == {
        path.name for path in (tmp_path / "out").iterdir()
    }
    [row, *_] = read(tmp_path / "out" / account.files[0].name)
    assert row["warc_filename"] in {f"{number}/sample.warc.gz" for number in range(3)}


@pytest.mark.slow
def test_the_count_of_shards_follows_from_the_rows_or_else_from_the_bytes(spark, tmp_path):
    files = write_files(tmp_path / "in", 2)
    by_rows = export_shards(spark, files, str(tmp_path / "out"), Export(rows_per_shard=100))
    assert len(by_rows.shards) == -(-by_rows.counts.rows // 100)
    size = sum(len(d["text"].encode()) * d["copies"] for d in documents())
    for cut in (1, 7):
        files = write_files(tmp_path / f"in-{cut}", cut)
        export = Export(bytes_per_shard=size // 4)
        by_bytes = export_shards(spark, files, str(tmp_path / f"out-{cut}"), export)
        assert len(by_bytes.shards) == 5


def test_documents_without_copies_or_categories_are_exported_once(spark, tmp_path):
    rows = [{k: d[k] for k in ("doc_id", "text", "position")} for d in documents()]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "in.parquet")
    result = export_shards(spark, [str(tmp_path / "in.parquet")], str(tmp_path / "out"), Export())
    assert result.counts.rows == DOCUMENTS
    assert pq.read_schema(tmp_path / "out" / result.shards[0].name).names == [
        "doc_id",
        "copy",
        "copies",
        "text",
    ]


def test_nothing_kept_gives_one_empty_shard(spark, output, tmp_path):
    result = export_shards(spark, [], str(tmp_path / "out"), replace(output, shards=0))
    [shard] = result.shards
    assert (shard.name.split(".")[0], shard.rows) == ("shard-00000-of-00001", 0)
    assert read(tmp_path / "out" / shard.name) == []
