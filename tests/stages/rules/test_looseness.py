"""Heaps of keywords leave, short good texts that have few function words stay."""

import pytest

from models.text.reading import Reading
from schemas.verdict import Decision
from stages.rules import RuleReason, judge
from stages.rules.looseness import looseness_measures
from stages.rules.ruleset import load_rules

KEYWORDS = {
    "en": "hotel booking travel insurance rental flights holiday cheap luggage resort cruise ticket "
    "discount weekend airport transfer luxury villa beach safari camping hiking guide map visa "
    "passport currency exchange budget hostel apartment family honeymoon adventure package deals "
    "london paris rome madrid",
    "zh": "网站 建设 搜索 优化 快速 排名 营销 推广 域名 注册 主机 租用 空间 服务器 模板 定制 商城 "
    "开发 软件 外包 手机 应用 程序 广告 投放 品牌 策划 视频 制作 摄影 设计 印刷 包装 名片 "
    "画册 海报 展览 礼品 批发 代理",
}
GOOD = {
    "packing list": (
        "en",
        (
            "What goes into the bag for a night in the hills: tent, stove, matches, map, torch, rope. "
            "Leave the radio at home. Two of us carried too much last spring, and by noon we were "
            "hiding tins under a hedge. Water is heavy but there is none above the tree line."
        ),
    ),
    "cast": (
        "en",
        (
            "Harbour Lights, a play in two acts\nMarta: Ines Calder\nPavel: Tom Reyes\nThe ferryman: "
            "Joseph Adu\nA tenant comes home in the night with a wet parcel, and nobody in the house "
            "will say what is in it. The company was founded by three sisters who had lost a cinema."
        ),
    ),
    "telegraphic news": (
        "zh",
        (
            "本报讯 昨日上午，江州大桥北引桥封闭检修。施工单位更换伸缩缝十二道，重铺沥青三百米。"
            "交警部门增派警力疏导车流。公交六路、十九路临时改道。预计周五恢复通行。"
        ),
    ),
    "ingredients": (
        "zh",
        (
            "用料：番茄、鸡蛋、白糖、食盐、食用油、葱花。番茄洗净切块，鸡蛋打散加盐搅匀。热锅下油，"
            "倒入蛋液，凝固后盛出。再下番茄翻炒，出汁后放糖，最后把鸡蛋倒回锅里，撒上葱花就可以了。"
        ),
    ),
}


def shares(text, language="en"):
    rules = load_rules("rules", language)
    reading = Reading(text)
    language = rules.language
    found = looseness_measures(
        reading, reading.tokens(language), rules.lexicon, has_blanks=language.has_blanks
    )
    return found["loose_words_ratio"], found["loose_line_words_ratio"]


@pytest.mark.parametrize(
    ("separator", "end"),
    [(" ", ""), (", ", ""), (", ", "."), ("\n", ""), ("\n", "."), (" | ", ""), (" | ", ".")],
)
@pytest.mark.parametrize("language", KEYWORDS)
def test_a_heap_of_forty_keywords_leaves(language, separator, end):
    text = separator.join(KEYWORDS[language].split()[:40]) + end
    broken = load_rules("rules", language).failures(judge(text, language=language).measures)
    assert RuleReason.KEYWORD_HEAP in {rule.reason for rule in broken}


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_text_with_a_list_in_it_stays(kind):
    language, text = GOOD[kind]
    verdict = judge(text, language=language)
    assert verdict.decision is Decision.KEEP, verdict.detail


def test_ten_keywords_after_a_short_text_prove_nothing():
    text = "The mill stands by the river, and its wheel has not turned since the war. We went "
    text += "there with the children, who wanted to know where the flour had gone.\n"
    assert judge(text + KEYWORDS["en"][:70], language="en").decision is Decision.KEEP


def test_a_function_word_binds_two_words_on_either_side():
    assert shares("mill wheel river bank stone") == (0.0, 1.0)
    assert shares("mill wheel the river bank stone grain") == (0.0, 2 / 7)


def test_a_number_binds_as_well():
    assert shares("mill 1812 wheel river bank") == (0.0, 1 / 5)


def test_words_in_code_are_not_loose():
    assert shares("mill = wheel river bank stone") == (0.0, 0.0)
    assert shares("| mill | wheel | river |") == (0.0, 0.0)


def test_in_a_sentence_words_are_loose_in_short_stretches_alone():
    assert shares("mill, wheel river, bank.") == (1.0, 0.0)
    assert shares("mill wheel river bank.") == (0.0, 0.0)


def test_a_word_of_one_character_binds_its_neighbours_in_a_sentence():
    assert shares("网站，建设，优化，排名。", "zh")[0] == 1.0
    assert shares("网站，人，优化，排名。", "zh")[0] == pytest.approx(1 / 4)


SENTENCES = {
    "en": "Sort the edges first, then join them by Kruskal's way and walk the tree that is left.",
    "zh": "先把边排好序，再用这个算法构造出最大生成树，然后在树上查询任意两点之间的答案就可以了。",
}
CODE = "\n".join(f"int mill{n} = wheel[{n}] + river(bank, stone);" for n in range(200))
ROWS = "\n".join(
    f"| 張{n}郎 | 臺北市建國中學 | 王小明 李大同 | London Harriers |" for n in range(200)
)


@pytest.mark.parametrize("other", [CODE, ROWS], ids=["code", "table"])
@pytest.mark.parametrize("language", SENTENCES)
def test_sentences_beside_code_and_tables_are_judged_by_their_own_words(language, other):
    text = f"{SENTENCES[language]}\n{other}"
    alone = judge(SENTENCES[language], language=language).measures
    broken = load_rules("rules", language).failures(judge(text, language=language).measures)
    reasons = {rule.reason for rule in broken}
    assert not reasons & {RuleReason.TOO_FEW_FUNCTION_WORDS, RuleReason.TOO_LITTLE_HAN}
    found = judge(text, language=language).measures
    assert found.function_words_ratio == alone.function_words_ratio
    assert found.han_ratio == alone.han_ratio


@pytest.mark.parametrize("language", SENTENCES)
def test_without_a_sentence_no_share_of_it_is_judged(language):
    found = judge(ROWS, language=language).measures
    broken = load_rules("rules", language).failures(found)
    assert found.prose_words == 0
    reasons = {rule.reason for rule in broken}
    assert not reasons & {RuleReason.TOO_FEW_FUNCTION_WORDS, RuleReason.TOO_LITTLE_HAN}


def test_numbers_are_no_words_of_which_some_ought_to_bind():
    text = "Sales rose 4 percent to 312 million in 2019 and 5 percent in 2020"
    found = judge(text, language="en").measures
    assert (found.words, found.prose_words) == (14, 9)
    assert found.function_words_ratio == pytest.approx(4 / 9)


def test_a_text_without_words_has_no_loose_ones():
    assert shares("") == shares("…\n!") == (0.0, 0.0)
