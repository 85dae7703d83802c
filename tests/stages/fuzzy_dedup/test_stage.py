import random
from collections import defaultdict

import pytest

from stages.fuzzy_dedup import (
    FuzzyDedup,
    Priority,
)

SMALL = {"num_permutations": 64, "bands": 16, "rows": 4}  # 0.5 similar: found with 0.64
KEYS = "part int, position long, doc_id string, bands array<long>, sketch array<long>, rank long"
STATE = (
    "part int, position long, doc_id string, bands array<long>, sketch array<long>,"
    " batch_number int"
)


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
    rows = [
        {"doc_id": name, "text": text, "score": len(text) % 7 / 7} for name, text in texts.items()
    ]
    size = -(-len(rows) // parts) if rows else 1
    return [
        (number // size, number, row["doc_id"], found["bands"], found["sketch"], found["rank"])
        for number, (row, found) in enumerate(zip(rows, stage.open_keys()(rows), strict=True))
    ]


def with_bands(*rows: tuple[str, list[int]]) -> list[tuple]:
    """Key columns of documents of these names and bands, in crawl order, all alike as sketches."""
    return [(0, number, name, bands, [0], 0) for number, (name, bands) in enumerate(rows)]


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


def similarity(one: tuple, other: tuple) -> float:
    """What two sketches say of their documents' similarity."""
    bits = 64 * len(one[4])
    apart = sum(((a ^ b) & (2**64 - 1)).bit_count() for a, b in zip(one[4], other[4], strict=True))
    return max(1.0 - 2.0 * apart / bits, 0.0)


def brute_force(rows: list[tuple], min_similarity: float = 0.0) -> dict[str, dict]:
    """The stated rule, written down as loops over all pairs."""
    row_of = {row[2]: row for row in rows}
    order = {row[2]: (row[5], row[0], row[1]) for row in rows}
    buckets = defaultdict(list)
    for row in rows:
        for band in row[3]:
            buckets[band].append(row[2])
    hits: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for bucket in buckets.values():
        best = min(bucket, key=order.__getitem__)
        for name in bucket:
            if name != best and similarity(row_of[name], row_of[best]) >= min_similarity:
                hits[name][best] += 1
    flags = {}
    for name, winners in hits.items():
        alike = {other: similarity(row_of[name], row_of[other]) for other in winners}
        twin = min(
            winners, key=lambda other: (other in hits, -alike[other], -winners[other], order[other])
        )
        flags[name] = {
            "twin": twin,
            "twin_removed": twin in hits,
            "shared_bands": winners[twin],
            "similarity": alike[twin],
            "highest_similarity": max(alike.values()),
        }
    return flags


@pytest.mark.spark
@pytest.mark.parametrize("priority", list(Priority))
def test_the_flags_are_those_of_the_rule_written_as_loops(spark, priority):
    score = "score" if priority is Priority.BEST_SCORE else ""
    stage = FuzzyDedup(**SMALL, priority=priority, score=score)
    rows = key_rows(stage, written_corpus(4))
    wanted = brute_force(rows)
    assert 10 < len(wanted) < 59
    assert flag(spark, stage, rows) == wanted


@pytest.mark.spark
def test_with_verification_only_those_leave_that_are_similar_enough_to_one_that_beats_them(spark):
    stage = FuzzyDedup(**SMALL, min_similarity=0.7)
    rows = key_rows(stage, written_corpus(4))
    wanted = brute_force(rows, min_similarity=0.7)
    assert 0 < len(wanted) < len(brute_force(rows))
    assert flag(spark, stage, rows) == wanted


@pytest.mark.slow
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
    rows = with_bands(("a", [1, 2]), ("b", [2, 3]), ("c", [3, 4]))
    assert flag(spark, FuzzyDedup(**SMALL), rows) == {
        "b": {
            "twin": "a",
            "twin_removed": False,
            "shared_bands": 1,
            "similarity": 1.0,
            "highest_similarity": 1.0,
        },
        "c": {
            "twin": "b",
            "twin_removed": True,
            "shared_bands": 1,
            "similarity": 1.0,
            "highest_similarity": 1.0,
        },
    }


@pytest.mark.spark
def test_of_twins_alike_the_one_named_stays_and_shares_most(spark):
    rows = with_bands(
        ("a", [1, 2]),
        ("b", [3, 4, 5]),
        ("c", [1, 6, 7, 8, 9]),  # beaten by a
        ("d", [2, 3, 4, 6, 7, 8, 9]),  # shares 1 band with a, 2 with b, 4 with c
    )
    found = flag(spark, FuzzyDedup(**SMALL), rows)["d"]
    assert (found["twin"], found["twin_removed"], found["shared_bands"]) == ("b", False, 2)


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
    earlier = spark.createDataFrame([(*row[:5], 0) for row in first], STATE)
    found = flag(spark, stage, second, earlier=earlier)
    wanted = {
        "twin": "old",
        "twin_removed": False,
        "shared_bands": 16,
        "similarity": 1.0,
        "highest_similarity": 1.0,
    }
    assert found == {"longer": wanted}


@pytest.mark.spark
def test_documents_of_earlier_batches_are_never_flagged_though_they_collide(spark):
    stage = FuzzyDedup(**SMALL, min_similarity=0.9)
    earlier = spark.createDataFrame(
        [(0, 0, "old", [1, 2], [0], 0), (0, 1, "older twin", [1, 3], [0], 0)], STATE
    )
    rows = with_bands(("new", [9]), ("newer", [8]))
    assert flag(spark, stage, rows, earlier=earlier) == {}


@pytest.mark.spark
def test_the_state_holds_the_bands_of_those_that_stay(spark):
    stage = FuzzyDedup(**SMALL)
    rows = key_rows(stage, written_corpus(7) | {"empty": ""})
    keys = spark.createDataFrame(rows, KEYS)
    flags = stage.flag(keys, None)
    state = stage.state(keys, flags, None)
    assert state.columns == list(stage.state_columns)
    flagged = brute_force(rows)
    stayed = {row[2]: (row[3], row[4]) for row in rows if row[3] and row[2] not in flagged}
    assert {row.doc_id: (row.bands, row.sketch) for row in state.collect()} == stayed


@pytest.mark.slow
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
        kept += [(*row[:5], number) for row in rows if row[2] not in flagged]


@pytest.fixture
def skewed_from_few_bytes(spark):
    """Spark's own remedy for skewed joins, set off by kilobytes instead of 256 megabytes."""
    settings = {
        "spark.sql.autoBroadcastJoinThreshold": "-1",
        "spark.sql.adaptive.autoBroadcastJoinThreshold": "-1",
        "spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes": "16k",
        "spark.sql.adaptive.skewJoin.skewedPartitionFactor": "1.5",
        "spark.sql.adaptive.advisoryPartitionSizeInBytes": "8k",
    }
    before = {key: spark.conf.get(key, None) for key in settings}
    for key, value in settings.items():
        spark.conf.set(key, value)
    yield
    for key, value in before.items():
        spark.conf.unset(key) if value is None else spark.conf.set(key, value)


@pytest.mark.slow
@pytest.mark.spark
@pytest.mark.usefixtures("skewed_from_few_bytes")
def test_the_losers_of_one_winner_are_joined_with_it_in_several_tasks(spark):
    from stages.fuzzy_dedup import collisions, twins

    draw = random.Random(1)
    rows = [
        (n // 1000, n, f"{n:032x}", [7, draw.getrandbits(60)], [draw.getrandbits(60)] * 32, 0)
        for n in range(8000)
    ]
    keys = spark.createDataFrame(rows, KEYS).repartition(8).persist()
    found = twins.compare_sketches(collisions.collide(keys, None), keys, None)
    assert found.where("twin = repeat('0', 32)").count() == 7999
    assert found.count() == 7999
    found.collect()
    assert "SortMergeJoin(skew=true)" in found._jdf.queryExecution().executedPlan().toString()
