import time

from lxml import html

from models.main_content.reading.page_elements import read_elements
from models.page_type.features import COUNTS, DECLARED, MAIN
from stages.extract import extract
from stages.extract.markup import FIELDS, measure_markup
from stages.extract.tools import ExtractionMethod, load_tools

PAGE = """<html><body><h1>Head</h1><p>One</p><p>Two <a href="/x"> three </a></p>
<ul><li>a<li>b</ul><form><input type="hidden"><input><button>Go</button></form>
<img src=i><video></video><iframe src="https://www.youtube.com/embed/1"></iframe>
<iframe src="https://ads.example/"></iframe><audio></audio><table><tr><td>1</table>
<pre><code>x</code></pre><script>1</script><!-- note --></body></html>"""


def test_each_count_is_of_its_own_elements():
    counts = measure_markup(read_elements(html.document_fromstring(PAGE)), len(PAGE)).as_row()
    assert counts["html_chars"] == len(PAGE)
    expected = {
        "links": 1, "link_chars": 5, "paragraphs": 2, "list_items": 2, "headings": 1,
        "inputs": 3, "images": 1, "videos": 3, "audios": 1, "tables": 1, "codes": 2, "scripts": 1,
    }  # fmt: skip
    assert {name: counts[name] for name in expected} == expected


def test_the_counts_are_those_of_the_documents_markup_column():
    counts = measure_markup(read_elements(html.fromstring("<p>x</p>")), 8).as_row()
    assert tuple(counts) == FIELDS
    assert counts["tags"] == 1


def test_text_in_nested_links_counts_once():
    page = read_elements(html.fromstring("<div><a href=1>ab<div><a href=2>cd</a></div></a></div>"))
    assert measure_markup(page, 1).link_chars == 4


def test_deeply_nested_links_over_much_text_take_no_time():
    text = "<body>" + "<a href=x><div>" * 240 + "word<br>" * 20_000
    page = read_elements(html.fromstring(text, parser=html.HTMLParser(huge_tree=True)))
    started = time.process_time()
    assert measure_markup(page, 1).link_chars == 80_000
    assert time.process_time() - started < 1  # nine seconds where each link is read by itself


def test_what_the_page_declares_is_counted_by_what_it_is():
    declared = """<script type="application/ld+json">[{"@type": "BlogPosting"},
    {"@type": "Product"}, {"@type": "ProductGroup"}, {"@type": "ItemList"}]</script>
    <meta property="og:type" content="article"><p itemtype="https://schema.org/QAPage">x</p>"""
    counts = measure_markup(read_elements(html.document_fromstring(declared)), 1)
    assert (counts.declared_articles, counts.declared_products) == (2, 2)
    assert (counts.declared_threads, counts.declared_lists) == (1, 0)


STORY = "".join(
    f"<p>The bridge that {town} has waited for was opened on Monday, as <a href=/m>said</a>.</p>"
    for town in ("the town", "the valley", "all of the county")
)


def extracted(body, **settings):
    return extract(body.encode(), url="https://news.example/1", **settings).markup


def test_the_links_of_the_main_text_are_counted_where_trees_found_it():
    menu = "<ul>" + "<li><a href=/>Home</a>" * 30 + "</ul>"
    counts = extracted(f"<body>{menu}<h1>The bridge</h1>{STORY}</body>")
    assert (counts.links, counts.main_links, counts.main_linked_blocks) == (33, 3, 0)
    assert counts.main_blocks >= 3
    assert 12 <= counts.main_link_chars < counts.main_chars / 4


def test_a_text_that_trafilatura_found_has_no_counts_of_its_own():
    tools = load_tools(method=ExtractionMethod.TRAFILATURA)
    counts = extracted(f"<body><article>{STORY}</article></body>", tools=tools)
    assert counts.links == 3
    assert counts.main_blocks == counts.main_chars == 0


def test_page_types_ask_for_every_count_by_its_name():
    asked = {"html_chars", "link_chars", *COUNTS, *DECLARED, *MAIN}
    assert asked == set(FIELDS)
