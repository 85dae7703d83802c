import pickle

from models.safety import SUBJECTS, SafetyScore
from schemas.verdict import Decision
from stages.safety import Safety, SafetyReason, judge
from tests.models.safety.test_safety import CASINO
from tests.models.texts import ENGLISH

SCORE = SafetyScore(0.2, 0.9, 0.95)
COLUMNS = {"adult": 0.2, "gambling": 0.9, "offence": 0.95}


def test_a_document_at_the_limit_stays_with_its_scores():
    verdict = judge(SCORE, {"adult": 0.2, "gambling": 0.9, "offence": 0.95})
    assert (verdict.decision, verdict.columns) == (Decision.KEEP, COLUMNS)


def test_a_document_above_a_limit_goes_for_it():
    verdict = judge(SCORE, {"adult": 1.0, "gambling": 0.8, "offence": 1.0})
    assert (verdict.decision, verdict.reason) == (Decision.REMOVE, SafetyReason.GAMBLING_TEXT)
    assert verdict.detail == "gambling 0.9000 > max_gambling 0.8"
    assert verdict.columns == COLUMNS


def test_nothing_goes_unless_limits_are_set():
    row = {"title": "Casino", "text": CASINO}
    [scored] = Safety().open()([row])
    assert scored.decision is Decision.KEEP
    assert set(scored.columns) == set(SUBJECTS)
    [gone] = Safety(max_gambling=0.8).open()([row])
    assert gone.reason == SafetyReason.GAMBLING_TEXT


def test_the_title_is_judged_with_the_text():
    titled = {"title": "Free spins and deposit bonus at our live casino: bet now", "text": ENGLISH}
    rows = [titled, {"title": None, "text": ENGLISH}, {"title": "", "text": None}]
    verdicts = Safety().open()(rows)
    assert verdicts[0].columns["gambling"] > verdicts[1].columns["gambling"]
    assert verdicts[2].columns == dict.fromkeys(SUBJECTS, 0.0)


def test_the_stage_survives_pickling_and_names_its_weights():
    stage = Safety(max_adult=0.8)
    assert pickle.loads(pickle.dumps(stage)) == stage
    assert len(stage.resources()["model embedded"]) == 64
