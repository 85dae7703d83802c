"""A document's text with what was cut from it in its place, line by line.

A stage says of each line that it cut which number it had in the text that the stage was given. So
the lines go back in the reverse order of the stages, and stand where they stood.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curation.inspect.printable import printable
from stages.base import Row

CONTEXT = 2  # lines shown around one that was cut
MAX_CHARS = 1500  # of lines that were not, but for those around cut ones
_CHANGES = frozenset({"privacy"})
"""Stages whose edits are lines that they changed: what they say was there before."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an excerpt: ``stage`` and ``reason`` say who cut it, "" that it is still there.

    ``skipped`` lines, or an unknown number if that is -1, are left out before it.
    """

    text: str
    stage: str = ""
    reason: str = ""
    skipped: int = 0


def excerpt(
    text: str, characters: int, edits: Sequence[Row], length: int = MAX_CHARS
) -> list[Line]:
    r"""The start of a text of so many characters, some ``length`` of it, with its cut lines.

    >>> [line.text for line in excerpt("b\nc", 3, [
    ...     {"stage": "lines", "reason": "often", "line": 0, "text": "a"}])]
    ['a', 'b', 'c']
    """
    lines = [Line(printable(line)) for line in text.split("\n")] if text else []
    whole = len(text) >= characters
    if not whole and lines:
        last = lines.pop()
        lines.append(Line(f"{last.text}…"))
    later: list[Line] = []
    for stage in reversed(list(dict.fromkeys(edit["stage"] for edit in edits))):
        _put_back(lines, later, [edit for edit in edits if edit["stage"] == stage], whole=whole)
    return _shortened(lines, length) + later


def _put_back(lines: list[Line], later: list[Line], edits: Sequence[Row], *, whole: bool) -> None:
    """Insert what one stage cut; what stood below an excerpt goes to ``later``."""
    changed = 0
    for edit in edits:
        cut = Line(printable(edit["text"]), edit["stage"], edit["reason"])
        place = edit["line"] + (changed if edit["stage"] in _CHANGES else 0)
        if place < len(lines) or whole:
            lines.insert(min(place, len(lines)), cut)
            changed += 1
        else:
            later.append(Line(cut.text, cut.stage, cut.reason, skipped=-1))


def _shortened(lines: Sequence[Line], length: int) -> list[Line]:
    """The first lines, those that were cut, and the ones around them."""
    near = {
        place
        for number, line in enumerate(lines)
        if line.stage
        for place in range(number - CONTEXT, number + CONTEXT + 1)
    }
    shown: list[Line] = []
    left, skipped = length, 0
    for number, line in enumerate(lines):
        if left <= 0 and number not in near:
            skipped += 1
            continue
        shown.append(Line(line.text, line.stage, line.reason, skipped))
        left, skipped = left - len(line.text), 0
    return [*shown, Line("", skipped=skipped)] if skipped else shown


def packed(lines: Sequence[Line]) -> list[str | Mapping[str, str | int]]:
    """Lines as the report's data has them: those that are there as they are, others in full."""
    return [
        line.text
        if not line.stage and not line.skipped
        else {"t": line.text, "s": line.stage, "r": line.reason, "n": line.skipped}
        for line in lines
    ]
