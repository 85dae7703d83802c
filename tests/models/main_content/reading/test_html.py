"""HTML read in one pass: its arrays are those of libxml2's tree, and no page is too much for it."""

import gzip
import itertools
from html.entities import html5

import numpy as np
import pytest

from models.kernels.references import GROWTH
from models.main_content.reading.element import Element
from models.main_content.reading.html.levels import MAX_DEPTH
from models.main_content.reading.html.parse import PADDING
from models.main_content.reading.html.rules import KINDS
from models.main_content.reading.html.tags import MAX_NAME
from models.main_content.reading.page_elements import read_elements, read_html
from models.main_content.reading.words import READ, VALUED, WORDS
from stages.extract.charset import decode
from stages.extract.html import _encode, parse
from tests.growth import excess
from tests.models.main_content.reading.test_blocks import make_hostile

NOT_LISTED = ("main", "video", "svg", "source", "wbr", "embed", "template", "zz", "a:b", "é", "DIV")


def arrays_of(page):
    """What a page holds, with names and values written out."""
    names = page.names
    tags = [(names[name], *places) for name, *places in page.tags.tolist()]
    values = [[None if entry < 0 else names[entry] for entry in row] for row in page.values]
    attributes = [
        (element, WORDS[name], page.value(start, end))
        for element, name, start, end in page.attributes.tolist()
    ]
    return tags, values, attributes, page.characters


def read(html):
    return read_html(_encode(html, None), lambda: parse(html))


def assert_is_as_its_tree(html):
    page, tree = read(html), parse(html)
    if tree is None:
        assert page is None, html
    else:
        assert arrays_of(page) == arrays_of(read_elements(tree)), html


@pytest.mark.parametrize(
    "html",
    [
        "<html a=1><body>x<html b=2 class=q>y<body class=c id=z>k</body>l</html>m",
        "<p>a</p></html><p>b",
        "\ufeff<p>x",
        "\ufeff<title>x</title>\x0b<p>y",
        "<html/>x",
        "<p>a<body/>b<i>c",
        "<script/>x<b>y",
        "a\rb\r\nc\fd<p title='a' alt='a\nb\tc&#10;d\r\ne\rf\fg'>",
        "<p>&#1;&#12;x&#xFFFE;y&#128;&#xD800;&notit;&nGt;&copy=1&amp;<a class='&copy=1&amp&copy;'>",
        "<p hidden class>",
        "x<!-->y-->z<!--->v--><!-- a --!>b<!-- c",
        "<a b=c/>d",
        '<p/class="x"/id=3/>k<p id = "a"class=b id=c>',
        "<head><p>x<head>y</head>z",
        "<style>a<!--b</style >c<title>a<b>&amp;</TITLE/>x<xmp>&amp;</xmp>",
        "<script>a<!--<script>b</script>c--></script>d<script><!--</script>e",
        "<script>a<!--<script b--></script>c",
        "<plaintext>a<b></plaintext>",
        "a</",
        "a<",
        "a<b c='",
        "a</b c",
        "</p>x</p></>y</ z><3<?php ?><!x><!DOCTYPE html PUBLIC '>'>",
        "&#1;<link><p>x",
        "<frameset><></frameset><noembed><p>x",
        "",
        "<!-- only -->",
    ],
)
def test_a_page_is_read_as_its_tree_is(html):
    assert_is_as_its_tree(html)


def test_which_elements_a_start_tag_ends_is_as_in_a_tree():
    names = [name for name in (*KINDS[1:], *NOT_LISTED) if name != "noframes"]  # see `html.read`
    for old, new in itertools.product(names, names):
        assert_is_as_its_tree(f"<{old}>1<{new} class=x>2</{new}>3</{old}>4")
        assert_is_as_its_tree(f"<table><td><div><{old}><p>1</{new}>2</{old}>3</td>4")


def test_references_are_read_as_in_a_tree():
    for name in html5:
        bare = name.rstrip(";")
        for behind in (";", "", "x", "=", "1;"):
            assert_is_as_its_tree(f"<p class='&{bare}{behind}'>&{bare}{behind}</p>")


@pytest.mark.parametrize("number", ["0", "9", "13", "31", "127", "128", "129", "159", "160", "x80"])
def test_numbers_of_characters_are_read_as_in_a_tree(number):
    assert_is_as_its_tree(f"<p alt='&#{number};&#{number}&#'>&#{number};&#{number}x&#x;</p>")


@pytest.mark.parametrize("seed", range(300))
def test_hostile_markup_is_read_as_its_tree_is(seed):
    assert_is_as_its_tree(make_hostile(seed + 1_000, 5 + seed // 2).replace("noframes", "main"))


@pytest.mark.parametrize(("folder", "every"), [("zh", 1), ("zh_blogs", 3), ("en", 12)])
def test_real_pages_are_read_as_their_trees_are(real_data, folder, every):
    paths = sorted((real_data / "extraction" / folder / "html").glob("*.gz"))[::every]
    pages = [decode(gzip.decompress(path.read_bytes())).text for path in paths]
    read_so = [page for page in pages if "<noframes" not in page.lower()]
    assert len(read_so) > 0.9 * len(pages) > 0
    for page in read_so:
        assert_is_as_its_tree(page)


def test_an_element_looks_like_that_of_a_tree():
    html = "<p>a<b class=x data-lang='C&amp;' hidden>b<i>c</i>d<i></i></b>e</p>f<p>g"
    page = read(html)
    for element, other in zip(Element(page, 0).iter(), parse(html).iter(), strict=True):
        assert element.tag == other.tag
        assert (element.text, element.tail) == (other.text or "", other.tail or "")
        assert "".join(element.itertext()) == "".join(other.itertext())
        assert [inner.tag for inner in element] == [inner.tag for inner in other]
        assert [a.tag for a in element.iterancestors()] == [a.tag for a in other.iterancestors()]
        assert len([*element.iterdescendants("i")]) == len([*other.iterdescendants("i")])
        for name in ("class", "data-lang", "hidden", "id"):
            assert element.get(name) == other.get(name)


def test_text_deeper_than_levels_go_is_read():
    """Where libxml2 reads no further."""
    page = read("<div>" * (MAX_DEPTH + 50) + "<script>if (a<b) c</script>deep</div><p>end")
    assert page.characters == "deepend"
    assert len(page.named("script")) == 1
    assert page.tags[:, 1].max() == MAX_DEPTH - 1


def test_a_name_is_cut_between_characters():
    page = read(f"<b{'x' * (MAX_NAME - 2)}é{'y' * 9}>")
    assert page.names[page.tags[-1, 0]] == f"b{'x' * (MAX_NAME - 2)}y"


def test_there_is_room_for_what_references_become():
    assert max(len(text.encode()) / len(f"&{name}") for name, text in html5.items()) <= GROWTH


@pytest.mark.parametrize("count", range(1, len(READ) + 1))
def test_there_is_room_for_attributes_of_any_names(count):
    """The shortest names are the densest."""
    shortest = sorted(READ, key=len)[:count]
    page = read(f"<a {' '.join(shortest)}>" * 50)
    assert len(page.attributes) == 50 * count


def test_attributes_without_a_value_need_no_entry_of_their_own():
    page = read(f"<p {' '.join(VALUED)}>" * 50)
    assert len(page.spans) == len(WORDS)
    assert np.all(page.values[2:] == WORDS.index(""))


def test_a_page_without_its_padding_is_refused():
    with pytest.raises(ValueError, match="PADDING"):
        read_html(b"<p>x", lambda: None)
    assert read_html(b"<p>x" + PADDING, lambda: None) is not None


@pytest.mark.parametrize(
    "unit",
    ["<b>", "</p>", "<b></i>", "<!--", "<script>", "&#", "<a ", "<p id=", "</title ", "<", "-"],
)
def test_time_grows_as_the_page_does(unit):
    def make(size):
        return _encode("<div><p>" + "<span>" * 1_000 + unit * size, None)

    assert excess(make, lambda body: read_html(body, lambda: None)) is None
