import re

import pytest
from hypothesis import given

from models.text.reading import Reading
from tests.models.text import naive

COUNTS = {
    "size": len,
    "width": lambda line: naive.width(line.strip()),
    "first": lambda line: ord(line.strip()[:1] or "\0"),
    "last": lambda line: ord(line.strip()[-1:] or "\0"),
    "ended": naive.ends_sentence,
    "letters": lambda line: sum(map(str.isalpha, line)),
    "alphanumerics": lambda line: sum(map(str.isalnum, line)),
    "upper": lambda line: sum(map(str.isupper, line)),
    "decimals": lambda line: len(re.findall(r"\d", line)),
    "commas": lambda line: len(re.findall(r"[,;:，；：、]", line)),
    "links": lambda line: len(re.findall(r"[|»›>→•·/_【】\[\]]", line)),
    "symbols": lambda line: len(naive.SYMBOL.findall(line)),
    "mark_runs": lambda line: len(re.findall(r"[!！?？.。,，~～]{2,}", line)),
    "stretches": lambda line: len(line.split()),
    "capitalised": lambda line: sum(word[0].isupper() for word in line.split()),
}


@given(naive.TEXTS)
def test_the_characters_of_lines_are_counted_as_python_counts_them(text):
    text = text.replace("\U000e0100", "")  # past the planes of letters all characters are one
    lines = Reading(text).lines
    for name, count in COUNTS.items():
        assert getattr(lines, name).tolist() == [count(line) for line in text.split("\n")], name


def test_lines_that_are_not_blank_are_told_from_the_others():
    lines = Reading("\n a\n\u3000\nb. \n").lines.filled()
    assert (lines.size.tolist(), lines.ended.tolist()) == ([2, 3], [0, 1])
    assert lines.begin_with("xb").tolist() == [False, True]
    assert lines.end_with("a").tolist() == [True, False]


@pytest.mark.parametrize(
    "line", ["It rained.", "他走了。", '"Is it so?"', "（完毕！）", "so it goes…", "他说：“好。”"]
)
def test_an_end_mark_ends_a_sentence_whatever_closes_after_it(line):
    assert Reading(line).lines.ended.all()


@pytest.mark.parametrize("line", ["", "Home", "价格：", "1,5", "更多 >>", "”"])
def test_other_lines_do_not_end_a_sentence(line):
    assert not Reading(line).lines.ended.any()


def test_letters_of_both_scripts_are_counted():
    lines = Reading("Peking (北京)").lines
    assert (lines.han.tolist(), lines.latin.tolist()) == ([2], [6])


def test_an_empty_text_is_one_blank_line():
    assert Reading("").lines.width.tolist() == [0]
    assert Reading("").lines.filled().size.tolist() == []


def test_the_width_of_a_text_is_that_of_its_characters():
    assert Reading(" 中 a\n").width == 7
