"""Which rows of a state a batch can meet."""

import hashlib

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from models.kernels.membership import add, new_filter
from stages.reach import KeyReach, hashes_of

SEEN = [b"%d" % n for n in range(4)]


def md5s(texts):
    return [None if text is None else hashlib.md5(text).digest() for text in texts]


def numbers_of(texts):
    return [int.from_bytes(digest[:8], "little", signed=True) for digest in md5s(texts)]


def reach_over(numbers):
    words = new_filter(len(numbers), 1 << 20)
    add(words, np.array(numbers, np.int64))
    return KeyReach("key", words)


def batch_of(keys, kind):
    """Rows with such keys, after two others that a slice has cut off."""
    rows = pa.array([keys[0]] * 2 + keys if keys else [], kind)
    numbers = pa.array(range(-2, len(keys)) if keys else [], pa.int64())
    return pa.RecordBatch.from_arrays([rows, numbers], ["key", "number"]).slice(2)


TEXTS = st.lists(st.sampled_from([b"%d" % n for n in range(12)]), max_size=9)


@given(TEXTS)
def test_rows_of_numbers_stay_where_the_batch_has_their_number(texts):
    state = batch_of(numbers_of(texts), pa.int64())
    expected = [n for n, text in enumerate(texts) if text in SEEN]
    assert reach_over(numbers_of(SEEN)).narrow(state)["number"].to_pylist() == expected


@given(TEXTS)
def test_rows_of_digests_stay_by_their_first_eight_bytes(texts):
    state = batch_of(md5s(texts), pa.binary())
    narrowed = reach_over(numbers_of(SEEN)).narrow(state)
    assert narrowed["number"].to_pylist() == [n for n, text in enumerate(texts) if text in SEEN]
    assert narrowed["key"].to_pylist() == md5s([text for text in texts if text in SEEN])


@given(st.lists(st.none() | TEXTS, max_size=9))
def test_rows_of_lists_stay_whole_where_any_of_theirs_is_known(lists):
    keys = [None if texts is None else numbers_of(texts) for texts in lists]
    state = batch_of(keys, pa.list_(pa.int64()))
    expected = [
        {"key": key, "number": n}
        for n, (key, texts) in enumerate(zip(keys, lists, strict=True))
        if set(texts or ()) & set(SEEN)
    ]
    assert reach_over(numbers_of(SEEN)).narrow(state).to_pylist() == expected


def test_keys_of_a_slice_are_those_of_its_rows():
    for kind, made in ((pa.binary(), md5s), (pa.int64(), numbers_of)):
        column = batch_of(made([b"a", b"b", b"c"]), kind)["key"]
        assert hashes_of(column).tolist() == numbers_of([b"a", b"b", b"c"])
