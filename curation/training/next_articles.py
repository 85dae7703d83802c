"""Pages rebuilt from others' parts: an article in its own frame, with other sites' articles behind.

Few labelled pages hold a next article, or teasers with summaries, so that trees learn little of
them from pages as they are. The main text of a rebuilt page is its first article's, as before.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from lxml import etree

from curation.training.extraction import parse_page
from curation.training.labelled_pages import LabelledPage
from curation.training.page_parts import KINDS, MIN_LINE_CHARS, find_main, rebuild
from models.main_content.reading.page_elements import read_elements
from stages.extract.page_title import find_title

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

SEED = 1
MAX_LEVELS = 2
"""How far above the element of the main text the next article may stand."""
TEASERS = (2, 4)
_HEADINGS = {
    "en": ("Related posts", "More from this site", "You may also like", "Latest stories"),
    "zh": ("相关阅读", "推荐阅读", "猜你喜欢", "热门文章"),
}


def add_next_articles(pages: Iterable[LabelledPage], count: int) -> Iterator[LabelledPage]:
    """At most ``count`` pages, each an article with more behind it.

    Half have a whole article of another site of their language behind their text, half teasers of
    some. Which is decided by names alone: the same pages give the same.
    """
    by_language: dict[str, list[LabelledPage]] = defaultdict(list)
    for page in pages:
        if page.page_type in KINDS and page.truth:
            by_language[page.language].append(page)
    known = [page for found in by_language.values() for page in found]
    for page in random.Random(SEED).sample(known, min(count, len(known))):  # noqa: S311 -- no secret
        others = [other for other in by_language[page.language] if other.site != page.site]
        if others and (rebuilt := _add_to(page, others)):
            yield rebuilt


def _add_to(page: LabelledPage, others: Sequence[LabelledPage]) -> LabelledPage | None:
    chance = random.Random(f"{SEED} {page.id}")  # noqa: S311 -- no secret
    tree = parse_page(page.page)
    place = find_main(tree, page.truth) if tree is not None else None
    if tree is None or place is None:
        return None
    for _ in range(chance.randint(0, MAX_LEVELS)):
        above = place.getparent()
        if above.tag != "body" and above is not tree:
            place = above
    more = _take_article(others, chance) if chance.getrandbits(1) else _tease(others, chance)
    if more is None:
        return None
    more.tail, place.tail = place.tail, None
    place.addnext(more)
    return rebuild(page, tree, page.truth, "next")


def _take_article(others: Sequence[LabelledPage], chance: random.Random) -> Element | None:
    other = chance.choice(others)
    tree = parse_page(other.page)
    return None if tree is None else find_main(tree, other.truth)


def _tease(others: Sequence[LabelledPage], chance: random.Random) -> Element:
    """A section with titles and beginnings of some articles."""
    some = chance.sample(others, min(len(others), chance.randint(*TEASERS)))
    section = etree.Element("div")
    if chance.getrandbits(1):
        etree.SubElement(section, "h3").text = chance.choice(_HEADINGS[some[0].language])
    label, heading = chance.choice(("post", "item", "box")), chance.choice(("h3", "h4", "div"))
    for page in some:
        tree = parse_page(page.page)
        title = "" if tree is None else find_title(read_elements(tree), page.page.url)
        teaser = etree.SubElement(section, "div", {"class": label})
        link = etree.SubElement(etree.SubElement(teaser, heading), "a", {"href": page.page.url})
        link.text = title
        lines = [line for line in page.truth.splitlines() if len(line) >= MIN_LINE_CHARS]
        for line in lines[: chance.randint(1, 2)]:
            etree.SubElement(teaser, "p").text = line
    return section
