"""What every stage promises, whatever it judges, of each of ours."""

import pytest

from curation.testing import checks_of, samples
from curation.testing.checks import gives_the_same_verdicts_over_any_partitions
from stages.base import CorpusStage
from stages.registry import STAGES

CHECKS = [
    pytest.param(STAGES[name], check, id=f"{name}-{check.__name__}")
    for name in sorted(STAGES)
    for check in checks_of(STAGES[name])
]
CORPUS_STAGES = sorted(n for n, s in STAGES.items() if issubclass(s, CorpusStage))


@pytest.mark.parametrize(("stage", "check"), CHECKS)
def test_a_stage_keeps_to_what_every_stage_promises(stage, check):
    check(stage(), samples.documents())


@pytest.mark.spark
@pytest.mark.parametrize("name", CORPUS_STAGES)
def test_a_corpus_stage_gives_the_same_verdicts_over_one_and_seven_partitions(name, spark):
    gives_the_same_verdicts_over_any_partitions(STAGES[name](), samples.documents(), spark)
