import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.main_content.escapes import (
    escape,
    escape_cell,
    escape_heading,
    escape_line,
    fence,
)
from tests.models.main_content.rendered import PARSER, text_of, words

PIECES = (
    "a", "b1", "中文", "。", " ", "  ", "*", "**", "_", "__", "`", "```", "~", "~~", "~~~", "<", ">", "<b>",
    "</p>", "<!--", "<http://e.org>", "&", "&lt;", "&#42;", "&amp;", "[", "]", "](", "](x)", "![", "(", ")",
    "[a]: b", "[ ] ", "#", "## ", "+", "-", "- ", "---", "* * *", "=", "===", "1. ", "12) ", ".", "!", "|",
    "|---|", ":-:", "\\", "\\\\", "\\|", "\\*", "/", "{", "}", "^", '"', "'", "é", "\u0301", "²", "€", "%",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map(lambda p: " ".join("".join(p).split()))
WITH_DOLLARS = st.lists(
    st.sampled_from((*PIECES, "$", "$$", "$x$", r"$\frac{a}{b}$", "$5")), max_size=14
).map(lambda pieces: " ".join("".join(pieces).split()))


def only(markdown, kind):
    """The text of Markdown that is one part of this kind."""
    tokens = PARSER.parse(markdown)
    assert [token.type for token in tokens] == [f"{kind}_open", "inline", f"{kind}_close"]
    return text_of(markdown)


@settings(max_examples=600, deadline=None)
@given(TEXTS.filter(bool))
def test_any_line_reads_as_itself_and_is_one_paragraph(text):
    assert only(escape_line(text), "paragraph") == text


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30).map(lambda text: " ".join(text.split())).filter(bool))
def test_a_line_of_any_characters_reads_as_itself(text):
    fit = text.replace("\x00", "").replace("$", "")
    if fit.strip():
        assert only(escape_line(fit.strip()), "paragraph") == fit.strip()


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS.filter(bool), min_size=2, max_size=4))
def test_lines_of_one_paragraph_stay_one(texts):
    verse = "\\\n".join(map(escape_line, texts))
    assert only(verse, "paragraph") == "\n".join(texts)


@settings(max_examples=300, deadline=None)
@given(TEXTS.filter(bool))
def test_any_heading_reads_as_itself(text):
    assert only(f"## {escape_heading(text)}", "heading") == text


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS, min_size=4, max_size=4))
def test_any_cells_read_as_themselves(texts):
    one, two, three, four = map(escape_cell, texts)
    table = f"| {one} | {two} |\n| --- | --- |\n| {three} | {four} |"
    cells = [token.content for token in PARSER.parse(table) if token.type == "inline"]
    shown = [text_of(cell and f"x {cell}").removeprefix("x ").removeprefix("x") for cell in cells]
    assert shown == texts


@settings(max_examples=500, deadline=None)
@given(WITH_DOLLARS)
def test_a_text_with_formulas_keeps_its_words(text):
    assert words(text_of(escape_line(text))) == words(text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="`~ab\n #", max_size=40))
def test_code_reads_as_itself(code):
    (token,) = PARSER.parse("\n".join(fence(code, "c++")))
    assert (token.content, token.info) == (f"{code}\n", "c++")


@pytest.mark.parametrize(
    "text",
    ["snake_case_name", "2 * 3 * 4", r"C:\Users\new", "a < b > c", "AT&T", "3~5", "[1]", "v1.2-3"],
)
def test_what_is_no_markup_is_left_as_it_is(text):
    assert escape_line(text) == text


@pytest.mark.parametrize(
    "tex", [r"$\frac{a_1}{b*c}$", "$$x^2$$", "$n$", r"$a_1 * b_1 \, < 3$", r"$\{x\}$"]
)
def test_tex_is_left_as_it_is(tex):
    assert escape(f"so {tex} holds") == f"so {tex} holds"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("$a<b$ and $c>d$", "$a< b$ and $c>d$"),
        ("$f[x](y)$", "$f[x] (y)$"),
        ("$5*6 to $7*8", r"$5\*6 to $7\*8"),
    ],
)
def test_in_tex_blanks_part_what_would_be_markup(text, escaped):
    assert escape(text) == escaped


def test_bars_in_cells_of_tex_are_escaped_too():
    assert escape_cell("$|x|$") == r"$\|x\|$"
