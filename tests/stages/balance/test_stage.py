"""Balance on corpora made here: tokens one to one, rates by class, the same in every run."""

import pickle
import random
import sys
import types
from collections import Counter

import pyarrow as pa
import pytest

from curation.testing.corpus import frame, run_corpus_stage
from schemas.verdict import Decision
from stages.balance import Balance, BalanceReason, copies
from stages.balance.tables import count_delivered

CLASSES = ["physics", "film", "science_fiction", "product_description", "world_news", ""]


@pytest.fixture(autouse=True)
def tokenizer(monkeypatch):
    """Counts a token for every white-space separated word."""
    if "models.tokenizer" not in sys.modules:
        module = types.ModuleType("models.tokenizer")
        monkeypatch.setitem(sys.modules, "models.tokenizer", module)

    class Words:
        digest = "words"

        def count(self, texts):
            return [len(text.split()) for text in texts]

    monkeypatch.setattr(
        sys.modules["models.tokenizer"], "load", lambda name: Words(), raising=False
    )


def corpus(zh, en, other=0, seed=0):
    dice = random.Random(seed)
    languages = ["zh"] * zh + ["en"] * en + ["fr"] * other
    dice.shuffle(languages)
    return [
        {
            "position": n,
            "doc_id": f"{dice.getrandbits(64):016x}",
            "text": "w " * dice.randrange(1, 200),
            "language": language,
            "category": dice.choice(CLASSES),
            "category_score": 1.0,
        }
        for n, language in enumerate(languages)
    ]


def tokens_out(rows, verdicts):
    out = Counter()
    for row in rows:
        columns = verdicts[row["position"]].columns
        assert columns["tokens"] == len(row["text"].split())
        out[row["language"]] += columns["copies"] * columns["tokens"]
    return out


@pytest.mark.spark
@pytest.mark.parametrize(("zh", "en"), [(1500, 1500), (900, 2100), (2400, 600), (300, 2700)])
def test_chinese_and_english_come_out_one_to_one_within_six_percent(spark, zh, en):
    rows = corpus(zh, en)
    verdicts, _ = run_corpus_stage(spark, Balance(), rows, 3)
    out = tokens_out(rows, verdicts)
    assert out["zh"] / out["en"] == pytest.approx(1, abs=0.06)


@pytest.mark.spark
def test_another_ratio_can_be_asked_for(spark):
    rows = corpus(1500, 1500)
    verdicts, _ = run_corpus_stage(spark, Balance(zh_per_en=0.25), rows, 3)
    out = tokens_out(rows, verdicts)
    assert out["zh"] / out["en"] == pytest.approx(0.25, rel=0.08)


@pytest.mark.spark
def test_documents_of_a_class_come_out_at_its_rate(spark):
    rows = corpus(2000, 0)
    verdicts, _ = run_corpus_stage(spark, Balance(), rows, 3)
    for category, rate in [("physics", 1.5), ("film", 1), ("science_fiction", 0.3), ("", 1)]:
        mine = [verdicts[r["position"]] for r in rows if r["category"] == category]
        mean = sum(v.columns["copies"] for v in mine) / len(mine)
        assert mean == pytest.approx(rate, abs=0.08), category


@pytest.mark.slow
@pytest.mark.spark
def test_the_verdicts_do_not_depend_on_partitions(spark):
    rows = corpus(150, 350, other=20)
    one, _ = run_corpus_stage(spark, Balance(), rows, 1)
    seven, _ = run_corpus_stage(spark, Balance(), list(reversed(rows)), 7)
    assert one == seven
    other_seed, _ = run_corpus_stage(spark, Balance(seed=2), rows, 1)
    assert one != other_seed


@pytest.mark.spark
def test_a_document_without_a_copy_is_removed_and_told_why(spark):
    rows = corpus(300, 0)
    verdicts, _ = run_corpus_stage(spark, Balance(), rows, 2)
    for row in rows:
        verdict = verdicts[row["position"]]
        assert (verdict.decision is Decision.REMOVE) == (verdict.columns["copies"] == 0)
    gone = next(
        verdicts[r["position"]]
        for r in rows
        if r["category"] == "science_fiction" and not verdicts[r["position"]].columns["copies"]
    )
    assert gone.reason == BalanceReason.SAMPLED_OUT
    assert gone.detail == "rate 0.3 of science_fiction x scale 1 of zh = 0.3 copies, drew none"


@pytest.mark.spark
def test_no_document_is_written_more_often_than_the_cap(spark, tmp_path):
    rates = tmp_path / "rates.toml"
    rates.write_text("[kinds]\nknowledge = 3\nneutral = 3\nformulaic = 3\n")
    rows = corpus(20, 800)
    stage = Balance(rates=str(rates), max_raise=50, max_copies=3)
    verdicts, _ = run_corpus_stage(spark, stage, rows, 2)
    assert max(v.columns["copies"] for v in verdicts.values()) == 3
    out = tokens_out(rows, verdicts)
    assert out["zh"] / out["en"] == pytest.approx(1, abs=0.35)


@pytest.mark.spark
def test_other_languages_and_empty_texts_are_sampled_by_class_alone(spark):
    rows = corpus(10, 200, other=30)
    rows[0]["text"] = ""
    rows.append({**rows[1], "position": 999, "doc_id": "ff", "language": None, "category": None})
    verdicts, _ = run_corpus_stage(spark, Balance(), rows, 2)
    for row in rows:
        if row["language"] not in ("zh", "en") and row["category"] == "physics":
            assert verdicts[row["position"]].columns["sampling_rate"] == 1.5
    assert verdicts[999].columns["sampling_rate"] == 1.0


@pytest.mark.spark
def test_a_later_batch_is_drawn_so_that_the_corpus_has_its_languages(spark):
    """Chinese alone first, then four times as much English: within 6% of 1:1 together."""
    first, later = corpus(600, 0), corpus(0, 2400, seed=1)
    delivered, state = run_corpus_stage(spark, Balance(), first, 3)
    stored = sum(row["copies"] * row["tokens"] for row in state)
    assert stored == tokens_out(first, delivered)["zh"]
    assert sum(row["documents"] for row in state) == sum(
        verdict.decision is Decision.KEEP for verdict in delivered.values()
    )
    verdicts, _ = run_corpus_stage(spark, Balance(), later, 3, [state])
    again, _ = run_corpus_stage(spark, Balance(), later, 1, [state[::-1]])
    assert verdicts == again
    assert tokens_out(later, verdicts)["en"] / stored == pytest.approx(1, abs=0.06)
    by_batch = Balance(scope="batch")
    alone, left = run_corpus_stage(spark, by_batch, later, 3)
    assert not left
    assert by_batch.state_columns is None
    assert tokens_out(later, alone)["en"] > 3 * stored


@pytest.mark.slow
@pytest.mark.spark
def test_merging_adds_up_what_batches_wrote(spark):
    _, one = run_corpus_stage(spark, Balance(), corpus(60, 60), 2)
    _, other = run_corpus_stage(spark, Balance(), corpus(60, 60, seed=5), 2, [one])
    columns = {**Balance.state_columns, "batch_number": pa.int32()}
    rows = [{**row, "batch_number": n} for n, state in enumerate((one, other)) for row in state]
    earlier = frame(spark, rows, columns)
    merged = Balance.merge(earlier)
    assert merged.count() < len(rows)
    assert count_delivered(merged.select(*columns)) == count_delivered(earlier)


@pytest.mark.spark
def test_a_document_without_quality_is_quarantined_where_quality_is_asked_for(spark):
    rows = [{**row, "quality": 0.5} for row in corpus(40, 0)]
    rows[3]["quality"], rows[4]["quality"] = float("nan"), None
    stage = Balance(quality_weights=((0.0, 1.0), (0.5, 2.0)))
    verdicts, state = run_corpus_stage(spark, stage, rows, 2)
    unjudged = [n for n, one in verdicts.items() if one.decision is Decision.QUARANTINE]
    assert unjudged == [3, 4]
    assert verdicts[3].reason == BalanceReason.NO_QUALITY
    assert verdicts[3].detail == "quality is nan, no finite number: copies go by it"
    assert sum(row["documents"] for row in state) <= 38
    neutral, _ = run_corpus_stage(spark, Balance(), rows, 2)
    assert all(one.decision is not Decision.QUARANTINE for one in neutral.values())


def test_what_targets_and_quality_go_by_is_read_only_where_they_do():
    assert "quality" not in Balance().reads
    assert "page_type" not in Balance().reads
    assert Balance(order="best_first").reads[-1] == "quality"
    asked = Balance(targets={"page_type:product": 0.1})
    assert asked.reads[-1] == "page_type"
    row = {**corpus(1, 0)[0], "page_type": "product"}
    assert asked.open_keys()([row])[0]["page_type"] == "product"
    assert pickle.loads(pickle.dumps(asked)).reads == asked.reads


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"quality_weights": ((0.5, 1.0), (0.2, 2.0))}, "0.2 stands behind 0.5: sort them"),
        ({"quality_weights": ((0.5, 1.0),), "order": "best_first"}, "leave one of them out"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        Balance(**settings)


@pytest.mark.parametrize(
    ("score", "counted"), [(0.39, "general_web"), (0.4, "physics"), (None, "physics")]
)
def test_a_class_that_is_a_guess_counts_as_none(score, counted):
    (row,) = corpus(1, 0)
    row |= {"category": "physics", "category_score": score}
    (key,) = Balance().open_keys()([row])
    assert key["category"] == counted


def test_copies_are_the_whole_part_and_the_fraction_by_draw():
    ids = [f"{n:032x}" for n in range(4000)]
    assert {copies(2.0, one, 1) for one in ids} == {2}
    assert {copies(0.0, one, 1) for one in ids} == {0}
    assert {copies(1.25, one, 1) for one in ids} == {1, 2}
    assert sum(copies(1.25, one, 1) for one in ids) / 4000 == pytest.approx(1.25, abs=0.025)


def test_a_higher_rate_never_gives_fewer_copies_of_the_same_document():
    for n in range(200):
        one = f"{n:032x}"
        assert sorted(copies(r / 10, one, 1) for r in range(41)) == [
            copies(r / 10, one, 1) for r in range(41)
        ]


def test_the_resources_name_both_files_and_the_tokenizer():
    found = Balance().resources()
    assert set(found) == {
        "taxonomy taxonomy.toml",
        "rates balance.toml",
        "tokenizer embedded",
    }
