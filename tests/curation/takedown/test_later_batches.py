"""Runs after a takedown: what is listed stays out, what had left for its sake may come back."""

import json

import pytest
from rich.console import Console

from curation.batches import pending, withdrawal
from curation.batches.lineage import trace
from curation.batches.pending import PendingTakedown
from curation.batches.records import find_batch, read_records
from curation.config import PipelineConfig, StepConfig
from curation.errors import UsageError
from curation.run.planning import make_plan
from curation.run.repair import repair
from curation.run.runner import Runner
from curation.sources.inputs.expand import expand
from curation.takedown.root import carry_out, read_list
from stages.identity import Identity
from tests.curation.small_runs import kept, reasons_of, run
from tests.curation.takedown.made_batches import here

CONFIG = PipelineConfig(
    name="all", step=(StepConfig("identity", ("identity",)),), stage={"identity": Identity()}
)


def crawl(path, **texts):
    """A file of pages, each with its text."""
    lines = [json.dumps({"url": f"http://{name}.example/", "text": t}) for name, t in texts.items()]
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def urls(outcomes):
    return {row["url"] for row in kept(outcomes[0])}


@pytest.mark.slow
@pytest.mark.spark
def test_a_listed_page_stays_out_and_its_twin_comes_back_when_its_batch_is_run_again(
    spark, tmp_path
):
    root = tmp_path / "root"
    may = crawl(tmp_path / "may.jsonl", first="the same tea", other="another tea")
    june = crawl(tmp_path / "june.jsonl", twin="the same tea", first="a new tea", more="a third")
    run(spark, CONFIG, may, root, "may")
    assert urls(run(spark, CONFIG, june, root, "june")) == {
        *("http://first.example/", "http://more.example/")
    }
    (tmp_path / "list.txt").write_text("http://first.example\n")
    carry_out(here, str(root), read_list(str(tmp_path / "list.txt")), lambda _: None)
    again = run(spark, CONFIG, june, root, "june")
    assert again[0].cached
    assert urls(again) == {"http://more.example/"}  # its twin stays out as long as it is not judged
    withdrawal.withdraw(str(root / "all"), "june")
    anew = run(spark, CONFIG, june, root, "june")
    assert urls(anew) == {"http://twin.example/", "http://more.example/"}
    assert reasons_of(anew[0].manifest)["remove", "takedown", "taken_down"] == 1


@pytest.mark.spark
def test_nothing_is_run_while_a_takedown_is_broken_off(spark, tmp_path):
    inputs = crawl(tmp_path / "may.jsonl", one="some tea")
    pending.begin(str(tmp_path / "root" / "all"), PendingTakedown("list.txt", "0" * 12))
    with pytest.raises(UsageError, match="a takedown was broken off"):
        run(spark, CONFIG, inputs, tmp_path / "root", "may")


@pytest.mark.slow
@pytest.mark.spark
def test_a_twin_that_a_repair_brings_back_makes_later_batches_stale(spark, tmp_path):
    root = tmp_path / "root"
    may = crawl(tmp_path / "may.jsonl", first="the same tea", twin="the same tea", other="a tea")
    june = crawl(tmp_path / "june.jsonl", third="the same tea", more="another tea")
    before = run(spark, CONFIG, may, root, "may")
    run(spark, CONFIG, june, root, "june")
    [stayed] = {"first", "twin"} & {path.split("/")[2].split(".")[0] for path in urls(before)}
    [left] = {"first", "twin"} - {stayed}
    (tmp_path / "list.txt").write_text(f"http://{stayed}.example\n")
    carry_out(here, str(root), read_list(str(tmp_path / "list.txt")), lambda _: None)
    assert [one.stale for one in trace(read_records(str(root / "all")))] == [False, False]
    [kept_file] = (root / "all/may").glob("01-*/decision=keep/*.parquet")
    kept_file.unlink()
    plan = make_plan(CONFIG, expand([may]), find_batch(str(root), "all", "may"))
    made = repair(plan, Runner(lambda *_: spark, Console(quiet=True)))
    assert urls([made["identity"]]) == {f"http://{left}.example/", "http://other.example/"}
    assert [one.stale for one in trace(read_records(str(root / "all")))] == [False, True]
