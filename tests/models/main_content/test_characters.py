import re

import numpy as np
import pytest

from curation.testing.samples import CHINESE, ENGLISH
from models.main_content import characters
from models.main_content.characters import measure

TEXTS = [
    "word",
    "Two words.",
    'He said: "Stop!" and left.',
    "三个字 A",
    "第一，他说：“好。”；然后……",
    "版本3.5发布 Version 3.5 is out",
    "A|B • 12,5 %",
    "• ÉTÉ à Paris",
    "😀 smile",
    "𠀀 is a rare ideograph",
    *ENGLISH.splitlines(),
    *CHINESE.splitlines(),
    "x" * 300 + ", and more:",
]


def column(name, texts=TEXTS, title=""):
    return measure(texts, title)[:, characters.NAMES.index(name)].tolist()


def test_words_are_spaced_or_a_han_character_is_six_tenths_of_one():
    def oracle(text):
        han = len(re.findall("[\u3400-\u9fff\U00020000-\U0003ffff]", text))
        latin = len(re.findall("[A-Za-z0-9]+", text))
        return han * 0.6 + latin if han else len(text.split())

    assert column("words") == pytest.approx([oracle(text) for text in TEXTS])


def test_ends_of_sentences_are_marks_before_space_quote_or_end():
    pattern = re.compile(r"[.!?](?=\s|$|[\"'”’)])|[。！？；…]")
    assert column("ends") == [len(pattern.findall(text)) for text in TEXTS]


def test_shares_are_of_the_first_characters():
    starts = [text[:120] for text in TEXTS]
    digits = [sum(map(str.isdigit, start)) / len(start) for start in starts]
    upper = [sum(map(str.isupper, s)) / max(1, sum(map(str.isalpha, s))) for s in starts]
    commas = [len(re.findall("[,，、;:：]", s)) / max(1, len(s) / 5) for s in starts]
    assert column("digits") == pytest.approx(digits)
    assert np.abs(np.array(column("upper")) - upper).max() < 0.5  # rare ideographs are no letters
    assert column("commas") == pytest.approx(commas)


def test_the_first_and_the_last_character_are_told():
    texts = ["Yes: a list:", "• item", "他走了。", "no"]
    assert column("starts_upper", texts) == [1, 0, 0, 0]
    assert column("colon", texts) == [1, 0, 0, 0]
    assert column("bullet", texts) == [0, 1, 0, 0]
    assert column("stops", texts) == [0, 0, 1, 0]


def test_the_share_of_the_title_in_a_block_counts_each_word_once():
    title = "How to Brew 好茶"
    blocks = ["how TO brew how how", "好茶", "how-to", "brewing", "2014好"]
    assert column("in_title", blocks, title) == pytest.approx([0.6, 0.4, 0.4, 0.0, 0.2])
    assert column("in_title", blocks, "") == [0] * 5
