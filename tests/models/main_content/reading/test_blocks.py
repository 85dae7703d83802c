import gzip
import random
import re
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from curation.sources.warc import read_warc
from models.main_content.reading.blocks import read_blocks, read_page
from models.main_content.reading.words import READ, VALUED
from schemas.page import Page
from stages.extract.charset import decode
from stages.extract.html import parse, read
from tests.growth import excess
from tests.models.main_content.reading import oracle

FIELDS = ("text", "link_chars", "links", "strong_chars", "node", "written", "cells", "language")


def as_rows(blocks):
    return [tuple(getattr(block, field) for field in FIELDS) for block in blocks]


def assert_reads_as_the_oracle(html):
    """From its bytes and from its tree; an element of one parse must not be in another's way."""
    page = read(html)
    if page is None:
        assert parse(html) is None
        return
    expected, expected_nodes = oracle.read_blocks(parse_fit(html))
    for blocks, nodes in (read_page(page), read_blocks(parse(html))):
        assert_are(blocks, nodes, expected, expected_nodes)


def assert_are(blocks, nodes, expected, expected_nodes):
    assert as_rows(blocks) == as_rows(expected)
    for field in fields(expected_nodes):
        assert [*getattr(nodes, field.name)] == getattr(expected_nodes, field.name), field.name
    assert are_alike(nodes.kinds, nodes.kind)
    assert are_alike(nodes.looks, nodes.signature)


def are_alike(numbers, names):
    """Whether numbers are equal where names are, and nowhere else."""
    pairs = set(zip(numbers.tolist(), names, strict=True))
    return len(pairs) == len(set(names)) == len(set(numbers.tolist()))


def parse_fit(html):
    """The page's tree, without the characters that XML cannot hold if it has a control character.

    References can write them.
    """
    tree = parse(html)
    if re.search("&#xFFFD;|[\ufffe\uffff]", etree.tostring(tree, encoding="unicode")):
        for element in tree.iter():
            element.text, element.tail = fit(element.text), fit(element.tail)
            for name in {*VALUED, *READ}.intersection(element.keys()):
                element.set(name, fit(element.get(name)))
    return tree


def fit(text):
    return text and re.sub("[^\t\n\r -\ufffd\U00010000-\U0010ffff]", "", text.replace("\f", " "))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "every"),
    [
        ("extraction/en/html", 12),
        ("extraction/zh/html", 1),
        ("lid/foreign_html", 4),
        ("lid/libreoffice-zh-cn", 1),
        ("encoding/g0v_big5/utf8", 6),
    ],
)
def test_real_pages_are_read_as_element_by_element(real_data, folder, every):
    paths = sorted((real_data / folder).glob("*.html*"))
    assert paths
    for path in paths[::every]:
        body = path.read_bytes()
        assert_reads_as_the_oracle(
            decode(gzip.decompress(body) if path.suffix == ".gz" else body).text
        )


def test_archived_pages_are_read_as_element_by_element(real_data):
    read = read_warc(real_data / "warc/built/zh-en-public.warc.gz")
    bodies = [item.body for item in read if isinstance(item, Page)]
    assert bodies
    for body in bodies[::8]:
        assert_reads_as_the_oracle(decode(body).text)


TEXTS = (
    "word", "two words", " ", "\n", " \n\t", "汉字", "汉\n字", "。\n  ", "\u3000", "\xa0", "\u2028", "\x85",
    "&lt;b&gt;", "&amp;", "&#1;", "&#12;", "&#xFFFE;", "&#x1F600;", "&quot;", "]]>", "5", "th",
    "line one\nline two\n", "1", "2", "\U00020000\n\U00020001", "a\u0300", "\ufffd", "é", "<", "&", "x" * 30,
)  # fmt: skip
NAMES = (
    "a", "b", "i", "span", "p", "div", "br", "hr", "ul", "li", "table", "tr", "td", "th", "caption", "pre",
    "code", "sup", "sub", "h1", "section", "template", "svg", "math", "mi", "script", "style", "img",
    "noscript", "dl", "dd", "form", "button", "strong", "tt", "xmp", "dialog", "textarea", "title",
    "select", "option", "rt", "ruby", "body", "html", "a:b", "x-y", "a<b", 'p"q', "frameset", "noframes",
    "thead", "tbody", "nav", "article", "listing", "samp", "kbd", "label", "iframe", "object",
)  # fmt: skip
ATTRIBUTES = (
    "class=a", "class='code post-12'", "class=gutter", "class='highlight'", "class='js-file-line-container'",
    "class='MathJax'", "class=''", "class=' '", "class='faq-answer tab'", "class=pre-numbering", "id=main",
    "id='x1'", "style='display:none'", "style='white-space:pre'", "style='color:red'", "hidden",
    "hidden=until-found", "aria-hidden=true", "aria-hidden=TRUE", "role=navigation", "role=presentation",
    "role=''", "open", "shadowrootmode=open", "alt='\\frac12'", "alt=x", "src=/latex/x", "eeimg=1",
    "data-tex='a^2'", "data-tex=''", "type='math/tex; mode=display'", 'a"b=1', "==3", "<=4", "'=5",
    "title='<p class=\"x\">'", "title='a=\"b\" &lt;'", "class='a&#10;b&amp;\"c'", "xmlns=q", "xlink:href='>'",
    "id='&#1;z'", f"class='{'nav ' * 90}'", "type=module",
)  # fmt: skip


def make_hostile(seed, count):
    """Markup of tags that open, close, overlap and lie, at random."""
    chance = random.Random(seed)
    parts = []
    for _ in range(count):
        what = chance.random()
        if what < 0.4:
            parts.append(chance.choice(TEXTS))
        elif what < 0.75:
            attributes = chance.sample(ATTRIBUTES, chance.choice((0, 0, 0, 1, 1, 2, 4)))
            parts.append(f"<{' '.join([chance.choice(NAMES), *attributes])}>")
        else:
            parts.append(f"</{chance.choice(NAMES)}>")
    return "".join(parts)


@pytest.mark.parametrize("seed", range(400))
def test_hostile_markup_is_read_as_element_by_element(seed):
    assert_reads_as_the_oracle(make_hostile(seed, 10 + seed))


@settings(max_examples=200)
@given(st.text(alphabet="<>/=\"'&;#x1 apbrtdi\n汉\x0c!-[]", max_size=80))
def test_any_text_is_read_as_element_by_element(html):
    assert_reads_as_the_oracle(f"<p>{html}")


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "xhtml1-strict.dtd">',
        "<!DOCTYPE html>",
    ],
)
def test_a_doctype_changes_nothing(doctype):
    html = (
        "<html lang=en xmlns='http://www.w3.org/1999/xhtml'><head><title>t</title></head>"
        "<body><a name=top>x</a><script>if (a < b && c) {}</script><p></p><div name=n>y</div>"
    )
    assert_reads_as_the_oracle(doctype + html)


def test_comments_and_instructions_part_pieces_of_text_and_are_not_read():
    html = "<body><p>a <!--> b --><a>c<?d e?> f</a></p><!----><!-- <p> -->g</body>"
    tree = etree.fromstring(html.replace("<!--> b -->", "<!-- > b -->"), etree.HTMLParser())
    copy = etree.fromstring(html.replace("<!--> b -->", "<!-- > b -->"), etree.HTMLParser())
    assert as_rows(read_blocks(tree)[0]) == as_rows(oracle.read_blocks(copy)[0])


def test_a_part_of_a_page_is_read_without_what_follows_it():
    html = "<div><p id=part>in<b>side</b></p>behind<pre>code\n  more</pre>after</div>"
    for path in ("//p", "//pre", "//b", "//div"):
        (part,), (copy,) = parse(html).xpath(path), parse(html).xpath(path)
        assert as_rows(read_blocks(part)[0]) == as_rows(oracle.read_blocks(copy)[0])


@pytest.mark.parametrize("tag", ["div", "a", "b", "pre", "table", "sup", "x"])
def test_deep_nesting_is_read_in_linear_time(tag):
    assert (
        excess(lambda size: f"<{tag} class=x>t" * size, lambda html: read_page(read(html))) is None
    )


@pytest.mark.parametrize("name", ["embed", "bgsound", "source", "track", "keygen", "wbr"])
def test_what_follows_an_element_that_holds_nothing_in_browsers_is_read(name):
    html = f"<div>one <{name} src=a>two<p>three</p><b>fo<{name}>ur</b></div><p>five</p>"
    blocks, nodes = read_blocks(parse(f"<body>{html}</body>"))
    assert [block.text for block in blocks] == ["one two", "three", "four", "five"]
    assert [nodes.tag[block.node] for block in blocks] == ["div", "p", "div", "p"]
