import random

import pytest

from models.safety import SUBJECTS, SafetyScore, digest, lacks, load, load_weights, score
from tests.models.texts import CHINESE, CHINESE_MENU, ENGLISH, ENGLISH_MENU

CASINO = (
    "Join our casino today and claim a 200% deposit bonus with 50 free spins. Live dealer blackjack, "
    "jackpot slots, instant withdrawal. Register, make your first deposit and bet now!"
)
CASINO_ZH = "真人娱乐城注册送38元彩金，首存百分百，天天返水。美女荷官在线发牌，百家乐、老虎机、捕鱼任你下注，提款秒到。"
TREATMENT = (
    "The clinic treats people with gambling disorder. Most patients lost their money at online "
    "casinos or by betting on football. Therapy lasts twelve weeks, and the doctor sees relatives too."
)


def test_an_advertisement_of_a_casino_is_gambling_in_both_languages():
    for one in score([CASINO, CASINO_ZH]):
        assert one.gambling > 0.8
        assert one.worst == one.gambling


def test_who_writes_of_gambling_does_not_sell_it():
    [one] = score([TREATMENT])
    assert one.worst < 0.5


def test_ordinary_texts_and_menus_are_safe():
    for one in score([ENGLISH, CHINESE, ENGLISH_MENU, CHINESE_MENU]):
        assert one.worst < 0.5


def test_a_quotation_does_not_condemn_a_long_article():
    [alone, quoted] = score([CASINO, f"{ENGLISH * 20}\n{CASINO}"])
    assert quoted.gambling < 0.5 < alone.gambling


@pytest.mark.parametrize("text", ["", "…!", "\n"])
def test_a_text_without_words_scores_nothing(text):
    assert score([text]) == [SafetyScore(0.0, 0.0, 0.0)]


def test_a_score_does_not_depend_on_its_batch():
    texts = [CASINO, ENGLISH, CASINO_ZH, CHINESE, TREATMENT]
    alone = {text: load().score([text])[0] for text in texts}
    random.Random(3).shuffle(texts)
    assert load().score(texts) == [alone[text] for text in texts]


def test_weights_of_another_shape_are_refused(tmp_path):
    import numpy as np

    np.savez(tmp_path / "safety.npz", weights=np.zeros((3, 7)), biases=np.zeros(3))
    with pytest.raises(ValueError, match="fit them again"):
        load_weights(tmp_path / "safety.npz")


def test_there_is_one_model_and_two_languages():
    with pytest.raises(ValueError, match="'embedded' alone"):
        digest("other")
    assert lacks("zh-Hant") == lacks("en") == ""
    assert "en, zh" in lacks("fr")
    assert SUBJECTS == ("adult", "gambling", "offence")
