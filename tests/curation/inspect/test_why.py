"""What the story of a page tells of its near copy."""

import re

import pytest

from curation.config import PipelineConfig, StepConfig
from curation.inspect.why import lines, tell
from curation.testing.samples import ENGLISH
from stages.fuzzy_dedup import FuzzyDedup
from tests.curation.small_runs import crawl, kept, run

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
    assert float(found[1]) == pytest.approx(jaccard(ENGLISH, COPY), abs=0.05)
