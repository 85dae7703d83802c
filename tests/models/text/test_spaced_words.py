import time

import pytest

from models.text.spaced_words import MAX_STRETCH, spaced_tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Don't stop.", ["Do", "n't", "stop", "."]),
        ("(see below)", ["(", "see", "below", ")"]),
        ("a well-known, 30-day trial", ["a", "well", "-", "known", ",", "30", "-", "day", "trial"]),
        ("Mr. Smith's e.g. $5.00", ["Mr.", "Smith", "'s", "e.g.", "$", "5.00"]),
        ("https://a.example/b?c=d.", ["https://a.example/b?c=d", "."]),
        ("wait... what?!", ["wait", "...", "what", "?", "!"]),
        ("5km at 10am", ["5", "km", "at", "10", "am"]),
        ("“quoted”", ["“", "quoted", "”"]),
        ("", []),
        (" \n\t ", []),
        ("word", ["word"]),
    ],
)
def test_spaced_tokens_are_as_spacy_cuts_them(text, tokens):
    assert spaced_tokens(text) == tokens


def test_no_character_but_blanks_is_lost():
    text = "It's (really) a “test”—of e-mail a@b.example, 3.5GHz & C++... okay?"
    assert "".join(spaced_tokens(text)) == "".join(text.split())


def test_a_stretch_without_blanks_is_one_token_however_long():
    stretch = "(" * (MAX_STRETCH + 1)
    assert spaced_tokens(stretch) == [stretch]


def test_marks_without_end_take_linear_time():
    start = time.perf_counter()
    spaced_tokens("((((....,,,, " * 80_000)
    spaced_tokens("." * 1_000_000)
    assert time.perf_counter() - start < 10
