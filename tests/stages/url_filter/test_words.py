import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conf import locate
from stages.url_filter.words import (
    UrlWords,
    Weight,
    WordFile,
    only_letters,
    read_url_words,
    readable,
)


@pytest.fixture(scope="module")
def words():
    return read_url_words(locate("url_words.toml"))


@pytest.mark.parametrize(
    ("url", "weight", "found"),
    [
        ("http://free-porn.test/", Weight.STRICT, "freeporn"),
        ("http://a.test/fr_ee/po.rn", Weight.STRICT, "freeporn"),
        ("http://a.test/ONLINE-Casino", Weight.STRICT, "onlinecasino"),
        ("http://a.test/%E5%9C%A8%E7%BA%BF%E8%B5%8C%E5%9C%BA.html", Weight.STRICT, "在线赌场"),
        ("http://a.test/%D4%DA%CF%DF%B6%C4%B3%A1", Weight.STRICT, "在线赌场"),  # GB18030
        ("http://xn--3dsob008szfm.test/", Weight.STRICT, "在线赌场"),
        ("http://aomen-duchang.test/", Weight.STRICT, "aomenduchang"),
        ("http://a.test/PORN/1", Weight.HARD, "porn"),
        ("http://91porn.test/", Weight.HARD, "porn"),
        ("http://a.test/ＰＯＲＮ", Weight.HARD, "porn"),
        ("http://a.test/seqing/", Weight.HARD, "seqing"),
        ("http://a.test/美女写真", Weight.SOFT, "写真 美女"),
        ("http://bocai88.test/touzhu", Weight.SOFT, "bocai touzhu"),
        ("http://bet365.test/poker", Weight.SOFT, "bet poker"),
    ],
)
def test_telling_words_are_found_however_they_are_written(words, url, weight, found):
    match = words.match(url)
    assert match is not None
    assert (match.weight, " ".join(match.words)) == (weight, found)


@pytest.mark.parametrize(
    "url",
    [
        "http://essex.ac.uk/middlesex/sussex",
        "http://a.test/poker",
        "http://a.test/poker/poker/poker",
        "http://zh.test/wiki/%E8%B5%8C%E5%8D%9A",
        "http://a.test/popcorn/acorn-pornichet",
        "http://alphabet.test/better/bets",
        "http://a.test/lessons-for-kids-teens-and-adults",
        "http://a.test/教育/彩票",
        "http://a.test/%ff%fe%",
        "http://a.test/\ud800",
        "",
    ],
)
def test_words_inside_other_words_and_single_soft_words_are_not(words, url):
    assert words.match(url) is None


def test_how_many_soft_words_are_needed_is_configured(words):
    assert words.match("http://a.test/poker", min_soft_words=1).words == ("poker",)
    assert words.match("http://a.test/poker/casino", min_soft_words=3) is None


def test_a_url_is_read_as_a_person_reads_it():
    assert readable("HTTP://XN--FSQU00A.test/%e8%b5%8c") == "http://例子.test/赌"
    assert readable("http://xn--.test/xn--\u00e9") == "http://xn--.test/xn--é"


def test_the_real_urls_of_ordinary_pages_pass(real_data, words):
    import json

    urls = [
        json.loads(row)["url"]
        for language in ("en", "zh")
        for row in (real_data / "extraction" / language / "manifest.jsonl").open(encoding="utf-8")
    ]
    assert len(urls) > 1300
    assert [url for url in urls if words.match(url)] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[harsh]\nenglish = ['x']", "harsh = {'english': .*: is not a known key"),
        ("[hard]\nfrench = ['x']", "hard.french = .*: is not a known key"),
        ("[hard]\nenglish = 'x'", "hard.english = 'x': "),
        ("[hard]\nenglish = ['']", "hard.english.0 = ''"),
        ("[hard", "words.toml"),
    ],
)
def test_a_malformed_file_is_refused_with_its_place(tmp_path, text, message):
    path = tmp_path / "words.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        read_url_words(path)


def test_an_empty_file_matches_nothing():
    assert UrlWords.of(WordFile()).match("http://porn.test/free-porn") is None


@given(
    st.lists(st.sampled_from(["porn", "free", "bet", "poker", "赌博", "meinv", "-", "/", "1", "x"]))
)
def test_looking_for_any_word_first_loses_none(parts):
    words = read_url_words(locate("url_words.toml"))
    text = readable("".join(parts))
    letters, latin = only_letters(text), frozenset(re.findall("[a-z]+", text))
    found = set().union(*(one.found(latin, letters) for one in words.lists.values()))
    assert words._any.search(letters) or not found


def test_letters_are_the_same_whichever_way_they_are_found():
    text = "".join(map(chr, range(128)))
    assert only_letters(text) == only_letters(text + "例").removesuffix("例")
