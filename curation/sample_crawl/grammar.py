"""Articles grown from small grammars: the same facts can be told again in other words."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

HOME = Path(__file__).resolve().parent / "grammar"

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(other )?(#?)([^{}]+)\}")


@dataclass(frozen=True)
class Genre:
    """One kind of article: sentence templates for each of its parts."""

    name: str
    folder: str
    bind: tuple[str, ...]
    title: tuple[str, ...]
    opening: tuple[str, ...]
    body: tuple[str, ...]
    closing: tuple[str, ...]


@dataclass(frozen=True)
class Grammar:
    """The words and genres of one language; ``space`` stands between sentences."""

    language: str
    space: str
    words: Mapping[str, tuple[str, ...]]
    genres: tuple[Genre, ...]


@dataclass(frozen=True)
class Article:
    """A finished text: its language and genre, a title and paragraphs of sentences."""

    language: str
    genre: str
    folder: str
    title: str
    paragraphs: tuple[str, ...]

    @property
    def base_language(self) -> str:
        """Which of the tables by language serve it: "zh" for traditional characters too."""
        return self.language.partition("_")[0]


@cache
def load(language: str) -> Grammar:
    """The grammar of ``language``: "zh", "zh_hant" or "en"."""
    data = tomllib.loads((HOME / f"{language}.toml").read_text(encoding="utf-8"))
    words = {name: tuple(values) for name, values in data["words"].items()}
    parts = ("bind", "title", "opening", "body", "closing")
    genres = tuple(
        Genre(g["name"], g["folder"], *(tuple(g[part]) for part in parts)) for g in data["genre"]
    )
    return Grammar(language, " " if language == "en" else "", words, genres)


@dataclass(frozen=True)
class Telling:
    """How an article is told. Equal ``facts`` say the same; ``wording`` chooses the phrases."""

    facts: str
    wording: str


def write_article(grammar: Grammar, genre: Genre, telling: Telling) -> Article:
    """An article of 10 to 15 sentences; equal arguments give the equal article."""
    facts = Random(f"{telling.facts}/plan")  # noqa: S311 - reproducible, not secret
    count = facts.randint(max(1, len(genre.body) - 4), len(genre.body))
    chosen = sorted(facts.sample(range(len(genre.body)), count))
    sizes = [facts.randint(2, 4) for _ in range(count)]
    bound = {
        name: expand(f"{{{name}}}", grammar, {}, f"{telling.facts}/{name}", "")
        for name in genre.bind
    }
    templates = [
        facts.choice(genre.opening),
        *(genre.body[number] for number in chosen),
        facts.choice(genre.closing),
    ]
    sentences = []
    for number, template in enumerate(templates):
        facts_here, wording_here = f"{telling.facts}/{number}", f"{telling.wording}/{number}"
        sentence = expand(template, grammar, bound, facts_here, wording_here)
        sentences.append(sentence[:1].upper() + sentence[1:])
    title = expand(facts.choice(genre.title), grammar, bound, telling.facts, telling.wording)
    title = title[:1].upper() + title[1:]
    paragraphs = _paragraphs(sentences, sizes, grammar.space)
    return Article(grammar.language, genre.name, genre.folder, title, paragraphs)


def expand(
    template: str, grammar: Grammar, bound: Mapping[str, str], facts: str, wording: str
) -> str:
    """One sentence: choices by ``wording`` first, then words and numbers by ``facts``.

    A word that occurs twice in a sentence is another one each time unless it is bound.
    """
    phrases = Random(wording)  # noqa: S311
    while _CHOICE.search(template):
        template = _CHOICE.sub(lambda match: phrases.choice(match[1].split("|")), template)
    seen: Counter[str] = Counter()
    used: dict[str, list[str]] = {}

    def fill(match: re.Match[str]) -> str:
        other, number, name = match.groups()
        seen[name] += 1
        draw = Random(f"{facts}/{name}/{seen[name]}")  # noqa: S311
        if number:
            low, high = name.split("-")
            return str(draw.randint(int(low), int(high)))
        if name in bound and not other:
            return bound[name]
        taken = [*used.get(name, ()), bound.get(name, "")]
        word = draw.choice([word for word in grammar.words[name] if word not in taken])
        used.setdefault(name, []).append(word)
        return word

    while _SLOT.search(template):
        template = _SLOT.sub(fill, template)
    return template


def _paragraphs(sentences: list[str], sizes: list[int], space: str) -> tuple[str, ...]:
    paragraphs, start = [], 0
    for size in sizes:
        if start < len(sentences):
            paragraphs.append(space.join(sentences[start : start + size]))
        start += size
    return tuple(paragraphs)
