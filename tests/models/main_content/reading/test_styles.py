import pytest

from models.main_content import read_lines
from stages.extract.html import parse

SHOWN = "<p>The ferry leaves at eight in the morning and comes back before dark.</p>"
TEXT = "The ferry leaves at eight in the morning and comes back before dark."
SPAM = "Cheap essays written for you, no questions asked, pay when it is done."
HIDING = [
    "style='display:none'", "style='DISPLAY : NONE !important'", "style='visibility:hidden'", "hidden",
    "style='position:absolute;left:-9999px'", "style='position: fixed; top: -1000em'",
    "style='text-indent:-9999px'", "style='height:0;overflow:hidden'",
    "style='max-height:0px; overflow-y: hidden'", "style='width:0; overflow:clip'",
    "style='font-size:0'", "style='font-size: 0px; color:red'", "style='clip:rect(0 0 0 0)'",
]  # fmt: skip
SHOWING = [
    "style='display:block'", "style='margin-left:-10px'", "style='position:absolute;left:-9px'",
    "style='height:0'", "style='overflow:hidden'", "style='font-size:0.9em'", "hidden=until-found",
    "style='max-width:100%;overflow:hidden'", "style='border-width:0;overflow:hidden'",
    "style='opacity:0'", "aria-hidden=true",
]  # fmt: skip


def lines(html):
    return read_lines(parse(f"<html><body>{html}</body></html>"))


@pytest.mark.parametrize("attribute", HIDING)
def test_a_paragraph_that_is_not_shown_is_not_read(attribute):
    assert lines(f"{SHOWN}<p {attribute}>{SPAM}</p>") == [TEXT]


@pytest.mark.parametrize("attribute", HIDING)
def test_a_decoy_in_a_word_is_not_read(attribute):
    assert lines(f"<p>mor<span {attribute}>copied from a site</span>ning</p>") == ["morning"]


@pytest.mark.parametrize("attribute", SHOWING)
def test_what_a_browser_shows_is_read(attribute):
    assert lines(f"{SHOWN}<p {attribute}>{SPAM}</p>") == [TEXT, SPAM]


@pytest.mark.parametrize(
    "attribute", ["style='display:none'", "style='visibility:hidden'", "hidden"]
)
@pytest.mark.parametrize("tag", ["div", "span"])
def test_an_article_that_a_script_uncovers_is_read(attribute, tag):
    article = "".join(f"<p>{n}: {TEXT}</p>" for n in range(8))
    read = lines(f"<nav><a href=/>Home</a></nav>{SHOWN}<{tag} {attribute}>{article}</{tag}>")
    assert read[-1] == f"7: {TEXT}"


def test_a_heap_of_hidden_keywords_does_not_uncover_itself():
    spam = "buy essays cheap pills casino " * 200
    assert lines(f"{SHOWN * 2}<div hidden>{spam}</div>") == [TEXT, TEXT]


def test_hidden_elements_without_a_sentence_are_not_uncovered_where_no_prose_is_shown():
    heap = "<xmp><label id=x7e2k> <table id=x7e2k></table> </label></xmp>" * 20
    away = f"<div style='position:fixed;left:-9000px'>{heap}</div>"
    assert lines(f"{away}<p>Chairs</p><p>Desks</p>") == ["Chairs", "Desks"]


def test_of_a_text_for_the_eye_and_one_for_the_ear_one_is_read():
    shouted = "".join(f"<i>{letter}</i>" for letter in "Harbour")
    assert lines(f"<p><span>Harbour</span><span aria-hidden=true>{shouted}</span></p>") == [
        "Harbour"
    ]
    assert lines("<p><span aria-hidden=true>£5</span><b>£5</b></p>") == ["£5"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<template><p>row</p></template><p>shown</p>", ["shown"]),
        ("<x-a><template shadowrootmode=open><p>root</p></template></x-a>", ["root"]),
        ("<dialog><p>Accept all?</p></dialog><p>shown</p>", ["shown"]),
        ("<dialog open><p>Accept all?</p></dialog>", ["Accept all?"]),
        ("<noframes><p>for old browsers</p></noframes>", ["for old browsers"]),
    ],
)
def test_elements_are_read_where_browsers_show_them(html, expected):
    assert lines(html) == expected
