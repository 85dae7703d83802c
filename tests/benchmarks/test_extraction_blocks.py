from hashlib import sha256

from benchmarks.extraction_blocks import read_page_blocks
from benchmarks.extraction_texts import BlockKind
from curation.training.page_labels import BlockKind as Label
from curation.training.page_labels import PageLabels, make_runs
from schemas.page import Page

LONG = "This mill was built by monks who needed flour for the abbey"


def blocks(html):
    return [(block.kind, block.text) for block in read_page_blocks(page_of(html))]


def page_of(html):
    body = f"<html><body>{html}</body></html>".encode() if html else b""
    return Page("a", "http://a.example/", "", "a.jsonl", 0, 200, "text/html", "", body)


def test_each_line_of_code_is_a_block_if_it_says_something():
    assert blocks("<pre>def grind():\n    return flour()\n}\n</pre>") == [
        (BlockKind.CODE_LINE, "def grind():"),
        (BlockKind.CODE_LINE, "    return flour()"),
    ]


def test_elements_end_lines_of_code():
    code = "<span>grind(<b>flour</b>)</span><br><span>mill = 1</span><br>"
    divided = "<div>two + two</div><div>is four</div>at last"
    assert [text for _, text in blocks(f"<pre>{code}{divided}</pre> and more text")] == [
        "grind(flour)",
        "mill = 1",
        "two + two",
        "is four",
        "at last",
    ]


def test_rows_of_short_cells_are_blocks_and_those_of_a_layout_are_not():
    rows = "<tr><th>Year</th><th>Flour</th></tr><tr><td>2019</td><td></td></tr>"
    layout = f"<tr><td>menu</td><td>{LONG * 3}</td></tr>"
    nested = "<tr><td>a menu</td><td><table><tr><td>x</td></tr></table></td></tr>"
    assert blocks(f"<table>{rows}{layout}{nested}</table>") == [(BlockKind.TABLE_ROW, "Year Flour")]


def test_formulas_come_with_the_text_around_them():
    tex = r"\frac{a}{b}=c"
    annotation = f"<annotation encoding='application/x-tex'>{tex}</annotation>"
    html = f"<p>So <math><semantics>{annotation}</semantics></math> holds.</p>"
    [found] = read_page_blocks(page_of(html))
    assert (found.kind, found.text) == (BlockKind.FORMULA, tex)
    assert found.beside.split() == ["So", "holds."]


def test_comments_and_teasers_are_told_by_their_names():
    html = (
        f"<div id='postComments'><p>{LONG} one</p><p>Short.</p><script>{LONG}</script></div>"
        f"<section class='article-related'><p>{LONG} two</p></section><p>{LONG}</p>"
    )
    assert blocks(html) == [
        (BlockKind.COMMENT, f"{LONG} one"),
        (BlockKind.TEASER, f"{LONG} two"),
    ]


def test_an_article_that_is_named_after_its_comments_is_none():
    assert blocks(f"<article class='has-comments'><p>{LONG}</p></article>") == []


def test_code_in_a_comment_is_a_comment():
    kinds = [kind for kind, _ in blocks(f"<div class=comments><pre>{LONG}</pre></div>")]
    assert kinds == [BlockKind.COMMENT]


def test_a_page_of_nothing_has_no_blocks():
    assert read_page_blocks(page_of("")) == ()


def test_where_every_block_is_labelled_the_labels_say_what_it_is():
    texts = [f"{LONG} {number}" for number in range(4)]
    html = "".join(f"<p>{text}</p>" for text in texts) + f"<p class=related>{LONG}</p>"
    page = page_of(html)
    kinds = [Label.MAIN, Label.TEASER, Label.NOTICE, Label.DOUBTFUL, Label.MAIN]
    digest = sha256(page.body).hexdigest()
    runs = make_runs([*texts, LONG], kinds, digest)
    labels = PageLabels("a", "a.jsonl", digest, "", "article", 1, "2026-01-01", "", runs)
    assert [(block.kind, block.text) for block in read_page_blocks(page, labels)] == [
        (BlockKind.TEASER, texts[1]),
        (BlockKind.NOTICE, texts[2]),
    ]
