import random
import re

import pytest
from lxml import etree

from models.main_content.reading.page_elements import TAG
from stages.extract.html import parse, read, remove_unfit
from stages.extract.paragraphs import normalise


@pytest.mark.parametrize(
    "html", ["", "   ", "\x00", "<!-- only a comment -->", "<?xml version='1'?>"]
)
def test_a_page_without_elements_has_no_tree(html):
    assert parse(html) is None


def test_an_xml_declaration_of_another_charset_does_no_harm():
    tree = parse('<?xml version="1.0" encoding="gb2312"?><html><body>茶</body></html>')
    assert "".join(tree.itertext()) == "茶"


def test_text_after_a_nul_is_not_lost():
    assert "".join(parse("<p>be\x00fore</p><p>after</p>").itertext()) == "beforeafter"


@pytest.mark.parametrize(
    "html",
    [
        "<html><body><p>one</p></body><div>two</div></html>",
        "<html><body><p>one</p></body></html><div>two</div>",
        "<html><body><p>one</p></body></html>two",
        "<html><body><p>one</p></BODY ></HTML>\n<html><head><title>t</title></head><body>two</body></html>",
        "<html><head><title>t</title><p>one</p></head><body>two</body></html>",
        "<html><frameset><frame src=x><noframes><body><p>one</p>two</body></noframes></html>",
        "<body><noframes>one two</noframes>",
        "<body>one<!-- </body> --><p>two",
    ],
)
def test_a_page_goes_on_behind_the_end_of_its_body(html):
    body = parse(html)
    for title in list(body.iter("title")):
        title.clear(keep_tail=True)
    assert " ".join(" ".join(body.itertext()).split()) in {"one two", "onetwo"}


@pytest.mark.parametrize("tag", ["</br>", "</BR >", "</br/>", "</br clear=all>"])
@pytest.mark.parametrize("behind", ["", "</body></html><p>more"])
def test_the_end_tag_of_a_line_break_is_one(tag, behind):
    read = parse(f"<p>one{tag}two</brand>{behind}")
    assert [element.tail for element in read.iter("br")] == ["two"]


def test_an_end_of_the_page_in_a_script_ends_nothing():
    tree = parse("<body><script>write('</body></html>')</script><p>text</p></body></html>\n")
    assert [paragraph.text for paragraph in tree.iter("p")] == ["text"]


def test_unfit_characters_go_and_others_stay():
    assert remove_unfit("a\x0bb\ud83d\x9fc\t\n\u200d😀") == "abc\t\n\u200d😀"


def test_lines_lose_only_white_space_and_invisible_characters():
    assert normalise("\u3000一\xa0 二\u200b\r\n\n\t\n三\x00 é\u0301") == ["一 二", "三 é\u0301"]


PIECES = (
    "</body>", "</BODY\n>", "</html>", "</Html >", "</bodyx>", "</b>", "</ht", "</", "<p>", "word", "汉字", "é",
    "\xa0", "\x84", "\x85", "\x9f", "\x7f", "\x0b", "\x0c", "\x00", "\uffbf", "\ufffd", "\ufffe", "\uffff", "😀",
    " ", "\n", "\u3000", "x" * 4000, "汉" * 1364,
)  # fmt: skip
UNFIT = re.compile("[^\t\n\f\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def repaired(html):
    """The page without unfit characters, and without the end tags that more of it follows."""
    ends = list(re.finditer(r"</(body|html)\s{0,100}>", html, re.IGNORECASE))
    left = re.sub(r"</(body|html)\s{0,100}>", "", html, flags=re.IGNORECASE)
    goes_on = ends and re.sub(ends[0].re, "", html[ends[0].end() :]).strip()
    return UNFIT.sub("", left if goes_on else html)


@pytest.mark.parametrize("is_encoded", [True, False])
def test_what_is_found_in_bytes_is_what_patterns_find_in_the_text(is_encoded):
    chance = random.Random(63)
    for _ in range(1500):
        html = "<body>" + "".join(chance.choices(PIECES, k=chance.randint(1, 8)))
        parser = etree.HTMLParser(encoding="utf-8", default_doctype=False, remove_comments=True)
        expected = etree.fromstring(repaired(html).encode(), parser)
        found = read(html, html.encode() if is_encoded else None)
        assert etree.tostring(found.tree) == etree.tostring(expected), html[:200]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<frameset><noframes><p>one</noframes></frameset>", ["p", "one"]),
        ("<p>one<math><annotation encoding=tex>x^2</annotation></math>", ["annotation", "x^2"]),
        ("<script type='math/tex'>x^2</script><p>one", ["script", "x^2"]),
        ("<b>one</b>", ["b", "one"]),
    ],
)
def test_a_page_is_read_from_its_bytes_or_from_its_tree(html, expected):
    page = read(html)
    name, text = expected
    (element,) = (n for n, tag in enumerate(page.tags[:, TAG]) if page.names[tag] == name)
    assert page.string_of(element) == text
    assert len(page.tags) == len(list(page.tree.iter()))
