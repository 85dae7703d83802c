"""The written cases: all but those that are known to be read wrong are read right."""

from benchmarks.extraction_cases import Case, read_cases
from stages.extract import extract

CAPTIONS = frozenset(
    (
        "conversation-republish-notice",
        "formula-mathjax3-chtml-assistive-en",
        "ghost-casper-read-more",
        "hk-news-app-and-subscribe-lines",
        "interview-squarespace-2020-questions",
        "intext-related-summary-box",
        "mediawiki-vector-infobox-toc-navbox",
        "medium-2017-responses",
        "zh-travel-guide-2021",
    )
)
"""Captions of pictures, which the trees leave out as the truths of English pages do."""

PARTS = frozenset(
    (
        "dictionary-senses-2022",
        "event-tribe-2018",
        "frontpage-nested-layout-zh",
        "funeral-home-obituary",
        "hk-lihkg-hashed-classes",
        "hotel-booking-2016-rooms-facilities",
        "hubspot-essay-section-on-author-kept",
        "journal-pmc-2018-references",
        "list-wikihow-steps-en",
        "magento2-product-lantern",
        "obituary-funeral-home-2019",
        "patient-leaflet-2016",
        "recipe-tips-stay-copyright-goes",
        "thread-hackernews-table",
        "tieba-like-floors-and-nested-replies",
        "zh-poem-with-notes-2020",
        "zh-product-metinfo-2013",
        "zh-recipe-xiachufang-2019",
    )
)
"""Short parts of a page that the trees take for none of its text."""

OTHERS = frozenset(
    (
        "archive-finding-aid-2002-tables",
        "doxygen-fragment-lineno",
        "man2html-manual-page",
        "scoop-kuro5hin-comments",
        "thread-reddit-old",
        "vbulletin3-thread-replies-kept",
    )
)
"""Parts that it takes for some: comments, signatures, links home, numbers of lines."""

KNOWN = CAPTIONS | PARTS | OTHERS


def test_all_other_cases_are_read_right():
    wrong = {
        case.name: faults
        for case in read_cases()
        if (faults := case.faults_of(extract(case.body, url=case.url).text))
    }
    assert {name: faults for name, faults in wrong.items() if name not in KNOWN} == {}
    assert KNOWN - wrong.keys() == set()


def test_what_is_wrong_is_said():
    case = Case("mill", "notice", "seen", "", b"", ("a\nb",), ("ad",))
    assert case.faults_of("a\nb") == []
    assert case.faults_of("a b ad") == ["lost 'a\\nb'", "holds 'ad'"]


def test_cases_have_names_of_their_own_and_something_to_find():
    cases = list(read_cases())
    assert len({case.name for case in cases}) == len(cases)
    assert all(case.must_hold and case.body for case in cases)
