"""Made-up items of benchmarks, and the ways in which a page may write one otherwise.

Nothing here is taken from a benchmark, nor from ``stages.decontaminate``. ``random.Random`` of a
given seed makes the same items every time.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

Draw = random.Random

SLOTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "who": ("a potter", "the tailor", "Miriam", "an old sailor", "the village baker", "Tobias"),
        "thing": ("clay jars", "copper bolts", "wool blankets", "glass lenses", "maps", "apples"),
        "place": ("harbour", "upper valley", "market town", "northern island", "old fortress"),
        "science": (
            "vapour pressure",
            "magnetic flux",
            "cell division",
            "soil erosion",
            "the tide",
        ),
        "cause": ("temperature", "salt content", "wind speed", "light intensity", "altitude"),
        "verb": ("doubles", "is halved", "stays constant", "falls slowly", "rises sharply"),
    },
    "zh": {
        "who": ("一位陶匠", "老裁缝", "小兰", "退休的水手", "村里的面包师", "铁匠"),
        "thing": ("陶罐", "铜螺栓", "羊毛毯", "玻璃镜片", "手绘地图", "苹果"),
        "place": ("码头", "上游山谷", "集镇", "北方岛屿", "旧城堡"),
        "science": ("蒸气压", "磁通量", "细胞分裂", "土壤侵蚀", "潮汐现象"),
        "cause": ("温度", "含盐量", "风速", "光照强度", "海拔高度"),
        "verb": ("增加一倍", "减少一半", "保持不变", "缓慢下降", "急剧上升"),
    },
}

CLAUSES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "{who} packs {n} {thing} into crates that hold {m} each",
        "the {cause} of a closed system {verb} within {n} seconds",
        "on the road from the {place} to the mill lie {n} milestones",
        "a tank of {n} litres loses {m} of them every {k} hours",
        "{who} wrote in a letter of {n} pages that the {place} had burned",
        "each goat is worth {n} coins and {m} {thing}",
        "{science} near the {place} was measured on {n} days of the year",
        "the bridge to the {place} bears {n} tonnes at most",
        "two trains leave the {place} {n} minutes apart",
        "{who} rents a field for {n} silver coins a year",
        "a mirror of {n} millimetres throws light on {m} {thing}",
        "the council of the {place} has {n} seats, of which {m} are vacant",
        "every second one of the {n} {thing} has a flaw",
        "at noon the shadow of the tower is {n} paces long",
        "{who} mixes {n} parts of lime with {m} parts of sand",
        "the {cause} at the {place} {verb} towards the evening",
    ),
    "zh": (
        "{who}把{n}个{thing}装进每箱{m}个的木箱",
        "封闭系统的{cause}在{n}秒之内{verb}",
        "从{place}到磨坊的路上立着{n}块里程碑",
        "容积为{n}升的水箱每{k}小时漏掉{m}升水",
        "{who}在一封{n}页的长信里写道{place}已经被大火烧毁",
        "每只山羊可以换{n}枚铜钱外加{m}个{thing}",
        "一年里有{n}天在{place}附近测量了{science}",
        "通往{place}的桥最多能承受{n}吨的重量",
        "两列火车先后相隔{n}分钟从{place}出发",
        "{who}以每年{n}枚银币的租金租下一块田地",
        "一面直径{n}毫米的镜子把光线照在{m}个{thing}上",
        "{place}的议会共有{n}个席位，其中{m}个空缺",
        "这{n}个{thing}当中每隔一个就有一个瑕疵品",
        "正午时分塔楼的影子长达{n}步",
        "{who}用{n}份石灰掺上{m}份沙子",
        "傍晚时分{place}的{cause}{verb}",
    ),
}

QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "how many {thing} are left over in the end?",
        "which change in {science} is observed first?",
        "what can be said about those who fled from the {place}?",
        "after how long is half of it gone?",
        "which of these best explains {science}?",
        "what does {who} have to pay in the {k}th year?",
        "does {science} cease where {cause} {verb}?",
        "why had {who} left the {place} {k} days before?",
    ),
    "zh": (
        "最后还剩下多少个{thing}？",
        "最先观察到的{science}变化是下列哪一项？",
        "由此可以推断从{place}逃走的人怎么样？",
        "经过多长时间只剩下一半？",
        "下列哪一项最能解释{science}？",
        "到了第{k}年{who}需要支付多少？",
        "当{cause}{verb}时，{science}会停止吗？",
        "{who}为什么在{k}天以前就离开了{place}？",
    ),
}
"""The last two of each language make short questions, by themselves."""

_SHORT_ONES = 5
"""One in so many items is short."""


def make_items(language: str, half: int, count: int, seed: int) -> list[str]:
    """Different items of every second clause and question, from ``half`` (0 or 1) on."""
    draw, made = Draw(f"{language} {half} {seed}"), dict[str, None]()
    clauses, questions = CLAUSES[language][half::2], QUESTIONS[language][half::2]
    while len(made) < count:
        if draw.randrange(_SHORT_ONES) == 0:
            made[fill(questions[-1], language, draw)] = None
            continue
        chosen = [*draw.sample(clauses, draw.randint(1, 4)), draw.choice(questions)]
        comma = ", " if language == "en" else "，"
        made[comma.join(fill(clause, language, draw) for clause in chosen)] = None
    return list(made)


def fill(clause: str, language: str, draw: Draw) -> str:
    numbers = {name: draw.randint(3, 999) for name in "nmk"}
    slots = {name: draw.choice(values) for name, values in SLOTS[language].items()}
    return clause.format(**slots, **numbers)


def with_spaces(item: str, draw: Draw) -> str:
    if item.isascii():
        return re.sub(" ", lambda _: draw.choice(("  ", "\n", "\t ", " ")), item)
    return " ".join(item)


def with_punctuation(item: str, draw: Draw) -> str:
    marks = {
        "，": (",", "", "；"),
        "？": ("?", "。", ""),
        ",": (";", "", " –"),
        "?": ("", ".", "!"),
    }
    return "".join(draw.choice(marks.get(character, (character,))) for character in item)


def full_width(item: str, _: Draw) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in item)


def in_capitals(item: str, _: Draw) -> str:
    return item.upper()


def with_another_word(item: str, draw: Draw) -> str:
    """One word is another: of English one between blanks, of Chinese two characters."""
    if item.isascii():
        words = item.split(" ")
        words[draw.randrange(len(words))] = draw.choice(("perhaps", "seven", "stone", "green"))
        return " ".join(words)
    at = draw.randrange(len(item) - 1)
    return item[:at] + draw.choice(("石头", "或许", "七十", "绿色")) + item[at + 2 :]


def without_a_word(item: str, draw: Draw) -> str:
    if item.isascii():
        words = item.split(" ")
        del words[draw.randrange(len(words))]
        return " ".join(words)
    at = draw.randrange(len(item) - 1)
    return item[:at] + item[at + 2 :]


def first_part(item: str, _: Draw) -> str:
    """Two fifths of an item, which is a quotation and not the item."""
    return item[: 2 * len(item) // 5]


Rewrite = Callable[[str, Draw], str]

REWRITES: Mapping[str, Rewrite] = {
    "verbatim": lambda item, _: item,
    "spaces": with_spaces,
    "punctuation": with_punctuation,
    "full width": full_width,
    "capitals": in_capitals,
    "one word changed": with_another_word,
    "one word left out": without_a_word,
}
