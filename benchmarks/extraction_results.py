"""How every tool did on every page: made page by page, written to a file, read back from it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from benchmarks.extraction_measures import Measures, measure
from benchmarks.extraction_pages import KnownPage
from benchmarks.extraction_texts import BlockKind
from benchmarks.extraction_tools import Tool

VERSION = 1


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What one tool made of a page: measures, how sure it is if it says so, and processor time."""

    measures: Measures
    confidence: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class PageResult:
    """A page, what it is grouped by, and what each tool made of it."""

    id: str
    site: str
    language: str
    kind: str
    page_type: str
    age: str
    is_held_out: bool
    tools: Mapping[str, ToolResult]

    def value(self, tool: str, name: str) -> float | None:
        """A measure by its name; None if the tool was not asked, or the page has no such."""
        return self.tools[tool].measures.named().get(name) if tool in self.tools else None


def score_page(page: KnownPage, tools: Mapping[str, Tool]) -> PageResult:
    """Ask every tool in turn for the page's main text."""
    found = {}
    for name, tool in tools.items():
        answer = tool(page.labelled.page.body, page.labelled.page.url)
        measures = measure(answer.text, page.truth)
        found[name] = ToolResult(measures, answer.confidence, answer.seconds)
    return PageResult(
        page.labelled.id,
        page.site,
        page.labelled.language,
        page.kind,
        page.labelled.page_type,
        page.age,
        page.is_held_out,
        found,
    )


@contextmanager
def open_results(path: Path | None) -> Iterator[IO[str] | None]:
    """A file for results, begun anew; None for no path."""
    if path is None:
        yield None
    else:
        with path.open("w", encoding="utf-8") as file:
            yield file


def write_result(result: PageResult, file: IO[str] | None) -> None:
    """Write a page as a line of JSON, if there is a file."""
    if file:
        file.write(json.dumps({"version": VERSION, **asdict(result)}, ensure_ascii=False) + "\n")
        file.flush()


def read_results(path: Path) -> list[PageResult]:
    """The pages of a file that ``write_result`` wrote, in its order.

    Raises ValueError, which names file and line, for a line of another version.
    """
    return list(_read_lines(path, path.read_text("utf-8").splitlines()))


def _read_lines(path: Path, lines: Iterable[str]) -> Iterator[PageResult]:
    for number, line in enumerate(lines, 1):
        row = json.loads(line)
        if row.pop("version", None) != VERSION:
            raise ValueError(f"{path}, line {number}: version is not {VERSION}; run it again")
        tools = {}
        for name, given in row.pop("tools").items():
            measures = given.pop("measures")
            for part in ("kept", "leaked"):
                measures[part] = {BlockKind(kind): value for kind, value in measures[part].items()}
            tools[name] = ToolResult(Measures(**measures), **given)
        yield PageResult(**row, tools=tools)
