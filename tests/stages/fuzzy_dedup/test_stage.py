import random
from collections import defaultdict

import pytest

from schemas.verdict import Decision
from stages.fuzzy_dedup import (
    FuzzyDedup,
    FuzzyDedupReason,
    Priority,
    collision_probability,
    estimate_similarity,
    rank,
)

SMALL = {"num_permutations": 64, "bands": 16, "rows": 4}  # 0.5 similar: found with 0.64
KEYS = "part int, position long, doc_id string, bands array<long>, rank long"
STATE = "part int, position long, doc_id string, bands array<long>, batch_number int"


def vocabulary(seed: int, size: int = 400) -> list[str]:
    draw = random.Random(seed)
    return ["".join(draw.choices("abdegiklmnoprstu", k=draw.randint(3, 8))) for _ in range(size)]


def written_corpus(seed: int, originals: int = 12, copies: int = 5) -> dict[str, str]:
    """Texts in families: an original, and copies of it with more and more of its words changed."""
    draw, words = random.Random(seed), vocabulary(seed)
    texts = {}
    for family in range(originals):
        text = draw.choices(words, k=draw.randint(30, 120))
        for copy in range(copies):
            changed = list(text)
            for _ in range(copy * draw.randint(0, 4)):
                changed[draw.randrange(len(changed))] = draw.choice(words)
            texts[f"{family:02}-{copy}"] = " ".join(changed)
    names = list(texts)
    draw.shuffle(names)
    return {name: texts[name] for name in names}


def key_rows(stage: FuzzyDedup, texts: dict[str, str], parts: int = 3) -> list[tuple]:
    """The key columns of documents in crawl order, dealt out to contiguous parts."""
    rows = [{"doc_id": name, "text": text} for name, text in texts.items()]
    size = -(-len(rows) // parts) if rows else 1
    return [
        (number // size, number, row["doc_id"], found["bands"], found["rank"])
        for number, (row, found) in enumerate(zip(rows, stage.open_keys()(rows), strict=True))
    ]


def flag(spark, stage, rows, *, partitions=3, earlier=None):
    """What the stage flags: by doc_id, the flag columns."""
    names = {(row[0], row[1]): row[2] for row in rows}
    keys = spark.createDataFrame(rows, KEYS).repartition(partitions)
    flags = stage.flag(keys, earlier)
    assert flags.columns == ["part", "position", *stage.flags]
    found = [row.asDict() for row in flags.collect()]
    flagged = {names[row.pop("part"), row.pop("position")]: row for row in found}
    assert len(flagged) == len(found), "a document is flagged at most once"
    return flagged


def brute_force(rows: list[tuple], min_shared: int = 1) -> dict[str, dict]:
    """The stated rule, written down as loops over all pairs."""
    order = {row[2]: (row[4], row[0], row[1]) for row in rows}
    buckets = defaultdict(list)
    for row in rows:
        for band in row[3]:
            buckets[band].append(row[2])
    hits: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for bucket in buckets.values():
        best = min(bucket, key=order.__getitem__)
        for name in bucket:
            if name != best:
                hits[name][best] += 1
    for name, winners in list(hits.items()):
        hits[name] = {other: count for other, count in winners.items() if count >= min_shared}
        if not hits[name]:
            del hits[name]
    flags = {}
    for name, winners in hits.items():
        twin = min(winners, key=lambda other: (other in hits, -winners[other], order[other]))
        flags[name] = {"twin": twin, "twin_removed": twin in hits, "shared_bands": winners[twin]}
    return flags


def judge(flagged: dict | None):
    return FuzzyDedup().open()([{"doc_id": "a", "text": "t", "flag": flagged}])[0]


@pytest.mark.spark
@pytest.mark.parametrize("priority", list(Priority))
def test_the_flags_are_those_of_the_rule_written_as_loops(spark, priority):
    stage = FuzzyDedup(**SMALL, priority=priority)
    rows = key_rows(stage, written_corpus(4))
    wanted = brute_force(rows)
    assert 10 < len(wanted) < 59
    assert flag(spark, stage, rows) == wanted


@pytest.mark.spark
def test_with_verification_only_those_leave_that_share_bands_enough_with_one(spark):
    stage = FuzzyDedup(**SMALL, min_shared_bands=6)
    rows = key_rows(stage, written_corpus(4))
    wanted = brute_force(rows, min_shared=6)
    assert 0 < len(wanted) < len(brute_force(rows))
    assert flag(spark, stage, rows) == wanted


@pytest.mark.spark
def test_partitions_and_arrival_do_not_change_the_flags(spark):
    stage = FuzzyDedup(**SMALL)
    rows = key_rows(stage, written_corpus(5))
    alone = flag(spark, stage, rows, partitions=1)
    random.Random(9).shuffle(rows)
    assert flag(spark, stage, rows, partitions=3) == alone
    random.Random(10).shuffle(rows)
    assert flag(spark, stage, rows, partitions=16) == alone


@pytest.mark.spark
def test_at_least_one_document_of_every_group_that_collides_stays(spark):
    stage = FuzzyDedup(**SMALL)
    rows = key_rows(stage, written_corpus(6))
    flagged = flag(spark, stage, rows)
    group = {row[2]: row[2] for row in rows}  # union-find over shared bands

    def root(name):
        while group[name] != name:
            name = group[name]
        return name

    seen: dict[int, str] = {}
    for row in rows:
        for band in row[3]:
            group[root(row[2])] = root(seen.setdefault(band, row[2]))
    stayed = {root(row[2]) for row in rows if row[2] not in flagged}
    assert stayed == {root(row[2]) for row in rows}


@pytest.mark.spark
def test_a_document_leaves_by_way_of_one_that_leaves_itself(spark):
    stage = FuzzyDedup(**SMALL)
    rows = [(0, 0, "a", [1, 2], 0), (0, 1, "b", [2, 3], 0), (0, 2, "c", [3, 4], 0)]
    assert flag(spark, stage, rows) == {
        "b": {"twin": "a", "twin_removed": False, "shared_bands": 1},
        "c": {"twin": "b", "twin_removed": True, "shared_bands": 1},
    }


@pytest.mark.spark
def test_the_twin_named_is_one_that_stays_and_shares_most(spark):
    rows = [
        (0, 0, "a", [1, 2], 0),
        (0, 1, "b", [3, 4, 5], 0),
        (0, 2, "c", [1, 6, 7, 8, 9], 0),  # beaten by a
        (0, 3, "d", [2, 3, 4, 6, 7, 8, 9], 0),  # shares 1 band with a, 2 with b, 4 with c
    ]
    found = flag(spark, FuzzyDedup(**SMALL), rows)
    assert found["d"] == {"twin": "b", "twin_removed": False, "shared_bands": 2}


@pytest.mark.spark
def test_documents_without_tokens_are_never_near_copies(spark):
    stage = FuzzyDedup(**SMALL)
    rows = key_rows(stage, {"a": "", "b": "", "c": "...", "d": "!"})
    assert flag(spark, stage, rows) == {}


@pytest.mark.spark
def test_documents_of_fewer_than_five_tokens_are_copies_only_when_equal(spark):
    stage = FuzzyDedup()
    rows = key_rows(stage, {"a": "red green blue", "b": "Red, green: blue!", "c": "red green"})
    assert list(flag(spark, stage, rows)) == ["b"]


@pytest.mark.spark
def test_a_copy_of_what_an_earlier_batch_kept_leaves_whatever_its_priority(spark):
    stage = FuzzyDedup(**SMALL, priority=Priority.LONGEST)
    text = "a sentence of some ten words that will come again"
    first = key_rows(stage, {"old": text})
    second = key_rows(stage, {"longer": text + "!" * 9, "other": "nothing like it at all, not one"})
    earlier = spark.createDataFrame([(*row[:4], 0) for row in first], STATE)
    found = flag(spark, stage, second, earlier=earlier)
    assert found == {"longer": {"twin": "old", "twin_removed": False, "shared_bands": 16}}


@pytest.mark.spark
def test_the_state_holds_the_bands_of_those_that_stay(spark):
    stage = FuzzyDedup(**SMALL)
    rows = key_rows(stage, written_corpus(7) | {"empty": ""})
    keys = spark.createDataFrame(rows, KEYS)
    flags = stage.flag(keys, None)
    state = stage.state(keys, flags, None)
    assert state.columns == list(stage.state_columns)
    flagged = brute_force(rows)
    stayed = {row[2]: row[3] for row in rows if row[3] and row[2] not in flagged}
    assert {row.doc_id: row.bands for row in state.collect()} == stayed


@pytest.mark.spark
def test_batch_by_batch_what_stays_collides_with_nothing_kept_before(spark):
    stage = FuzzyDedup(**SMALL)
    texts = list(written_corpus(8).items())
    kept: list[tuple] = []
    for number, start in enumerate(range(0, 60, 20)):
        rows = key_rows(stage, dict(texts[start : start + 20]))
        before = {band for row in kept for band in row[3]}
        earlier = spark.createDataFrame(kept, STATE) if kept else None
        flagged = flag(spark, stage, rows, earlier=earlier)
        hit = {row[2] for row in rows if before & set(row[3])}
        assert flagged.keys() == brute_force(rows).keys() | hit
        kept += [(*row[:4], number) for row in rows if row[2] not in flagged]


def test_the_longest_goes_first_and_the_random_order_hangs_on_seed_and_id_alone():
    row = {"doc_id": "a", "text": "four"}
    assert rank(row, Priority.LONGEST, 1) < rank(
        {"doc_id": "b", "text": "one"}, Priority.LONGEST, 1
    )
    assert rank(row, Priority.RANDOM, 1) == rank(row | {"text": "other"}, Priority.RANDOM, 1)
    assert rank(row, Priority.RANDOM, 1) != rank(row, Priority.RANDOM, 2)


def test_random_ranks_fill_the_signed_range_evenly():
    ranks = [rank({"doc_id": str(i), "text": ""}, Priority.RANDOM, 1) for i in range(2000)]
    assert len(set(ranks)) == 2000
    assert abs(sum(r < 0 for r in ranks) - 1000) < 5 * 22.4  # standard error of a fair coin
    assert all(-(1 << 63) <= r < 1 << 63 for r in ranks)


def test_the_papers_parameters_find_a_pair_of_eight_tenths_with_its_probability():
    # The report says 97.42%; the formula with its parameters gives 97.413%.
    assert collision_probability(0.8, 128, 16) == pytest.approx(0.9742, abs=1e-4)


def test_the_estimate_inverts_the_expected_number_of_shared_bands():
    for similarity in (0.75, 0.8, 0.9, 1.0):
        shared = 128 * similarity**16
        assert estimate_similarity(shared, 128, 16) == pytest.approx(similarity)


def test_an_unflagged_document_is_kept():
    assert judge(None).decision is Decision.KEEP


def test_a_flagged_document_is_removed_with_its_twin_and_similarity_in_the_detail():
    verdict = judge({"twin": "x", "twin_removed": False, "shared_bands": 4})
    assert (verdict.decision, verdict.reason) == (Decision.REMOVE, FuzzyDedupReason.NEAR_COPY)
    assert verdict.detail == "4 of 128 bands shared with x, similarity about 0.81"


def test_the_detail_says_when_the_twin_left_too():
    verdict = judge({"twin": "x", "twin_removed": True, "shared_bands": 128})
    assert verdict.detail.endswith("similarity about 1.00; that one is itself a near copy")


def test_bands_that_do_not_use_up_the_signature_are_refused():
    with pytest.raises(ValueError, match="20 bands of 100 rows need num_permutations = 2000"):
        FuzzyDedup(bands=20, rows=100)


def test_more_shared_bands_than_there_are_are_refused():
    with pytest.raises(ValueError, match="min_shared_bands = 129 of 128 bands"):
        FuzzyDedup(min_shared_bands=129)
