"""A corpus stage in the first step: it compares pages of the crawl itself."""

import pytest

from curation.config import PipelineConfig, StepConfig
from curation.inspect.funnel import funnel
from curation.inspect.why import lines, tell
from curation.testing.samples import CHINESE, ENGLISH
from stages.language import Language
from stages.payload_dedup import PayloadDedup
from stages.url_filter import UrlFilter
from tests.curation.small_runs import crawl, kept, reasons_of, run

pytestmark = pytest.mark.spark

FRENCH = "Le moulin fut construit au bord de la rivière par les moines de l'abbaye voisine."
BODIES = PipelineConfig(
    name="bodies",
    step=(StepConfig("prepare", ("url_filter", "payload_dedup", "language")),),
    stage={"url_filter": UrlFilter(), "payload_dedup": PayloadDedup(), "language": Language()},
    part_bytes=1,
)


def test_a_corpus_stage_judges_the_crawl_itself_after_the_stages_before_it(spark, tmp_path):
    inputs = crawl(tmp_path / "in", **{"a-porn": [ENGLISH], "b": [FRENCH, ENGLISH], "c": [ENGLISH]})
    [outcome] = run(spark, BODIES, inputs, tmp_path / "runs")
    assert [row["url"] for row in kept(outcome)] == ["http://b.example/1"]
    assert reasons_of(outcome.manifest) == {
        ("remove", "url_filter", "forbidden_word"): 1,
        ("remove", "payload_dedup", "same_body"): 1,
        ("remove", "language", "other_language"): 1,
    }
    stages = [(row.stage, row.rows_in, row.keep) for row in funnel([outcome.manifest])]
    assert stages == [
        ("source", 4, 4),
        ("url_filter", 4, 3),
        ("payload_dedup", 3, 2),
        ("language", 2, 1),
    ]


def test_the_story_of_a_page_with_a_known_body_names_the_page_that_went_on(spark, tmp_path):
    inputs = crawl(tmp_path / "in", a=[ENGLISH], b=[ENGLISH])
    [outcome] = run(spark, BODIES, inputs, tmp_path / "runs")
    batch = outcome.step.folder.rsplit("/", 1)[0]
    [twin] = tell(batch, "http://a.example/0")
    [story] = tell(batch, "http://b.example/0")
    text = "\n".join(lines(story))
    assert f"same_body: the same body as {twin.identity['doc_id']}, which goes on" in text


def test_a_body_that_an_earlier_batch_had_goes(spark, tmp_path):
    first = crawl(tmp_path / "one", a=[ENGLISH, CHINESE])
    second = crawl(tmp_path / "two", a=[CHINESE, CHINESE + ENGLISH])
    run(spark, BODIES, first, tmp_path / "runs", "may")
    [outcome] = run(spark, BODIES, second, tmp_path / "runs", "june")
    assert [row["text"] for row in kept(outcome)] == [CHINESE + ENGLISH]
