"""Every kind of page that the sample crawl holds, and how to make the n-th of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random

from curation.sample_crawl import layout
from curation.sample_crawl.archive import Response
from curation.sample_crawl.faults import FAULTS, FOREIGN, foreign
from curation.sample_crawl.grammar import Telling, load, write_article
from curation.sample_crawl.pages import (
    HOSTS,
    SamplePage,
    article,
    article_page,
    article_url,
    edited,
    html_page,
)

BLOCKED_HOSTS = ("casino-lucky.example", "www.casino-lucky.example", "m.adult-videos.example")
HANGING_SPANS = 60_000


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
        wording = f"{seed}/{kind}/{number}" if kind == "twin" else ""
        text = article(seed, number, wording=wording)
        if kind == "near_duplicate":
            text = edited(text, seed, number)
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


def _list(seed: int, number: int, draw: Random) -> SamplePage:
    numbers = [300_000 + draw.randrange(5_000) * 2 + number % 2 for _ in range(40)]
    titles = [article(seed, n).title for n in numbers]
    language = "en" if number % 2 else "zh"
    url = f"https://www.{HOSTS[language][0]}.example/channel/{number}/"
    return html_page("list", titles[0], layout.list_body(titles), language, url)


def _forum(seed: int, number: int, draw: Random) -> SamplePage:
    text = article(seed, 310_000 + number)
    sentences = [s for p in text.paragraphs for s in re.split(r"(?<=[。.]) ?", p) if s]
    posts = [(f"user{draw.randint(100, 999)}", s[: draw.randint(20, 80)]) for s in sentences]
    language = text.base_language
    url = f"https://bbs.{HOSTS[language][1]}.example/thread-{number}-1-1.html"
    body = layout.forum_body(text.title, posts, language)
    return html_page("forum", text.title, body, language, url)


def _video(seed: int, number: int, draw: Random) -> SamplePage:
    text = article(seed, 320_000 + number)
    language = text.base_language
    url = f"https://v.{HOSTS[language][2]}.example/play/{number}.html"
    body = layout.video_body(text.title, language, draw)
    return html_page("video", text.title, body, language, url)


def _tool(seed: int, number: int, draw: Random) -> SamplePage:
    del seed
    language = "en" if number % 2 else "zh"
    url = f"https://tool.{HOSTS[language][3]}.example/lookup/{number}"
    return html_page("tool", "Tool", layout.tool_body(language, draw), language, url)


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


Maker = Callable[[int, int, Random], SamplePage]
"""The seed, the number of the page among its kind, and a source of chance: one page."""

_NOT_FOUND = b"<html><head><title>404</title></head><body><h1>Not found</h1></body></html>"

KINDS: Mapping[str, tuple[int, Maker]] = {
    "article": (560, _plain_article),
    "traditional": (20, _traditional),
    "exact_duplicate": (60, _repeat("exact_duplicate", "mirror")),
    "near_duplicate": (50, _repeat("near_duplicate", "copycat")),
    "twin": (40, _repeat("twin", "retold")),
    "blocked_host": (40, _blocked),
    **{kind: (8, _fault(kind)) for kind in FAULTS},
    "list": (20, _list),
    "forum": (14, _forum),
    "video": (14, _video),
    "tool": (12, _tool),
    "other_language": (24, _foreign),
    "lying_header": (10, _charset("lying_header")),
    "gb2312": (10, _charset("gb2312")),
    "big5": (6, _charset("big5")),
    "not_found": (16, _answer("not_found", 404, "text/html", _NOT_FOUND)),
    "redirect": (8, _answer("redirect", 301, "text/html", b"")),
    "not_html": (12, _answer("not_html", 200, "application/pdf", b"%PDF-1.4\n%%EOF\n")),
    "empty_body": (4, _answer("empty_body", 200, "text/html", b"")),
}
"""Each kind with its share in a thousand pages and what makes the n-th of it."""
