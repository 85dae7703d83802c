import random

import pytest

from models.main_content import read_lines
from stages.extract.html import parse, read
from tests.models.main_content.reading import oracle

HIDING = [
    ".x1{display:none}", "#x2 { display : none !important }", "span.x1{color:red;visibility:hidden;}",
    "p{margin:0}.y,.x1,.z{display:none}", "@import 'a.css';.x1{display:none}",
    "/* .a{ */.x1/* here */{display:none}", "@media print{.y{display:none}}.x1{display:none}",
    "}.x1{display:none}",
]  # fmt: skip
SHOWING = [
    ".x1{display:block}", ".x1{overflow:hidden}", ".x1{outline:none}", ".y .x1{display:none}",
    ".x1.open{display:none}", ".x1:hover{display:none}", "@media print{.x1{display:none}}",
    "@media (max-width:600px){.y{color:red}.x1{display:none}}", "/* .x1{display:none} */", ".x{display:none}",
    ".x1{display:none",
]  # fmt: skip


def lines(sheet, html):
    return read_lines(parse(f"<html><head><style>{sheet}</style></head><body>{html}</body></html>"))


@pytest.mark.parametrize("sheet", HIDING)
def test_a_decoy_that_the_pages_own_style_sheet_hides_is_not_read(sheet):
    assert lines(sheet, "<p>mor<span class=x1 id=x2>copied from</span>ning</p>") == ["morning"]


@pytest.mark.parametrize("sheet", SHOWING)
def test_what_a_style_sheet_may_show_is_read(sheet):
    assert lines(sheet, "<p>good <span class=x1 id=x2>old</span> morning</p>") == [
        "good old morning"
    ]


@pytest.mark.parametrize(
    "html",
    [
        "<p>good <span class='x1 wide'>old</span> morning</p>",
        "<div class=x1>good old morning</div>",
        "<p><span class=x1>good old morning</span></p>",
        "<p>good old <span class=X1>morning</span></p>",
    ],
)
def test_what_is_no_decoy_beside_text_is_read(html):
    assert lines(".x1{display:none}", html) == ["good old morning"]


def test_a_sheet_is_read_as_the_oracle_reads_it():
    source = random.Random(1)
    parts = [
        "{", "}", ";", ",", ".x1", "#x2", "span", "display:none", "display :  none", "y:hidden",
        "visibility:hidden", "@media print", "/*", "*/", " ", "none", "color:red", "\n",
    ]  # fmt: skip
    for _ in range(300):
        sheet = "".join(source.choices(parts, k=source.randint(3, 30)))
        html = (
            f"<html><head><style>{sheet}</style></head><body><p>mor<b class=x1>a</b>n<i id=x2>b</i>"
        )
        page = read(f"{html}ing</p></body></html>")
        blocks, _ = oracle.read_blocks(parse(f"{html}ing</p></body></html>"))
        found = read_lines(page.tree) if page else []
        assert found == [block.text for block in blocks], sheet
