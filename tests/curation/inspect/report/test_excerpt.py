import pytest

from curation.inspect.report.excerpt import CONTEXT, MAX_CHARS, Line, excerpt, packed


def edit(line, text, stage="lines", reason="often"):
    return {"stage": stage, "line": line, "text": text, "reason": reason}


def shown(text, *edits, characters=None):
    lines = excerpt(text, len(text) if characters is None else characters, edits)
    return [(line.text, line.stage) for line in lines]


def test_cut_lines_go_back_to_where_they_stood():
    edits = [edit(0, "a"), edit(2, "c"), edit(4, "e")]
    assert [text for text, _ in shown("b\nd", *edits)] == ["a", "b", "c", "d", "e"]


def test_what_a_later_stage_cut_goes_back_first():
    # a b c d: lines cuts b, then clutter cuts what is then line 1, c.
    edits = [edit(1, "b"), edit(1, "c", "clutter")]
    assert shown("a\nd", *edits) == [("a", ""), ("b", "lines"), ("c", "clutter"), ("d", "")]


def test_a_line_that_was_changed_stands_before_what_it_became():
    found = shown("Write:\n[email]\nend", edit(1, "j**@x", "privacy"), edit(2, "e**", "privacy"))
    assert found == [
        ("Write:", ""),
        *(("j**@x", "privacy"), ("[email]", "")),
        *(("e**", "privacy"), ("end", "")),
    ]


def test_a_text_without_anything_cut_is_its_lines():
    assert shown("a\n\nb") == [("a", ""), ("", ""), ("b", "")]
    assert shown("") == []


def test_lines_below_an_excerpt_that_were_cut_are_shown_after_it():
    lines = excerpt("a\nb", 999, [edit(1, "x"), edit(70, "y")])
    assert [line.text for line in lines] == ["a", "x", "b…", "y"]
    assert lines[-1].skipped == -1


@pytest.mark.parametrize("number", [60, 500])
def test_of_a_long_text_the_lines_around_a_cut_one_are_shown(number):
    text = "\n".join(f"{n:04d} " + "x" * 50 for n in range(1000))
    lines = excerpt(text, len(text), [edit(number, "cut")])
    place = next(n for n, line in enumerate(lines) if line.stage)
    around = [line.text[:4] for line in lines[place - CONTEXT : place + CONTEXT + 1]]
    assert around == [
        f"{number - 2:04d}",
        f"{number - 1:04d}",
        "cut",
        f"{number:04d}",
        f"{number + 1:04d}",
    ]
    kept = [line for line in lines if not line.stage]
    assert sum(len(line.text) for line in kept) < MAX_CHARS + 60 + 55 * (2 * CONTEXT)
    assert sum(line.skipped for line in lines) + len([one for one in kept if one.text]) == 1000


def test_controls_in_a_line_are_escaped():
    assert shown("a\u202eb\x1b", edit(0, "\x00")) == [(r"\x00", "lines"), (r"a\u202eb\x1b", "")]


def test_lines_that_are_there_are_packed_as_texts():
    assert packed([Line("a"), Line("b", "lines", "often", 2)]) == [
        "a",
        {"t": "b", "s": "lines", "r": "often", "n": 2},
    ]
