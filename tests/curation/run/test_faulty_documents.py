"""Documents that hang, crash or starve a worker, in each kind of stage: each costs itself alone."""

import pytest

from curation.config import PipelineConfig, StepConfig
from curation.parts.limits import DocumentLimits
from curation.testing import samples
from curation.testing.samples import CHINESE, ENGLISH
from stages.identity import Identity
from stages.language import Language
from stages.rules import Rules
from stages.url_filter import UrlFilter
from tests.curation.crashing import Crashing
from tests.curation.faulty import Faulty, FaultyCorpus
from tests.curation.small_runs import crawl, kept, reasons_of, run

pytestmark = [pytest.mark.spark, pytest.mark.timeout(600), pytest.mark.slow]

CONFIG = PipelineConfig(
    name="faulty",
    step=(StepConfig("alone", ("faulty",)), StepConfig("compared", ("faulty_corpus",))),
    stage={"faulty": Faulty(), "faulty_corpus": FaultyCorpus()},
    max_quarantine_ratio=1.0,
    document=DocumentLimits(timeout_s=0.5, max_memory_bytes=128 << 20),
)
REASONS = {
    "endless": "timed_out",
    "compiled": "timed_out",
    "hungry": "out_of_memory",
    "huge": "out_of_memory",
    "crashing": "crashed",
    "leaving": "crashed",
}


KEYS = {"compiled": "timed_out", "hungry": "out_of_memory"}
JUDGE = {"endless": "timed_out", "leaving": "crashed"}


def asking(place, faults):
    return [f"{place}: {fault}" for fault in faults]


def test_a_document_costs_itself_alone_in_every_kind_of_stage(spark, tmp_path):
    hostile = [*asking("document", REASONS), *asking("keys", KEYS), *asking("judge", JUDGE)]
    inputs = crawl(tmp_path / "in", a=["good", *hostile, "good too"], b=["good as well"])
    alone, compared = run(spark, CONFIG, inputs, tmp_path / "runs")
    assert sorted(row["text"] for row in kept(compared)) == ["good", "good as well", "good too"]
    assert reasons_of(alone.manifest) == {
        ("quarantine", "faulty", reason): 2 for reason in set(REASONS.values())
    }
    assert reasons_of(compared.manifest) == {
        ("quarantine", "faulty_corpus", "timed_out"): 2,
        ("quarantine", "faulty_corpus", "out_of_memory"): 1,
        ("quarantine", "faulty_corpus", "crashed"): 1,
    }


def test_what_a_child_judges_has_the_bytes_of_what_the_worker_judges(spark, tmp_path):
    """Files are named by their bytes."""
    texts = [*samples.TEXTS.values(), "Le moulin fut construit par les moines."]
    inputs = crawl(tmp_path / "in", a=texts, b=[ENGLISH, CHINESE])

    def files(marker):
        stages = [Crashing(marker=str(marker)), UrlFilter(), Language(), Identity(), Rules()]
        config = PipelineConfig(
            name=marker.name,
            step=(
                StepConfig("alone", ("crashing", "url_filter", "language")),
                StepConfig("compared", ("identity", "rules")),
            ),
            stage={stage.name: stage for stage in stages},
            max_quarantine_ratio=1.0,
        )
        outcomes = run(spark, config, inputs, tmp_path / "runs")
        return [sorted(file.name for file in one.manifest.all_files()) for one in outcomes]

    in_child = files(tmp_path / "crashes")
    assert (tmp_path / "crashes").exists()
    (tmp_path / "crashed_before").touch()
    assert in_child == files(tmp_path / "crashed_before")
