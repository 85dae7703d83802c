import datasketch
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.text.segmenter import cut
from stages.fuzzy_dedup.minhash import (
    NUM_PERMUTATIONS,
    band_keys,
    has_tokens,
    minima,
    permutations,
    permute,
    signature,
    signatures,
    sketches,
)
from stages.fuzzy_dedup.shingles import Shingles
from stages.standardise import standardise


def datasketch_signature(text: str, *, width=5, size=2048, seed=1) -> np.ndarray:
    tokens = cut(standardise(text))
    last = max(1, len(tokens) - width + 1)
    shingles = {" ".join(tokens[i : i + width]) for i in range(last)} if tokens else set()
    sketch = datasketch.MinHash(num_perm=size, seed=seed)
    for shingle in shingles:
        sketch.update(shingle.encode())
    return sketch.hashvalues


def permuted(hashes: np.ndarray, size: int = NUM_PERMUTATIONS) -> np.ndarray:
    out = np.empty((1, size), np.uint32)
    permute(hashes, np.array([0, len(hashes)]), *permutations(size, 1), out)
    return out[0]


WRITTEN = [
    "The quick brown fox jumps over the lazy dog, and the dog does not mind at all.",
    "我们昨天去了新建的图书馆,借了三本关于海洋的书,准备周末慢慢读。",
    "mixed 中文 and English, 第3章 section 2.1 — costs 15% more!",
    "four words are few",
    "one",
    "",
]


def test_signatures_of_written_text_are_datasketchs():
    for text, found in zip(WRITTEN, signatures(WRITTEN), strict=True):
        assert found.tolist() == datasketch_signature(text).tolist()


def test_signatures_of_real_pages_are_datasketchs(real_texts):
    texts = real_texts[::4]
    for text, found in zip(texts, signatures(texts), strict=True):
        assert found.tolist() == datasketch_signature(text).tolist()


@settings(max_examples=30)
@given(st.text(max_size=300))
def test_signatures_of_any_text_are_datasketchs(text):
    assert signature(text).tolist() == datasketch_signature(text).tolist()


@pytest.mark.parametrize(
    ("width", "size", "seed"), [(1, 16, 1), (3, 100, 7), (2, 128, 3), (5, 2048, 12345)]
)
def test_other_widths_sizes_and_seeds_are_datasketchs_too(width, size, seed):
    found = signature(WRITTEN[0], width=width, size=size, seed=seed)
    wanted = datasketch_signature(WRITTEN[0], width=width, size=size, seed=seed)
    assert found.tolist() == wanted.tolist()


@pytest.mark.parametrize("count", range(1, 18))
def test_every_hash_counts_whatever_their_number(count):
    hashes = np.random.default_rng(count).integers(0, 1 << 32, count, dtype=np.uint32)
    sketch = datasketch.MinHash(num_perm=2048, seed=1, hashfunc=int)
    for value in hashes:
        sketch.update(int(value))
    assert permuted(hashes).tolist() == sketch.hashvalues.tolist()


def test_a_document_of_random_shingles_is_datasketchs_whatever_its_length():
    letters = np.random.default_rng(3)
    spans = [letters.bytes(int(n)) for n in letters.integers(1, 130, 500)]
    lengths = np.array([len(span) for span in spans], np.int64)
    buffer = np.frombuffer(bytearray(b"".join(spans)), np.uint8)
    document = Shingles(buffer, np.cumsum(lengths) - lengths, lengths, np.array([0, 500]))
    sketch = datasketch.MinHash(num_perm=2048, seed=1)
    sketch.update_batch(spans)
    assert minima(document, 2048, 1)[0].tolist() == sketch.hashvalues.tolist()


def test_a_batch_gives_what_its_documents_give_alone(real_texts):
    texts = [*real_texts[:6], "", *WRITTEN]
    assert np.array_equal(signatures(texts), np.stack([signature(text) for text in texts]))


def test_an_empty_batch_gives_a_matrix_without_rows():
    assert signatures([]).shape == (0, 2048)


def test_only_documents_with_tokens_have_a_signature():
    assert has_tokens(signatures(["", "...", "word", "字"])).tolist() == [False, False, True, True]


def test_repeated_shingles_change_nothing():
    once = "a b c d e f g h i j"
    assert np.array_equal(signature(f"{once} {once} {once}"), signature(f"{once} {once}"))


def test_bands_agree_exactly_where_all_their_rows_do():
    one = signatures([WRITTEN[0]])
    other = one.copy()
    other[0, 16 * 5 + 3] ^= 1  # one row of band 5
    agree = (band_keys(one, 128) == band_keys(other, 128))[0]
    assert agree.tolist() == [band != 5 for band in range(128)]


def test_the_same_rows_in_another_band_or_order_give_another_key():
    row = np.arange(16, dtype=np.uint32)
    same = band_keys(np.tile(row, 128)[np.newaxis], 128)[0]
    swapped = band_keys(np.tile(row[::-1].copy(), 128)[np.newaxis], 128)[0]
    assert len({*same.tolist(), *swapped.tolist()}) == 256


def test_band_keys_fill_64_bits_evenly():
    noise = np.random.default_rng(2).integers(0, 1 << 32, (400, 2048), dtype=np.uint32)
    bits = (band_keys(noise, 128).reshape(-1, 1) >> np.arange(64)) & 1
    # 51,200 keys: each bit is set in half of them, give or take 5 standard errors.
    assert np.abs(bits.mean(axis=0) - 0.5).max() < 5 * 0.5 / np.sqrt(51_200)


def test_bands_that_do_not_divide_the_signature_are_refused():
    with pytest.raises(ValueError, match="100 do not share"):
        band_keys(np.zeros((1, 2048), np.uint32), 100)


def bits_apart(found: np.ndarray) -> int:
    return int(np.bitwise_count((found[0] ^ found[1]).view(np.uint64)).sum())


@pytest.mark.parametrize("similarity", [0.0, 0.3, 0.5, 0.8, 0.95, 1.0])
def test_sketches_estimate_the_similarity_within_their_error(similarity):
    pairs, union = 50, 1000
    shared, own = round(union * similarity), (union - round(union * similarity)) // 2
    draw = np.random.default_rng(6)
    estimates = []
    for _ in range(pairs):
        hashes = draw.integers(0, 1 << 32, union, dtype=np.uint32)
        one, other = hashes[: shared + own], np.delete(hashes, slice(shared, shared + own))
        apart = bits_apart(sketches(np.stack([permuted(one), permuted(other)])))
        estimates.append(1 - 2 * apart / 2048)
    agree = (1 + similarity) / 2
    error = 2 * np.sqrt(agree * (1 - agree) / 2048)
    assert np.mean(estimates) == pytest.approx(similarity, abs=3 * error / np.sqrt(pairs))
    assert np.std(estimates) <= 1.5 * error


def test_documents_of_few_shingles_have_sketches_as_unlike_as_those_of_many():
    apart = [
        bits_apart(sketches(signatures([f"one{i} two three", f"four{i} five six"])))
        for i in range(20)
    ]
    # Fair coins: 1,024 of 2,048 bits apart, give or take five times 22.6.
    assert all(abs(bits - 1024) < 5 * 22.6 for bits in apart)


def test_bits_beyond_the_signature_are_zero():
    found = sketches(np.random.default_rng(1).integers(0, 1 << 32, (9, 70), dtype=np.uint32))
    assert found.shape == (9, 2)
    assert (found[:, 1].view(np.uint64) < 64).all()
    assert (found[:, 1] != 0).any()
