"""What pages say is shown, and does nothing."""

import unicodedata

import pytest

from curation.inspect.printable import cell, printable
from curation.inspect.why import Story, lines
from schemas.verdict import Decision

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


def test_a_story_says_nothing_to_the_terminal():
    identity = {
        "url": f"http://a.example/{HOSTILE}",
        "doc_id": "1",
        "date": HOSTILE,
        "source": HOSTILE,
        "offset": 1,
        "position": 1,
    }
    verdict = {"stage": "rules", "reason": "short", "detail": HOSTILE, "title": HOSTILE}
    cut = {"stage": "line_dedup", "reason": "frequent", "text": HOSTILE}
    story = Story(identity, [("rules", Decision.REMOVE, {**verdict, "edits": [cut]})])
    for line in lines(story):
        assert line.encode("utf-8")
        assert all(unicodedata.category(character)[0] != "C" for character in line), line


@pytest.mark.parametrize("text", ["=1+1", " =1+1", "\t=1+1", "\r\n@SUM(A1)", "x\r=1+1", "+1", "-1"])
def test_no_cell_computes_or_begins_a_line(text):
    shown = cell(text)
    assert not shown.lstrip().startswith(("=", "+", "-", "@"))
    assert shown.isprintable()
