"""`make docs`: write the tables of settings in pages of ``docs`` as the dataclasses have them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from curation.cli.config_tables import our_tables
from curation.cli.config_words import markdown_table

MARK = "<!-- made by `make docs`: "
"""Starts the line above each table, which names it by its heading in a configuration."""
MARK_END = " -->"


def headings_in(page: str) -> list[str]:
    """The tables that a page has."""
    marks = [line for line in page.splitlines() if line.startswith(MARK)]
    return [_heading(mark) for mark in marks]


def with_tables(page: str) -> str:
    """A page in Markdown with every marked table as it must be now.

    Raises ValueError for a mark that names no table.
    """
    known = {table.heading: markdown_table(table.settings) for table in our_tables()}
    return "".join(_with_tables(page.splitlines(keepends=True), known))


def _with_tables(lines: Iterable[str], known: Mapping[str, str]) -> Iterator[str]:
    is_former = False
    for line in lines:
        if is_former and line.startswith("|"):
            continue
        is_former = line.startswith(MARK)
        yield line
        if is_former:
            heading = _heading(line)
            if heading not in known:
                raise ValueError(f"there is no table {heading!r}; known: {', '.join(known)}")
            yield known[heading]


def _heading(mark: str) -> str:
    return mark.strip().removeprefix(MARK).removesuffix(MARK_END)


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        path.write_text(with_tables(path.read_text("utf-8")), "utf-8")
