import pickle

import pytest

from models.language import LanguageScore
from schemas.verdict import Decision
from stages.language import Language, LanguageReason, judge
from tests.models.fasttext_file import write_model

CHINESE = "委员会将在春天再次开会，决定新图书馆的事情。"


def test_the_threshold_itself_is_kept_and_nothing_is_rounded():
    assert judge(LanguageScore("zh", 0.65), ["zh"], 0.65).decision is Decision.KEEP
    low = judge(LanguageScore("zh", 0.6499999), ["zh"], 0.65)
    assert (low.decision, low.reason) == (Decision.REMOVE, LanguageReason.LOW_CONFIDENCE)
    assert low.columns["language_score"] == 0.6499999


def test_the_confidence_asked_for_is_the_reports():
    assert Language().min_confidence == 0.65  # dots.llm1, appendix C.1


def test_another_language_is_removed_by_name_with_its_score():
    verdict = judge(LanguageScore("fr", 0.99), ["zh", "en"], 0.65)
    assert verdict.reason == LanguageReason.OTHER_LANGUAGE
    assert verdict.detail == "fr at 0.9900, not zh, en"
    assert verdict.columns == {"language": "fr", "language_score": 0.99}


@pytest.mark.parametrize("variant", ["yue", "wuu"])
def test_cantonese_and_wu_stay_only_when_named(variant):
    found = LanguageScore(variant, 0.9)
    assert judge(found, ["zh", "en"], 0.65).reason == LanguageReason.OTHER_LANGUAGE
    assert judge(found, ["zh", variant], 0.65).decision is Decision.KEEP


@pytest.mark.parametrize("text", ["", None, " \n"])
def test_a_document_without_text_is_removed_as_such(text):
    (verdict,) = Language().open()([{"text": text}])
    assert verdict.reason == LanguageReason.NO_TEXT
    assert verdict.columns == {"language": "", "language_score": 0.0}


def test_a_batch_is_judged_in_order():
    texts = [CHINESE, "El comité se reunirá de nuevo en la primavera.", "It will meet in spring."]
    verdicts = Language().open()([{"text": text} for text in texts])
    assert [v.columns["language"] for v in verdicts] == ["zh", "es", "en"]
    assert [v.decision.value for v in verdicts] == ["keep", "remove", "keep"]


def test_another_model_is_judged_by_its_own_codes_for_other_languages(tmp_path):
    texts = {
        "eng_Latn": "the committee will meet again in spring",
        "cmn_Hani": "委员会 将在 春天 再次 开会",
        "yue_Hani": "佢哋 喺 今日 會 再 開會",
    }
    write_model(tmp_path / "lid.bin", texts)
    rows = [{"text": text} for text in texts.values()]
    named = Language(model=str(tmp_path / "lid.bin"), languages=("zh", "yue_Hani"))
    verdicts = named.open()(rows)
    assert [v.columns["language"] for v in verdicts] == ["en", "zh", "yue_Hani"]
    assert [v.decision.value for v in verdicts] == ["remove", "keep", "keep"]
    assert list(named.resources()) == [f"model {tmp_path / 'lid.bin'}"]


def test_the_stage_pickles_and_names_its_model():
    stage = pickle.loads(pickle.dumps(Language(min_confidence=0.7)))
    assert stage == Language(min_confidence=0.7)
    assert list(stage.resources()) == ["model embedded"]


def test_a_missing_model_is_told_before_the_run():
    with pytest.raises(FileNotFoundError, match=r"nowhere\.bin"):
        Language(model="./nowhere.bin").resources()
