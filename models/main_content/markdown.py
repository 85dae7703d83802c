"""A main text as Markdown: CommonMark, with the tables of GitHub's.

Rendered, it has the words of the plain text in the same order. Headings, lists in lists,
quotations, code, tables and TeX are marked; emphasis and links are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile

from models.main_content.escapes import escape_cell, escape_heading, escape_line, fence
from models.main_content.main_text import Elements, Line, MainText
from models.main_content.places import Containers, Places, find_places, is_code, level_of

MIN_COLUMNS = 2
QUOTE = "> "


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, heading, table or piece of code: its lines, and what it stands in."""

    lines: Sequence[str]
    containers: Containers
    is_paragraph: bool = False


def render(found: MainText) -> str:
    r"""The text; empty lines part its parts, but not the items of a list that are a line each.

    >>> print(render(MainText.of_texts(["1. Not a list", "a_b *c*"])))
    1\. Not a list
    <BLANKLINE>
    a_b \*c\*
    """
    return "\n".join(_Writer().write(_parts_of(found)))


def _parts_of(found: MainText) -> Iterator[Part]:
    """The parts; the rows of a table are one, and so are the lines of a heading."""
    elements, places = found.elements, find_places(found)
    for (table, heading), group in groupby(
        found.lines, lambda line: _whole_of(line, elements, places)
    ):
        lines = list(group)
        containers = places.containers[lines[0].node]
        if table >= 0 and max(len(line.cells) for line in lines) >= MIN_COLUMNS:
            yield Part(_write_table([line.cells for line in lines]), containers)
        elif heading >= 0:
            marks = "#" * level_of(heading, elements)
            text = escape_heading(" ".join(line.text for line in lines))
            yield Part([f"{marks} {text}"], containers)
        else:
            for line in lines:
                yield from _write_line(line, places.containers[line.node], elements)


def _whole_of(line: Line, elements: Elements, places: Places) -> tuple[int, int]:
    """The table that a line is a row of, and the heading that it is part of; -1 for none."""
    is_row = elements.tag[line.node] == "tr" and line.cells
    return places.table[line.node] if is_row else -1, places.heading[line.node]


def _write_line(line: Line, containers: Containers, elements: Elements) -> Iterator[Part]:
    if is_code(line, elements):
        yield Part(fence(line.text.rstrip(), line.language), containers)
    elif line.is_written:
        for has_text, verses in groupby(map(str.strip, line.text.split("\n")), bool):
            if has_text:
                *ended, last = map(escape_line, verses)
                yield Part([*(f"{verse}\\" for verse in ended), last], containers)
    else:
        yield Part([escape_line(line.text)], containers, is_paragraph=True)


def _write_table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of as many cells each; the first is the head, as every table has one."""
    width = max(map(len, rows))
    head, *body = [[*map(escape_cell, row), *[""] * (width - len(row))] for row in rows]
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * width, *body)]


class _Writer:
    """Puts before each line what begins the containers that it stands in, or continues them."""

    def __init__(self) -> None:
        self.open: Containers = ()
        self.markers: list[str] = []
        self.after_paragraph = False

    def write(self, parts: Iterable[Part]) -> Iterator[str]:
        """The lines of all parts."""
        for number, part in enumerate(parts):
            shared = _count_shared(self.open, part.containers)
            if number and not self._is_tight(part, shared):
                yield _continue(self.markers[:shared]).rstrip()
            begun = [
                self._mark(part.containers, level) for level in range(shared, len(part.containers))
            ]
            first = _continue(self.markers[:shared]) + "".join(begun)
            self.markers[shared:] = begun
            self.open, self.after_paragraph = part.containers, part.is_paragraph
            further = _continue(self.markers)
            for place, line in enumerate(part.lines):
                yield f"{further if place else first}{line}".rstrip(" ")

    def _mark(self, containers: Containers, level: int) -> str:
        """What begins a container; a list behind another has the other mark: they would be one."""
        own = containers[level]
        if own.parent_list < 0:
            return QUOTE
        marks = ".)" if own.number else "-*"
        mark = marks[0]
        if level < len(self.open) and self.open[:level] == containers[:level]:
            before, used = self.open[level], self.markers[level].strip()[-1]
            if used in marks:
                is_other = before.parent_list != own.parent_list
                mark = marks[marks.index(used) ^ is_other]
        return f"{own.number or ''}{mark} "

    def _is_tight(self, part: Part, shared: int) -> bool:
        """Whether no empty line comes before a part: the next item, or the first in an item."""
        if not (self.after_paragraph and part.is_paragraph) or len(part.containers) != shared + 1:
            return False
        own = part.containers[shared]
        if shared < len(self.open):
            return 0 <= own.parent_list == self.open[shared].parent_list
        # Behind a paragraph only a list that begins with 1 needs no empty line (CommonMark, 5.3).
        return own.parent_list >= 0 and shared > 0 and own.number <= 1


def _count_shared(one: Containers, other: Containers) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _continue(markers: Sequence[str]) -> str:
    return "".join(marker if marker == QUOTE else " " * len(marker) for marker in markers)
