import pytest

from models.main_content import read_lines
from stages.extract.html import parse


def line(html):
    (read,) = read_lines(parse(f"<html><body><p>{html}</p></body></html>"))
    return read


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("10<sup>5</sup> times", "10⁵ times"),
        ("10<sup>−3</sup>", "10⁻³"),
        ("H<sub>2</sub>O and CO<sub>2</sub>", "H₂O and CO₂"),
        ("x<sup>n+1</sup>", "xⁿ⁺¹"),
        ("x<sup>a</sup>y<sup>2k</sup>", "xay^{2k}"),
        ("2<sup>k</sup>", "2^k"),
        ("the 5<sup>th</sup>, the 1<sup>er</sup>", "the 5th, the 1er"),
        ("Mug<sup>TM</sup> and Cup<sup>®</sup>", "MugTM and Cup®"),
        ("known<sup><a href=#n1>[1]</a></sup>.", "known[1]."),
        ("known<sup><a href=#n1>12</a></sup>.", "known¹²."),
        ("price <sup>99</sup>", "price 99"),
        ("a<sup>sentence in small type, with words</sup>", "asentence in small type, with words"),
    ],
)
def test_what_is_raised_never_joins_the_number_before_it(html, expected):
    assert line(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<ruby>漢<rp>(</rp><rt>hàn</rt><rp>)</rp></ruby>字", "漢字"),
        ("<ruby><rb>漢</rb><rb>字</rb><rtc><rt>hàn</rt><rt>zì</rt></rtc></ruby>", "漢字"),
        ("<ruby><rb aria-hidden=true>饕餮</rb><rt>tāo tiè</rt></ruby>二字", "饕餮二字"),
    ],
)
def test_the_readings_of_ruby_are_left_out(html, expected):
    assert line(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("un<b>believ</b>able", "unbelievable"),
        ("北<strong>京</strong>市", "北京市"),
        ("从<st1:chsdate w:st=on>5月4日</st1:chsdate>开始<o:p></o:p>", "从5月4日开始"),
        ("用 Python 写", "用 Python 写"),
        ("用Python写", "用Python写"),
        ("一行写到这里\n   又接着写", "一行写到这里又接着写"),
        ("一句。\n  二句", "一句。二句"),
        ("the end\n of a line", "the end of a line"),
        ("中文\nEnglish", "中文 English"),
        ("中 文", "中 文"),
    ],
)
def test_blanks_are_those_that_the_page_shows(html, expected):
    assert line(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("Usage<a class=headerlink href=#usage>¶</a>", "Usage"),
        ("<a class=header-anchor href=#usage># </a>Usage", "Usage"),
        ("<a href=#usage>§</a>Usage", "Usage"),
        ("See folio 31. <a href=#r1>↩︎</a>", "See folio 31."),
        ("Usage<span class=mw-editsection>[<a>edit</a>]</span>", "Usage"),
        ("<span class=mw-cite-backlink>^ <a>a</a> <a>b</a></span> Folio 31.", "Folio 31."),
        ("written in C<a href=#c>#</a>", "written in C"),
        ("written in <a href=#c>C#</a>", "written in C#"),
        ("one<a> </a>two", "one two"),
        ("§ 12 and ↑", "§ 12 and ↑"),
    ],
)
def test_a_link_that_is_a_mark_is_no_text(html, expected):
    assert line(html) == expected
