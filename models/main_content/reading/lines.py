"""The text of an element that makes its own lines: a row of a table, or code and verse."""

from __future__ import annotations

from typing import Any

from models.main_content.reading import listings, tables
from models.main_content.reading.elements import LINE_BREAKS, RAISED, SKIPPED, is_inline
from models.main_content.reading.listings import Layout
from models.main_content.reading.marks import Marks
from models.main_content.reading.raised import raise_element
from models.main_content.reading.runs import Run
from models.main_content.reading.words import COMMENT

CELLS = frozenset(("td", "th"))


def read_lines(root: Any, run: Run, marks: Marks, layout: Layout) -> None:
    """Add the text of an element to a run; boundaries of blocks in it end lines, or no cell."""
    in_row = layout is Layout.ROW
    are_lines = not in_row and _is_code_by_line(root)
    instead_by_handle, hidden = marks.instead_by_handle, marks.hidden_handles
    _take(root.text, root.tag, run, layout, in_link=False, in_strong=False)
    stack = [(root, iter(root), False, False)]
    while stack:
        element, children, in_link, in_strong = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if stack:
                _leave(element.tag, run, in_row=in_row)
                if are_lines and len(stack) == 1:
                    _end_line(run)
                above, _, in_link, in_strong = stack[-1]
                _take(element.tail, above.tag, run, layout, in_link, in_strong)
            continue
        tag = child.tag
        instead = marks.instead_of(child, tag) if is_inline(tag) else instead_by_handle.get(child)
        if instead is not None:
            run.take(instead, in_link, in_strong)
        elif tag in LINE_BREAKS:
            run.pieces.append(" " if in_row else "\n")
        elif in_row and tag in RAISED and raise_element(child, tag, run, in_link, in_strong):
            pass
        elif child not in hidden and _is_read(child, tag, in_row=in_row):
            _enter(tag, run, in_row=in_row)
            in_link, in_strong = in_link or tag == "a", in_strong or tag in {"b", "strong"}
            _take(child.text, tag, run, layout, in_link, in_strong)
            stack.append((child, iter(child), in_link, in_strong))
            continue
        _take(child.tail, element.tag, run, layout, in_link, in_strong)


def _is_code_by_line(root: Any) -> bool:
    """Whether each element of several in a ``pre`` is a line, or some: nothing else ends one there.

    So WeChat's pages have it, in a ``code`` each, and Medium's, in spans that have an ``id``.
    """
    if root.tag != "pre":
        return False
    children = list(root)
    codes = sum(child.tag == "code" for child in children)
    are_spans = all(child.tag == "span" and child.get("id") for child in children)
    is_by_line = codes > 1 or (are_spans and len(children) > 1)
    return is_by_line and "\n" not in "".join(root.itertext())


def _take(
    text: str | None, tag: str, run: Run, layout: Layout, in_link: bool, in_strong: bool
) -> None:
    if not text or (text.isspace() and _is_between_lines(text, tag, layout)):
        return
    if layout is Layout.FOLDED:
        text = listings.fold_blanks(text)
        if text == " " and run.last()[-1:] in {"", "\n"}:  # the source's, between two lines
            return
    run.take(text, in_link, in_strong)


def _is_between_lines(blanks: str, tag: str, layout: Layout) -> bool:
    """Whether white space in an element of a name is the source's, between what holds lines."""
    if layout is Layout.LINES:
        return "\n" in blanks
    return layout is Layout.WRITTEN and tag in listings.ROWS_OF_LINES


def _is_read(child: Any, tag: Any, *, in_row: bool) -> bool:
    if not isinstance(tag, str) or tag in SKIPPED or tag in {"template", COMMENT}:
        return False
    if in_row or tag == "code":  # whose class asks a highlighter to number the lines
        return True
    is_aside = tag in {"button", "th"} or listings.is_gutter(child.get("class") or "")
    return not (is_aside or listings.offers_copy(child.text or ""))


def _enter(tag: str, run: Run, *, in_row: bool) -> None:
    if is_inline(tag):
        run.links += tag == "a"
    elif in_row:
        run.pieces.append(tables.CELL if tag in CELLS else " ")
    elif tag not in CELLS:
        _end_line(run)
        if tag == "tr":
            run.pieces.append("")  # until there is text, so that one without is an empty line


def _leave(tag: str, run: Run, *, in_row: bool) -> None:
    if is_inline(tag) or tag in CELLS:
        return
    if in_row:
        run.pieces.append(" ")
    elif tag == "tr" and not run.pieces[-1]:
        run.pieces.append("\n")
    else:
        _end_line(run)


def _end_line(run: Run) -> None:
    if run.pieces and run.pieces[-1] and not run.pieces[-1].endswith("\n"):
        run.pieces.append("\n")
