"""What pages say is shown, and does nothing."""

import unicodedata

import pytest

from curation.inspect.printable import cell, printable
from curation.inspect.why import lines, tell
from tests.curation.inspect.made_runs import make_run, page
from tests.curation.inspect.stages_of_numbers import Even

HOSTILE = "\x1b]0;title\x07\x1b[2J\r\n\x9b31m\u202e\u2028\ud800\0"


@pytest.mark.parametrize(
    "number", [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x202E, 0x2066, 0xD800]
)
def test_no_control_character_is_printed(number):
    shown = printable(f"a{chr(number)}b")
    assert shown.startswith("a\\")
    assert all(unicodedata.category(character)[0] != "C" for character in shown)


def test_what_people_read_is_left_alone():
    text = "价格\u300012\u00a0元 – “ça va” 👍 𠀀"
    assert printable(text) == text


def test_a_story_says_nothing_to_the_terminal(tmp_path):
    stored = HOSTILE.replace("\ud800", "")  # which no Parquet file holds
    names = ("url", "date", "source", "title", "text")
    hostile = page(1, **dict.fromkeys(names[:-1], stored), text=f"{stored}!")
    [story] = tell(make_run(tmp_path, [hostile], [("only", [Even()])]), hostile["doc_id"])
    told = list(lines(story))
    assert any("removed by even: odd_length" in line for line in told) or len(told) > 3
    for line in told:
        assert line.encode("utf-8")
        assert all(unicodedata.category(character)[0] != "C" for character in line), line


@pytest.mark.parametrize("text", ["=1+1", " =1+1", "\t=1+1", "\r\n@SUM(A1)", "x\r=1+1", "+1", "-1"])
def test_no_cell_computes_or_begins_a_line(text):
    shown = cell(text)
    assert not shown.lstrip().startswith(("=", "+", "-", "@"))
    assert shown.isprintable()
