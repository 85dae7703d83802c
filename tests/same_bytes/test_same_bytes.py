"""The variants of a run read the same records, and a comparison sees what differs."""

import gzip

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.sample_crawl import write_sample_crawl
from curation.sources.reader import SourceOptions, read
from tests.same_bytes.outcome import products, rows
from tests.same_bytes.repacking import members_of, recompress, split
from tests.same_bytes.variants import variants


@pytest.fixture(scope="module")
def crawl(tmp_path_factory):
    return write_sample_crawl(tmp_path_factory.mktemp("crawl"), seed=1, pages=100)


def bodies(files):
    return [
        one.body
        for path in files
        for one in read(str(path), SourceOptions())
        if hasattr(one, "body")
    ]


def test_what_is_repacked_holds_the_same_pages_in_the_same_order(crawl, tmp_path):
    expected = bodies(crawl)
    assert len(expected) > 90
    again, parted = recompress(crawl, tmp_path / "a"), split(crawl, tmp_path / "b", 3)
    assert bodies(again) == expected
    assert bodies(parted) == expected
    assert len(parted) == 3
    assert again[0].read_bytes() != crawl[0].read_bytes()


def test_damage_between_members_is_kept_as_it_is():
    first, last = gzip.compress(b"a" * 99, mtime=0), gzip.compress(b"b", mtime=0)
    data = first + first[:15] + b"\x1f\x8b\x08 noise" + last
    assert list(members_of(data)) == [
        (first, b"a" * 99),
        (first[:15] + b"\x1f\x8b\x08 noise", None),
        (last, b"b"),
    ]
    assert list(members_of(first[:-3])) == [(first[:-3], None)]


def test_no_variant_is_like_another(crawl, tmp_path):
    every = list(variants(crawl, tmp_path))
    assert len({one.name for one in every}) == len(every) == 16
    told = [
        (tuple(v.files), v.arguments, v.master, str(v.environment), v.killed_in_step) for v in every
    ]
    assert len(set(told)) == len(every)


def shard(root, number, text, place):
    folder = root / "local" / "default" / "08-export-abc"
    folder.mkdir(parents=True)
    table = pa.table({"doc_id": ["a"], "text": [text], "warc_filename": [place]})
    pq.write_table(table, folder / f"shard-{number}.parquet")
    (folder / "manifest.json").write_text(place)


def test_another_place_is_seen_in_the_bytes_and_not_in_the_rows(tmp_path):
    shard(tmp_path / "a", 0, "x", "1.warc")
    shard(tmp_path / "b", 0, "x", "2.warc")
    shard(tmp_path / "c", 0, "y", "1.warc")
    found = [(products(tmp_path / name), rows(tmp_path / name)) for name in "abc"]
    assert list(found[0][0]) == ["shard-0.parquet"]
    assert found[0][0] != found[1][0]
    assert found[0][1] == found[1][1]
    assert found[0][1] != found[2][1]
