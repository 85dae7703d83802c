"""The engine on small crawls: accounts, repeats, batches, crashes."""

import re
import shutil
from dataclasses import replace

import pytest

from conf import locate
from curation import storage
from curation.batches.records import find_batch, refuse_other_run
from curation.config import PipelineConfig, StepConfig
from curation.errors import JobError, QuarantineError, UsageError
from curation.run.planning import make_plan
from curation.sources.inputs.expand import expand, named
from curation.spark import tasks
from curation.testing.samples import CHINESE, ENGLISH
from stages.identity import Identity
from stages.language import Language
from stages.rules import Rules
from tests.curation.crashing import Crashing, Unopened
from tests.curation.small_runs import crawl, kept, reasons_of, run
from tests.curation.sources.archives import members, record

pytestmark = pytest.mark.spark

CONFIG = PipelineConfig(
    name="tiny",
    step=(StepConfig("prepare", ("language",)), StepConfig("identity", ("identity",))),
    stage={"language": Language(), "identity": Identity()},
    part_bytes=1,
)
FRENCH = "Le moulin fut construit au bord de la rivière par les moines de l'abbaye voisine."


def test_every_row_is_accounted_for_with_its_reason(spark, tmp_path):
    inputs = crawl(tmp_path / "in", a=[ENGLISH, FRENCH, CHINESE], b=[ENGLISH, ENGLISH])
    prepare, identity = run(spark, CONFIG, inputs, tmp_path / "runs")
    assert (prepare.manifest.rows_in, prepare.manifest.keep) == (5, 4)
    assert reasons_of(prepare.manifest) == {("remove", "language", "other_language"): 1}
    assert (identity.manifest.rows_in, identity.manifest.keep) == (4, 2)
    assert sorted(row["text"] for row in kept(identity)) == sorted([ENGLISH, CHINESE])


def test_what_the_steps_of_a_run_open_is_opened_before_workers_are_forked(
    spark, tmp_path, monkeypatch
):
    asked = []
    monkeypatch.setattr("curation.run.runner.open_in_daemon", lambda _, steps: asked.append(steps))
    inputs = crawl(tmp_path / "in", a=[ENGLISH, CHINESE])
    prepare, identity = run(spark, CONFIG, inputs, tmp_path / "runs")
    every = [(one.step.fingerprint, one.step.stages) for one in (prepare, identity)]
    storage.delete_file(f"{identity.step.folder}/_manifest.json")
    run(spark, CONFIG, inputs, tmp_path / "runs")
    assert asked == [every, every[1:]]


def test_a_run_that_is_done_is_not_done_again(spark, tmp_path):
    inputs = crawl(tmp_path / "in", a=[ENGLISH, CHINESE])
    first = run(spark, CONFIG, inputs, tmp_path / "runs")
    second = run(spark, CONFIG, inputs, tmp_path / "runs")
    assert [outcome.cached for outcome in first] == [False, False]
    assert [outcome.cached for outcome in second] == [True, True]
    assert [o.manifest.parts for o in first] == [o.manifest.parts for o in second]


def test_a_step_without_a_manifest_is_redone_and_its_leftovers_go(spark, tmp_path):
    inputs = crawl(tmp_path / "in", a=[ENGLISH, CHINESE])
    first = run(spark, CONFIG, inputs, tmp_path / "runs")[1]
    storage.delete_file(f"{first.step.folder}/_manifest.json")
    stray = f"{first.step.folder}/decision=keep/part-00000-stray.parquet"
    storage.write_bytes(stray, b"half a file")
    again = run(spark, CONFIG, inputs, tmp_path / "runs")
    assert [outcome.cached for outcome in again] == [True, False]
    assert again[1].manifest.parts == first.manifest.parts
    assert not storage.exists(stray)


def test_a_changed_setting_redoes_its_step_and_those_after_it(spark, tmp_path):
    inputs = crawl(tmp_path / "in", a=[ENGLISH, CHINESE])
    run(spark, CONFIG, inputs, tmp_path / "runs")
    changed = replace(CONFIG, stage={**CONFIG.stage, "identity": Identity(seed=9)})
    assert [o.cached for o in run(spark, changed, inputs, tmp_path / "runs")] == [True, False]


def test_a_run_of_another_configuration_or_other_inputs_is_refused(tmp_path):
    inputs = expand([crawl(tmp_path / "in", a=[ENGLISH])])
    found = find_batch(str(tmp_path / "runs"), "tiny", "default")
    refuse_other_run(found, CONFIG, named(inputs))
    make_plan(CONFIG, inputs, found).record().save(found.folder)
    refuse_other_run(found, CONFIG, named(inputs))
    stages = {"language": Language(languages=("zh",)), "identity": Identity(seed=9)}
    changed = replace(CONFIG, stage=stages)
    message = r"stage.identity.seed was 1, is 9 \(and 1 more\); add --replace"
    with pytest.raises(UsageError, match=message):
        refuse_other_run(found, changed, named(inputs))
    with pytest.raises(
        UsageError, match=r'stage.language.languages was \["zh", "en"\], is \["zh"\]'
    ):
        refuse_other_run(found, replace(changed, stage={**stages, "identity": Identity()}), [])
    with pytest.raises(UsageError, match="a run of other inputs"):
        refuse_other_run(found, CONFIG, [])


def test_rules_that_are_edited_between_two_runs_of_a_session_judge_the_second(spark, tmp_path):
    rules = shutil.copytree(locate("rules"), tmp_path / "rules")
    config = PipelineConfig(
        name="edited",
        step=(StepConfig("judge", ("language", "rules")),),
        stage={"language": Language(), "rules": Rules(rules=str(rules))},
    )
    inputs = crawl(tmp_path / "in", a=[ENGLISH])
    [before] = run(spark, config, inputs, tmp_path / "runs")
    text = (rules / "en.toml").read_text("utf-8")
    (rules / "en.toml").write_text(
        re.sub(r"^min_words = \d+", "min_words = 4000", text, flags=re.MULTILINE), "utf-8"
    )
    [after] = run(spark, config, inputs, tmp_path / "runs")
    assert after.step.fingerprint != before.step.fingerprint
    assert (before.manifest.reasons, before.manifest.keep) == ((), 1)
    assert reasons_of(after.manifest) == {("remove", "rules", "too_few_words"): 1}


def test_a_later_batch_is_judged_against_the_earlier_one(spark, tmp_path):
    first = crawl(tmp_path / "one", a=[ENGLISH, CHINESE])
    second = crawl(tmp_path / "two", a=[CHINESE, CHINESE, CHINESE + ENGLISH])
    run(spark, CONFIG, first, tmp_path / "runs", "may")
    outcomes = run(spark, CONFIG, second, tmp_path / "runs", "june")
    assert [row["text"] for row in kept(outcomes[1])] == [CHINESE + ENGLISH]


def test_a_batch_that_is_not_finished_holds_up_the_next(spark, tmp_path):
    first = crawl(tmp_path / "one", a=[ENGLISH])
    outcomes = run(spark, CONFIG, first, tmp_path / "runs", "may")
    storage.delete_file(f"{outcomes[1].step.folder}/_manifest.json")
    with pytest.raises(UsageError, match="has not finished stage identity"):
        run(spark, CONFIG, first, tmp_path / "runs", "june")


def test_a_task_that_is_tried_again_counts_once(spark, tmp_path):
    inputs = crawl(tmp_path / "in", a=[ENGLISH] * 3, b=[CHINESE] * 2)
    config = PipelineConfig(
        name="crash",
        step=(StepConfig("prepare", ("crashing",)),),
        stage={"crashing": Crashing(marker=str(tmp_path / "crashed"))},
        part_bytes=1,
    )
    [outcome] = run(spark, config, inputs, tmp_path / "runs")
    assert (tmp_path / "crashed").exists()
    assert (outcome.manifest.rows_in, outcome.manifest.keep) == (5, 5)
    assert len(kept(outcome)) == 5


@pytest.mark.slow
@pytest.mark.parametrize("stages", [("unopened",), ("identity", "unopened")])
def test_a_task_that_keeps_failing_ends_the_run_in_one_line_of_what_the_worker_said(
    spark, tmp_path, stages
):
    """Whether the step's parts are a list, or come with flags."""
    inputs = crawl(tmp_path / "in", a=[ENGLISH])
    config = PipelineConfig(
        name="fails",
        step=(StepConfig("prepare", stages),),
        stage={"unopened": Unopened(), "identity": Identity()},
    )
    with pytest.raises(JobError) as error:
        run(spark, config, inputs, tmp_path / "runs")
    expected = "step prepare failed: OSError: words.txt: has gone; run again to resume"
    assert str(error.value) == expected


@pytest.mark.slow
def test_parts_that_share_a_task_become_what_they_become_alone(spark, tmp_path, monkeypatch):
    texts = {name: [f"{ENGLISH} {name}.", ENGLISH] for name in "abcde"}
    inputs = crawl(tmp_path / "in", **texts)
    alone = run(spark, CONFIG, inputs, tmp_path / "alone")
    monkeypatch.setattr(tasks, "MAX_TASKS", 2)
    shared = run(spark, CONFIG, inputs, tmp_path / "shared")
    assert [o.manifest.parts for o in shared] == [o.manifest.parts for o in alone]
    assert alone[1].manifest.keep == 6


def test_losses_beyond_the_limit_fail_the_run_and_still_stand_in_the_ledger(spark, tmp_path):
    inputs = crawl(tmp_path / "in", a=[ENGLISH])
    with (tmp_path / "in" / "a.jsonl").open("a") as lines:
        lines.write("not JSON\n")
    with pytest.raises(QuarantineError, match=r"1 of 2 pages .* source/bad_row 1"):
        run(spark, CONFIG, inputs, tmp_path / "runs")


def test_a_list_of_records_gives_the_documents_that_it_names(spark, tmp_path):
    texts = [ENGLISH, FRENCH, CHINESE, ENGLISH + CHINESE]
    records = [
        record(text.encode(), kind="conversion", number=n, content_type="text/plain")
        for n, text in enumerate(texts)
    ]
    packed = members(records, ".gz")
    (tmp_path / "a.wet.gz").write_bytes(b"".join(packed))
    line = '{"filename": "a.wet.gz", "offset": %d, "length": %d}\n'
    entries = [line % (sum(map(len, packed[:n])), len(packed[n])) for n in (2, 0, 1)]
    (tmp_path / "list.cdxj").write_text("".join(entries))
    config = replace(CONFIG, part_bytes=400)
    whole = run(spark, config, str(tmp_path / "a.wet.gz"), tmp_path / "whole")[0]
    listed = run(spark, config, str(tmp_path / "list.cdxj"), tmp_path / "listed")[0]
    assert listed.manifest.rows_in == 3
    positions = {row["doc_id"]: row["position"] for row in kept(whole)}
    rows = kept(listed)
    assert [row["text"] for row in rows] == [ENGLISH, CHINESE]
    assert {row["doc_id"]: row["position"] for row in rows}.items() <= positions.items()
