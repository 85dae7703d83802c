"""Pages on which extraction erred, kept beside the project: skipped where they are not."""

import base64
import json
import re
from pathlib import Path

import pytest

from stages.extract import extract

CASES = Path("../shared/cases")
LISTED = CASES / "extraction.jsonl"
OF_CHARSETS = ("undeclared", "big5")

PAGES = {
    "001-pre-indent": (["\n    for row in rows:\n        if row.ok:\n            result +="], []),
    "011-ruby-ariahidden": (["写下饕餮两个字"], ["tāo"]),
    "065-two-bodies": (["清晨六点", "不过路还是不好走"], []),
    "091-noframes-in-body": (["清晨六点", "不过路还是不好走"], ["<p>"]),
    "103-code-steps": (["    if i:\n        print(i)", "\n\treturn x", "True:\n    break"], []),
    "105-code-br": (["if x:\n    y = 1\nelse:\n    y = 2"], []),
    "109-mathml": (["由 $x^2+1$ 给出"], []),
    "110-katex": (["由 $x^2+1$ 给出"], ["x2"]),
    "114-sup-sub": (["10⁵ times", "H₂O at rest"], []),
    "123-related-teasers": (["不过路还是不好走"], ["相关阅读", "十二所学校"]),
    "129-hidden-display-none": (["不过路还是不好走"], ["代写论文"]),
    "130-hidden-off-screen": (["不过路还是不好走"], ["代写论文"]),
    "134-hidden-height-zero": (["不过路还是不好走"], ["代写论文"]),
    "137-obfuscation-spans": (["河边的菜市场已经"], ["示例网"]),
    "184-early-body-end": (["清晨六点", "不过路还是不好走"], []),
}


def _listed():
    lines = LISTED.read_text("utf-8").splitlines() if LISTED.is_file() else []
    cases = [json.loads(line) for line in lines]
    return [case for case in cases if not case["name"].startswith(OF_CHARSETS)]


@pytest.mark.parametrize("case", _listed(), ids=lambda case: re.sub(r"\W+", "-", case["name"]))
def test_a_listed_page_holds_what_it_must(case):
    text = extract(base64.b64decode(case["html_base64"]), url="http://e.org/").text
    assert [part for part in case["must_hold"] if part not in text] == []
    assert [part for part in case["must_not_hold"] if part in text] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_what_it_must(name):
    file = CASES / "pages" / name / "input.html"
    if not file.is_file():
        pytest.skip(f"{file} is not here")
    text = extract(file.read_bytes(), url="http://e.org/").text
    must_hold, must_not_hold = PAGES[name]
    assert [part for part in must_hold if part not in text] == []
    assert [part for part in must_not_hold if part in text] == []
