from html import escape as as_html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.training.labelled_pages import read_pages
from models.main_content import read_all
from models.main_content.main_text import MainText
from models.main_content.markdown import render
from stages.extract.html import parse
from stages.extract.paragraphs import normalise_main_text
from tests.models.main_content.rendered import PARSER, kinds, text_of, words
from tests.models.main_content.test_escapes import TEXTS


def read(html):
    return normalise_main_text(read_all(parse(f"<html><body>{html}</body></html>")))


def markdown_of(html):
    return render(read(html))


CASES = {
    "headings": (
        "<h1>One</h1><h3>Two<br>lines #</h3><h2><span>C #</span></h2>",
        "# One\n\n### Two lines \\#\n\n## C \\#",
    ),
    "nested lists": (
        "<ul><li>a<ol><li>b<li>c</ol><li>d<ul><li>e</ul></ul>",
        "- a\n  1. b\n  2. c\n- d\n  - e",
    ),
    "a list that stands between items": ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b"),
    "an item of several paragraphs": (
        "<ol><li>a<p>b<pre>c\n\nd</pre><li>e</ol>",
        "1. a\n\n   b\n\n   ```\n   c\n\n   d\n   ```\n\n2. e",
    ),
    "two lists side by side": ("<ul><li>a</ul><ul><li>b</ul><ol><li>c</ol><ol><li>d</ol>",
        "- a\n\n* b\n\n1. c\n\n1) d",
    ),
    "quotations": (
        "<blockquote>a<p>b<blockquote>c</blockquote><ul><li>d<li>e</ul></blockquote><p>f",
        "> a\n>\n> b\n>\n> > c\n>\n> - d\n> - e\n\nf",
    ),
    "code": (
        "<pre><code class=language-py>if x:\n\ty = '```'\n</code></pre>",
        "````py\nif x:\n\ty = '```'\n````",
    ),
    "a table": (
        "<table><caption>C<tr><th>a<th>b<th>c</tr><tr><td>x|y<td>z</tr><tr><td>w</tr></table>",
        "C\n\n| a | b | c |\n| --- | --- | --- |\n| x\\|y | z |  |\n| w |  |  |",
    ),
    "two tables": (
        "<table><tr><th>a<th>b<tr><td>1<td>2</table><table><tr><th>c<th>d<tr><td>3<td>4</table>",
        "| a | b |\n| --- | --- |\n| 1 | 2 |\n\n| c | d |\n| --- | --- |\n| 3 | 4 |",
    ),
    "verse": (
        "<div style='white-space: pre-line'>- one\n   two\n\n\nthree</div>",
        "\\- one\\\ntwo\n\nthree",
    ),
    "TeX": (r"<p>so <span class=katex data-tex='a_1 * b'>ab</span> *holds*", "so $a_1 * b$ \\*holds\\*"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_structure_of_a_page_is_marked(name):
    html, expected = CASES[name]
    assert markdown_of(html) == expected


def test_what_a_page_says_in_signs_is_no_markup():
    lines = [
        "# no heading",
        "1. no list",
        "- nor this",
        "> no quote",
        "| a | b |",
        "~~~",
        "&lt;",
        "<b>",
    ]
    html = "".join(f"<p>{as_html(line)}" for line in lines)
    assert text_of(markdown_of(html)).split("\n") == lines
    assert kinds(markdown_of(html)) == []


def test_a_list_whose_items_have_headings_lays_the_page_out():
    assert markdown_of("<ul><li><h2>a</h2><p>b<li><h2>c</h2><p>d</ul>") == "## a\n\nb\n\n## c\n\nd"


def test_a_list_of_articles_lays_the_page_out():
    article = "".join(f"<p>paragraph {n}" for n in range(30))
    assert "list_item" not in kinds(markdown_of(f"<ul><li>{article}<li>{article}</ul>"))


def test_a_heading_that_was_never_closed_is_none():
    html = "<h2>" + "".join(f"<div>part {n}</div>" for n in range(9)) + "</h2>"
    assert kinds(markdown_of(html)) == []


def test_items_are_counted_though_not_all_are_main_text():
    found = read("<ol><li>a<li>b<li>c</ol>")
    assert render(MainText(found.lines[1:], found.elements)) == "2. b\n3. c"


def test_a_list_in_an_item_that_begins_late_is_not_its_paragraphs_text():
    found = read("<ul><li>a<ol><li>b<li>c</ol></ul>")
    late = MainText([found.lines[0], found.lines[2]], found.elements)
    assert kinds(render(late)) == ["bullet_list", "list_item", "ordered_list", "list_item"]


@pytest.mark.parametrize("tag", ["blockquote", "ul><li", "ol><li"])
def test_however_deep_it_stands_a_text_is_shown(tag):
    markdown = markdown_of(f"<{tag}>" * 300 + "the text")
    assert text_of(markdown) == "the text"


def test_a_text_without_structure_is_paragraphs():
    assert render(MainText.of_texts(["a", "b"])) == "a\n\nb"
    assert render(MainText()) == ""


LEAVES = st.one_of(
    TEXTS.map(lambda text: f"<p>{as_html(text)}</p>"),
    TEXTS.map(lambda text: f"<h2>{as_html(text)}</h2>"),
    TEXTS.map(lambda text: f"{as_html(text)}<br>"),
    st.lists(TEXTS, max_size=3).map(
        lambda lines: f"<pre class='lang-c'>{as_html(chr(10).join(lines))}</pre>"
    ),
    st.lists(TEXTS, max_size=3).map(
        lambda lines: f"<div style='white-space:pre'>{as_html(chr(10).join(lines))}</div>"
    ),
    st.lists(st.lists(TEXTS, min_size=2, max_size=3), min_size=2, max_size=3).map(
        lambda rows: (
            "<table><tr><th>h<th>i</tr>"
            + "".join("<tr>" + "".join(f"<td>{as_html(cell)}" for cell in row) for row in rows)
            + "</table>"
        )
    ),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.tuples(
        st.sampled_from(
            [("ul", "li"), ("ol", "li"), ("blockquote", "div"), ("dl", "dt"), ("div", "ul")]
        ),
        st.lists(inner, min_size=1, max_size=4),
    ).map(
        lambda made: (
            f"<{made[0][0]}>"
            + "".join(f"<{made[0][1]}>{one}</{made[0][1]}>" for one in made[1])
            + f"</{made[0][0]}>"
        )
    ),
    max_leaves=12,
)


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(st.lists(TREES, min_size=1, max_size=4).map("".join))
def test_any_page_has_the_words_of_its_plain_text_in_order(html):
    found = read(html)
    assert words(text_of(render(found))) == words("\n".join(found.texts()))


@settings(max_examples=200, deadline=None)
@given(st.lists(TREES, min_size=1, max_size=4).map("".join))
def test_any_page_keeps_its_code_as_it_is(html):
    found = read(html)
    code = [line.text for line in found.lines if found.elements.tag[line.node] == "pre"]
    fences = [token for token in PARSER.parse(render(found)) if token.type == "fence"]
    assert [token.content.rstrip("\n") for token in fences] == code
    assert {token.info for token in fences} <= {"c"}


def test_real_pages_have_the_same_words_in_both_formats(real_data):
    seen = 0
    for language, every in (("en", 40), ("zh", 6)):
        pages = read_pages(real_data / "extraction", language)
        for page in [page for page in pages if not page.is_held_out][::every]:
            tree = parse(page.page.body.decode("utf-8", "replace"))
            found = normalise_main_text(read_all(tree))
            assert words(text_of(render(found))) == words("\n".join(found.texts()))
            seen += len(found.lines)
    assert seen
