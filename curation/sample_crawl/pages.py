"""The pages of the sample crawl: its articles, and the layouts that they stand in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from curation.sample_crawl import layout
from curation.sample_crawl.archive import Response
from curation.sample_crawl.grammar import Article, Telling, expand, load, write_article

HOSTS = {
    "zh": ("qinghe", "baishi", "yunling", "xiushui", "songlin", "jinsha", "hetang", "wanghai"),
    "en": ("harrow", "millbrook", "kestrel", "elmcross", "larkfield", "tarnhill", "oakhurst"),
}
SUBSCRIBE_SHARE = 0.85


@dataclass(frozen=True)
class SamplePage:
    """A captured page and what is true of it. ``of`` is the URL of the page that it repeats."""

    kind: str
    language: str
    response: Response
    of: str = ""


def article(seed: int, number: int, *, wording: str = "") -> Article:
    """The ``number``-th article: Chinese if even, English if odd, the genres in turn.

    ``wording`` tells the same facts in other words.
    """
    grammar = load("zh" if number % 2 == 0 else "en")
    genre = grammar.genres[number // 2 % len(grammar.genres)]
    facts = f"{seed}/article/{number}"
    return write_article(grammar, genre, Telling(facts, wording or facts))


def edited(text: Article, seed: int, number: int) -> Article:
    """The article with a line of an editor before its last paragraph."""
    grammar = load(text.base_language)
    line = {
        "zh": "本文由{person}整理，{place}{#2-28}日摘编。",
        "en": "Edited by {person} in {town}.",
    }
    facts = f"{seed}/edited/{number}"
    added = expand(line[text.base_language], grammar, {}, facts, facts)
    return replace(text, paragraphs=(*text.paragraphs[:-1], added, text.paragraphs[-1]))


def article_url(seed: int, number: int) -> str:
    """Where the ``number``-th article lives."""
    found = article(seed, number)
    hosts = HOSTS[found.base_language]
    return f"https://www.{hosts[number % len(hosts)]}.example/{found.folder}/{1000 + number}.html"


def article_page(
    seed: int, number: int, text: Article, url: str, *, kind: str, of: str = ""
) -> SamplePage:
    """An article in the layout of a site, with the last line that most of them share.

    Layout and last line go with the number, so that what repeats an article repeats them too.
    """
    chance = Random(f"{seed}/subscribe/{number}").random()  # noqa: S311
    body = layout.article_body(text, subscribe=chance < SUBSCRIBE_SHARE, style=number // 2 % 3)
    return html_page(kind, text.title, body, text.base_language, url, of=of)


def html_page(
    kind: str, title: str, body: str, language: str, url: str, *, lang: str = "", of: str = ""
) -> SamplePage:
    """A page around ``body``; ``lang`` is what it claims to be in, if not ``language``."""
    host = url.split("/")[2]
    html = layout.document(title, body, language=language, host=host, lang=lang)
    return SamplePage(kind, lang or language, Response(url, html.encode()), of)
