"""What the story of a page tells: measures, cuts, twins, and where else it may be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import pyarrow as pa
import pytest

from curation.config import PipelineConfig, StepConfig
from curation.errors import UsageError
from curation.inspect.why import lines, tell
from curation.testing.samples import ENGLISH
from schemas.verdict import keep, remove
from stages.base import DocumentStage, one_by_one
from stages.copies import TWIN
from stages.fuzzy_dedup import FuzzyDedup
from stages.identity import IdentityReason
from tests.commands import curate, message, output
from tests.curation.inspect.made_runs import make_run, page
from tests.curation.inspect.stages_of_numbers import Even, Scored
from tests.curation.small_runs import crawl, kept, run


@dataclass(frozen=True)
class Copied(DocumentStage):
    """Removes each document for the twin that it leads to."""

    leads: Mapping[str, str] = field(default_factory=dict)

    name: ClassVar[str] = "copied"
    reads: ClassVar[tuple[str, ...]] = ("doc_id",)
    writes: ClassVar[Mapping[str, pa.DataType]] = TWIN

    def open(self):
        def judge(row):
            twin = self.leads.get(row["doc_id"], "" if self.leads else "00ff")
            return remove(IdentityReason.SAME_TEXT, "copied", {"twin": twin}) if twin else keep()

        return one_by_one(judge)


COPY = f"{ENGLISH} And a few words more."
CONFIG = PipelineConfig(
    name="near", step=(StepConfig("fuzzy", ("fuzzy_dedup",)),), stage={"fuzzy_dedup": FuzzyDedup()}
)


def jaccard(*texts: str) -> float:
    """The similarity of the sets of runs of five words."""
    one, other = (
        {tuple(words[i : i + 5]) for i in range(len(words) - 4)}
        for words in (re.findall(r"\w+", text.lower()) for text in texts)
    )
    return len(one & other) / len(one | other)


@pytest.mark.spark
def test_the_story_of_a_near_copy_names_its_twin_and_how_much_they_are_alike(spark, tmp_path):
    inputs = crawl(tmp_path / "in", site=[ENGLISH, COPY])
    [outcome] = run(spark, CONFIG, inputs, tmp_path / "runs")
    [twin] = kept(outcome)
    [story] = tell(str(tmp_path / "runs/near/default"), "http://site.example/1")
    text = "\n".join(lines(story))
    found = re.search(r"near_copy: similarity about (0\.\d\d) to (\w+) \(\d+ of 128 bands", text)
    assert found, text
    assert found[2] == twin["doc_id"]
    assert f"its twin {twin['doc_id']} {twin['url']}" in text
    assert "similarity = 0." in text
    assert float(found[1]) == pytest.approx(jaccard(ENGLISH, COPY), abs=0.05)


STEPS = [("first", [Scored()]), ("second", [Even()])]


def test_a_story_has_each_stage_with_its_measure_and_threshold(tmp_path):
    rows = [page(0, "x" * 41), page(1, "x" * 7)]
    root = make_run(tmp_path, rows, STEPS).rsplit("/", 2)[0]
    told = output("why", rows[0]["url"], "--root", root)
    assert "first: kept by scored\n      score 0.41 >= min_score 0.3\n" in told
    assert "second: removed by even: odd_length: odd" in told
    told = output("why", rows[1]["doc_id"], "--root", root)
    assert "first: removed by scored: too_low: 0.07 < 0.3\n      score 0.07 < min_score 0.3" in told
    assert "second" not in told


def test_a_page_of_another_batch_is_named_and_found_without_naming_one(tmp_path):
    may, june = [page(n, "x" * 40) for n in (1, 2)]
    make_run(tmp_path, [may], STEPS, batch="may")
    make_run(tmp_path, [june], STEPS, batch="june")
    (tmp_path / "made" / "april").mkdir()
    assert "batch made/may: kept" in output("why", may["url"], "--root", tmp_path)
    said = curate("why", may["url"], "--root", tmp_path, "--batch", "june")
    assert said.exit_code == 2
    assert "no page with this URL or doc_id" in message(said)
    assert "batch may has it: kept (--batch may)" in said.stderr
    assert "batch april was withdrawn, or has no run" in said.stderr


def test_near_misses_are_offered(tmp_path):
    folder = make_run(tmp_path, [page(n, "x" * 40) for n in range(30)], STEPS)
    with pytest.raises(UsageError, match=r"did you mean https://www.site-2.example/Pages/2.html"):
        tell(folder, "https://www.site-2.example/Pages/2.htm")


def test_a_twin_of_a_batch_that_is_gone_is_said_to_be(tmp_path):
    row = page(1, "x" * 40)
    folder = make_run(tmp_path, [row], [("only", [Copied()])])
    [story] = tell(folder, row["doc_id"])
    assert "its twin 00ff is in no batch of this pipeline" in "\n".join(lines(story))


def test_twins_are_followed_to_the_one_that_stayed(tmp_path):
    rows = [page(n, "x" * 40) for n in range(4)]
    leads = {rows[n]["doc_id"]: rows[n + 1]["doc_id"] for n in range(3)}
    folder = make_run(tmp_path, rows, [("only", [Copied(leads)])])
    [story] = tell(folder, rows[0]["doc_id"])
    assert [one.row["doc_id"] for one in story.twins] == [row["doc_id"] for row in rows[1:]]
    told = list(lines(story))
    assert told[-1].endswith("kept")
