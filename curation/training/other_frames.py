"""Pages rebuilt from others' parts: Chinese text in the frames of English pages.

There are twenty known English pages for each Chinese one, and sites of all kinds among them.
Classes and layouts are much the same in both languages.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from curation.training.extraction import parse_page
from curation.training.labelled_pages import LabelledPage
from curation.training.page_parts import KINDS, find_main, rebuild
from models.text.letters import letters_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

SEED = 1
NEAR = 15
"""A text is replaced by one of the so many that are next shorter and next longer."""
CHARS_PER_CHAR = 0.35
"""Chinese characters that say as much as an English one."""
_UNREAD = frozenset(("script", "style", "title", "noscript", "template"))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A text in an element: at its beginning, or behind one of its children."""

    text: str
    element: Element
    behind: Element | None

    def replace(self, text: str) -> None:
        """Put another text in its place."""
        if self.behind is None:
            self.element.text = text
        else:
            self.behind.tail = text


@dataclass(frozen=True)
class Pool:
    """Stretches of Chinese text by length: of main texts, of links and of what is neither."""

    main: Sequence[str]
    linked: Sequence[str]
    plain: Sequence[str]

    @classmethod
    def of_pages(cls, pages: Iterable[LabelledPage]) -> Self:
        """What the pages hold, each stretch once."""
        main: set[str] = set()
        linked: set[str] = set()
        plain: set[str] = set()
        for page in pages:
            main |= {line.strip() for line in page.truth.splitlines()}
            tree = parse_page(page.page)
            known = letters_of(page.truth)
            for stretch in _find_stretches(tree) if tree is not None else ():
                if letters_of(stretch.text) not in known:
                    (linked if _is_linked(stretch.element) else plain).add(stretch.text.strip())
        return cls(*(sorted(found - {""}, key=lambda text: (len(text), text))
                     for found in (main, linked, plain)))  # fmt: skip

    def take(self, size: int, texts: Sequence[str], chance: random.Random) -> str:
        """One of the texts that are about so long."""
        place = bisect_left(texts, size, key=len)
        near = texts[max(0, place - NEAR) : place + NEAR]
        return chance.choice(near)


def put_into_frames(pages: Iterable[LabelledPage], count: int) -> Iterator[LabelledPage]:
    """At most ``count`` pages of English sites with Chinese text in the place of their own.

    Main text stands where main text stood, links where links did, each about as long as what it
    replaces. The same pages give the same.
    """
    known = [page for page in pages if page.truth]
    pool = Pool.of_pages(page for page in known if page.language == "zh")
    frames = [page for page in known if page.language == "en" and page.page_type in KINDS]
    if not (pool.main and pool.linked and pool.plain):
        return
    for page in random.Random(SEED).sample(frames, min(count, len(frames))):  # noqa: S311 -- no secret
        rebuilt = _put_into(page, pool)
        if rebuilt:
            yield replace(rebuilt, language="zh")


def _put_into(page: LabelledPage, pool: Pool) -> LabelledPage | None:
    chance = random.Random(f"{SEED} {page.id}")  # noqa: S311 -- no secret
    tree = parse_page(page.page)
    place = find_main(tree, page.truth) if tree is not None else None
    if tree is None or place is None:
        return None
    inside, known = set(place.iter()), letters_of(page.truth)
    lines = []
    for stretch in list(_find_stretches(tree)):
        size = max(1, int(len(stretch.text.strip()) * CHARS_PER_CHAR))
        if stretch.element in inside and letters_of(stretch.text) in known:
            new = pool.take(size, pool.main, chance)
            lines.append(new)
        else:
            texts = pool.linked if _is_linked(stretch.element) else pool.plain
            new = pool.take(size, texts, chance)
        stretch.replace(new)
    return rebuild(page, tree, "\n".join(lines), "zh")


def _find_stretches(tree: Element) -> Iterator[Stretch]:
    """The stretches of text with letters, in the order of the elements that they stand in."""
    for element in tree.iter("*"):
        if element.tag in _UNREAD:
            continue
        for text, child in ((element.text, None), *((child.tail, child) for child in element)):
            if text and letters_of(text):
                yield Stretch(text, element, child)


def _is_linked(element: Element) -> bool:
    return element.tag == "a" or any(True for _ in element.iterancestors("a"))
