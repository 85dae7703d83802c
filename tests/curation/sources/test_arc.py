"""ARC files: the same account as of WARC, whatever happens to them."""

import itertools
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.sources.inputs.expand import expand
from curation.sources.inputs.splits import split
from curation.sources.warc import read_warc
from schemas.page import Loss, LossReason, Page
from tests.curation.sources.archives import PACKINGS, http

FIELDS = b"1 1 crawler\nURL IP-address Archive-date Content-type Archive-length\n"


def record(block, url, *, kind="text/html", date="20240101000000", length=None):
    claimed = len(block) if length is None else length
    return f"{url} 10.0.0.1 {date} {kind} {claimed}\n".encode() + block + b"\n"


def page(number, **changes):
    body = b"<html>" + random.Random(number).randbytes(60).hex().encode()
    return record(http(body), f"http://e.example/{number}", **changes)


START = record(FIELDS, "filedesc://a.arc", kind="text/plain")
RECORDS = [START, *map(page, range(4))]


@pytest.fixture
def read(tmp_path):
    def read_bytes(data, name="a.arc"):
        path = tmp_path / name
        path.write_bytes(data)
        reader = read_warc(path)
        items = list(reader)
        return [i for i in items if isinstance(i, Page)], [i for i in items if isinstance(i, Loss)]

    return read_bytes


def numbers(pages):
    return [int(page.url.rpartition("/")[2]) for page in pages]


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("per_record", [True, False])
def test_every_record_of_an_arc_file_becomes_a_page(read, packing, per_record):
    pack = PACKINGS[packing]
    data = b"".join(map(pack, RECORDS)) if per_record else pack(b"".join(RECORDS))
    pages, losses = read(data, "a.arc" + packing)
    assert (numbers(pages), losses) == ([0, 1, 2, 3], [])
    assert [page.body for page in pages] == [r.partition(b"\r\n\r\n")[2][:-1] for r in RECORDS[1:]]
    assert {page.date for page in pages} == {"2024-01-01T00:00:00Z"}
    assert len({page.doc_id for page in pages}) == 4


def test_the_record_that_describes_the_file_is_skipped_and_counted(tmp_path):
    path = tmp_path / "a.arc"
    path.write_bytes(b"".join(RECORDS))
    reader = read_warc(path)
    assert len(list(reader)) == 4
    assert reader.skipped == {"filedesc": 1}


def test_an_address_may_hold_spaces(read):
    (page,), losses = read(START + record(http(b"<p>x"), "http://e.example/a b?c=d e"))
    assert (page.url, page.body, losses) == ("http://e.example/a b?c=d e", b"<p>x", [])


def test_what_was_not_fetched_by_http_has_the_type_that_the_line_claims(read):
    (page,), _ = read(START + record(b"e. 60 IN A 1.2.3.4", "dns:e.example", kind="text/dns"))
    assert (page.content_type, page.status) == ("text/dns", 200)


def test_a_page_without_an_http_header_is_read(read):
    (page,), _ = read(START + record(b"<html>1996</html>", "http://e.example/"))
    assert page.body == b"<html>1996</html>"


def test_a_body_may_hold_an_arc_file(read):
    pages, losses = read(START + record(http(b"".join(RECORDS)), "http://e.example/7") + page(1))
    assert (numbers(pages), losses) == ([7, 1], [])


@pytest.mark.slow
@pytest.mark.parametrize("packing", [packing for packing in PACKINGS if packing])
def test_a_cut_at_any_byte_costs_the_record_that_it_cuts(read, packing):
    packed = list(map(PACKINGS[packing], RECORDS))
    data = b"".join(packed)
    ends = [sum(map(len, packed[: count + 1])) for count in range(len(packed))]
    for cut in range(ends[0], len(data) + 1):
        pages, losses = read(data[:cut], "a.arc" + packing)
        assert numbers(pages) == list(range(sum(end <= cut for end in ends) - 1)), cut
        reasons = [] if cut in ends else [LossReason.TRUNCATED_FILE]
        assert [loss.reason for loss in losses] == reasons, cut


@pytest.mark.parametrize("packing", [".gz", ".zst", ".lz4"])
@pytest.mark.parametrize("victim", range(5))
def test_a_damaged_member_costs_itself_alone(read, packing, victim):
    packed = list(map(PACKINGS[packing], RECORDS))
    middle = len(packed[victim]) // 2
    packed[victim] = packed[victim][:middle] + b"\xff" * 20 + packed[victim][middle + 20 :]
    pages, losses = read(b"".join(packed), "a.arc" + packing)
    others = [number for number in range(4) if number != victim - 1]
    assert [number for number in numbers(pages) if number != victim - 1] == others
    assert losses or packing == ".lz4", "these lz4 frames have no checksum"


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("change", [-20, -1, 50, 10**9])
def test_a_record_with_a_wrong_length_goes_to_the_next_and_says_so(read, packing, change):
    whole = page(1)
    claimed = int(whole.partition(b"\n")[0].split()[-1])
    records = [START, page(0), page(1, length=claimed + change), page(2)]
    pages, losses = read(b"".join(map(PACKINGS[packing], records)), "a.arc" + packing)
    assert (numbers(pages), losses) == ([0, 1, 2], [])
    assert [page.truncated for page in pages] == ["", "damaged", ""]
    assert whole.endswith(pages[1].body + b"\n")


@pytest.mark.parametrize("length", ["-1", "abc"])
def test_a_length_that_is_no_number_costs_its_own_record_alone(read, length):
    pages, losses = read(START + page(0) + page(1, length=length) + page(2))
    assert numbers(pages) == [0, 2]
    (loss,) = losses
    assert (loss.url, loss.offset) == ("http://e.example/1", len(START + page(0)))
    assert repr(length) in loss.detail


def test_garbage_between_records_costs_no_record(read):
    pages, losses = read(START + page(0) + page(1) + b"\0\1\2 nothing\n" * 9 + page(2))
    assert numbers(pages) == [0, 1, 2]
    assert pages[1].truncated == "damaged" or losses


PACKED = b"".join(map(PACKINGS[".gz"], RECORDS))


@pytest.fixture(scope="module")
def packed_path(tmp_path_factory):
    return tmp_path_factory.mktemp("ranges") / "a.arc.gz"


def read_in_ranges(path, cuts):
    bounds = [0, *sorted(set(cuts) - {0}), None]
    ranges = itertools.pairwise(bounds)
    return [item for start, end in ranges for item in read_warc(path, start=start, end=end)]


def test_a_large_gzip_file_is_split_and_each_split_gives_its_own_records(packed_path):
    packed_path.write_bytes(PACKED)
    (file,) = expand([str(packed_path)])
    splits = split(file, len(PACKED) // 4 + 1)
    parts = [list(read_warc(packed_path, start=each.start, end=each.end)) for each, _ in splits]
    assert [len(part) for part in parts] == [1, 1, 1, 1]
    assert [page for part in parts for page in part] == list(read_warc(packed_path))


def test_a_member_may_begin_with_the_line_end_before_its_record(packed_path):
    records = [RECORDS[0][:-1], *(b"\n" + record[:-1] for record in RECORDS[1:])]
    packed_path.write_bytes(b"".join(map(PACKINGS[".gz"], records)))
    whole, last = list(read_warc(packed_path)), list(read_warc(packed_path, start=400))
    assert numbers(whole) == [0, 1, 2, 3]
    assert 0 < len(last) < 4
    assert list(read_warc(packed_path, end=400)) + last == whole


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, len(PACKED) + 50), max_size=4))
def test_ranges_share_the_records_without_gap_or_overlap(packed_path, cuts):
    packed_path.write_bytes(PACKED)
    assert read_in_ranges(packed_path, cuts) == list(read_warc(packed_path))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, len(PACKED)), min_size=1, max_size=3),
    st.integers(0, len(PACKED) - 1),
    st.integers(1, 255),
)
def test_damage_in_a_range_costs_no_record_of_another(packed_path, cuts, place, change):
    data = bytearray(PACKED)
    data[place] ^= change
    packed_path.write_bytes(data)
    items = read_in_ranges(packed_path, cuts)
    whole = list(read_warc(packed_path))
    assert pages_among(items) == pages_among(whole)
    assert len(items) == len(whole)


def pages_among(items):
    """Without how long their records are: where one is damaged, its range may not know."""
    return [replace(item, length=None) for item in items if isinstance(item, Page)]


def test_a_real_file_in_ranges(real_data):
    path = real_data / "warc" / "edge" / "warcio-example.arc.gz"
    whole = list(read_warc(path))
    for cut in range(path.stat().st_size):
        assert read_in_ranges(path, [cut]) == whole, cut
