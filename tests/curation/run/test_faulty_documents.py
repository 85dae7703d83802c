"""Documents that hang, crash or starve a worker, in each kind of stage: each costs itself alone."""

import pytest

from curation.config import PipelineConfig, StepConfig
from curation.parts.limits import DocumentLimits
from tests.curation.faulty import Faulty, FaultyCorpus
from tests.curation.small_runs import crawl, kept, reasons_of, run

pytestmark = [pytest.mark.spark, pytest.mark.timeout(600)]

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
