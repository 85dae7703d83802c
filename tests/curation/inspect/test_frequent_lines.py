"""The lines that occur most, as `curate lines` shows them."""

import csv
from collections import Counter

import pyarrow.parquet as pq
import pytest
from rich.console import Console

from curation.cli import batch_commands
from curation.config import PipelineConfig, StepConfig
from curation.errors import UsageError
from curation.inspect import frequent_lines, lines_table
from curation.inspect.frequent_lines import FrequentLine
from curation.storage.manifest import FILE_NAME
from curation.testing.samples import CHINESE, ENGLISH
from stages.language import Language
from stages.line_dedup import LineDedup, line_digest
from tests.curation.small_runs import crawl, run

CONFIG = PipelineConfig(
    name="lines",
    step=(StepConfig("prepare", ("language",)), StepConfig("lines", ("line_dedup",))),
    stage={"language": Language(), "line_dedup": LineDedup(max_occurrences=4)},
    part_bytes=1,
)
PAGES = {
    "may": [f"Share\n{ENGLISH}", f"Share \n{ENGLISH} Two.\nMenu", f"分享\n{CHINESE}"],
    "june": [f"Menu\n{ENGLISH}\nShare", f"Share\n{ENGLISH} Four.\nShare", f"Menu\n{ENGLISH}"],
}


@pytest.fixture(scope="module")
def root(spark, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lines")
    for name, texts in PAGES.items():
        inputs = crawl(folder / name, a=texts[:2], b=texts[2:])
        run(spark, CONFIG, inputs, folder / "runs", name)
    return folder / "runs"


def show(spark, root, top, out=None):
    console = Console(record=True, width=200, quiet=False, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    batch_commands.show_lines(str(root), None, top, out, console, lambda: spark)
    return console.export_text()


@pytest.mark.slow
@pytest.mark.spark
def test_the_lines_are_those_that_the_pages_have_most(spark, root):
    expected = Counter()
    for batch, texts in PAGES.items():
        expected.update((line.strip(), batch) for text in texts for line in text.split("\n"))
    counts = frequent_lines.find_counts(f"{root}/lines")
    found = frequent_lines.top_lines(spark, counts, 100)
    assert {(f.line, batch): n for f in found for batch, n in f.by_batch.items()} == dict(expected)
    assert [f.count for f in found] == sorted((f.count for f in found), reverse=True)
    assert all(f.digest == line_digest(f.line) for f in found)
    assert found[0].first_url == "http://a.example/0"
    assert (found[0].place[0], found[0].line) == ("may", "Share")


@pytest.mark.spark
def test_the_terminal_shows_as_many_as_were_asked_for_with_what_was_cut(spark, root):
    text = show(spark, root, 2)
    assert "may=2 june=3" in text
    [share] = [row.split() for row in text.splitlines() if "Share" in row]
    assert ("5" in share, "1" in share) == (True, True)
    assert text.count("june=") == 2


@pytest.mark.slow
@pytest.mark.spark
def test_the_table_is_written_as_csv_and_as_parquet(spark, root, tmp_path):
    show(spark, root, 3, str(tmp_path / "top.csv"))
    show(spark, root, 3, str(tmp_path / "top.parquet"))
    [first, *_] = csv.DictReader((tmp_path / "top.csv").open(newline=""))
    assert (first["line"], first["count"], first["cut"]) == ("Share", "5", "1")
    assert first["by_batch"] == "may=2 june=3"
    [row, *others] = pq.read_table(tmp_path / "top.parquet").to_pylist()
    assert (row["line"], dict(row["by_batch"]), len(others)) == ("Share", {"may": 2, "june": 3}, 2)
    with pytest.raises(UsageError, match=r"must end in \.csv or \.parquet"):
        show(spark, root, 3, str(tmp_path / "top.txt"))


@pytest.mark.spark
def test_a_line_whose_documents_are_gone_is_still_counted(spark, root, tmp_path):
    import shutil

    copy = shutil.copytree(root, tmp_path / "runs")
    for batch in PAGES:
        [prepared] = (copy / "lines" / batch).glob("01-*")
        (prepared / FILE_NAME).unlink()
    counts = frequent_lines.find_counts(f"{copy}/lines")
    found = frequent_lines.top_lines(spark, counts, 1)
    assert [(f.count, f.line, f.first_url) for f in found] == [(5, None, None)]


def test_what_a_page_says_cannot_steer_the_terminal():
    line = FrequentLine(1, {"may": 9}, line="\x1b[31m[red]Menu\x07")
    console = Console(record=True, width=120, force_terminal=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    console.print(lines_table.for_terminal(lines_table.as_table([line], 4)))
    assert r"\x1b[31m[red]Menu\x07" in console.export_text()


def test_a_pipeline_without_counts_says_so(tmp_path):
    with pytest.raises(UsageError, match="no batch has finished stage line_dedup"):
        frequent_lines.find_counts(str(tmp_path))
