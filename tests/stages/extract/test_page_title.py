import pytest

from models.main_content.reading.page_elements import read_elements
from stages.extract.html import parse
from stages.extract.page_title import find_title


@pytest.mark.parametrize(
    ("html", "url", "title"),
    [
        ("<title> A \n title </title>", "", "A title"),
        ("<title>A</title><meta property='og:title' content='B'>", "", "B"),
        ("<h1>Only <i>this</i></h1>", "", "Only this"),
        ("<p>none", "", ""),
        ("<svg><title>icon</title></svg><title>page</title>", "", "page"),
        ("<title>Tea - Brewing | Leaf</title><h1>Tea - Brewing</h1>", "", "Tea - Brewing"),
        ("<title>Tea - Brewing - Leaf</title>", "http://www.leaf.org/", "Tea - Brewing"),
        (
            "<title>泡茶的方法_茶叶网</title><meta property='og:site_name' content='茶叶网'>",
            "",
            "泡茶的方法",
        ),
        ("<title>泡茶_的方法</title>", "", "泡茶_的方法"),
        ("<title>Spider-Man - a film</title>", "http://films.example/", "Spider-Man - a film"),
    ],
)
def test_the_title_loses_only_what_is_proved_to_be_the_site(html, url, title):
    page = read_elements(parse(f"<html><head></head><body>{html}</body></html>"))
    assert find_title(page, url) == title


def test_a_broken_url_does_not_matter():
    assert find_title(read_elements(parse("<title>A - B</title>")), "http://[bad") == "A - B"
