"""Every kind of page that the sample crawl holds, and how to make the n-th of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from curation.sample_crawl import layout
from curation.sample_crawl.archive import Response
from curation.sample_crawl.cluttered import cluttered
from curation.sample_crawl.faults import FAULTS, FOREIGN, foreign
from curation.sample_crawl.grammar import Telling, load, write_article
from curation.sample_crawl.listings import listing, teasers
from curation.sample_crawl.pages import (
    HOSTS,
    Maker,
    SamplePage,
    article,
    article_page,
    article_url,
    edited,
    html_page,
    reordered,
)
from curation.sample_crawl.threads import thread
from curation.sample_crawl.tools import tool
from curation.sample_crawl.unsafe import unsafe
from curation.sample_crawl.videos import video
from schemas.verdict import Decision

BLOCKED_HOSTS = ("casino-lucky.example", "www.casino-lucky.example", "m.adult-videos.example")
HANGING_SPANS = 60_000
SPREAD = 20
"""Of how many articles one is reordered; others repeat the first ones, which have copies enough."""


def _plain_article(seed: int, number: int, draw: Random) -> SamplePage:
    del draw
    text, url = article(seed, number), article_url(seed, number)
    return article_page(seed, number, text, url, kind="article")


def _traditional(seed: int, number: int, draw: Random) -> SamplePage:
    del draw
    grammar = load("zh_hant")
    facts = f"{seed}/traditional/{number}"
    text = write_article(grammar, grammar.genres[0], Telling(facts, facts))
    url = f"https://www.formosa-notes.example/{text.folder}/{number}.html"
    return article_page(seed, number, text, url, kind="traditional")


def _repeat(kind: str, host: str) -> Maker:
    """Pages that repeat an article: its words, with a line added, or only its facts."""

    def make(seed: int, number: int, draw: Random) -> SamplePage:
        del draw
        if kind == "reordered":
            number = SPREAD * number + number % 2
        wording = f"{seed}/{kind}/{number}" if kind == "twin" else ""
        text = article(seed, number, wording=wording)
        if kind == "near_duplicate":
            text = edited(text, seed, number)
        if kind == "reordered":
            text = reordered(text, seed, number)
        url = f"https://{host}.example/{kind}/{number}"
        original = article_url(seed, number)
        return article_page(seed, number, text, url, kind=kind, of=original)

    return make


def _blocked(seed: int, number: int, draw: Random) -> SamplePage:
    del draw
    host = BLOCKED_HOSTS[number % len(BLOCKED_HOSTS)]
    text = article(seed, 100_000 + number)
    return article_page(seed, number, text, f"https://{host}/page/{number}", kind="blocked_host")


def _fault(kind: str) -> Maker:
    def make(seed: int, number: int, draw: Random) -> SamplePage:
        # English letters survive every charset: only Chinese pages turn to mojibake.
        step = 2 if kind == "mojibake" else 1
        text = article(seed, 200_000 + 1_000 * list(FAULTS).index(kind) + step * number)
        title, paragraphs = FAULTS[kind](text, draw)
        language = text.base_language
        url = f"https://misc-{language}.example/{kind.replace('_', '-')[:4]}/{number}"
        return html_page(kind, title, layout.text_body(title, paragraphs), language, url)

    return make


def _foreign(seed: int, number: int, draw: Random) -> SamplePage:
    del seed
    language = list(FOREIGN)[number % len(FOREIGN)]
    title, paragraphs = foreign(language, draw)
    body = layout.text_body(title, paragraphs)
    url = f"https://www.village-{language}.example/{number}"
    return html_page("other_language", title, body, "en", url, lang=language)


def _charset(kind: str) -> Maker:
    """Chinese bytes that are not UTF-8, said rightly in the page or wrongly in the header."""

    def make(seed: int, number: int, draw: Random) -> SamplePage:
        if kind == "big5":
            page = _traditional(seed, 5_000 + number, draw)
        else:
            text = article(seed, 400_000 + 2 * number + 20_000 * (kind == "gb2312"))
            url = f"https://old-{kind.replace('_', '-')}.example/{text.folder}/{number}.htm"
            page = article_page(seed, number, text, url, kind=kind)
        charset = "big5" if kind == "big5" else "gb2312"
        html = page.response.body.decode().replace('charset="utf-8"', f'charset="{charset}"')
        header = "text/html; charset=utf-8" if kind == "lying_header" else "text/html"
        body = html.encode(charset, "xmlcharrefreplace")
        url = page.response.url.replace("www.formosa-notes", "old-big5")
        response = replace(page.response, url=url, body=body, content_type=header)
        return replace(page, kind=kind, response=response)

    return make


def _answer(kind: str, status: int, content_type: str, body: bytes) -> Maker:
    """An answer that is no page: an error, a redirect, another kind of file, nothing at all."""

    def make(seed: int, number: int, draw: Random) -> SamplePage:
        del seed, draw
        url = f"https://www.{HOSTS['en'][number % 7]}.example/{kind}/{number}"
        return SamplePage(kind, "", Response(url, body, status, content_type))

    return make


def hanging(seed: int, number: int, draw: Random) -> SamplePage:
    """A page that takes an extractor of quadratic time for ever."""
    del draw
    text = article(seed, 500_000 + number)
    body = layout.hanging_body(text, HANGING_SPANS)
    url = f"https://www.{HOSTS['en'][0]}.example/endless/{number}"
    return html_page("hanging", text.title, body, text.base_language, url)


def _lost(kind: str) -> Maker:
    """An article whose record ``crawl`` damages."""

    def make(seed: int, number: int, draw: Random) -> SamplePage:
        del draw
        text, url = article(seed, number), article_url(seed, number)
        return article_page(seed, number, text, url, kind=kind)

    return make


_NOT_FOUND = b"<html><head><title>404</title></head><body><h1>Not found</h1></body></html>"


@dataclass(frozen=True)
class Kind:
    """A kind of page: its share in a thousand, what makes the n-th of it, and its verdict.

    A ``stage`` or ``reason`` of "" may be any.
    """

    share: int
    make: Maker
    decision: Decision = Decision.KEEP
    stage: str = ""
    reason: str = ""


def _removed(share: int, make: Maker, stage: str = "", reason: str = "") -> Kind:
    return Kind(share, make, Decision.REMOVE, stage, reason)


def _faulty(kind: str, stage: str = "rules", reason: str = "") -> Kind:
    return _removed(8, _fault(kind), stage, reason)


KINDS: Mapping[str, Kind] = {
    "article": Kind(526, _plain_article),
    "traditional": Kind(20, _traditional),
    "cluttered": Kind(16, cluttered),
    "exact_duplicate": _removed(60, _repeat("exact_duplicate", "mirror"), "identity", "same_text"),
    "near_duplicate": _removed(
        50, _repeat("near_duplicate", "copycat"), "fuzzy_dedup", "near_copy"
    ),
    "reordered": _removed(
        25, _repeat("reordered", "content-farm"), "semantic_dedup", "same_content"
    ),
    "twin": Kind(25, _repeat("twin", "retold")),
    "blocked_host": _removed(30, _blocked, "url_filter", "blocked_domain"),
    "lorem_ipsum": _faulty("lorem_ipsum", reason="filler_text"),
    "keyword_spam": _faulty("keyword_spam", reason="advertisement"),
    "mojibake": _faulty("mojibake", "language"),
    "code_diff": _faulty("code_diff"),
    "navigation_dump": _faulty("navigation_dump"),
    "too_short": _faulty("too_short", stage=""),
    "repeated_sentence": _faulty("repeated_sentence"),
    "template_remains": _faulty("template_remains", reason="template_remains"),
    "shuffled_words": _faulty("shuffled_words", stage=""),
    "login_wall": _faulty("login_wall"),
    "teasers": _removed(8, teasers, "rules", "teaser_list"),
    "list": _removed(16, listing, reason="list_page"),
    "forum": _removed(14, thread, "page_type", "forum_page"),
    "video": _removed(10, video, "page_type", "video_page"),
    "tool": _removed(12, tool, "page_type", "tool_page"),
    "adult": _removed(6, unsafe("adult"), "page_type", "adult_page"),
    "gambling": _removed(6, unsafe("gambling"), "page_type", "gambling_page"),
    "offence": Kind(6, unsafe("offence")),
    "other_language": _removed(24, _foreign, reason="other_language"),
    "lying_header": Kind(10, _charset("lying_header")),
    "gb2312": Kind(10, _charset("gb2312")),
    "big5": Kind(6, _charset("big5")),
    "not_found": _removed(
        16, _answer("not_found", 404, "text/html", _NOT_FOUND), "source", "status_not_200"
    ),
    "redirect": _removed(8, _answer("redirect", 301, "text/html", b""), "source", "status_not_200"),
    "not_html": _removed(
        12,
        _answer("not_html", 200, "application/pdf", b"%PDF-1.4\n%%EOF\n"),
        *("source", "not_html_or_text"),
    ),
    "empty_body": _removed(4, _answer("empty_body", 200, "text/html", b""), "source", "empty_body"),
    # One of each, wherever ``crawl.plan`` puts it.
    "hanging": _removed(0, hanging, "rules"),
    "damaged": Kind(0, _lost("damaged"), Decision.QUARANTINE, "source", "damaged_record"),
    "truncated": Kind(0, _lost("truncated"), Decision.QUARANTINE, "source", "truncated_file"),
}
