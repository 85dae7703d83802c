"""Pages made of frames that were written for this project, and of texts.

The pages with a known text that may be learnt from are of few Chinese sites, and the English ones
are of few years. A frame is a page as a site of one kind and age serves it, with slots
(``written/README.md``): trees learn what stands around a text, in more layouts than there are
pages.
"""

from __future__ import annotations

import random
import re
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree
from lxml import html as lxml_html

from curation.training.category import written_titles
from curation.training.labelled_pages import LabelledPage, page_of
from curation.training.written_texts import read_written
from models.text.shape import lines_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

FRAMES = Path(__file__).with_name("written") / "frames"
SEED = 1
TRADITIONAL = "zh-Hant"
TRADITIONAL_KIND = "traditional"
TEXT_TYPES = frozenset(("", "article", "documentation"))
"""Of the pages whose texts fill frames: few Chinese ones have a type."""
LINES = (3, 30)
MIN_CHARS = 100
"""The lines of a text in a frame, at least and at most, unless so many are too few characters."""

_TEXT, _MAIN, _REPEAT, _MIDDLE, _BEHIND = "text", "main", "repeat", "middle", "behind"
_INDENT = "\u3000\u3000"
_TOKEN = re.compile(r"\{([a-z]+)\}")
_SENTENCE_END = re.compile(r"(?<=[。！？])|(?<=[.!?])(?= )")
_PROSE = re.compile(r".{20,}[。！？.!?][”」’\"']?")


@dataclass(frozen=True)
class Pool:
    """What the slots of a script's frames are filled with; a text is its lines."""

    texts: Sequence[Sequence[str]]
    headlines: Sequence[str]
    words: Mapping[str, Sequence[str]]

    @cached_property
    def prose(self) -> Sequence[str]:
        """The lines of the texts that are sentences."""
        return [line for text in self.texts for line in text if _PROSE.fullmatch(line)]


@dataclass
class _Filling:
    """One page being filled: where chance stands, and the lines of its main text so far."""

    pool: Pool
    chance: random.Random
    title: str
    lines: list[str] = field(default_factory=list)

    def token(self, match: re.Match[str]) -> str:
        """What stands for a token in braces; itself if it is none."""
        name, chance = match[1], self.chance
        if name in self.pool.words:
            return chance.choice(self.pool.words[name])
        year, month, day = chance.randint(2004, 2024), chance.randint(1, 12), chance.randint(1, 28)
        made: dict[str, Callable[[], str]] = {
            "title": lambda: self.title,
            "headline": lambda: chance.choice(self.pool.headlines),
            "sentence": self.sentence,
            "number": lambda: str(chance.randint(1, 9999)),
            "small": lambda: str(chance.randint(1, 60)),
            "date": lambda: f"{year}-{month:02}-{day:02}",
            "cdate": lambda: f"{year}年{month}月{day}日",
            "time": lambda: f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}",
        }
        return made[name]() if name in made else match[0]

    def sentence(self) -> str:
        """One or two sentences that follow each other."""
        parts = [part for part in _SENTENCE_END.split(self.chance.choice(self.pool.prose)) if part]
        start = self.chance.randrange(len(parts))
        return "".join(parts[start : start + self.chance.randint(1, 2)]).strip()


def fill_frames(
    language: str, known: Iterable[LabelledPage], each: int, folder: Path = FRAMES
) -> Iterator[LabelledPage]:
    """Each frame of a language ``each`` times, with texts that were written and those of pages.

    Of ``known`` only the texts are used, those of articles, documentation and pages without a type.
    A frame is a site of its own. The same pages and frames give the same.
    """
    words = tomllib.loads((folder / "words.toml").read_text("utf-8"))
    mine = [page for page in known if page.language == language and page.truth]
    pools = {
        script: _make_pool(script, mine, words[script])
        for script in words
        if script.startswith(language)
    }
    for path in sorted((folder / language).glob("*.html")):
        source = path.read_text("utf-8")
        script = TRADITIONAL if f'lang="{TRADITIONAL}"' in source else language
        for number in range(each):
            yield _fill(path, source, number, pools[script], language)


def _make_pool(
    script: str, known: Iterable[LabelledPage], words: Mapping[str, Sequence[str]]
) -> Pool:
    """What fills the frames of a script; of known pages, which have no traditional ones, texts."""
    language = script.partition("-")[0]
    is_traditional = script == TRADITIONAL
    written = [
        one
        for one in read_written(language)
        if one.is_good and one.is_for_tuning and len(one.text) > MIN_CHARS
        if (one.kind == TRADITIONAL_KIND) == is_traditional
    ]
    texts = [lines_of(one.text) for one in written]
    headlines = [one.title for one in written if one.title]
    if not is_traditional:
        texts += [lines_of(one.truth) for one in known if one.page_type in TEXT_TYPES]
        headlines += written_titles(language)
    return Pool(texts, headlines, words)


def _fill(path: Path, source: str, number: int, pool: Pool, language: str) -> LabelledPage:
    name = path.stem
    chance = random.Random(f"{SEED} {name} {number}")  # noqa: S311 -- no secret
    filling = _Filling(pool, chance, chance.choice(pool.headlines))
    tree = lxml_html.document_fromstring(source)
    while (element := tree.find(f".//*[@{_REPEAT}]")) is not None:
        _copy(element, chance)
    for node in tree.iter():  # comments too: text stands behind them
        _fill_tokens(node, filling)
    for element in list(tree.iter("*")):
        if element.attrib.pop(_MAIN, None) is not None:
            filling.lines += lines_of("\n".join(element.itertext()))
        elif element.get(_TEXT) in _ELEMENTS:  # a body may name the colour of its text
            _put_text(element, _take_lines(filling), filling)
    body = etree.tostring(tree.getroottree(), encoding="utf-8", method="html")
    url = f"https://frame-{name}.example/a/{number}.html"
    page = page_of(f"frame {name} {number}", url, path, number, body, "utf-8")
    return LabelledPage(page, language, "frames", "", "\n".join(filling.lines), "written")


def _copy(element: Element, chance: random.Random) -> None:
    """So many copies of an element in its place as it asks for."""
    least, _, most = element.attrib.pop(_REPEAT).partition("-")
    parent, copies = element.getparent(), chance.randint(int(least), int(most or least))
    place = parent.index(element)
    parent[place : place + 1] = [deepcopy(element) for _ in range(copies)]


def _fill_tokens(element: Element, filling: _Filling) -> None:
    if element.text:
        element.text = _TOKEN.sub(filling.token, element.text)
    if element.tail:
        element.tail = _TOKEN.sub(filling.token, element.tail)
    for name, value in element.items():
        element.set(name, _TOKEN.sub(filling.token, value))


def _take_lines(filling: _Filling) -> Sequence[str]:
    """Some lines of a text, from its beginning."""
    text = filling.chance.choice(filling.pool.texts)
    count, size = filling.chance.randint(*LINES), list(accumulate(map(len, text)))
    lines = text[: max(count, bisect_left(size, MIN_CHARS) + 1)]
    filling.lines += lines
    return lines


def _put_text(element: Element, lines: Sequence[str], filling: _Filling) -> None:
    """Lines into an element, as it asks for; what it holds stays before, between or behind them."""
    way = element.attrib.pop(_TEXT)
    held = list(element)
    between = [child for child in held if child.attrib.pop(_MIDDLE, None) is not None]
    behind = [child for child in held if child.attrib.pop(_BEHIND, None) is not None]
    made: list[Element] = []
    for line in lines:
        made += _ELEMENTS[way](line)
    for child in between:
        made.insert(filling.chance.randint(1, max(1, len(made))), child)
    before = [child for child in held if child not in between and child not in behind]
    element[:] = [*before, *made, *behind]


def _broken(line: str) -> list[Element]:
    """The line as the tail of the second of two breaks."""
    first, second = etree.Element("br"), etree.Element("br")
    second.tail = _INDENT + line
    return [first, second]


def _spanned(line: str) -> list[Element]:
    paragraph = etree.Element("p")
    paragraph.append(_element("span", line, style="font-size:14px"))
    return [paragraph]


def _element(tag: str, text: str, **attributes: str) -> Element:
    made = etree.Element(tag, attributes)
    made.text = text
    return made


_ELEMENTS: Mapping[str, Callable[[str], list[Element]]] = {
    "p": lambda line: [_element("p", line)],
    "indent": lambda line: [_element("p", _INDENT + line)],
    "br": _broken,
    "div": lambda line: [_element("div", line)],
    "span": _spanned,
}
"""By the value of ``text``, the elements of a line."""
