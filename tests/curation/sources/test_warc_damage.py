"""What damage costs: the records that it touches, and never the ones after."""

import hashlib
import itertools
import random
import tracemalloc
from base64 import b32encode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from curation.sources.warc import read_warc
from schemas.page import Loss, LossReason, Page
from tests.curation.sources.archives import (
    PACKINGS,
    http,
    members,
    page_record,
    record,
    with_dictionary,
)

COUNT = 3
RECORDS = [page_record(number) for number in range(COUNT)]
COMPRESSED = [packing for packing in PACKINGS if packing]


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    folder = tmp_path_factory.mktemp("damage")

    def read_bytes(data, packing="", **options):
        path = folder / f"a.warc{packing}"
        path.write_bytes(data)
        return list(read_warc(str(path), **options))

    return read_bytes


def numbers(items):
    return [int(item.url.rpartition("/")[2]) for item in items if isinstance(item, Page)]


def losses(items):
    return [item for item in items if isinstance(item, Loss)]


@pytest.mark.slow
@pytest.mark.parametrize("packing", COMPRESSED)
def test_a_cut_at_any_byte_costs_the_record_that_it_cuts(read, packing):
    packed = members(RECORDS, packing)
    data = b"".join(packed)
    ends = [sum(map(len, packed[: count + 1])) for count in range(COUNT)]
    for cut in range(1, len(data) + 1):
        items = read(data[:cut], packing)
        whole = sum(end <= cut for end in ends)
        assert numbers(items) == list(range(whole)), cut
        if cut in ends:
            assert not losses(items), cut
        else:
            assert [loss.reason for loss in losses(items)] == [LossReason.TRUNCATED_FILE], cut
            assert losses(items)[0].offset == (ends[whole - 1] if whole else 0), cut


def test_a_cut_plain_archive_keeps_a_record_whose_block_is_whole(read):
    data = b"".join(RECORDS)
    blocks_end = [sum(map(len, RECORDS[: count + 1])) - 4 for count in range(COUNT)]
    for cut in range(1, len(data) + 1):
        items = read(data[:cut])
        whole = sum(end <= cut for end in blocks_end)
        assert numbers(items) == list(range(whole)), cut
        is_clean = any(end <= cut <= end + 4 for end in blocks_end)
        reasons = [] if is_clean else [LossReason.TRUNCATED_FILE]
        assert [loss.reason for loss in losses(items)] == reasons, cut


@pytest.mark.parametrize("packing", COMPRESSED)
def test_a_cut_in_one_member_for_all_records_keeps_those_before_it(read, packing):
    data = PACKINGS[packing](b"".join(RECORDS))
    for cut in range(1, len(data)):
        items = read(data[:cut], packing)
        assert numbers(items) == list(range(len(numbers(items)))), cut
        assert [loss.reason for loss in losses(items)] == [LossReason.TRUNCATED_FILE], cut


@pytest.mark.parametrize("packing", COMPRESSED)
@pytest.mark.parametrize("victim", range(COUNT))
def test_a_member_overwritten_in_the_middle_costs_itself_alone(read, packing, victim):
    packed = members(RECORDS, packing)
    middle = len(packed[victim]) // 2
    for width in (1, 7, 40):
        damaged = list(packed)
        noise = bytes(random.Random(width).randbytes(width))
        damaged[victim] = packed[victim][:middle] + noise + packed[victim][middle + width :]
        items = read(b"".join(damaged), packing)
        others = [number for number in range(COUNT) if number != victim]
        assert [n for n in numbers(items) if n != victim] == others
        if victim not in numbers(items):
            assert losses(items)[0].offset == sum(map(len, packed[:victim]))


def test_a_gzip_member_overwritten_is_named_in_its_loss(read):
    packed = members(RECORDS, ".gz")
    damaged = packed[1][:-30] + bytes(22) + packed[1][-8:]
    (loss,) = losses(read(packed[0] + damaged + packed[2], ".gz"))
    assert (loss.url, loss.offset) == ("http://e.example/1", len(packed[0]))
    assert loss.reason is LossReason.DAMAGED_RECORD


@settings(max_examples=300, deadline=None)
@example(237, 1)  # a whole record, then garbage, then a checksum that shows it
@given(st.integers(0, len(b"".join(members(RECORDS, ".gz"))) - 1), st.integers(0, 7))
def test_any_flipped_bit_in_gzip_costs_at_most_its_own_member(read, place, bit):
    data = bytearray(b"".join(members(RECORDS, ".gz")))
    data[place] ^= 1 << bit
    items = read(bytes(data), ".gz")
    assert len(numbers(items)) >= COUNT - 1
    assert len(numbers(items)) + len(losses(items)) == COUNT


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(list(PACKINGS)))
def test_garbage_between_members_costs_no_record(read, garbage, packing):
    packed = members(RECORDS, packing)
    items = read(packed[0] + packed[1] + garbage + packed[2], packing)
    assert numbers(items) == list(range(COUNT))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", ".gz", ".zst", ".lz4"]))
def test_any_bytes_give_losses_and_no_exception(read, data, packing):
    magic = {"": b"WARC/1.0\r\n", ".gz": b"\x1f\x8b\x08\0", ".zst": b"\x28\xb5\x2f\xfd"}
    items = read(magic.get(packing, b"\x04\x22\x4d\x18") + data, packing)
    assert items
    offsets = [item.offset for item in items]
    assert offsets == sorted(set(offsets))


CHANGES = [-20, -1, 50, 10_000, 10**9, 10**17]


def read_liar(read, packing, change, more=""):
    """Three records of which the second has another length than it says."""
    body = http(b"<html>" + b"x" * 100)
    liar = record(body, number=1, length=len(body) + change, more=more)
    return read(b"".join(members([RECORDS[0], liar, RECORDS[2]], packing)), packing)


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("change", CHANGES)
def test_a_record_with_a_wrong_length_is_read_to_the_next_and_says_so(read, packing, change):
    items = read_liar(read, packing, change)
    assert numbers(items) == [0, 1, 2]
    assert not losses(items)
    assert items[1].body == b"<html>" + b"x" * 100
    assert [page.truncated for page in items] == ["", "damaged", ""]


BODY_DIGEST = hashlib.sha1(http(b"<html>" + b"x" * 100), usedforsecurity=False)


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    "digest", [b32encode(BODY_DIGEST.digest()).decode(), BODY_DIGEST.hexdigest()]
)
def test_a_wrong_length_is_no_fault_of_a_block_that_has_its_digest(read, packing, change, digest):
    items = read_liar(read, packing, change, f"WARC-Block-Digest: sha1:{digest}\r\n")
    assert numbers(items) == [0, 1, 2]
    assert [page.truncated for page in items] == ["", "", ""]


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("change", CHANGES)
def test_a_wrong_length_and_a_wrong_digest_cost_the_record_alone(read, packing, change):
    items = read_liar(read, packing, change, f"WARC-Block-Digest: sha1:{'A' * 32}\r\n")
    assert numbers(items) == [0, 2]
    (loss,) = losses(items)
    assert (loss.url, loss.reason) == ("http://e.example/1", LossReason.DAMAGED_RECORD)
    assert "do not have its digest" in loss.detail


def test_a_record_beyond_the_cap_is_a_loss_only_where_it_can_hold_a_page(read):
    large = b"x" * 4_000_000
    items = read(record(large, kind="warcinfo") + RECORDS[1], max_body_bytes=1_000)
    assert (numbers(items), losses(items)) == ([1], [])
    items = read(record(http(large), number=2) + RECORDS[1], max_body_bytes=1_000)
    assert numbers(items) == [1]
    assert [loss.reason for loss in losses(items)] == [LossReason.BODY_TOO_LARGE]


def test_a_wrong_length_with_no_record_within_the_cap_is_a_loss_and_the_next_is_read(read):
    body = http(b"x" * 4_000_000)
    items = read(RECORDS[0] + record(body, number=1, length=9) + RECORDS[2], max_body_bytes=1_000)
    assert numbers(items) == [0, 2]
    (loss,) = losses(items)
    assert (loss.url, loss.reason) == ("http://e.example/1", LossReason.DAMAGED_RECORD)
    assert loss.detail.endswith("no record ends where its length 9 says")


@pytest.mark.parametrize("change", [-20, 50])
def test_the_last_record_with_a_length_that_is_too_short_goes_to_the_end(read, change):
    body = http(b"<html>" + b"x" * 100)
    items = read(RECORDS[0] + record(body, number=1, length=len(body) + change))
    if change < 0:
        assert numbers(items) == [0, 1]
        assert items[1].body == b"<html>" + b"x" * 100
    else:
        assert numbers(items) == [0]
        assert losses(items)[0].reason is LossReason.TRUNCATED_FILE


@pytest.mark.parametrize("more", ["", f"WARC-Block-Digest: sha1:{'A' * 32}\r\n"])
def test_a_wrong_length_of_a_record_without_a_page_costs_nothing(read, more):
    liar = record(b"software: x" * 9, kind="warcinfo", length=20, more=more)
    assert numbers(read(liar + RECORDS[1])) == [1]
    assert not losses(read(liar + RECORDS[1]))


@pytest.mark.parametrize("length", ["abc", "-1", "", "9" * 5000, "１２"])
def test_a_content_length_that_is_no_number_costs_its_own_record_alone(read, length):
    liar = record(http(b"x"), number=1, length=length)
    items = read(RECORDS[0] + liar + RECORDS[2])
    assert numbers(items) == [0, 2]
    (loss,) = losses(items)
    assert (loss.url, loss.offset) == ("http://e.example/1", len(RECORDS[0]))


def test_a_header_without_end_costs_its_own_record_alone(read):
    endless = b"WARC/1.0\r\nWARC-Type: response\r\nX: " + b"y" * 3_000_000 + b"\r\n"
    items = read(RECORDS[0] + endless + RECORDS[2])
    assert numbers(items) in ([0], [0, 2])
    assert losses(items)


def test_nul_bytes_where_a_header_should_be_cost_no_other_record(read):
    items = read(RECORDS[0] + bytes(5000) + RECORDS[1])
    assert numbers(items) == [0, 1]
    (loss,) = losses(items)
    assert (loss.offset, loss.reason) == (len(RECORDS[0]), LossReason.DAMAGED_RECORD)


def test_a_block_may_hold_an_archive(read):
    inner = record(http(b"".join(RECORDS[1:])), number=0)
    assert numbers(read(inner + RECORDS[2])) == [0, 2]


def test_a_body_that_is_gzip_itself_is_not_taken_for_a_member(read):
    stored = members([record(http(PACKINGS[".gz"](b"x" * 50)), number=1)], ".gz")[0]
    packed = members(RECORDS, ".gz")
    damaged = bytearray(stored)
    damaged[40] ^= 0xFF
    items = read(packed[0] + packed[2] + bytes(damaged) + packed[2], ".gz")
    assert numbers(items) == [0, 2, 2]
    assert len(losses(items)) == 1


@pytest.mark.parametrize("packing", PACKINGS)
def test_memory_does_not_grow_with_what_a_file_claims_to_hold(read, packing):
    pack = PACKINGS[packing]
    data = pack(record(http(bytes(60_000_000)), number=0)) + pack(page_record(1))
    tracemalloc.start()
    try:
        items = read(data, packing, max_body_bytes=1_000_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert numbers(items) == [1]
    assert peak < 24_000_000


@pytest.mark.parametrize("packed", [False, True])
def test_frames_share_the_dictionary_that_their_file_begins_with(read, packed):
    frames = with_dictionary([page_record(number) for number in range(4)], packed=packed)
    items = read(b"".join(frames), ".zst")
    assert numbers(items) == [0, 1, 2, 3]
    starts = list(itertools.accumulate(map(len, frames)))
    assert [item.offset for item in items] == starts[:-1]
    assert len(b"".join(frames[1:])) < sum(map(len, members([page_record(0)] * 4, ".zst"))) / 2


def test_archives_with_a_dictionary_each_can_be_joined(read):
    joined = b"".join(
        frame
        for number in (0, 1)
        for frame in with_dictionary([page_record(number)], packed=bool(number))
    )
    assert numbers(read(joined, ".zst")) == [0, 1]


def test_damage_in_a_dictionary_costs_each_frame_that_needs_it_and_no_other(read):
    head, *frames = with_dictionary([page_record(0), page_record(1)], packed=True)
    damaged = bytearray(head)
    damaged[-40] ^= 0xFF  # the checksum of a packed one would show it; here the frames' own do
    alone = members([page_record(2)], ".zst")[0]
    items = read(bytes(damaged) + b"".join(frames) + alone, ".zst")
    assert numbers(items) == [2]
    starts = [len(head), len(head) + len(frames[0])]
    assert [loss.offset for loss in losses(items)][-2:] == starts


def test_each_frame_whose_dictionary_is_missing_is_a_loss_that_says_so(read):
    _, *frames = with_dictionary([page_record(0), page_record(1)], packed=False)
    found = losses(read(b"".join(frames), ".zst"))
    assert [loss.offset for loss in found] == [0, len(frames[0])]
    assert all("Dictionary mismatch" in loss.detail for loss in found)
