"""What the compiled passes over a text count, said again with Python's own strings and patterns."""

import re

from hypothesis import strategies as st

from models.text import languages
from models.text.scripts import HAN

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,]\d+)*")
SYMBOL = re.compile(r"[^\w\s,.;:!?'\"()，。；：！？、“”‘’（）《》…—-]")

PIECES = [
    *"aZéßİıΣσςſK1²٣_ '’-.,;:!?\"”)]】»|•·/#*@&…。！？，、～\t\r\n\x0b\u3000\u2028\ud800中国的我𠀀",
    *("\U000e0100", " \n", "e\u0301", "news", "sign up", "Read More", "page 3", "© 2020", "May 5"),
    *("www.a.b", "a@b.cd", "2020-05", "$5 USD", "更多", "因为", "我们", "the", "You", "I", "MY"),
    *("| a | b | c |", "import x", "12:30", "555-123-4567", "Posts", "sub-category", "...", "?!"),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


def lower(word):
    """The lower case, in which all three sigmas of Greek are one."""
    return word.lower().replace("ς", "σ")


def width(text):
    return len(text) + 2 * sum(map(HAN.is_in, text))


def lines_of(text):
    return [line for line in map(str.strip, text.split("\n")) if line]


def ends_sentence(line):
    bare = line.rstrip().rstrip("\"'”’»)]）】」』")
    return bare[-1:] in languages.KNOWN.end_marks


def sentence_end():
    known = languages.KNOWN
    before_blank = rf"[{re.escape(known.marks_before_blanks)}](?=[\"'”’)\]]*(?:\s|$))"
    return re.compile(rf"{before_blank}|[{re.escape(known.marks_anywhere)}…]+|\n")


def sentences_of(text):
    return [part for part in map(str.strip, sentence_end().split(text)) if part]
