import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.line_dedup import cut_lines, edge_lines


def test_the_first_lines_are_taken_before_those_without_words_are_left_out():
    assert edge_lines("\n\n\na\nb\nc", 4, 0) == [(3, "a")]


def test_head_and_tail_of_a_short_document_overlap_once():
    assert [n for n, _ in edge_lines("a\nb\nc", 5, 5)] == [0, 1, 2]
    assert [n for n, _ in edge_lines("\n".join("abcdefgh"), 5, 5)] == list(range(8))
    assert [n for n, _ in edge_lines("\n".join("abcdefghijklm"), 5, 5)] == [
        *range(5),
        *range(8, 13),
    ]


@pytest.mark.parametrize("line", ["", "  \u3000", "----", "★★★", "……。", "|>", "😀"])
def test_lines_of_white_space_or_symbols_are_not_counted(line):
    assert edge_lines(f"a\n{line}\nb", 5, 5) == [(0, "a"), (2, "b")]


@pytest.mark.parametrize("line", ["分享到：", "1", "Войти", "ログイン", "① …"])
def test_lines_with_a_letter_or_digit_of_any_script_are(line):
    assert edge_lines(line, 5, 5) == [(0, line)]


def test_an_empty_text_has_no_lines():
    assert edge_lines("", 5, 5) == []
    assert edge_lines("\n", 5, 5) == []


@given(st.lists(st.text(st.characters(exclude_characters="\n"))), st.sets(st.integers(0, 9)))
def test_edits_put_back_give_the_text(lines, numbers):
    text = "\n".join(lines)
    pieces = text.split("\n")
    rest, edits = cut_lines(text, sorted(n for n in numbers if n < len(pieces)))
    left = iter(rest.split("\n"))
    back = {e.line: e.text for e in edits}
    assert [back[n] if n in back else next(left) for n in range(len(pieces))] == pieces
