"""The written cases: all but those that are known to be read wrong are read right."""

from benchmarks.extraction_cases import Case, read_cases
from stages.extract import extract

CAPTIONS = frozenset(("en-escenic-newspaper-2011-full-page",))
"""Captions of pictures that no element and no class names."""

PARTS = frozenset(
    (
        "acalog-2016-course-programme",
        "courseleaf-2018-course-catalogue",
        "dictionary-senses-2022",
        "en-acalog-course-catalog-2014",
        "en-hackernews-2015-thread-nested-tables",
        "en-smf11-2008-signatures-quotes",
        "en-tms-emuseum-object-2018",
        "event-tribe-2018",
        "frontpage-nested-layout-zh",
        "google-patents-2021-patent",
        "hk-lihkg-hashed-classes",
        "hubspot-essay-section-on-author-kept",
        "journal-pmc-2018-references",
        "lemmy-2024-post-with-comment-tree",
        "list-wikihow-steps-en",
        "obituary-funeral-home-2019",
        "recipe-tips-stay-copyright-goes",
        "umbraco-hospital-2019-leaflet",
        "wordpress-wprm-2021-recipe",
        "zh-ecshop-2012-goods-page",
        "zh-flarum-2023-thread",
        "zh-gov-service-2018-accordion-and-dialogs",
        "zh-gushiwen-like-2019-poem",
        "zh-job-vacancy-php-2010-page",
        "zh-leobbs-2002-thread-gbk",
        "zh-poem-with-notes-2020",
        "zh-product-metinfo-2013",
        "zh-tiku-site-2018-exam-question",
        "zh-tw-hugo-papermod-2022-weekly-link-list",
        "zh-tw-recipe-icook-2018-ingredients-steps-tips",
        "zh-xiachufang-like-2021-recipe",
        "zh-zblogphp-2018-linked-list",
        "zht-drupal8-2020-museum-object",
    )
)
"""Short parts of a page that the trees take for none of its text."""

OTHERS = frozenset(
    (
        "archive-finding-aid-2002-tables",
        "ecfr-2021-regulation-section",
        "en-joomla15-2009-service-page-modules",
        "en-latex2html-2002-alt-tex",
        "en-magento1-2014-product-upsell-tags",
        "en-man2html-2005-manual-page",
        "en-old-reddit-2014-selfpost-comments-sidebar",
        "en-smf2-2012-thread-signature-modified",
        "en-ubb-1998-topic-rows",
        "en-wordpress-crayon-2014-code-lines",
        "invision4-2018-topic",
        "livejournal-2008-comment-bars",
        "man2html-manual-page",
        "ojs-2011-fulltext-sub-sup-shy",
        "scoop-kuro5hin-comments",
        "thread-reddit-old",
        "yabb-2002-thread-nested-tables",
        "zh-dvbbs-2004-nested-tables-signature",
        "zh-frontpage-homepage-2001-poem-lines",
        "zh-job-boss-2022",
        "zh-party-paper-portal-2021-notices-and-paragraphs-about-them",
        "zh-portal-netease-2014-notice",
    )
)
"""Parts that it takes for some: comments, signatures, links home, forms, news of the site."""

PARSING = frozenset(("zh-tw-kids-paper-2013-bopomofo-ruby-omitted-end-tags",))
"""Markup that libxml2 nests: ``rb`` in an ``rt`` that is not ended."""

KNOWN = CAPTIONS | PARTS | OTHERS | PARSING


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
