import json

import pytest

from models.main_content.main_text import MainText
from stages.extract import extract
from stages.extract.html import read
from stages.extract.page_data import text_in_data

PARAGRAPHS = [
    f"Paragraph {n} of the story tells how the old mill by the river was bought and mended."
    for n in range(6)
]
HTML = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
ARTICLE = {"@type": "NewsArticle", "headline": "The mill", "articleBody": "\n".join(PARAGRAPHS)}
LINKED = json.dumps({"@graph": [{"@type": "WebSite", "name": "x" * 900}, ARTICLE]})
STATE = json.dumps({"props": {"post": {"slug": "y" * 900, "content": HTML}}})
WRITTEN = json.dumps(HTML).replace("<", "\\u003C").replace("/", "\\u002F")
OBJECT = f'{{layout:"default",data:[{{post:{{id:a,html:"...",html:{WRITTEN}}}}}],state:void 0}}'
SOURCES = {
    "JSON-LD": f"<script type='application/ld+json'>{LINKED}</script>",
    "state in JSON": f"<script id=__NEXT_DATA__ type='application/json'>{STATE}</script>",
    "state in a script": f"<script>var a = 1; window.__INITIAL_STATE__ = {STATE}; start()</script>",
    "an object of JavaScript": f"<script>window.__NUXT__={OBJECT};</script>",
    "what a function returns": f"<script>window.__NUXT__=(function(a){{return {OBJECT}}}(1));</script>",
}


def page(source, shown="Loading…"):
    return f"<html><head>{source}</head><body><div id=app>{shown}</div></body></html>"


@pytest.mark.parametrize("name", SOURCES)
def test_a_page_that_shows_next_to_nothing_is_read_from_its_data(name):
    text = extract(page(SOURCES[name]).encode(), url="").text
    assert text.splitlines() == PARAGRAPHS


@pytest.mark.parametrize("name", SOURCES)
def test_a_page_that_shows_its_text_is_read_from_that(name):
    shown = "".join(f"<p>{line.replace('mill', 'barn')}</p>" for line in PARAGRAPHS)
    text = extract(page(SOURCES[name], shown).encode(), url="").text
    assert text.splitlines() == [line.replace("mill", "barn") for line in PARAGRAPHS]


@pytest.mark.parametrize(
    "source",
    ["{", "[" * 100_000, '{"content": 1}', '{"content": "short"}', "", '{"articleBody": null}',
     "window.__NUXT__={html:" + 'a:"' * 100_000, 'window.__NUXT__={html:"' + "\\\\" * 99_999],
)  # fmt: skip
def test_data_without_a_text_changes_nothing(source):
    for kind in ("application/json", "application/ld+json"):
        elements = read(page(f"<script type='{kind}'>{source}</script>"))
        assert text_in_data(MainText.of_texts(["Loading…"]), elements) is None
