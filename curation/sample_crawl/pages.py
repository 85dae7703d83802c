"""The pages of the sample crawl: its articles, and the layouts that they stand in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from curation.sample_crawl import layout
from curation.sample_crawl.archive import Response
from curation.sample_crawl.grammar import Article, Telling, expand, load, write_article
from curation.sample_crawl.scenes import load_scenes

HOSTS = {
    "zh": ("qinghe", "baishi", "yunling", "xiushui", "songlin", "jinsha", "hetang", "wanghai"),
    "en": ("harrow", "millbrook", "kestrel", "elmcross", "larkfield", "tarnhill", "oakhurst"),
}
SUBSCRIBE_SHARE = 0.85
MAX_INSERTED = {"zh": 4, "en": 7}
"""Link words that ``reordered`` puts in: Jaccard of 5-grams 0.66, cosine of words 0.97."""


@dataclass(frozen=True)
class SamplePage:
    """A captured page and what is true of it. ``of`` is the URL of the page that it repeats."""

    kind: str
    language: str
    response: Response
    of: str = ""


Maker = Callable[[int, int, Random], SamplePage]
"""The seed, the number of the page among its kind, and a source of chance: one page."""


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


def sentences_of(text: Article) -> list[str]:
    """The sentences of all paragraphs."""
    found = [re.split(r"(?<=[.。！？!?]) ?", paragraph) for paragraph in text.paragraphs]
    return [sentence for parts in found for sentence in parts if sentence]


def reordered(text: Article, seed: int, number: int) -> Article:
    """The article as content farms take one over: sentences shuffled, link words put in.

    Runs of five words break at both, so that MinHash sees little of it; all its words are there.
    """
    language = text.base_language
    draw = Random(f"{seed}/reordered/{number}")  # noqa: S311
    sentences = sentences_of(text)
    draw.shuffle(sentences)
    words = list(load_scenes(language).link_words)
    draw.shuffle(words)
    comma = {"zh": "，", "en": ", "}[language]
    places = [place for place, sentence in enumerate(sentences) if comma in sentence]
    for place, word in zip(places, words[: MAX_INSERTED[language]], strict=False):
        inserted = {"zh": f"，{word}", "en": f", {word}, "}[language]
        sentences[place] = sentences[place].replace(comma, inserted, 1)
    space = "" if language == "zh" else " "
    parts = [sentences[start : start + 3] for start in range(0, len(sentences), 3)]
    return replace(text, paragraphs=tuple(space.join(part) for part in parts))


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
