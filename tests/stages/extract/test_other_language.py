import gzip
import json
import re
import time
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import language
from stages.extract.charset import decode
from stages.extract.other_language import (
    LONG_BYTES,
    LONGEST,
    MIN_BYTES,
    find_other_language,
    read_sample,
)

WANTED = ("zh", "en")
ENGLISH = "The first mill was built by monks who needed flour for the abbey near the old town. "
CHINESE = "这条河发源于老城以北的山地，蜿蜒九十多公里后流入大海，沿岸的农民早就开始引水灌溉。"
FRENCH = "Le premier moulin fut construit par des moines qui avaient besoin de farine à l'abbaye. "
RUSSIAN = "Первая мельница была построена монахами, которым нужна была мука для аббатства. "


@pytest.fixture(scope="module")
def identifier():
    return language.load()


def page(*paragraphs, menu=()):
    items = "".join(f"<li><a href='/{n}'>{item}</a></li>" for n, item in enumerate(menu))
    texts = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<html><head><title>x</title></head><body><ul>{items}</ul><div>{texts}</div></body></html>"
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [(FRENCH, "fr"), (RUSSIAN, "ru"), ("日本語の文章です。とても長いです。" * 4, "ja")],
)
def test_a_page_in_another_language_is_told_with_that_language(identifier, text, code):
    found = find_other_language(page(*[text] * 6), identifier, WANTED)
    assert found is not None
    assert found.language == code
    assert found.wanted_ratio < 0.1
    assert text.strip()[:30] in found.sample


def test_a_language_that_is_wanted_is_no_other(identifier):
    assert find_other_language(page(*[FRENCH] * 6), identifier, ("zh", "en", "fr")) is None


@pytest.mark.parametrize("text", [ENGLISH, CHINESE])
def test_a_page_in_a_wanted_language_is_extracted(identifier, text):
    assert find_other_language(page(*[text] * 6), identifier, WANTED) is None


@pytest.mark.parametrize(
    ("paragraphs", "menu"),
    [
        ([CHINESE] * 3, ["About this site and its authors"] * 30),
        ([CHINESE] * 3, ["О нашем сайте и авторах"] * 30),
        ([ENGLISH] * 3, ["О нашем сайте и авторах"] * 60),
        ([FRENCH] * 5 + [ENGLISH] * 5, []),
        ([RUSSIAN] * 5 + [CHINESE] * 5, []),
        ([RUSSIAN] * 8 + [ENGLISH] * 2, []),
    ],
)
def test_a_page_that_is_in_part_in_a_wanted_language_is_extracted(identifier, paragraphs, menu):
    assert find_other_language(page(*paragraphs, menu=menu), identifier, WANTED) is None


class Asked:
    """An identifier that counts the pieces that it is asked for, and takes all for French."""

    def __init__(self):
        self.pieces = []

    def score(self, items):
        self.pieces += items
        return [language.LanguageScore("fr", 0.9) for _ in items]


def test_nobody_is_asked_of_pieces_in_han_characters_where_chinese_is_wanted():
    chinese = "<p>" + "山中有一座老磨坊，磨坊主每天清早去河边看水。" * 4 + "</p>"
    japanese = "<p>" + "山の中に古い水車小屋があり、主人は毎朝川を見に行く。" * 4 + "</p>"
    for html, wanted, count in (
        (chinese, ("en", "zh"), 0),
        (chinese, ("en",), 1),
        (japanese, ("en", "zh"), 1),
    ):
        asked = Asked()
        found = find_other_language(html, asked, wanted)
        assert (len(asked.pieces), found is None) == (count, count == 0)


def test_a_page_that_says_too_little_is_extracted(identifier):
    assert find_other_language(page(FRENCH), identifier, WANTED) is None
    assert find_other_language("", identifier, WANTED) is None


def test_scripts_styles_comments_and_what_stands_for_scripts_are_no_text():
    hidden = ENGLISH * 3
    html = (
        f"<script>{hidden}</script><STYLE type=x>{hidden}</STYLE ><!-- {hidden} > <b>{hidden} -->"
        f"<noscript><p>{hidden}</p></noscript><template>{hidden}</template>"
        f"<strong>{FRENCH}</strong>"
    )
    assert read_sample(html) == [FRENCH.strip()]


def test_references_to_characters_are_read(identifier):
    escaped = "".join(f"&#{ord(c)};" for c in RUSSIAN)
    assert unescape(escaped) == RUSSIAN
    found = find_other_language(page(*[escaped] * 6), identifier, WANTED)
    assert found is not None
    assert found.language == "ru"


def texts_by_expression(html):
    """What stands between tags in markup that is well formed, in other words."""
    html = re.sub(r"<!--.*?-->|<(script|style)>.*?</\1>", "<br>", html, flags=re.DOTALL)
    return re.split(r"<[^>]*>", html)


pieces = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<b class=x>", "<!-- c -->", "<script>var a = 1 < 2</script>", "<br>"]
    )
    | st.text("abc 你好é", min_size=1, max_size=80),
    max_size=30,
)


@given(pieces)
def test_the_longest_stretches_are_what_stands_between_tags(parts):
    html = "".join(["<body>", *parts, "</body></html>"])
    texts = [t for t in texts_by_expression(html) if len(t.encode()) >= LONG_BYTES]
    texts = sorted(texts, key=lambda text: -len(text.encode()))
    different = list(dict.fromkeys(texts))
    for text in different:
        texts.remove(text)
    texts = [*different, *texts][:LONGEST]
    wanted = [" ".join(text.split())[:200] for text in texts]
    assert read_sample(html)[: len(wanted)] == wanted


@given(st.text(st.sampled_from("<>!-/ sScCrRtTyYlLeEé你\ud800"), max_size=300))
def test_no_markup_breaks_it(html):
    assert all(piece.strip() for piece in read_sample(html))


@pytest.mark.parametrize(
    "part", ["<", "<a", "<!--", "<script>", "<style><", "a>", "<p " + "x" * 99]
)
def test_hostile_markup_takes_one_pass(part):
    html = part * (4_000_000 // len(part))
    started = time.process_time()
    read_sample(html)
    assert time.process_time() - started < 2


def test_of_real_chinese_and_english_pages_none_is_taken_for_another(real_data, identifier):
    taken, seen = [], 0
    for code, every in (("zh", 1), ("en", 10)):
        folder = real_data / "extraction" / code
        rows = (folder / "manifest.jsonl").read_text("utf-8").splitlines()[::every]
        for row in map(json.loads, rows):
            html = decode(
                gzip.decompress((folder / "html" / f"{row['id']}.html.gz").read_bytes())
            ).text
            seen += 1
            if find_other_language(html, identifier, WANTED):
                taken.append(row["url"])
    assert seen > 200
    assert taken == []


def test_a_stretch_that_stands_there_again_counts_once(identifier):
    different = [f"{number} {FRENCH}{FRENCH}" for number in range(LONGEST - 1)]
    html = page(*different[:4], *[ENGLISH] * 6, *different[4:])
    assert read_sample(html).count(ENGLISH.strip()) == 1
    found = find_other_language(html, identifier, WANTED)
    assert found is not None
    assert found.language == "fr"


def test_white_space_is_no_text(identifier):
    menu = [f"{RUSSIAN[:24]} {number}" for number in range(60)]
    html = page(*["\n\t " * 200] * 2 * LONGEST, f"\n{' ' * 999}{ENGLISH * 3}\t", ENGLISH, menu=menu)
    assert read_sample(html)[0] == (ENGLISH * 3)[:200]
    assert find_other_language(html, identifier, WANTED) is None


def test_a_short_stretch_that_stands_there_again_counts_once():
    menu = ["About this site", *["Add to the basket"] * 50, "Contact and imprint"]
    assert read_sample(page(menu=menu)) == ["About this site Add to the basket Contact and imprint"]


def test_copies_are_read_where_there_is_nothing_else(identifier):
    assert read_sample(page(*[FRENCH] * 3)) == [FRENCH.strip()] * 3
    assert find_other_language(page(*[FRENCH] * 3), identifier, WANTED) is not None


def test_most_real_pages_in_other_languages_leave(real_data, identifier):
    pages = sorted((real_data / "lid" / "foreign_html").glob("*.html.gz"))
    htmls = [decode(gzip.decompress(page.read_bytes())).text for page in pages]
    left = [bool(find_other_language(html, identifier, WANTED)) for html in htmls]
    assert len(left) == 155
    assert sum(left) / len(left) >= 0.95


def test_the_smallest_stretch_counts_and_a_smaller_one_does_not():
    assert read_sample(f"<p>{'a' * MIN_BYTES}</p><p>tail</p>") == ["a" * MIN_BYTES]
    assert read_sample(f"<p>{'a' * (MIN_BYTES - 1)}</p><p>tail</p>") == []
