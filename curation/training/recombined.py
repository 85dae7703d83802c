"""Pages rebuilt from others' parts: an article in its own frame, with other sites' articles behind.

Few labelled pages hold a next article, or teasers with summaries, so that trees learn little of
them from pages as they are. The main text of a rebuilt page is its first article's, as before.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree

from curation.training.labelled_pages import LabelledPage
from models.main_content.reading.page_elements import read_elements
from stages.extract.charset import decode
from stages.extract.html import parse
from stages.extract.page_title import find_title

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

KINDS = frozenset(("article", "documentation"))
SEED = 1
MIN_LINE_CHARS = 20
MIN_SHARE = 0.9
"""The share of the lines of a text that the element which holds it has."""
MAX_LEVELS = 2
"""How far above that element the next article may stand."""
MAX_TEASERS = 4
_HEADINGS = {
    "en": ("Related posts", "More from this site", "You may also like", "Latest stories"),
    "zh": ("相关阅读", "推荐阅读", "猜你喜欢", "热门文章"),
}


def recombine(pages: Iterable[LabelledPage], count: int) -> Iterator[LabelledPage]:
    """At most ``count`` pages, of articles whose main text stands in one element.

    Half have a whole article of another site of their language behind their text, half teasers of
    some. Which is decided by the pages' names, so that the same pages give the same.
    """
    by_language: dict[str, list[LabelledPage]] = defaultdict(list)
    for page in pages:
        if page.page_type in KINDS and page.truth:
            by_language[page.language].append(page)
    known = [page for found in by_language.values() for page in found]
    chance = random.Random(SEED)  # noqa: S311 -- no secret
    for page in chance.sample(known, min(count, len(known))):
        others = [other for other in by_language[page.language] if other.site != page.site]
        own = random.Random(f"{SEED} {page.id}")  # noqa: S311 -- no secret
        if others and (rebuilt := _rebuild(page, others, own)):
            yield rebuilt


def _rebuild(
    page: LabelledPage, others: Sequence[LabelledPage], chance: random.Random
) -> LabelledPage | None:
    found = _find_main(page)
    if found is None:
        return None
    place = found
    for _ in range(chance.randint(0, MAX_LEVELS)):
        above = place.getparent()
        if above is not None and above.tag != "body":
            place = above
    if chance.random() < 0.5:  # noqa: PLR2004
        more = _find_main(chance.choice(others))
    else:
        some = chance.sample(others, min(len(others), chance.randint(2, MAX_TEASERS)))
        more = _make_teasers(some, chance)
    if more is None or place.getparent() is None:
        return None
    tail, place.tail = place.tail, None
    place.addnext(deepcopy(more))
    place.getnext().tail = tail
    body = etree.tostring(place.getroottree(), encoding="utf-8", method="html")
    served = replace(page.page, doc_id=f"{page.id}+", body=body, http_charset="utf-8")
    return replace(page, page=served)


def _make_teasers(pages: Sequence[LabelledPage], chance: random.Random) -> Element:
    """A section with title and beginning of some articles, each a link."""
    section = etree.Element("div")
    if chance.random() < 0.5:  # noqa: PLR2004
        etree.SubElement(section, "h3").text = chance.choice(_HEADINGS[pages[0].language])
    for page in pages:
        teaser = etree.SubElement(section, "div", {"class": chance.choice(("post", "item", "box"))})
        heading = etree.SubElement(teaser, chance.choice(("h3", "h4", "div")))
        tree = _parse(page)
        title = find_title(read_elements(tree), page.page.url) if tree is not None else ""
        etree.SubElement(heading, "a", {"href": page.page.url}).text = title
        lines = [line for line in page.truth.splitlines() if len(line) >= MIN_LINE_CHARS]
        for line in lines[: chance.randint(1, 2)]:
            etree.SubElement(teaser, "p").text = line
    return section


def _find_main(page: LabelledPage) -> Element | None:
    """The innermost element that holds the main text; None if it is the body, or there is none."""
    tree = _parse(page)
    lines = [line for line in map(_letters, page.truth.splitlines()) if len(line) >= MIN_LINE_CHARS]
    if tree is None or not lines:
        return None
    place = tree
    while True:
        inner = [child for child in place if isinstance(child.tag, str) and _holds(child, lines)]
        if not inner:
            return None if place.tag in {"html", "body"} else place
        place = inner[0]


def _holds(element: Element, lines: Sequence[str]) -> bool:
    text = _letters("".join(element.itertext()))
    return sum(line in text for line in lines) >= MIN_SHARE * len(lines)


def _parse(page: LabelledPage) -> Element | None:
    return parse(decode(page.page.body, page.page.http_charset).text)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
