"""Ranges of one file, read apart, give what the file gives in one piece."""

import gzip
import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from curation.sources.warc import read_warc
from schemas.page import Page
from tests.curation.sources.archives import PACKINGS, members, page_record, record

PACKED = members([record(b"x", kind="request"), *(page_record(n) for n in range(5))], ".gz")
WHOLE = b"".join(PACKED)
TOGETHER = b"".join(  # members that hold several records, or begin in the middle of one
    gzip.compress(b"".join(map(page_record, range(6)))[place : place + 300], mtime=0)
    for place in range(0, 3000, 300)
)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("ranges") / "a.warc.gz"


def read_in_ranges(path, cuts):
    bounds = [0, *sorted(set(cuts) - {0}), None]
    readers = [
        read_warc(str(path), start=start, end=end) for start, end in itertools.pairwise(bounds)
    ]
    items = [item for reader in readers for item in reader]
    return items, sum((reader.skipped for reader in readers[1:]), readers[0].skipped)


def read_whole(path):
    reader = read_warc(str(path))
    return list(reader), reader.skipped


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, len(WHOLE) + 50), max_size=4))
@example([len(PACKED[0]), len(PACKED[0]) + 1])
def test_ranges_share_the_records_without_gap_or_overlap(path, cuts):
    path.write_bytes(WHOLE)
    assert read_in_ranges(path, cuts) == read_whole(path)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, len(TOGETHER)), max_size=3))
def test_members_that_begin_within_a_record_go_with_it(path, cuts):
    path.write_bytes(TOGETHER)
    items, _ = read_in_ranges(path, cuts)
    assert [item.doc_id for item in items] == [item.doc_id for item in read_whole(path)[0]]
    assert len(items) == 6


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, len(WHOLE)), min_size=1, max_size=3),
    st.integers(0, len(WHOLE) - 1),
    st.integers(1, 255),
)
def test_damage_is_a_loss_of_one_range_and_costs_no_other_record(path, cuts, place, change):
    data = bytearray(WHOLE)
    data[place] ^= change
    path.write_bytes(data)
    in_ranges, _ = read_in_ranges(path, cuts)
    whole, _ = read_whole(path)

    def pages(items):
        return [item for item in items if isinstance(item, Page)]

    assert pages(in_ranges) == pages(whole)
    assert len(in_ranges) == len(whole)


@pytest.mark.parametrize("packing", ["", ".zst", ".lz4"])
def test_other_files_are_read_whole_by_the_first_range(path, packing):
    path.write_bytes(PACKINGS[packing](b"".join(map(page_record, range(5)))))
    assert len(list(read_warc(str(path), start=0, end=10))) == 5
    assert list(read_warc(str(path), start=10, end=20)) == []


def test_an_empty_file_is_one_loss(path):
    path.write_bytes(b"")
    assert len(read_in_ranges(path, [10, 20])[0]) == 1


def test_real_archives_in_ranges(real_data):
    for name in ("real/aut-example.warc.gz", "built/zh-en-public.warc.gz"):
        archive = real_data / "warc" / name
        size = archive.stat().st_size
        cuts = [size * step // 7 for step in range(1, 7)]
        assert read_in_ranges(archive, cuts) == read_whole(archive)
