"""Index pages: the archive of a blog, a channel of the news, the entries of a directory."""

from __future__ import annotations

from collections.abc import Sequence
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
TEASER_CHARS = {"zh": (40, 70), "en": (90, 160)}
ELLIPSIS = {"zh": "……", "en": "…"}


def listing(seed: int, number: int, draw: Random) -> SamplePage:
    """The ``number``-th index page, Chinese if even, in one of three layouts."""
    language = "en" if number % 2 else "zh"
    labels = load_scenes(language).index
    teller = Teller(language, f"{seed}/listing/{number}")
    entries = [300_000 + draw.randrange(5_000) * 2 + number % 2 for _ in range(SHOWN + POPULAR)]
    links = [Entry(article(seed, n), article_url(seed, n), draw) for n in entries]
    section = labels.sections[number // 2 % len(labels.sections)]
    layout = (archive, channel, directory)[number // 2 % 3]
    trail = escape(teller.say(labels.trail, section=section))
    popular = "".join(f"<li>{entry.link}</li>" for entry in links[SHOWN:])
    body = (
        f'<div class="crumbs">{trail}</div>\n<div class="list"><h1>{section}</h1>\n'
        f"{layout(links[:SHOWN], teller, labels)}\n"
        f'<div class="pagination">{teller.say(labels.pages)}</div></div>\n'
        f'<aside class="sidebar"><h3>{labels.popular}</h3><ol>{popular}</ol></aside>'
    )
    url = f"https://www.{HOSTS[language][0]}.example/channel/{number}/"
    return html_page("list", section, body, language, url)


class Entry:
    """An article that an index leads to."""

    def __init__(self, text: Article, url: str, draw: Random) -> None:
        self.link = f'<a href="{url}">{escape(text.title)}</a>'
        language = text.base_language
        start = text.paragraphs[0][: draw.randint(*TEASER_CHARS[language])]
        self.teaser = escape(start, quote=False) + ELLIPSIS[language]
        self.summary = escape(sentences_of(text)[0], quote=False)


def archive(entries: Sequence[Entry], teller: Teller, labels: IndexLabels) -> str:
    """Posts of a blog, each with author, date, its first words and tags."""
    return "\n".join(
        f'<article class="summary"><h2>{entry.link}</h2>'
        f'<div class="meta">{teller.say(labels.by)} · {teller.say(labels.comments)}</div>'
        f"<p>{entry.teaser}</p>"
        f'<div class="tags">{teller.say(labels.tags)}</div></article>'
        for entry in entries
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


def directory(entries: Sequence[Entry], teller: Teller, labels: IndexLabels) -> str:
    """Entries of a search or a directory, with what they are about."""
    rows = "\n".join(
        f'<div class="result"><h3>{entry.link}</h3><p>{entry.summary}</p>'
        f'<span class="date">{teller.say("{date}")}</span></div>'
        for entry in entries
    )
    return f'<p class="count">{teller.say(labels.results)}</p>\n{rows}'
