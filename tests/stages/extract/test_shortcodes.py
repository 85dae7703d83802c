import time

import pytest

from stages.extract.shortcodes import remove_shortcodes


@pytest.mark.parametrize(
    "code",
    [
        "[vc_row full_width=stretch][vc_column width=1/2]", "[/vc_column][/vc_row]",
        "[et_pb_section fb_built=”1″]", '[caption id="attachment_9" align="left"]', "[gallery]",
        '[contact-form-7 id="12" title="Write to us"]', '[my_box color="red" wide="1"]', "[/my_box]",
    ],
)  # fmt: skip
def test_shortcodes_go_and_the_text_between_them_stays(code):
    assert remove_shortcodes(f"{code}The harbour.{code}") == "The harbour."


@pytest.mark.parametrize(
    "line",
    [
        "See [1] and [12].",
        "He [sic] said so.",
        "[Music]",
        "array[i] = x[j]",
        "[编者按] 正文",
        "a [link] b]",
    ],
)
def test_other_brackets_are_text(line):
    assert remove_shortcodes(line) == line


@pytest.mark.parametrize("unit", ["[", "[a ", "[a b=", "[/a", "[vc_a "])
def test_time_is_linear_in_the_length(unit):
    started = time.process_time()
    remove_shortcodes(unit * 100_000 + "]")
    assert time.process_time() - started < 5
