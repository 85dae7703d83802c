"""Pages that are no articles, in words, and what sites put around their texts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from pydantic import TypeAdapter

from curation.sample_crawl.grammar import HOME, Grammar, expand, load

Phrases = tuple[str, ...]
"""Templates in the notation of the grammars."""


@dataclass(frozen=True)
class Thread:
    """What people ask and answer on a board."""

    board: str
    bind: Phrases
    title: Phrases
    question: Phrases
    reply: Phrases
    thanks: Phrases


@dataclass(frozen=True)
class ForumLabels:
    """What a board prints around its posts."""

    home: str
    said: str
    joined: str
    posts: str
    tools: str
    signature: Phrases
    reply_box: str
    send: str
    views: str
    pager: str


@dataclass(frozen=True)
class Video:
    """What is said about a video, and by those who watched it."""

    bind: Phrases
    title: Phrases
    about: Phrases
    comment: Phrases


@dataclass(frozen=True)
class VideoLabels:
    """What a video site prints around its player."""

    site: str
    views: str
    uploader: str
    buttons: str
    comments: str
    upnext: str
    autoplay: str
    more: str
    quality: Phrases
    next_views: str


@dataclass(frozen=True)
class Tool:
    """A form that computes; the options are those of a list to choose from."""

    name: str
    fields: Phrases
    options: Phrases
    button: str
    how: Phrases


@dataclass(frozen=True)
class IndexLabels:
    """What a site prints around its headlines."""

    sections: Phrases
    trail: str
    by: str
    comments: str
    more: str
    all: str
    pages: str
    popular: str
    newest: str
    results: str
    tags: str


@dataclass(frozen=True)
class Unsafe:
    """What a page sells or shouts."""

    subject: str
    title: Phrases
    lines: Phrases


@dataclass(frozen=True)
class Clutter:
    """Lines that stand inside texts and below them."""

    inside: Phrases
    below: Phrases


@dataclass(frozen=True)
class Scenes:
    """All scenes of one language; ``words`` are those that its grammar lacks."""

    words: Mapping[str, Phrases]
    thread: tuple[Thread, ...]
    forum: ForumLabels
    video: tuple[Video, ...]
    video_page: VideoLabels
    tool: tuple[Tool, ...]
    index: IndexLabels
    unsafe: tuple[Unsafe, ...]
    clutter: Clutter
    link_words: Phrases


@cache
def load_scenes(language: str) -> Scenes:
    """The scenes of ``language``: "zh" or "en"."""
    text = (HOME / f"scenes_{language}.toml").read_text(encoding="utf-8")
    return TypeAdapter(Scenes).validate_python(tomllib.loads(text))


@cache
def _grammar(language: str) -> Grammar:
    grammar = load(language)
    return replace(grammar, words={**grammar.words, **load_scenes(language).words})


class Teller:
    """Fills templates, each time with other words but for those that are bound.

    Equal ``facts`` and equal calls give equal phrases.
    """

    def __init__(self, language: str, facts: str, bind: Phrases = ()) -> None:
        self._grammar = _grammar(language)
        self._facts = facts
        self._said = 0
        self._bound: dict[str, str] = {}
        self._bound = {name: self._fill(f"{{{name}}}", {}) for name in bind}

    def say(self, template: str, **values: str) -> str:
        """The template filled, with a capital; ``values`` are words of this call only."""
        phrase = self._fill(template, {**self._bound, **values})
        return phrase[:1].upper() + phrase[1:]

    def _fill(self, template: str, bound: Mapping[str, str]) -> str:
        self._said += 1
        key = f"{self._facts}/{self._said}"
        return expand(template, self._grammar, bound, key, key)
