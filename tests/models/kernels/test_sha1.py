import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.kernels.sha1 import LANES, hash_spans


def hashed(spans: list[bytes]) -> list[int]:
    data = np.frombuffer(bytearray(b"".join(spans) + b"."), np.uint8)
    lengths = np.array([len(span) for span in spans], np.int64)
    starts = np.cumsum(lengths) - lengths
    out = np.zeros(len(spans), np.uint32)
    hash_spans(data, starts, lengths, out)
    return out.tolist()


def expected(spans: list[bytes]) -> list[int]:
    return [int.from_bytes(hashlib.sha1(span).digest()[:4], "little") for span in spans]


def test_every_length_up_to_six_blocks_hashes_as_hashlib_does():
    noise = np.random.default_rng(5).bytes(400)
    spans = [noise[:length] for length in range(385)]
    assert hashed(spans) == expected(spans)


@pytest.mark.parametrize("count", [0, 1, LANES - 1, LANES, LANES + 1])
def test_any_number_of_spans_fills_its_lanes(count):
    spans = [b"%d" % i for i in range(count)]
    assert hashed(spans) == expected(spans)


def test_a_very_long_span_among_short_ones_does_not_disturb_them():
    spans = [b"ab", b"x" * 100_000, b"", b"cd"]
    assert hashed(spans) == expected(spans)


@given(st.lists(st.binary(max_size=200), max_size=150))
def test_any_spans_hash_as_hashlib_does(spans):
    assert hashed(spans) == expected(spans)


def test_spans_may_overlap():
    data = np.frombuffer(bytearray(b"one two three"), np.uint8)
    starts, lengths = np.array([0, 4], np.int64), np.array([7, 9], np.int64)
    out = np.zeros(2, np.uint32)
    hash_spans(data, starts, lengths, out)
    assert out.tolist() == expected([b"one two", b"two three"])
