import pytest

from conf import locate
from stages.extract.keyword_lines import load_keyword_lines

BODY = ["这条河发源于北部的丘陵地带。", "It runs for ninety miles before it meets the sea."]


@pytest.fixture(scope="module")
def keyword_lines():
    return load_keyword_lines(locate("keyword_lines.toml"))


def trimmed(keyword_lines, lines):
    return lines[keyword_lines.main_part(lines)]


@pytest.mark.parametrize(
    "line",
    [
        "Share this:",
        "Copyright 2020 Somebody. All rights reserved.",
        "责任编辑：王某",
        "(责任编辑:王某)",
        "版权所有 某某网",
        "点击关注我们的公众号",
        "上一篇：另一篇文章",
        "Tags: rivers, hills",
        "某ICP备12345678号",
    ],
)
def test_a_keyword_line_at_the_tail_is_cut(keyword_lines, line):
    assert trimmed(keyword_lines, [*BODY, line]) == BODY


@pytest.mark.parametrize(
    "line", ["当前位置：首页 > 新闻", "Share | Tweet", "字号：大 中 小", "Advertisement"]
)
def test_a_keyword_line_at_the_head_is_cut(keyword_lines, line):
    assert trimmed(keyword_lines, [line, *BODY]) == BODY


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fell by two percent on Monday after the announcement.",
        "他是这本书的责任编辑。",
        "Copyright law protects authors.",
        "编辑部的故事是一部电视剧。",
        "Related work is discussed below.",
    ],
)
def test_a_sentence_with_a_keyword_stays_at_the_head(keyword_lines, line):
    assert trimmed(keyword_lines, [line, *BODY]) == [line, *BODY]


def test_a_keyword_line_inside_the_text_stays(keyword_lines):
    lines = [BODY[0], "Share this:", BODY[1]]
    assert trimmed(keyword_lines, lines) == lines


def test_a_text_of_nothing_but_keyword_lines_stays(keyword_lines):
    assert trimmed(keyword_lines, ["Share this:"]) == ["Share this:"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("max_chars = 80\nheads = []", "heads = .* did you mean 'head'"),
        ("max_chars = 0\nhead = []\ntail = []", "max_chars = 0: input should be greater"),
        ("max_chars = 9\nhead = ['(']\ntail = []", r"head: '\('"),
        ("max_chars = 9\nhead = 'a'\ntail = []", "head = 'a': input should be a valid"),
        ("max_chars = 9\nhead = []", "tail: is required"),
        ("max_chars =", "not valid TOML"),
    ],
)
def test_a_faulty_file_is_refused_by_key(tmp_path, text, complaint):
    path = tmp_path / "lines.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=complaint):
        load_keyword_lines(path)
