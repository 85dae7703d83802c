"""Batches of a pipeline: what the next one is judged against, merged or not, withdrawn or not."""

import random
import shutil
from dataclasses import replace

import pytest
from rich.console import Console

from curation import storage
from curation.batches import merged_state, merging, withdrawal
from curation.batches.lineage import NO_LINEAGE, extend, trace
from curation.batches.records import Batch, BatchRecord, find_batch, read_records
from curation.batches.run_record import RunRecord
from curation.batches.state_files import StateFile, group_files
from curation.cli import batch_commands
from curation.config import PipelineConfig, StepConfig
from curation.errors import UsageError
from curation.run import comparison
from curation.spark import sizing
from curation.storage import manifest
from curation.testing.samples import CHINESE, ENGLISH
from stages.fuzzy_dedup import FuzzyDedup
from stages.identity import Identity
from stages.language import Language
from stages.line_dedup import LineDedup
from stages.quality import Quality
from stages.semantic_dedup import SemanticDedup
from tests.curation.small_runs import crawl, kept, run

pytestmark = pytest.mark.slow

STAGES = {
    "language": Language(),
    "identity": Identity(),
    "line_dedup": LineDedup(max_occurrences=5),
    "fuzzy_dedup": FuzzyDedup(),
    "quality": Quality(min_quality=0.0),
    "semantic_dedup": SemanticDedup(duplicate_cosine=0.6),
}
CONFIG = PipelineConfig(
    name="all",
    step=(
        StepConfig("prepare", ("language",)),
        StepConfig("identity", ("identity",)),
        StepConfig("lines", ("line_dedup",)),
        StepConfig("fuzzy", ("fuzzy_dedup", "quality")),
        StepConfig("semantic", ("semantic_dedup",)),
    ),
    stage=STAGES,
    part_bytes=1,
)
STATEFUL = {"identity", "line_dedup", "fuzzy_dedup", "semantic_dedup"}
NAMES = ("may", "june", "july")


def texts(seed, count=14):
    """Copies, near copies and texts of their own, with lines that many of them share."""
    pick = random.Random(seed)
    words = ENGLISH.split()
    made = []
    for number in range(count):
        body = list(words)
        for _ in range(pick.choice([0, 1, 12, 40])):
            body[pick.randrange(len(body))] = f"word{pick.randrange(999)}"
        made.append(
            f"{pick.choice(['Home', 'Menu', 'Share'])} page\n{' '.join(body)}\nfoot {number % 3}"
        )
    return [*made, CHINESE]


@pytest.fixture(scope="module")
def crawls(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crawls")
    return {name: crawl(folder / name, a=texts(name), b=texts(f"{name} too")) for name in NAMES}


@pytest.fixture(scope="module")
def made(spark, crawls, tmp_path_factory):
    """A root with three batches that ran to their end, and what became of the last one."""
    root = tmp_path_factory.mktemp("three")
    return root, [run(spark, CONFIG, crawls[name], root, name) for name in NAMES][-1]


@pytest.fixture
def root(made, tmp_path):
    return shutil.copytree(made[0], tmp_path / "root")


@pytest.fixture(scope="module")
def july(made):
    """What the third batch became after two single ones."""
    return made[1]


@pytest.mark.parametrize("tasks", [1, 1 << 30])
def test_a_batch_gives_the_same_files_where_it_reads_of_the_state_only_what_it_can_meet(
    spark, crawls, tmp_path, monkeypatch, tasks
):
    narrowed = []

    def always(step, keys):
        has_state = step.corpus_stage and step.corpus_stage.reach_bytes and step.earlier.batches
        narrowed.append(step.name) if has_state else None
        return bool(has_state)

    monkeypatch.setattr(sizing, "TASK_BYTES", tasks)
    made = []
    for is_narrowed in (always, lambda step, keys: False):
        monkeypatch.setattr(comparison, "is_narrowed", is_narrowed)
        root = tmp_path / str(len(made))
        made.append([files_of(run(spark, CONFIG, crawls[name], root, name)) for name in NAMES])
    assert made[0] == made[1]
    assert {"identity", "lines", "fuzzy", "semantic"} == set(narrowed)


def files_of(outcomes):
    return [
        [file for _, file in sorted(p.files.items())] for o in outcomes for p in o.manifest.parts
    ]


def folder(root):
    return str(root / "all")


def merge_all(spark, root):
    quiet = Console(quiet=True)
    batch_commands.merge_all(str(root), None, quiet, quiet, lambda: spark)


def state_files_read(root):
    """The folders that the next batch would read the state of each stage from."""
    plans = merging.plan_merges(folder(root))
    return {
        plan.stage.name: {f.uri.split("/all/")[1].split("/")[0] for f in plan.state.files}
        for plan in plans
    }


def everywhere(folders):
    return {stage: set(folders) for stage in STATEFUL}


@pytest.mark.spark
def test_every_stage_takes_something_from_the_later_batches(july):
    """Or the tests below would compare nothing."""
    for outcome in july[1:]:
        assert outcome.manifest.remove or outcome.step.name == "lines", outcome.manifest
    assert any(row["edits"] for row in kept(july[2]))


@pytest.mark.spark
def test_a_batch_after_merged_ones_becomes_what_it_becomes_after_single_ones(
    spark, root, crawls, july
):
    withdrawal.withdraw(folder(root), "july")
    assert state_files_read(root) == everywhere({"may", "june"})
    merge_all(spark, root)
    assert state_files_read(root) == everywhere({"_state"})
    merged = run(spark, CONFIG, crawls["july"], root, "july")
    assert files_of(merged) == files_of(july)
    assert [o.step.fingerprint for o in merged] == [o.step.fingerprint for o in july]
    assert {plan.batches for plan in merging.plan_merges(folder(root))} == {NAMES}
    # And what is merged is merged on when batches come.
    assert state_files_read(root) == everywhere({"_state", "july"})
    before = set((root / "all" / "_state").iterdir())
    merge_all(spark, root)
    after = set((root / "all" / "_state").iterdir())
    assert len(after) == len(before) == len(STATEFUL)
    assert not before & after


@pytest.mark.spark
def test_a_batch_withdrawn_from_the_midst_is_as_if_it_had_never_been(
    spark, made, root, crawls, tmp_path
):
    merge_all(spark, root)
    withdrawal.withdraw(folder(root), "june")
    assert not (root / "all" / "june").exists()
    assert not list((root / "all" / "_state").iterdir())
    with pytest.raises(UsageError, match="batch 'july' is stale"):
        run(spark, CONFIG, crawls["may"], root, "august")
    again = run(spark, CONFIG, crawls["july"], root, "july")
    assert [outcome.cached for outcome in again] == [True, False, False, False, False]
    never = tmp_path / "never"
    shutil.copytree(made[0] / "all" / "may", never / "all" / "may")
    assert files_of(again) == files_of(run(spark, CONFIG, crawls["july"], never, "july"))
    assert [s.stale for s in trace(read_records(folder(root)))] == [False, False]
    with pytest.raises(UsageError, match="nothing was withdrawn"):
        quiet = Console(quiet=True)
        batch_commands.withdraw_batches(
            str(root), None, "july", quiet, and_later=False, confirm=lambda _: False
        )


@pytest.mark.spark
def test_the_last_batches_are_rolled_back_and_nothing_is_stale(root):
    quiet = Console(quiet=True)
    batch_commands.withdraw_batches(
        str(root), None, "june", quiet, and_later=True, confirm=lambda _: True
    )
    [left] = trace(read_records(folder(root)))
    assert (left.record.batch.name, left.stale) == ("may", False)
    assert find_batch(str(root), "all", "next").number == 1


@pytest.mark.spark
def test_a_merge_that_was_broken_off_counts_for_nothing_and_is_done_again(spark, root):
    merge_all(spark, root)
    whole = {
        plan.folder: storage.list_files(plan.folder) for plan in merging.plan_merges(folder(root))
    }
    for place in whole:
        manifest.delete(place)
        storage.write_bytes(f"{place}/part-00099-half.parquet", b"half a file")
    assert state_files_read(root) == everywhere(set(NAMES))
    merge_all(spark, root)
    assert state_files_read(root) == everywhere({"_state"})
    assert not list((root / "all").rglob("*half*"))


@pytest.mark.spark
def test_batches_of_another_configuration_are_not_compared(spark, root, crawls):
    other = replace(
        CONFIG, stage={**STAGES, "line_dedup": LineDedup(head_lines=9, max_occurrences=5)}
    )
    with pytest.raises(UsageError, match="head_lines is 5 there, 9 here"):
        run(spark, other, crawls["may"], root, "august")
    merge_all(spark, root)
    with pytest.raises(UsageError, match="head_lines is 5 there, 9 here"):
        run(spark, other, crawls["may"], root, "august")


@pytest.mark.spark
def test_a_withdrawal_that_was_broken_off_is_finished_by_the_next(root):
    storage.delete_file(f"{folder(root)}/july/_run.json")
    assert withdrawal.choose(folder(root), "july", and_later=False) == ["july"]
    withdrawal.withdraw(folder(root), "july")
    assert not (root / "all" / "july").exists()
    with pytest.raises(UsageError, match="holds no batch 'july'; its batches: may, june"):
        withdrawal.choose(folder(root), "july", and_later=False)


def test_the_only_batch_is_withdrawn_although_its_withdrawal_was_broken_off(tmp_path):
    storage.write_bytes(str(tmp_path / "all" / "may" / "01-prepare-aa" / "part"), b"")
    quiet = Console(quiet=True)
    with pytest.raises(UsageError, match="holds no batch; run one first"):
        batch_commands.choose_pipeline(str(tmp_path), None)
    batch_commands.withdraw_batches(
        str(tmp_path), "all", "may", quiet, and_later=False, confirm=lambda _: True
    )
    assert not (tmp_path / "all" / "may").exists()


def record(number, **against):
    batch = Batch("runs/all", f"b{number}", number)
    states = dict.fromkeys(against, f"02-{number}")
    return BatchRecord(batch, RunRecord(number, {}, (), (), states, against))


def test_all_batches_after_one_that_changed_are_stale():
    one = extend(NO_LINEAGE, "02-0")
    two = extend(one, "02-1")
    good = [record(0, s=NO_LINEAGE), record(1, s=one), record(2, s=two)]
    assert [s.stale for s in trace(good)] == [False, False, False]
    assert [s.stale for s in trace(good[1:])] == [True, True]
    assert [s.stale for s in trace([good[0], good[2]])] == [False, True]
    other_stage = [record(1, s="gone", t=NO_LINEAGE), record(2, t=extend(NO_LINEAGE, "02-1"))]
    assert [s.stale for s in trace([good[0], *other_stage])] == [False, True, True]
    redone = replace(good[1], run=replace(good[1].run, states={"s": "02-other"}))
    assert [s.stale for s in trace([good[0], redone, good[2]])] == [False, False, True]


@pytest.mark.parametrize("name", ["_state", ".hidden", "a/b", ""])
def test_a_batch_has_a_name_that_a_folder_can_have(tmp_path, name):
    with pytest.raises(UsageError, match="is no name"):
        find_batch(str(tmp_path), "all", name)


def test_small_files_of_state_share_a_task():
    files = [StateFile(str(n), 1, size, 0) for n, size in enumerate([5, 5, 1, 30, 2])]
    groups = group_files(files, 10)
    assert [[f.bytes for f in one] for one in groups] == [[5, 5], [1], [30], [2]]
    assert group_files([]) == []


def test_what_is_no_merged_state_is_none(tmp_path):
    assert merged_state.list_lineages(str(tmp_path), "identity") == frozenset()
    assert merged_state.load(str(tmp_path), "identity", "abc") is None
