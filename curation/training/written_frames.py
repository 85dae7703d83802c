"""Chinese pages made of frames that were written for this project, and of texts.

Few Chinese pages with a known text may be learnt from, of few sites. A frame is a page as a site of
one kind and age serves it, with slots (``written/README.md``): trees learn what stands around a
text in Chinese, in more layouts than there are pages.
"""

from __future__ import annotations

import json
import random
import re
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree
from lxml import html as lxml_html

from curation.training.labelled_pages import LabelledPage
from curation.training.written_texts import read_written
from schemas.page import Page

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

WRITTEN = Path(__file__).with_name("written")
FRAMES = WRITTEN / "frames"
SEED = 1
SIMPLIFIED, TRADITIONAL = "zh", "zh-Hant"
TRADITIONAL_KIND = "traditional"
LINES = (3, 30)
MIN_CHARS = 100
"""The lines of a text in a frame, at least and at most, unless so many are too few characters."""

_TEXT, _MAIN, _REPEAT, _MIDDLE, _BEHIND = "text", "main", "repeat", "middle", "behind"
_INDENT = "\u3000\u3000"
_TOKEN = re.compile(r"\{([a-z]+)\}")
_SENTENCE_END = re.compile(r"(?<=[。！？])")


@dataclass(frozen=True, slots=True)
class Text:
    """A title and the lines below it."""

    title: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Pool:
    """What the slots of a script's frames are filled with."""

    texts: Sequence[Text]
    headlines: Sequence[str]
    words: Mapping[str, Sequence[str]]


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
        line = self.chance.choice(self.chance.choice(self.pool.texts).lines)
        parts = [part for part in _SENTENCE_END.split(line) if part]
        start = self.chance.randrange(len(parts))
        return "".join(parts[start : start + self.chance.randint(1, 2)])


def fill_frames(
    known: Iterable[LabelledPage], each: int, folder: Path = FRAMES
) -> Iterator[LabelledPage]:
    """Each frame ``each`` times, with texts that were written and those of Chinese pages.

    Of ``known`` only the texts are used. A frame is a site of its own. The same pages and frames
    give the same.
    """
    words = tomllib.loads((folder / "words.toml").read_text("utf-8"))
    pools = {script: Pool(*parts, words[script]) for script, parts in _read_texts(known).items()}
    for path in sorted((folder / "zh").glob("*.html")):
        source = path.read_text("utf-8")
        script = TRADITIONAL if f'lang="{TRADITIONAL}"' in source else SIMPLIFIED
        for number in range(each):
            yield _fill(path.stem, source, number, pools[script])


def _read_texts(
    known: Iterable[LabelledPage],
) -> Mapping[str, tuple[Sequence[Text], Sequence[str]]]:
    """Texts and headlines by script."""
    found: dict[str, list[Text]] = {SIMPLIFIED: [], TRADITIONAL: []}
    for one in read_written("zh"):
        if one.is_good and one.is_for_tuning:
            script = TRADITIONAL if one.kind == TRADITIONAL_KIND else SIMPLIFIED
            if len(one.text) > MIN_CHARS:
                found[script].append(Text(one.title, _lines_of(one.text)))
    for page in known:
        if page.language == "zh" and page.truth:
            found[SIMPLIFIED].append(Text("", _lines_of(page.truth)))
    titles = {script: [one.title for one in texts if one.title] for script, texts in found.items()}
    titles[SIMPLIFIED] += [row["text"] for row in _read_rows() if row["form"] == "title"]
    return {script: (texts, titles[script]) for script, texts in found.items()}


def _read_rows() -> Iterator[dict[str, str]]:
    for path in sorted((WRITTEN / "categories" / "zh").glob("*.jsonl")):
        yield from map(json.loads, path.read_text("utf-8").splitlines())


def _lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _fill(name: str, source: str, number: int, pool: Pool) -> LabelledPage:
    chance = random.Random(f"{SEED} {name} {number}")  # noqa: S311 -- no secret
    filling = _Filling(pool, chance, chance.choice(pool.headlines))
    tree = lxml_html.document_fromstring(source)
    while (element := tree.find(f".//*[@{_REPEAT}]")) is not None:
        _copy(element, chance)
    for element in tree.iter("*"):
        _fill_tokens(element, filling)
    for element in list(tree.iter("*")):
        if element.attrib.pop(_MAIN, None) is not None:
            filling.lines += _lines_of("\n".join(element.itertext()))
        elif element.get(_TEXT) in _ELEMENTS:  # a body may name the colour of its text
            _put_text(element, _take_lines(filling), filling)
    body = etree.tostring(tree.getroottree(), encoding="utf-8", method="html")
    page = Page(
        doc_id=f"frame {name} {number}",
        url=f"https://frame-{name}.example/a/{number}.html",
        date="",
        source=name,
        offset=number,
        status=200,
        content_type="text/html",
        http_charset="utf-8",
        body=body,
    )
    return LabelledPage(page, "zh", "frames", "", "\n".join(filling.lines), "written")


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
    text, chance = filling.chance.choice(filling.pool.texts), filling.chance
    count, size = chance.randint(*LINES), list(accumulate(map(len, text.lines)))
    lines = text.lines[: max(count, bisect_left(size, MIN_CHARS) + 1)]
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


def _paragraph(line: str) -> list[Element]:
    return [_element("p", line)]


def _indented(line: str) -> list[Element]:
    return [_element("p", _INDENT + line)]


def _broken(line: str) -> list[Element]:
    """The line as the tail of the second of two breaks."""
    first, second = etree.Element("br"), etree.Element("br")
    second.tail = _INDENT + line
    return [first, second]


def _division(line: str) -> list[Element]:
    return [_element("div", line)]


def _spanned(line: str) -> list[Element]:
    paragraph = etree.Element("p")
    paragraph.append(_element("span", line, style="font-size:14px"))
    return [paragraph]


def _element(tag: str, text: str, **attributes: str) -> Element:
    made = etree.Element(tag, attributes)
    made.text = text
    return made


_ELEMENTS = {
    "p": _paragraph,
    "indent": _indented,
    "br": _broken,
    "div": _division,
    "span": _spanned,
}
"""By the value of ``text``, the elements of a line."""
