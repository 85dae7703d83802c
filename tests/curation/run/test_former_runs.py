"""Runs that were done before their records had a version are still runs: read, and not done again."""

import json
from enum import StrEnum
from pathlib import Path

import pytest
from rich.console import Console

from curation.batches import merged_state
from curation.batches.lineage import NO_LINEAGE, trace
from curation.batches.records import find_batch, read_records, refuse_other_run
from curation.batches.run_record import RunRecord, load_run_record
from curation.config import PipelineConfig, StepConfig
from curation.errors import UsageError
from curation.outputs.export import Export
from curation.outputs.pack import Pack
from curation.parts.writer import PartWriter
from curation.run.planning import make_plan
from curation.run.runner import Runner
from curation.sources.inputs.expand import expand, named
from curation.storage.stage_description import StageDescription
from schemas.verdict import remove
from stages.chain import Document
from stages.identity import Identity
from stages.language import Language
from tests.commands import curate, message, output
from tests.curation.small_runs import crawl

CONFIG = PipelineConfig(
    name="tiny",
    step=(StepConfig("prepare", ("language",)), StepConfig("identity", ("identity",))),
    stage={"language": Language(), "identity": Identity()},
    outputs={"export": Export(), "pack": Pack()},
)
CONFIGURATION = {
    "document.max_memory_bytes": "8589934592",
    "document.timeout_s": "120.0",
    "export.bytes_per_shard": "268435456",
    "export.columns": "()",
    "export.compression_level": "3",
    "export.row_group_rows": "1000",
    "export.rows_per_shard": "0",
    "export.seed": "0",
    "export.shards": "0",
    "export.source_root": "''",
    "max_quarantine_ratio": "0.05",
    "max_removed_chars": "1000000",
    "name": "'tiny'",
    "pack.eos_token": "''",
    "pack.knot_chunks": "3",
    "pack.knot_tokens": "()",
    "pack.knotted_ratio": "0.0",
    "pack.method": "<Method.BEST_FIT: 'best_fit'>",
    "pack.pad": "True",
    "pack.pad_token": "''",
    "pack.seed": "0",
    "pack.sequence_length": "8192",
    "pack.tokenizer": "'embedded'",
    "part_bytes": "268435456",
    "source.archives": "''",
    "source.columns.date": "'date'",
    "source.columns.doc_id": "'id'",
    "source.columns.html": "'html'",
    "source.columns.text": "'text'",
    "source.columns.title": "'title'",
    "source.columns.url": "'url'",
    "source.max_body_bytes": "33554432",
    "source.remove_truncated": "False",
    "stage.identity.seed": "1",
    "stage.language.languages": "('zh', 'en')",
    "stage.language.min_confidence": "0.65",
    "stage.language.model": "'embedded'",
    "step": (
        "({'name': 'prepare', 'stages': ('language',)}, "
        "{'name': 'identity', 'stages': ('identity',)})"
    ),
}
"""That configuration as a record had it."""


class Fault(StrEnum):
    OTHER = "other_language"


def describe(stage):
    return {
        "name": stage.name,
        "version": stage.version,
        "configuration": {"seed": 1} if stage.name == "identity" else {"model": "embedded"},
        "resources": {},
    }


def write_step(step, rows):
    """A step's files, and its manifest as it was."""
    with PartWriter(step.columns, step.folder, 0, 100) as writer:
        writer.write(rows)
        part = writer.finish({})
    kept = sum(row.decision == "keep" for row in rows)
    reasons = {"remove/language/other_language": len(rows) - kept} if kept < len(rows) else {}
    files = {
        str(decision): {name: getattr(file, name) for name in ("name", "rows", "bytes", "sha256")}
        for decision, file in part.files.items()
    }
    write_manifest(
        step,
        stages=[describe(stage) for stage in step.stages],
        rows_in=len(rows),
        keep=kept,
        remove=len(rows) - kept,
        reasons=reasons,
        parts=[
            {"part": 0, "rows_in": len(rows), "files": files, "reasons": reasons, "skipped": {}}
        ],
    )


def write_manifest(step, **values):
    empty = {"stages": [], "remove": 0, "quarantine": 0, "reasons": {}, "skipped": {}, "parts": []}
    more = {"state": [], "products": [], "figures": {}, "seconds": 0.5}
    own = {"step": step.name, "number": step.number, "fingerprint": step.fingerprint}
    path = f"{step.folder}/_manifest.json"
    with open(path, "w") as file:  # noqa: PTH123
        json.dump({**empty, **more, **own, **values}, file)


@pytest.fixture
def plan(tmp_path):
    """The plan of a run that was done then, over a crawl of three pages of which one went."""
    inputs = expand([crawl(tmp_path / "in", a=["one", "two", "drei"])])
    plan = make_plan(CONFIG, inputs, find_batch(str(tmp_path / "runs"), "tiny", "may"))
    columns = [
        {"doc_id": f"{n:032x}", "url": f"http://a.example/{n}", "offset": n, "text": "words"}
        for n in range(3)
    ]
    pages = [
        Document({**dict.fromkeys(plan.steps[0].columns), **row, "position": row["offset"]})
        for row in columns
    ]
    pages[2].apply("language", remove(Fault.OTHER, "de"))
    write_step(plan.steps[0], pages)
    write_step(plan.steps[1], pages[:2])
    export, pack = (planned.step for planned in plan.outputs)
    for step, figures in ((export, {"rows": 2}), (pack, {"fill ratio": 0.5})):
        (tmp_path / "runs" / "tiny" / "may" / step.folder_name).mkdir()
        write_manifest(step, rows_in=2, keep=2, figures=figures)
    record = {
        "number": 0,
        "configuration": CONFIGURATION,
        "inputs": named(inputs),
        "steps": [step.folder_name for step in plan.all_steps],
        "states": {"identity": plan.steps[1].folder_name},
        "judged_against": {"identity": NO_LINEAGE},
    }
    (tmp_path / "runs" / "tiny" / "may" / "_run.json").write_text(json.dumps(record))
    return plan


def no_session(*_):
    raise AssertionError("Spark was started")


def test_its_record_says_what_one_written_now_would(plan):
    assert load_run_record(plan.batch.folder) == plan.record()


def test_a_record_of_before_anything_could_be_overridden_is_read(plan):
    path = Path(plan.batch.folder) / "_run.json"
    plan.record().save(plan.batch.folder)
    values = json.loads(path.read_text())
    del values["overrides"]
    path.write_text(json.dumps({**values, "format_version": 2}))
    assert load_run_record(plan.batch.folder) == plan.record()


def test_its_steps_are_not_done_again(plan):
    refuse_other_run(plan.batch, CONFIG, named(plan.inputs))
    outcomes = Runner(no_session, Console(quiet=True)).run(plan)
    assert [outcome.cached for outcome in outcomes] == [True] * 4
    assert load_run_record(plan.batch.folder) == plan.record()


def test_another_configuration_is_told_from_its_own(plan, tmp_path):
    path = tmp_path / "runs" / "tiny" / "may" / "_run.json"
    changed = {**CONFIGURATION, "stage.language.languages": "('fr',)"}
    path.write_text(json.dumps({**json.loads(path.read_text()), "configuration": changed}))
    with pytest.raises(UsageError, match=r'languages was \["fr"\], is \["zh", "en"\]'):
        refuse_other_run(plan.batch, CONFIG, named(plan.inputs))


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["why", "http://a.example/2"], "removed by language: other_language: de"),
        (["sites"], "3 pages"),
        (["batches"], "up to date"),
        (["report"], "report.html"),
    ],
)
def test_commands_read_it(plan, tmp_path, command, expected):
    assert expected in output(*command, "--root", tmp_path / "runs").replace("\n", "")
    assert [batch.stale for batch in trace(read_records(str(tmp_path / "runs" / "tiny")))] == [
        False
    ]


def test_the_report_of_it_has_reasons_and_figures(plan, tmp_path):
    output("report", "--root", tmp_path / "runs")
    html = (tmp_path / "runs" / "tiny" / "may" / "report.html").read_text()
    assert "other_language" in html
    assert '"fill ratio"' in html


def test_a_merged_state_of_then_is_read(tmp_path):
    folder = tmp_path / "_state" / "identity-abc"
    folder.mkdir(parents=True)
    files = [{"name": "part-0.parquet", "rows": 5, "bytes": 2, "sha256": "01"}]
    value = {"described": describe(Identity()), "batches": ["may"], "files": files}
    (folder / "_manifest.json").write_text(json.dumps(value))
    found = merged_state.load(str(tmp_path), "identity", "abc")
    assert found.stage == StageDescription("identity", Identity.version, {"seed": 1}, {})
    assert (found.batches, found.files[0].rows) == (("may",), 5)


COMMANDS = [
    ["why", "http://a.example/2"],
    ["sites"],
    ["batches"],
    ["report"],
    ["compact"],
    ["lines"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize("content", ["", '{"number": 0, ', "{}", "[]", '{"number": "0"}'])
def test_a_damaged_record_ends_a_command_in_one_line(plan, tmp_path, command, content):
    path = tmp_path / "runs" / "tiny" / "may" / "_run.json"
    path.write_text(content)
    ran = curate(*command, "--root", tmp_path / "runs")
    assert ran.exit_code == 6, ran.output
    assert message(ran).startswith(f"{path}: is damaged (")
    assert message(ran).endswith(
        "): delete it and run the batch again: steps that are done stay done"
    )


@pytest.mark.parametrize("command", COMMANDS[:4], ids=lambda command: command[0])
def test_a_damaged_manifest_ends_a_command_in_one_line(plan, tmp_path, command):
    path = tmp_path / "runs" / "tiny" / "may" / plan.steps[1].folder_name / "_manifest.json"
    path.write_text(path.read_text()[:200])
    ran = curate(*command, "--root", tmp_path / "runs")
    assert ran.exit_code == 6, ran.output
    assert message(ran).startswith(f"{path}: is damaged (")
    assert message(ran).endswith("): delete it and run again, which does this step again")


def test_a_record_of_a_newer_version_says_so(plan, tmp_path):
    path = tmp_path / "runs" / "tiny" / "may" / "_run.json"
    newer = RunRecord.format_version + 1
    path.write_text(json.dumps({"format_version": newer}))
    ran = curate("batches", "--root", tmp_path / "runs")
    assert ran.exit_code == 6
    start = f"{path}: was written by a newer version of this project (format {newer}, known is {RunRecord.format_version}"
    assert message(ran).startswith(start)
