import pickle

from models.quality import QualityScore
from schemas.verdict import Decision
from stages.quality import Quality, QualityReason, judge
from tests.models.texts import CHINESE, CHINESE_MENU, ENGLISH, ENGLISH_MENU


def test_a_document_that_reaches_the_threshold_stays():
    verdict = judge(QualityScore(0.25, "en"), 0.25)
    assert (verdict.decision, verdict.columns) == (Decision.KEEP, {"quality": 0.25})


def test_a_document_under_the_threshold_goes_with_its_score():
    verdict = judge(QualityScore(0.2, "en"), 0.25)
    assert (verdict.decision, verdict.reason) == (Decision.REMOVE, QualityReason.LOW_QUALITY)
    assert verdict.detail == "quality 0.2000 < min_quality 0.25"
    assert verdict.columns == {"quality": 0.2}


def test_prose_stays_and_menus_go_in_both_languages():
    rows = [{"text": text} for text in (ENGLISH, CHINESE, ENGLISH_MENU, CHINESE_MENU, "", None)]
    decisions = [verdict.decision for verdict in Quality().open()(rows)]
    assert decisions == [Decision.KEEP] * 2 + [Decision.REMOVE] * 4


def test_the_stage_survives_pickling_and_names_its_weights():
    stage = Quality(min_quality=0.4)
    assert pickle.loads(pickle.dumps(stage)) == stage
    assert len(stage.resources()["model embedded"]) == 64
