"""Copies of exports, whole and damaged, without the root that they came from."""

import json

import pyarrow.parquet as pq
import pytest

from curation.errors import UsageError
from curation.inspect.copies import verify_copy
from curation.outputs.jsonl import JsonlLayout
from curation.outputs.mds import MdsLayout
from tests.commands import curate, output
from tests.curation.outputs.made_exports import make_export

SHARD = "shard-00001-of-00002.parquet"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "copy").mkdir()
    return make_export(tmp_path / "copy")


def faults(folder):
    ran = curate("verify", folder)
    assert ran.exit_code == 7, ran.output
    *lines, last = ran.stdout.splitlines()
    assert f"{len(lines):,} faults" in last
    return lines


def test_a_copy_as_it_was_written_is_whole(folder):
    assert "2 files, 40 rows" in output("verify", folder)


@pytest.mark.parametrize(("layout", "options"), [(JsonlLayout, (3,)), (MdsLayout, ())])
def test_other_formats_are_whole_too(tmp_path, layout, options):
    assert not verify_copy(str(make_export(tmp_path, layout=layout, options=options))).faults


def drop(index):
    index.unlink()


def cut(index):
    index.write_text(index.read_text()[:-20])


def forget(index):
    shards = json.loads(index.read_text())["shards"]
    index.write_text(json.dumps({"shards": shards[1:], "version": 2}))


@pytest.mark.parametrize(
    ("harm", "said"),
    [(drop, "is gone, and nobody"), (cut, "is damaged"), (forget, "lists other shards than")],
)
def test_an_index_that_is_not_that_of_the_shards_is_told(tmp_path, harm, said):
    folder = make_export(tmp_path, layout=MdsLayout, options=())
    harm(folder / "index.json")
    [fault] = faults(folder)
    assert said in fault


def test_a_card_that_was_filled_in_is_no_damage(folder):
    card = folder / "README.md"
    card.write_text(card.read_text().replace("# license: missing, fill it in", "license: odc-by"))
    assert not verify_copy(str(folder)).faults


def test_each_damage_is_a_line(folder):
    data = bytearray((folder / SHARD).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / SHARD).write_bytes(data)
    (folder / "shard-00000-of-00002.parquet").unlink()
    (folder / "shard-00000-of-00009.parquet").write_bytes(b"")
    (folder / "configuration.json").write_text("{")
    first, second, third, fourth = faults(folder)
    assert first == f"{folder}/shard-00000-of-00002.parquet: is gone: copy it again"
    assert second == f"{folder}/{SHARD}: does not have the bytes that were written: copy it again"
    assert "shard-00000-of-00009.parquet: is not in manifest.json" in third
    assert "configuration.json: is damaged" in fourth


def test_a_file_that_was_cut_is_told_by_its_size(folder):
    size = (folder / SHARD).stat().st_size
    (folder / SHARD).write_bytes((folder / SHARD).read_bytes()[:-10])
    [fault] = faults(folder)
    assert f"has {size - 10:,} bytes, was written with {size:,}" in fault


def test_rows_and_columns_are_held_against_the_footers(folder):
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"][0]["rows"] += 1
    manifest["columns"].pop()
    path.write_text(json.dumps(manifest))
    found = faults(folder)
    assert any("has 20 rows, manifest.json says 21" in fault for fault in found)
    assert any("has other columns" in fault for fault in found)
    assert any("counts 40 rows, its files have 41" in fault for fault in found)


def test_a_card_of_another_export_is_told(folder):
    card = folder / "README.md"
    card.write_text(card.read_text().replace("40 documents in 40 rows", "41 documents in 41 rows"))
    [fault] = faults(folder)
    assert "README.md: says 41 documents in 41 rows" in fault


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"format_version": 99}'])
def test_a_manifest_that_is_gone_or_damaged_is_one_line(folder, content):
    path = folder / "manifest.json"
    path.unlink() if content is None else path.write_text(content)
    [fault] = faults(folder)
    assert fault.startswith(f"{path}: ")


def test_a_manifest_that_names_files_elsewhere_is_refused(folder):
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace(SHARD, "../secret.parquet"))
    [fault] = faults(folder)
    assert "which is no file beside it" in fault


def test_a_folder_of_something_else_is_not_called_whole(tmp_path):
    pq.write_table(pq.read_table(make_export(tmp_path) / SHARD), tmp_path / "x.parquet")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="name a folder of an export"):
        verify_copy(str(tmp_path / "empty"))


def test_a_folder_and_a_root_are_not_named_together(folder):
    assert curate("verify", folder, "--root", folder).exit_code == 2
    assert curate("verify").exit_code == 2
