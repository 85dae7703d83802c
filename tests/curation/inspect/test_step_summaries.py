"""What is shown of a run is made of its summaries; a run without any is read as it always was."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from curation.config import PipelineConfig, StepConfig
from curation.testing.samples import CHINESE, ENGLISH
from stages.identity import Identity
from stages.language import Language
from stages.line_dedup import LineDedup
from stages.rules import Rules
from tests.commands import curate, message, output
from tests.curation.inspect.report.small_run import data_of
from tests.curation.small_runs import crawl, run

CONFIG = PipelineConfig(
    name="looked-at",
    step=(
        StepConfig("prepare", ("language",)),
        StepConfig("identity", ("identity",)),
        StepConfig("lines", ("line_dedup", "rules")),
    ),
    stage={
        "language": Language(),
        "identity": Identity(),
        "line_dedup": LineDedup(max_occurrences=2),
        "rules": Rules(),
    },
    part_bytes=1,
)


@pytest.fixture(scope="module")
def finished(spark, tmp_path_factory):
    folder = tmp_path_factory.mktemp("looked-at")
    texts = [ENGLISH, f"Share\n{ENGLISH} Two.", f"Share\n{CHINESE}", "short", "Mon ami, où es-tu ?"]
    inputs = crawl(folder / "in", a=texts, b=[f"Share\n{text}\nMore." for text in texts])
    run(spark, CONFIG, inputs, folder / "runs", "may")
    return folder / "runs"


@pytest.fixture
def root(finished, tmp_path):
    return Path(shutil.copytree(finished, tmp_path / "runs"))


def looks(root, name):
    """All that is shown of a run, as bytes."""
    shown = root.parent / name
    shown.mkdir()
    printed = output("sites", "--root", root, "--out", shown / "sites.csv", "--top", 99)
    output("report", "--root", root, "--out", shown / "report.html")
    report, table = (shown / "report.html").read_bytes(), (shown / "sites.csv").read_bytes()
    return report, table, printed.replace(str(shown), "")


@pytest.mark.spark
def test_no_document_is_read_for_the_report_and_the_sites(root):
    before = looks(root, "before")
    folders = list(root.glob("*/*/*/decision=*"))
    assert folders
    for folder in folders:
        shutil.rmtree(folder)
    assert looks(root, "after") == before


@pytest.mark.spark
def test_a_run_of_before_summaries_is_shown_as_one_that_has_them(root):
    before = looks(root, "before")
    for path in root.glob("*/*/*/_manifest.json"):
        record = json.loads(path.read_text())
        del record["summary"]
        for part in record["parts"]:
            del part["summary"]
        path.write_text(json.dumps({**record, "format_version": 3}))
    for folder in root.glob("*/*/*/summary"):
        shutil.rmtree(folder)
    after = looks(root, "after")
    assert _without_sizes(after[0]) == _without_sizes(before[0])
    assert after[1:] == before[1:]


def _without_sizes(report):
    """The data of a report but for the bytes of the steps, of which summaries are some."""
    data = data_of(report.decode())
    for step in data["steps"]:
        del step["bytes"]
    return data


@pytest.mark.spark
@pytest.mark.parametrize("command", ["report", "sites"])
def test_a_summary_that_is_gone_ends_a_command_in_one_line(root, command):
    [path] = root.glob("*/*/01-*/summary/step-*")
    path.unlink()
    ran = curate(command, "--root", root)
    assert ran.exit_code == 7
    assert message(ran).startswith(f"{path}: is gone")


@pytest.mark.spark
def test_the_report_has_cut_lines_thresholds_and_samples(root):
    looks(root, "shown")
    data = data_of((root.parent / "shown" / "report.html").read_text())
    lines = [line for one in data["samples"] for line in one["lines"] if isinstance(line, dict)]
    assert ("Share", "line_dedup") in {(line["t"], line["s"]) for line in lines}
    limited = {one["name"] for one in data["measures"] if one["limits"]}
    assert {"language_score", "measures.words"} < limited
    assert "http://b.example/1" in {one["url"] for one in data["samples"]}


HEAVY = {"pyspark", "pandas", "numba", "stages.registry", "curation.config"}


@pytest.mark.parametrize("module", ["report", "sites", "why"])
def test_looking_at_a_run_imports_neither_spark_nor_the_stages(module):
    """They took 1.2 of the 1.9 s of processor time that the sites of a small run took."""
    code = f"import sys, curation.inspect.{module}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert not HEAVY & set(ran.stdout.split())
