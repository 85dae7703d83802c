import time

from lxml import html

from models.main_content.reading.page_elements import read_elements
from stages.extract.markup import FIELDS, measure_markup

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
