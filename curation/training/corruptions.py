"""Bad text made from good: what stands in for human judgements where there are none."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from models.text.segmenter import cut

SPAM = [
    "代办证件",
    "开发票",
    "加微信",
    "优惠促销",
    "免费咨询",
    "棋牌娱乐",
    "彩票网站",
    "厂家直销",
    "在线咨询",
    "特价代理",
    "点击下载",
    "兼职赚钱",
    "最新地址",
    "备用网址",
    "官方网站",
    "手机版下载",
    "客服热线",
    "招商加盟",
    "正品保证",
    "限时抢购",
]

Corruption = Callable[[str, random.Random], str]


def shuffle_words(text: str, source: random.Random) -> str:
    """The words of the text in any order, its line ends where they were."""
    pieces = re.findall(r"[^\S\n]|\S+", text)
    words = [word for piece in pieces for word in cut(piece) or [piece]]
    source.shuffle(words)
    return _in_lines("".join(words), text.count("\n") + 1)


def shuffle_characters(text: str, source: random.Random) -> str:
    """The characters of the text in any order."""
    characters = list(text.replace("\n", ""))
    source.shuffle(characters)
    return _in_lines("".join(characters), text.count("\n") + 1)


def strip_marks(text: str, source: random.Random) -> str:
    """The text without its punctuation, cut into lines anywhere."""
    return _in_lines(re.sub(r"[^\w]+", "", text), source.randint(1, 20))


def repeat_little(text: str, source: random.Random) -> str:
    """A few sentences of the text, over and over."""
    sentences = re.findall(r"[^。！？\n]{4,}[。！？]?", text)[:40] or [text[:50]]
    few = source.sample(sentences, min(len(sentences), source.randint(2, 4)))
    return "\n".join(source.choice(few) for _ in range(source.randint(15, 50)))


def stuff_keywords(text: str, source: random.Random) -> str:
    """Words of the text and of advertisements in turns, as pages for search engines have them."""
    words = [word for word in cut(text) if len(word) > 1][:300] or ["网站"]
    few = source.sample(words, min(len(words), 8))
    joint = source.choice([" ", "，", "_", "|", "、", ""])
    lines = [
        joint.join(source.choice(few + SPAM) for _ in range(source.randint(4, 25)))
        for _ in range(source.randint(5, 40))
    ]
    return "\n".join(lines)


def cut_short(text: str, source: random.Random) -> str:
    """The beginnings of its lines, each broken off: what teasers of a list leave."""
    lines = [line for line in re.split(r"[\n。]", text) if len(line) > 12]  # noqa: PLR2004
    heads = [
        line[: source.randint(8, 28)] + source.choice(["...", "…", "", "[详细]"]) for line in lines
    ]
    source.shuffle(heads)
    return "\n".join(heads)


def _in_lines(text: str, count: int) -> str:
    size = max(1, len(text) // count)
    return "\n".join(text[i : i + size] for i in range(0, len(text), size))


CORRUPTIONS: dict[str, Corruption] = {
    "shuffled_words": shuffle_words,
    "shuffled_characters": shuffle_characters,
    "no_marks": strip_marks,
    "repeated": repeat_little,
    "keywords": stuff_keywords,
    "teasers": cut_short,
}


def title_list(titles: Sequence[str], source: random.Random) -> str:
    """Headlines one after the other, some with a date: what is left of an index page."""
    lines = source.sample(list(titles), source.randint(10, 60))
    dated = source.random() < 0.5  # noqa: PLR2004
    return "\n".join(
        f"{line} 0{source.randint(1, 9)}-{source.randint(10, 28)}" if dated else line
        for line in lines
    )
