"""The account at the end of a run: every second is in one of its lines."""

import io
import re

import pytest
from rich.console import Console

from curation.cli.commands import run_pipeline
from curation.run.laps import Laps
from curation.testing.samples import CHINESE, ENGLISH
from tests.curation.small_runs import SMALL, crawl

CONF = f"{SMALL}[export]\n[pack]\n"


def seconds_by_line(printed):
    table = printed[re.search(r"^Time *$", printed, re.MULTILINE).start() :]
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in table.splitlines()]
    return {row[0]: float(row[1].removesuffix(" s")) for row in rows if len(row) == 5}


@pytest.fixture
def run(tmp_path, tests_own_session):
    conf = tmp_path / "small.toml"
    conf.write_text(CONF)
    inputs = crawl(tmp_path / "in", a=[ENGLISH, ENGLISH, CHINESE])

    def once(laps):
        out, err = io.StringIO(), io.StringIO()
        consoles = Console(file=out, width=140), Console(file=err, width=140)
        run_pipeline(str(conf), [inputs], str(tmp_path / "runs"), "default", *consoles, laps=laps)
        return out.getvalue(), err.getvalue()

    return once


@pytest.mark.spark
def test_every_second_of_a_run_is_in_a_line_of_its_account(run):
    laps = Laps()
    out, err = run(laps)
    lines = seconds_by_line(out)
    steps = ["01 prepare", "02 identity", "03 export", "04 pack"]
    around = ["imports", "plan", "setup", "Spark's start"], ["account", "report"]
    assert set(lines) == {*around[0], *steps, *around[1], "in all"}
    total = lines.pop("in all")
    assert sum(lines.values()) == pytest.approx(total, abs=0.05 * len(lines) + 0.05)
    assert laps.total.seconds == pytest.approx(sum(one.seconds for one in laps.ended.values()))
    assert re.search(rf"^done in {total} s, [\d.]+ s of processors$", out, re.MULTILINE)
    assert "03 export                  2 documents in          2 rows written" in err
    assert re.search(r"04 pack +2 rows in +1 sequences written", err)

    again, _ = run(Laps())
    assert again.count("done before") == len(steps)
    assert "Spark's start" not in again
