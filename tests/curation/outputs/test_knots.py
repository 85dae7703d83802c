import itertools
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.outputs.knots import Copy, Knots
from curation.outputs.pack import Pack, pack_one
from curation.outputs.pack_shard import SequenceLayout, TokenisedDocuments, plan
from curation.outputs.packing import Method, measure
from models import tokenizer as tokenizers

MARKS = (90, 91, 92, 93)
CAPACITY = 50


def knots(ratio=1.0, chunks=3, token_ids=MARKS, seed=0):
    return Knots(ratio, chunks, token_ids, seed)


def copies(count):
    return [Copy(f"{number:032x}", 0) for number in range(count)]


def pack_all(lengths, given_knots, capacity=CAPACITY):
    held = copies(len(lengths))
    chosen = given_knots.chosen(held, lengths, capacity)
    return chosen, given_knots.pack(chosen, held, lengths, capacity)


LENGTHS = st.lists(st.integers(0, 60), max_size=40)


@settings(max_examples=40)
@given(LENGTHS, st.integers(2, 3), st.integers(0, 3))
def test_every_token_of_a_knotted_document_has_one_place_in_its_order(lengths, chunks, seed):
    marks = MARKS[: 2 * (chunks - 1)]
    chosen, packed = pack_all(lengths, knots(chunks=chunks, token_ids=marks, seed=seed))
    for document in chosen:
        [sequence] = [s for s in packed if any(piece.document == document for piece in s)]
        mine = [piece for piece in sequence if piece.document == document]
        assert len(mine) == chunks
        assert [n for p in mine for n in range(p.start, p.start + p.length)] == list(
            range(lengths[document])
        )
    assert {piece.document for sequence in packed for piece in sequence} == set(chosen)


@settings(max_examples=40)
@given(LENGTHS)
def test_marks_stand_on_both_sides_of_each_cut_and_fit_the_sequence(lengths):
    chosen, packed = pack_all(lengths, knots())
    for sequence in packed:
        assert sum(piece.size for piece in sequence) <= CAPACITY
    for document in chosen:
        mine = [piece for s in packed for piece in s if piece.document == document]
        assert [(piece.before, piece.after) for piece in mine] == [
            ((), (90,)),
            ((91,), (92,)),
            ((93,), ()),
        ]


def test_what_is_too_long_or_too_short_to_knot_stays_whole():
    lengths = [0, 2, 3, 46, 47, 200]
    chosen, _ = pack_all(lengths, knots())
    assert [lengths[number] for number in chosen] == [3, 46]  # 46 and four marks fill 50
    held = TokenisedDocuments(None, lengths, copies(len(lengths)))
    layout = SequenceLayout(CAPACITY, Method.BEST_FIT, True, 99, knots())
    plain, knotted = plan(held, layout)
    figures = measure([*plain, *knotted], lengths, CAPACITY)
    assert (figures.knotted_documents, figures.knot_tokens) == (2, 8)
    assert (figures.split_documents, figures.needless_splits) == (1, 0)
    assert sum(piece.length for s in (*plain, *knotted) for piece in s) == sum(lengths)


def test_the_share_of_documents_is_knotted_that_was_asked_for():
    chosen, _ = pack_all([20] * 4_000, knots(ratio=0.3))
    assert 1_100 < len(chosen) < 1_300


def test_one_more_document_changes_no_others_cuts_or_fate():
    lengths = [random.Random(1).randint(5, 40) for _ in range(200)]
    before, _ = pack_all(lengths[:-1], knots(ratio=0.5))
    after, _ = pack_all(lengths, knots(ratio=0.5))
    assert [number for number in after if number < 199] == before


def test_chunks_of_documents_that_share_a_sequence_are_interleaved():
    _, packed = pack_all([100] * 40, knots(token_ids=()), capacity=1_000)
    turns = [one.document != other.document for s in packed for one, other in itertools.pairwise(s)]
    # Of 30 chunks in random order, about 2 in 29 are followed by the next one of their document.
    assert sum(turns) / len(turns) > 0.85
    assert all(len({piece.document for piece in s}) == 10 for s in packed)


def test_cuts_may_fall_between_any_two_tokens():
    _, packed = pack_all([12] * 3_000, knots(token_ids=()), capacity=12)
    places = [piece.start for s in packed for piece in s if piece.start]
    assert set(places) == set(range(1, 12))
    assert max(map(places.count, range(1, 12))) < 1.3 * len(places) / 11


def test_another_seed_knots_others():
    assert pack_all([20] * 50, knots(seed=0)) == pack_all([20] * 50, knots(seed=0))
    assert pack_all([20] * 50, knots(seed=0)) != pack_all([20] * 50, knots(seed=1))


@pytest.fixture
def shard(tmp_path):
    rows = [
        {"doc_id": f"{n:032x}", "copy": 0, "text": f"{n} one two three 四 五 六 " * (1 + n % 9)}
        for n in range(60)
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "in.parquet")
    return tmp_path / "in.parquet", {row["doc_id"]: row["text"] for row in rows}


def test_knotted_sequences_are_one_stretch_and_give_the_documents_back(shard, tmp_path):
    path, texts = shard
    tokenizer = tokenizers.load()
    options = Pack(sequence_length=1_024, knotted_ratio=0.5)
    figures = pack_one(0, str(path), str(tmp_path), options, tokenizer).figures
    assert 20 < figures.knotted_documents < 40
    assert figures.fill_ratio < 1
    found = {}
    for row in pq.read_table(tmp_path / "packed-00000.parquet").to_pylist():
        knotted = len(set(row["doc_ids"])) < len(row["doc_ids"])
        pieces = zip(row["doc_ids"], row["piece_starts"], row["piece_lengths"], strict=True)
        for doc_id, start, length in pieces:
            found.setdefault(doc_id, []).extend(row["input_ids"][start : start + length])
        if knotted:
            assert row["cu_seqlens"] == sorted({0, row["length"], 1_024})
    assert {doc_id: tokenizer.decode(ids[:-1]) for doc_id, ids in found.items()} == texts
