import pytest

from models.main_content.declared import declared_types
from models.main_content.reading.page_elements import read_elements
from stages.extract.html import parse


def declared(markup):
    html = f"<html><head>{markup}</head><body><p>Mug</p></body></html>"
    return list(declared_types(read_elements(parse(html))))


def json_ld(text):
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    ("markup", "types"),
    [
        ("", []),
        (json_ld('{"@type": "NewsArticle", "author": {"@type": "Person"}}'), ["newsarticle", "person"]),
        (json_ld('{"@graph": [{"@type": ["Recipe", "Thing"]}, {"@type":"https://schema.org/WebPage"}]}'), ["recipe", "webpage"]),
        (json_ld('{"@type": "Product", "name": broken'), ["product"]),
        ('<script>{"@type": "Product"}</script>', []),
        ('<div itemscope itemtype="http://schema.org/QAPage"></div>', ["qapage"]),
        ('<meta property="og:type" content="article">', ["og:article"]),
        ('<meta property="og:type" content="og:Product.group">', ["og:product.group"]),
        ('<meta property="og:title" content="article">', []),
        ('<meta name="type" content="article">', []),
    ],
)  # fmt: skip
def test_types_are_read_from_json_ld_microdata_and_open_graph(markup, types):
    assert declared(markup) == types


def test_each_type_is_named_as_often_as_it_stands_there():
    assert declared(json_ld('[{"@type": "Product"}, {"@type": "Product"}]')) == ["product"] * 2
