"""No regular expression of the tree can take more than linear time on what a page says."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.patterns import faults

TREE = Path(__file__).parents[2]

HARMLESS = {
    ("curation/storage/stores.py", "(?:^|&)[^&=]*(?:secret"): "the user's own addresses",
    ("curation/training/texts.py", ""): "texts of labelled sets",
    ("models/main_content/phrases.py", "(?:(?P<"): "headings and names of bounded length",
    ("models/main_content/reading/formulas.py", r"\{\s*"): "white space is single blanks by then",
    ("models/text/word_lists.py", r"\\.|"): "lists of words that ship with us",
    ("models/text/segmenter/lexicon.py", "^.+ 0"): "the dictionary that ships with us",
    ("models/text/spaced_words.py", ""): "stretches of at most MAX_STRETCH characters",
    ("stages/extract/page_title.py", r"\s+[-"): "at most MAX_CHARS characters, single blanks",
}
"""What seems to grow and does not, by its file and how it begins, with the reason."""


@pytest.fixture(scope="module")
def compiled():
    command = [sys.executable, "-m", "tests.hostile.compiled_patterns"]
    printed = subprocess.run(command, cwd=TREE, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in printed.stdout.splitlines()]


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("(?:a+)*b", "nested"),
        (r"(?:\w+\s?)*!", "nested"),
        (r"x\s*y?\s*z", "neighbours"),
        (r"x\w+a\w+!", "neighbours"),
        ("<.*>.*</", "neighbours"),
        ("x(?:a|ab*)b*!", "neighbours"),
        (r"\s+$", "leading"),
        ("[a-z][a-z0-9]*:", "leading"),
        ("<[^>]*>", "leading"),
    ],
)
def test_what_can_take_more_than_linear_time_is_found(pattern, fault):
    assert fault in faults(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"^x(?:\.[a-z]+)*$",
        r"x\s*+y",
        r"(?<!\s)\s+$",
        r"^x[^,]*,[^;]*;",
        r"""charset\s*=\s*(?:["']\s*)?([^\s"';,]+)""",
        r"x\s{0,100}y?\s{0,100}z",
        r"[a-z]+",
    ],
)
def test_what_is_linear_is_let_be(pattern):
    assert faults(pattern) == []


def test_how_a_pattern_is_used_counts():
    assert faults(r"\s+$", used_by=("match",)) == []
    assert faults(r"x[|-]*\|[|-]*") == []
    assert faults(r"x[|-]*\|[|-]*", used_by=("fullmatch",)) == ["neighbours"]


def test_no_pattern_of_the_tree_can_take_more_than_linear_time(compiled):
    assert len(compiled) > 500
    guilty = [
        (one["file"], one["pattern"], found)
        for one in compiled
        if (found := faults(one["pattern"], one["flags"], one["used_by"]))
        and not any(
            one["file"] == file and one["pattern"].startswith(start) for file, start in HARMLESS
        )
    ]
    assert guilty == []


def test_every_pattern_that_is_excused_is_there_and_would_be_found(compiled):
    for file, start in HARMLESS:
        excused = [p for p in compiled if p["file"] == file and p["pattern"].startswith(start)]
        assert any(faults(p["pattern"], p["flags"], p["used_by"]) for p in excused), (file, start)
