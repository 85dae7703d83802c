"""Index pages: the archive of a blog, a channel of the news, the entries of a directory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from random import Random

from curation.sample_crawl.grammar import Article
from curation.sample_crawl.pages import (
    HOSTS,
    SamplePage,
    article,
    article_url,
    html_page,
    sentences_of,
)
from curation.sample_crawl.scenes import IndexLabels, Teller, load_scenes

SHOWN, TOP, POPULAR = 24, 3, 10
POSTS = 10  # of a blog, on a page of its archive
TEASER_CHARS = {"zh": (40, 70), "en": (90, 160)}
ELLIPSIS = {"zh": "……", "en": "…"}


def listing(seed: int, number: int, draw: Random) -> SamplePage:
    """The ``number``-th index page, Chinese if even: a channel, a portal or a directory."""
    layout = (channel, portal, channel, directory)[number // 2 % 4]
    return _index("list", "channel", layout, seed, number, draw)


def teasers(seed: int, number: int, draw: Random) -> SamplePage:
    """The ``number``-th page of a blog's archive, Chinese if even."""
    return _index("teasers", "archive", archive, seed, number, draw)


def _index(
    kind: str, folder: str, layout: Layout, seed: int, number: int, draw: Random
) -> SamplePage:
    language = "en" if number % 2 else "zh"
    labels = load_scenes(language).index
    teller = Teller(language, f"{seed}/{kind}/{number}")
    entries = [300_000 + draw.randrange(5_000) * 2 + number % 2 for _ in range(SHOWN + POPULAR)]
    links = [Entry(article(seed, n), article_url(seed, n), draw) for n in entries]
    section = labels.sections[number // 2 % len(labels.sections)]
    trail = escape(teller.say(labels.trail, section=section))
    popular = "".join(f"<li>{entry.link}</li>" for entry in links[SHOWN:])
    body = (
        f'<div class="crumbs">{trail}</div>\n<div class="list"><h1>{section}</h1>\n'
        f"{layout(links[:SHOWN], teller, labels)}\n"
        f'<div class="pagination">{teller.say(labels.pages)}</div></div>\n'
        f'<aside class="sidebar"><h3>{labels.popular}</h3><ol>{popular}</ol></aside>'
    )
    url = f"https://www.{HOSTS[language][0]}.example/{folder}/{number}/"
    return html_page(kind, section, body, language, url)


class Entry:
    """An article that an index leads to."""

    def __init__(self, text: Article, url: str, draw: Random) -> None:
        self.link = f'<a href="{url}">{escape(text.title)}</a>'
        language = text.base_language
        start = text.paragraphs[0][: draw.randint(*TEASER_CHARS[language])]
        self.teaser = escape(start, quote=False) + ELLIPSIS[language]
        self.summary = escape(sentences_of(text)[0], quote=False)


Layout = Callable[[Sequence[Entry], Teller, IndexLabels], str]


def archive(entries: Sequence[Entry], teller: Teller, labels: IndexLabels) -> str:
    """Posts of a blog, each with author, date, its first words, a link to the rest, and tags."""
    return "\n".join(
        f'<article class="summary"><h2>{entry.link}</h2>'
        f'<div class="meta">{teller.say(labels.by)} · {teller.say(labels.comments)}</div>'
        f'<p>{entry.teaser} <a class="more" href="#">{labels.more}</a></p>'
        f'<div class="tags">{teller.say(labels.tags)}</div></article>'
        for entry in entries[:POSTS]
    )


def channel(entries: Sequence[Entry], teller: Teller, labels: IndexLabels) -> str:
    """Headlines of the news with dates; the first three have a picture and a teaser."""
    top = "\n".join(
        f'<div class="top"><img src="/t/{place}.jpg" alt=""><h3>{entry.link}</h3>'
        f"<p>{entry.teaser}</p></div>"
        for place, entry in enumerate(entries[:TOP])
    )
    rest = "\n".join(
        f'<li>{entry.link} <span class="date">{teller.say("{date} {clock}")}</span></li>'
        for entry in entries[TOP:]
    )
    return f'{top}\n<h3>{labels.newest}</h3>\n<ul class="news">\n{rest}\n</ul>'


def portal(entries: Sequence[Entry], teller: Teller, labels: IndexLabels) -> str:
    """The front page of a site: the headlines of each section, some of them new today."""
    size = len(entries) // len(labels.sections)
    blocks = []
    for place, section in enumerate(labels.sections):
        rows = "".join(
            f"<li>{entry.link}</li>" for entry in entries[place * size : (place + 1) * size]
        )
        blocks.append(
            f'<div class="block"><h2>{section}</h2><span class="date">{teller.say("{date}")}</span>'
            f'<ul>{rows}</ul><a href="/{place}/">{escape(labels.all)}</a></div>'
        )
    return "\n".join(blocks)


def directory(entries: Sequence[Entry], teller: Teller, labels: IndexLabels) -> str:
    """Entries of a search or a directory, with what they are about."""
    rows = "\n".join(
        f'<div class="result"><h3>{entry.link}</h3><p>{entry.summary}</p>'
        f'<span class="date">{teller.say("{date}")}</span></div>'
        for entry in entries
    )
    return f'<p class="count">{teller.say(labels.results)}</p>\n{rows}'
