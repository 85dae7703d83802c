"""Semantic deduplication against brute force, over partitions, blocks, clusters and batches."""

import random
import re

import numpy as np
import pyarrow as pa
import pytest

from curation.testing.corpus import ROW_ID, frame, key_rows, run_batch, run_corpus_stage
from models import embedding
from models.embedding import load, use
from schemas.verdict import Decision
from stages.semantic_dedup import SemanticDedup, SemanticDedupReason, centroids
from stages.semantic_dedup.cosine_pairs import cosine
from tests.models.checkpoints import save_dense

WORDS = re.findall(
    r"\w+",
    "bridge river steel engineer noise market village winter lamp stone paper cloud silver road "
    "garden window letter teacher island harbour morning engine barley copper ladder orange 桥梁 "
    "河流 钢材 工程师 市场 村庄 冬天 灯光 石头 纸张 云彩 道路 花园 窗户 老师 岛屿 港口 早晨",
)


REPORT = 0.95  # the dots.llm1 report's threshold, for BGE-M3
COSINE = 0.95  # with it some of the copies below are twins, and some are not


def documents(families=12, copies=4, seed=0):
    """Texts in families: a text of 120 words and copies with 0 to 12 words replaced."""
    dice = random.Random(seed)
    rows = []
    for _ in range(families):
        text = dice.choices(WORDS, k=120)
        for _ in range(copies):
            changed = list(text)
            for place in dice.sample(range(120), dice.randrange(13)):
                changed[place] = dice.choice(WORDS)
            rows.append(" ".join(changed))
    dice.shuffle(rows)
    return [
        {
            "position": n,
            "doc_id": f"{dice.getrandbits(64):016x}",
            "text": text,
            "quality": dice.choice([None, 0.25, 0.5, 0.75]),
        }
        for n, text in enumerate(rows)
    ]


def better(row):
    quality = -1.0 if row["quality"] is None else row["quality"]
    return (-quality, -len(row["text"]), row["doc_id"], row["position"])


def brute_force(rows, threshold):
    """position -> doc_id of the best twin, of the documents that have a better twin."""
    vectors = dict(
        zip((r["position"] for r in rows), load().score([r["text"] for r in rows]), strict=True)
    )
    order = sorted(rows, key=better)
    found = {}
    for n, row in enumerate(order):
        for other in order[:n]:
            if cosine(vectors[row["position"]], vectors[other["position"]]) >= threshold:
                found[row["position"]] = other["doc_id"]
                break
    return found


def removed(verdicts):
    return {p: v.detail.split()[-1] for p, v in verdicts.items() if v.decision is Decision.REMOVE}


@pytest.mark.spark
@pytest.mark.parametrize(("partitions", "block_size"), [(1, 8192), (3, 16), (7, 5)])
def test_a_document_leaves_for_its_best_twin_whatever_the_partitions_and_blocks(
    spark, partitions, block_size
):
    rows = documents()
    stage = SemanticDedup(duplicate_cosine=COSINE, block_size=block_size)
    verdicts, _ = run_corpus_stage(spark, stage, rows, partitions)
    expected = brute_force(rows, COSINE)
    assert removed(verdicts) == expected
    assert 10 < len(expected) < len(rows) - 10


@pytest.mark.spark
def test_the_detail_names_cosine_threshold_and_twin(spark):
    rows = [
        {
            "position": n,
            "doc_id": f"{n}",
            "text": "same words 同样 的 文字 " * 9,
            "quality": n / 10,
        }
        for n in range(3)
    ]
    verdicts, _ = run_corpus_stage(spark, SemanticDedup(), rows, 2)
    assert verdicts[2].decision is Decision.KEEP
    assert verdicts[0].reason == SemanticDedupReason.SAME_CONTENT
    assert verdicts[0].detail == "cosine 1.0000 >= 0.86 with 2"


def test_the_threshold_is_the_model_s_own_where_none_is_set(monkeypatch):
    def in_force(**settings):
        [limit] = SemanticDedup(**settings).limits_in_force()
        return limit.value

    assert in_force() == embedding.same_content("embedded")
    assert in_force(model="./checkpoints/bge-m3") == REPORT
    assert (
        in_force(duplicate_cosine=0.9) == in_force(duplicate_cosine=0.9, model="use-whole") == 0.9
    )
    monkeypatch.setattr(use, "is_installed", lambda: True)
    assert in_force(model="use-whole") == REPORT
    monkeypatch.setattr(use, "is_installed", lambda: False)
    assert in_force(model="use-whole") == in_force()


def test_another_threshold_is_judged_by_what_the_measured_one_has_stored():
    recorded = SemanticDedup()
    [limit] = recorded.limits_in_force()
    higher, lower = limit.value + 0.1, limit.value - 0.1
    twin, none = {"cosine": limit.value + 0.05}, {"cosine": None}
    by_higher = SemanticDedup(duplicate_cosine=higher).recall(recorded).judge
    by_lower = SemanticDedup(duplicate_cosine=lower).recall(recorded).judge
    assert by_higher(twin) is None  # a worse twin may be more alike
    assert by_higher(none).decision is Decision.KEEP
    assert by_lower(twin).decision is Decision.REMOVE
    assert by_lower(none) is None


@pytest.mark.spark
def test_texts_without_words_are_left_alone(spark):
    rows = [{"position": n, "doc_id": f"{n}", "text": "", "quality": None} for n in range(4)]
    verdicts, _ = run_corpus_stage(spark, SemanticDedup(), rows, 2)
    assert removed(verdicts) == {}


@pytest.mark.slow
@pytest.mark.spark
@pytest.mark.parametrize("one_cell", [64, 2])
def test_clusters_find_nothing_that_brute_force_does_not_and_nearly_all_it_does(
    spark, monkeypatch, one_cell
):
    monkeypatch.setattr(centroids, "ONE_CELL", one_cell)
    rows = documents(families=40, copies=5, seed=3)
    stage = SemanticDedup(duplicate_cosine=COSINE, documents_per_cluster=40)
    one, _ = run_corpus_stage(spark, stage, rows, 2)
    seven, _ = run_corpus_stage(spark, stage, rows[::-1], 7)
    everything = brute_force(rows, COSINE)
    assert removed(one) == removed(seven)
    assert set(removed(one)) <= set(everything)
    assert len(removed(one)) >= 0.95 * len(everything)


@pytest.mark.spark
def test_a_later_batch_is_judged_against_survivors_which_stay(spark):
    rows = documents(seed=5)
    first, second = rows[:24], rows[24:]
    stage = SemanticDedup(duplicate_cosine=COSINE, documents_per_cluster=1_000)
    verdicts, state = run_corpus_stage(spark, stage, first, 3)
    kept = [r for r in first if verdicts[r["position"]].decision is Decision.KEEP]
    assert sorted(r["doc_id"] for r in state) == sorted(r["doc_id"] for r in kept)
    later, more = run_corpus_stage(spark, stage, second, 2, [state])
    old = [{**r, "quality": 1.0} for r in kept]
    order = {r["doc_id"]: n for n, r in enumerate(sorted(old, key=lambda r: r["doc_id"]))}
    vectors = dict(
        zip(
            order,
            load().score([r["text"] for r in sorted(old, key=lambda r: r["doc_id"])]),
            strict=True,
        )
    )
    mine = brute_force(second, COSINE)
    for row, vector in zip(second, load().score([r["text"] for r in second]), strict=True):
        elder = [i for i in order if cosine(vector, vectors[i]) >= COSINE]
        expected = elder[0] if elder else mine.get(row["position"])
        assert removed(later).get(row["position"]) == expected
    stay = {r["doc_id"] for r in second if later[r["position"]].decision is Decision.KEEP}
    assert {r["doc_id"] for r in more} == stay


@pytest.mark.spark
def test_a_corpus_of_one_cluster_has_no_centroids(spark):
    rows = documents(families=5, copies=2)
    assert run_batch(spark, SemanticDedup(documents_per_cluster=10), rows, 2).fitted is None
    assert run_batch(spark, SemanticDedup(documents_per_cluster=9), rows, 2).fitted is not None


@pytest.mark.slow
@pytest.mark.spark
def test_centroids_serve_until_the_corpus_has_four_times_their_number(spark):
    rows = documents(families=30, copies=4, seed=6)
    stage = SemanticDedup(documents_per_cluster=5)
    first = run_batch(spark, stage, rows[:10], 2)
    assert len(first.fitted) == 2
    same = run_batch(spark, stage, rows[10:40], 2, [first.state], first.fitted)
    assert same.fitted == first.fitted
    states = [first.state, same.state]
    left = sum(map(len, states))
    grown = run_batch(spark, stage, rows[40 : 81 - left], 2, states, first.fitted)
    assert len(grown.fitted) == 9


@pytest.mark.slow
@pytest.mark.spark
def test_a_batch_after_one_of_a_single_cluster_has_one_until_it_needs_more_than_four(spark):
    rows = documents(families=30, copies=4, seed=6)
    stage = SemanticDedup(documents_per_cluster=10)
    first = run_batch(spark, stage, rows[:10], 2)
    kept = len(first.state)
    small = run_batch(spark, stage, rows[10 : 50 - kept], 2, [first.state])
    large = run_batch(spark, stage, rows[10 : 51 - kept], 2, [first.state])
    assert small.fitted is None
    assert len(large.fitted) == 5


@pytest.mark.spark
def test_flags_can_be_raised_without_centroids(spark):
    rows = documents()
    stage = SemanticDedup(duplicate_cosine=COSINE, documents_per_cluster=5)
    keys = frame(spark, key_rows(stage, rows), {**ROW_ID, "doc_id": pa.string(), **stage.keys})
    flagged = {r["position"]: r["twin"] for r in stage.flag(keys, None).collect()}
    assert flagged == brute_force(rows, COSINE)


@pytest.mark.torch
def test_vectors_of_a_checkpoint_are_kept_in_half_precision(tmp_path):
    pytest.importorskip("sentence_transformers")
    folder = save_dense(tmp_path / "dense")
    rows = [
        row | {"text": text} for row, text in zip(documents(1, 2), ["a bridge", " "], strict=True)
    ]
    first, second = SemanticDedup(model=folder).open_keys()(rows)
    kept, exact = np.array(first["embedding"]), load(folder).score(["a bridge"])[0]
    assert (kept == kept.astype(np.float16)).all()
    assert kept == pytest.approx(exact, abs=5e-4)
    assert second["embedding"] is None
