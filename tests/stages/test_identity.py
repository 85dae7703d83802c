import hashlib
import random

import pytest

from curation.testing.corpus import run_corpus_stage
from schemas.verdict import Decision
from stages.identity import Identity, IdentityReason
from stages.skew import join_by_hot_key
from stages.standardise import standardise

pytestmark = pytest.mark.spark


def lot(seed: int, doc_id: str) -> int:
    """63 bits of BLAKE2b, as the page of the stage says."""
    digest = hashlib.blake2b(f"{seed}/{doc_id}/identity".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def expected(documents, seed, earlier=()):
    """The survivor of each document's text by position, in plain Python, and the new survivors."""
    known = dict(earlier)
    groups = {}
    for document in documents:
        text = standardise(document["text"]).encode()
        groups.setdefault(hashlib.md5(text).digest(), []).append(document)
    removed, new = {}, {}
    for key, group in groups.items():
        best = min(group, key=lambda d: (lot(seed, d["doc_id"]), d["position"]))
        if key in known:
            removed |= {d["position"]: known[key] for d in group}
        else:
            new[key] = best["doc_id"]
            removed |= {d["position"]: best["doc_id"] for d in group if d is not best}
    return removed, new


def corpus(seed, size=200, first=0):
    """Documents of few texts in many spellings; some doc_ids come twice."""
    pick = random.Random(seed)
    spell = [str.upper, str.title, lambda t: t + "!", lambda t: t.replace(" ", "\n  "), str.lower]
    documents = [
        {
            "position": (first + i) << 30,
            "doc_id": f"d{pick.randrange(size)}",
            "text": pick.choice(spell)(f"page number {min(int(pick.expovariate(0.2)), 30)} 你好"),
        }
        for i in range(size)
    ]
    pick.shuffle(documents)
    return documents


def removals(verdicts):
    return {p: v.detail.split()[4].rstrip(",") for p, v in verdicts.items() if v.reason}


@pytest.mark.parametrize("partitions", [1, 7])
@pytest.mark.parametrize("seed", [1, 2])
def test_one_document_of_each_text_stays_as_the_lot_falls(spark, partitions, seed):
    documents = corpus(seed)
    verdicts, state = run_corpus_stage(spark, Identity(seed=seed), documents, partitions)
    removed, new = expected(documents, seed)
    assert removals(verdicts) == removed
    assert {row["digest"]: row["doc_id"] for row in state} == new
    assert len(state) == len(new)


def test_the_order_in_which_documents_arrive_does_not_matter(spark):
    documents = corpus(3)
    first, _ = run_corpus_stage(spark, Identity(), documents, 3)
    second, _ = run_corpus_stage(spark, Identity(), documents[::-1], 2)
    assert first == second


def test_a_later_batch_loses_to_the_survivors_of_earlier_ones(spark):
    batches = [corpus(seed, size=60, first=60 * seed) for seed in range(3)]
    states, known = [], []
    for documents in batches:
        verdicts, state = run_corpus_stage(spark, Identity(), documents, 3, states)
        removed, new = expected(documents, 1, known)
        assert removals(verdicts) == removed
        assert {row["digest"]: row["doc_id"] for row in state} == new
        states.append(state)
        known.extend(new.items())
    assert len({row["digest"] for state in states for row in state}) == len(known)


def test_the_detail_names_the_document_that_stays(spark):
    documents = [
        {"position": 0, "doc_id": "a", "text": "Same text."},
        {"position": 1, "doc_id": "b", "text": "same TEXT"},
        {"position": 2, "doc_id": "c", "text": "another"},
    ]
    verdicts, _ = run_corpus_stage(spark, Identity(), documents, 1)
    stays, goes = sorted([0, 1], key=lambda p: lot(1, documents[p]["doc_id"]))
    assert verdicts[stays].decision is verdicts[2].decision is Decision.KEEP
    assert verdicts[goes].reason == IdentityReason.SAME_TEXT
    assert documents[stays]["doc_id"] in verdicts[goes].detail


@pytest.mark.slow
def test_another_seed_chooses_other_survivors(spark):
    documents = corpus(4)
    one, _ = run_corpus_stage(spark, Identity(seed=1), documents, 2)
    two, _ = run_corpus_stage(spark, Identity(seed=2), documents, 2)
    assert removals(one).keys() != removals(two).keys()


def test_the_same_capture_in_two_files_stays_once_and_the_earlier_one(spark):
    documents = [{"position": p, "doc_id": "a", "text": "twice"} for p in (5 << 41, 7)]
    verdicts, state = run_corpus_stage(spark, Identity(), documents, 2)
    assert verdicts[7].decision is Decision.KEEP
    assert verdicts[5 << 41].decision is Decision.REMOVE
    assert len(state) == 1


def test_documents_without_words_are_one_text(spark):
    texts = ["", "...", "。"]
    documents = [{"position": i, "doc_id": f"e{i}", "text": t} for i, t in enumerate(texts)]
    verdicts, _ = run_corpus_stage(spark, Identity(), documents, 2)
    assert sum(v.decision is Decision.KEEP for v in verdicts.values()) == 1


def test_no_documents_give_no_flags(spark):
    assert run_corpus_stage(spark, Identity(), [], 1) == ({}, [])


def test_a_join_with_hot_keys_is_a_plain_join(spark):
    pick = random.Random(5)
    many = [(pick.choice("aaaaaabcd"), i) for i in range(300)]
    counts = {k: sum(key == k for key, _ in many) for k in "abd"}
    left = spark.createDataFrame(many, "key string, place int")
    right = spark.createDataFrame(list(counts.items()), "key string, rows long")
    got = join_by_hot_key(left, right, "key", "rows", hot_rows=50).collect()
    assert sorted(map(tuple, got)) == sorted((k, i, counts[k]) for k, i in many if k in counts)
    assert any(n > 50 for n in counts.values())
    assert any(n <= 50 for n in counts.values())
