import io

import pytest

from curation.sources.stream import scan
from curation.sources.stream.scan import find_all


@pytest.mark.parametrize("block_bytes", [1, 2, 3, 7, 1 << 20])
def test_every_magic_number_is_found_however_the_file_is_read(monkeypatch, block_bytes):
    monkeypatch.setattr(scan, "_SCAN_BYTES", block_bytes)
    file = io.BytesIO(b"abcab abcabcab")
    assert list(find_all(file, b"abc", 0)) == [0, 6, 9]
    assert list(find_all(file, b"abc", 1)) == [6, 9]
    assert list(find_all(file, b"abc", 0, 9)) == [0, 6]
    assert list(find_all(file, b"abc", 40)) == []


def test_magic_numbers_may_overlap():
    assert list(find_all(io.BytesIO(b"aaaa"), b"aa", 0)) == [0, 1, 2]


def test_the_file_may_be_moved_in_between(monkeypatch):
    monkeypatch.setattr(scan, "_SCAN_BYTES", 4)
    file = io.BytesIO(b"ab.ab.ab")
    found = []
    for offset in find_all(file, b"ab", 0):
        file.seek(1)
        found.append(offset)
    assert found == [0, 3, 6]


def test_nothing_is_read_far_beyond_the_range(monkeypatch):
    monkeypatch.setattr(scan, "_SCAN_BYTES", 4)
    file = io.BytesIO(bytes(1000))
    assert list(find_all(file, b"ab", 0, 10)) == []
    assert file.tell() <= 16
