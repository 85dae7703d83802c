import pytest

from models.main_content.product import sells_one_product
from models.main_content.reading.page_elements import read_elements
from stages.extract.html import parse

PRODUCT = '<script type="application/ld+json">{"@type": "Product", "name": "Mug"}</script>'


def sells(markup):
    html = f"<html><head>{markup}</head><body><p>Mug</p></body></html>"
    return sells_one_product(read_elements(parse(html)))


@pytest.mark.parametrize(
    "markup",
    [
        PRODUCT,
        '<script type="application/ld+json; charset=utf-8">{"@type":["Product","Thing"]}</script>',
        '<script type="application/ld+json">{"@type" : "http://schema.org/ProductGroup",</script>',
        '<meta property="og:type" content="Product">',
        '<meta property="og:type" content="og:product">',
        '<div itemscope itemtype="https://schema.org/Product"></div>',
        PRODUCT + '<meta property="og:type" content="article">',
    ],
)
def test_a_page_that_says_it_is_a_product_sells_one(markup):
    assert sells(markup)


@pytest.mark.parametrize(
    "markup",
    [
        "",
        '<script>{"@type": "Product"}</script>',
        '<meta property="og:type" content="article">',
        '<meta name="description" content="Product">',
        '<script type="application/ld+json">{"@type": "ProductReview"}</script>',
        PRODUCT + '<script type="application/ld+json">{"@type": "ItemList"}</script>',
        PRODUCT + '<script type="application/ld+json">{"@type": "NewsArticle"}</script>',
        PRODUCT + '<meta property="og:type" content="product.group">',
        PRODUCT + '<div itemtype="http://schema.org/CollectionPage"></div>',
    ],
)
def test_a_list_of_products_an_article_and_a_page_that_says_nothing_sell_none(markup):
    assert not sells(markup)
