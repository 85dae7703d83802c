"""The table that a corpus stage is fitted by, from batch to batch: centroids, against NumPy."""

import random
import shutil
from dataclasses import replace
from string import ascii_lowercase

import numpy as np
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from curation.batches import merging, withdrawal
from curation.batches.earlier import EarlierBatches
from curation.cli import batch_commands
from curation.config import PipelineConfig, StepConfig
from curation.errors import UsageError
from models.embedding import load
from schemas.verdict import Decision
from stages.quality import Quality
from stages.semantic_dedup import SemanticDedup, centroids
from tests.curation.small_runs import crawl, run

pytestmark = [pytest.mark.spark, pytest.mark.slow]

PER_CLUSTER = 10
COSINE = 0.6  # so low that twins lie on both sides of a border between clusters
RING = ["".join(random.Random(n).choices(ascii_lowercase, k=7)) for n in range(1600)]
CONFIG = PipelineConfig(
    name="all",
    step=(StepConfig("semantic", ("quality", "semantic_dedup")),),
    stage={
        "quality": Quality(min_quality=0.0),
        "semantic_dedup": SemanticDedup(duplicate_cosine=COSINE, documents_per_cluster=PER_CLUSTER),
    },
    part_bytes=1,
)
SIZES = {"may": 60, "june": 60, "july": 240}


def texts(seed, count):
    """Stretches of a ring of words: the nearer two begin to each other, the more they share."""
    pick = random.Random(seed)
    starts = [pick.randrange(len(RING)) for _ in range(count)]
    return [" ".join((RING[start:] + RING[:start])[:30]) for start in starts]


@pytest.fixture(scope="module")
def crawls(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crawls")
    return {
        name: crawl(folder / name, a=texts(name, size // 2), b=texts(f"{name} too", size // 2))
        for name, size in SIZES.items()
    }


@pytest.fixture(scope="module")
def three(spark, crawls, tmp_path_factory):
    """A root with three batches, and what they became."""
    root = tmp_path_factory.mktemp("three")
    return root, {name: run(spark, CONFIG, crawls[name], root, name)[0] for name in SIZES}


@pytest.fixture
def two(three, tmp_path):
    """A root with the first two batches."""
    root = shutil.copytree(three[0], tmp_path / "root")
    withdrawal.withdraw(str(root / "all"), "july")
    return root


def rows_of(outcome, decision):
    files = [file.name for _, file in outcome.manifest.files(decision)]
    tables = [pq.read_table(f"{outcome.step.folder}/{name}", partitioning=None) for name in files]
    return [row for table in tables for row in table.to_pylist()]


def centroids_of(outcome):
    """The centroids that a step made, as a matrix; this few clusters lie in one cell."""
    names = [file.name for file in outcome.manifest.fitted]
    tables = [pq.read_table(f"{outcome.step.folder}/fitted/{name}") for name in names]
    return np.array([row for table in tables for row in table["centroid"].to_pylist()])


def files_of(outcome):
    return [sorted(part.files.items()) for part in outcome.manifest.parts]


def better(row):
    return (-row["quality"], -len(row["text"]), row["doc_id"], row["position"])


def brute_force(fresh, earlier, centroids):
    """The documents that have a better twin in their cluster."""
    order = [*earlier, *sorted(fresh, key=better)]
    vectors = np.asarray(load().score([row["text"] for row in order]), float)
    clusters = (vectors @ centroids.T).argmax(axis=1)
    alike = (vectors @ vectors.T >= COSINE) & (clusters[:, None] == clusters)
    return {
        row["doc_id"]
        for place, row in enumerate(order)
        if place >= len(earlier) and alike[place, :place].any()
    }


def compared(outcome, earlier, centroids):
    """What left a batch, and what brute force says should have."""
    gone = rows_of(outcome, Decision.REMOVE)
    fresh = [*rows_of(outcome, Decision.KEEP), *gone]
    return {row["doc_id"] for row in gone}, brute_force(fresh, earlier, centroids)


def test_a_batch_is_judged_by_the_centroids_of_the_one_before_it(three):
    may, june = three[1]["may"], three[1]["june"]
    first = centroids_of(may)
    assert len(first) == SIZES["may"] / PER_CLUSTER
    found, expected = compared(may, [], first)
    assert found == expected
    assert not june.manifest.fitted
    survivors = rows_of(may, Decision.KEEP)
    found, expected = compared(june, survivors, first)
    assert found == expected
    assert found != compared(june, survivors, first[:1])[1], "or any centroids would do"


def test_a_corpus_that_has_outgrown_its_centroids_fourfold_gets_new_ones(three):
    may, june, july = three[1].values()
    survivors = [*rows_of(may, Decision.KEEP), *rows_of(june, Decision.KEEP)]
    clusters = -(-(SIZES["july"] + len(survivors)) // PER_CLUSTER)
    assert clusters > 4 * len(centroids_of(may))
    new = centroids_of(july)
    assert len(new) == clusters
    found, expected = compared(july, survivors, new)
    assert found == expected
    assert found != compared(july, survivors, centroids_of(may))[1]


def table_of_next(root):
    """The folder of the table that a batch after all others would be judged by."""
    stage = CONFIG.stage["semantic_dedup"]
    batches = EarlierBatches.before(str(root / "all"), 99)
    done = batches.batches[-1].manifest_of(stage.name)
    files = batches.state(done.description(stage.name)).fitted
    return {name.split("/all/")[1].split("/")[0] for name in files}


def merge_all(spark, root):
    quiet = Console(quiet=True)
    batch_commands.merge_all(str(root), None, quiet, quiet, lambda: spark)


def test_the_next_batch_is_judged_by_the_table_that_was_made_last(three, two):
    assert table_of_next(two) == {"may"}
    assert table_of_next(three[0]) == {"july"}


def test_merged_batches_have_their_table_with_them(spark, crawls, three, two):
    merge_all(spark, two)
    assert table_of_next(two) == {"_state"}
    [merge] = merging.plan_merges(str(two / "all"))
    shutil.rmtree(two / "all" / "may" / three[1]["may"].step.folder_name / "fitted")
    july = run(spark, CONFIG, crawls["july"], two, "july")[0]
    assert files_of(july) == files_of(three[1]["july"])
    assert july.manifest.fitted == three[1]["july"].manifest.fitted
    assert table_of_next(two) == {"july"}
    merge_all(spark, two)
    assert table_of_next(two) == {"_state"}
    [again] = merging.plan_merges(str(two / "all"))
    assert again.folder != merge.folder
    copied = pq.read_table(f"{again.folder}/fitted")
    rows = sorted(copied["centroid"].to_pylist())
    assert rows == sorted(centroids_of(july).tolist())


def test_a_table_goes_with_the_batch_that_made_it(spark, crawls, three, two, tmp_path):
    merge_all(spark, two)
    withdrawal.withdraw(str(two / "all"), "may")
    with pytest.raises(UsageError, match="batch 'june' is stale"):
        run(spark, CONFIG, crawls["july"], two, "july")
    june = run(spark, CONFIG, crawls["june"], two, "june")[0]
    assert june.manifest.fitted
    assert table_of_next(two) == {"june"}
    never = run(spark, CONFIG, crawls["june"], tmp_path / "never", "june")[0]
    assert files_of(june) == files_of(never)
    assert june.manifest.fitted == never.manifest.fitted
    assert files_of(june) != files_of(three[1]["june"])


def test_a_step_that_is_done_again_makes_the_same_table_and_leaves_nothing_else(
    spark, crawls, three, tmp_path
):
    root = shutil.copytree(three[0], tmp_path / "root")
    july = three[1]["july"]
    step = root / "all" / "july" / july.step.folder_name
    (step / "_manifest.json").unlink()
    (step / "fitted" / "part-00099-tried.parquet").write_bytes(b"of a try that was given up")
    again = run(spark, CONFIG, crawls["july"], root, "july")[0]
    assert again.manifest.fitted == july.manifest.fitted
    listed = {file.name for file in again.manifest.fitted}
    assert {path.name for path in (step / "fitted").iterdir()} == listed
    assert not (step / "keys").exists()


def test_two_levels_are_the_same_whatever_the_parts(spark, crawls, tmp_path, monkeypatch):
    monkeypatch.setattr(centroids, "ONE_CELL", 2)
    made = []
    for part_bytes in (1, 1 << 20):
        config = replace(CONFIG, part_bytes=part_bytes)
        july = run(spark, config, crawls["july"], tmp_path / str(part_bytes), "july")[0]
        names = [file.name for file in july.manifest.fitted]
        tables = [pq.read_table(f"{july.step.folder}/fitted/{name}") for name in names]
        rows = [str(row) for table in tables for row in table.to_pylist()]
        gone = {row["doc_id"] for row in rows_of(july, Decision.REMOVE)}
        made.append((len(july.manifest.parts), sorted(rows), gone))
    (parts, rows, gone), (fewer, same_rows, same_gone) = made
    assert parts > fewer
    assert any("'level': 0" in row for row in rows)
    assert rows == same_rows
    assert gone == same_gone
