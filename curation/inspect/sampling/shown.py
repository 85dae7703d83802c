"""A sample for people: for a terminal, as JSONL, as an HTML file. What pages say does nothing."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from pydantic_core import to_jsonable_python
from rich.console import Console
from rich.text import Text

from curation.inspect.printable import printable
from curation.inspect.sampling.sample import Sampled, SampleResult
from curation.inspect.verdicts import comparisons, nearest

TEMPLATES = Path(__file__).parents[1] / "templates"
_MAX_CUTS = 5


def text_lines(text: str, max_chars: int) -> list[str]:
    """The first characters of a text, line by line, harmless."""
    cut = text[:max_chars] + (" …" if len(text) > max_chars else "")
    return [printable(line) for line in cut.split("\n")]


def _heads(document: Sampled) -> Iterator[tuple[str, str]]:
    """The lines above a text, each with its style on a terminal."""
    row = document.row
    address = row["url"] or f"{row['source']} at {row['offset']:,}"
    yield printable(address), "cyan"
    known = [row.get(name) for name in ("language", "site", "category", "title")]
    yield (
        printable("  ".join([str(row["doc_id"] or "(no id)"), *map(str, filter(None, known))])),
        "dim",
    )
    style = "green" if not document.row["stage"] else "red"
    detail = f": {row['detail']}" if row["detail"] else ""
    yield printable(f"{document.step}: {document.ending}{detail}"), style
    for one in nearest(comparisons(document.limits, row)):
        yield printable(str(one)), "" if one.is_inside else "yellow"
    edits = row["edits"] or []
    for edit in edits[:_MAX_CUTS]:
        yield (
            printable(f"cut by {edit['stage']} ({edit['reason']}): {edit['text'][:200]}"),
            "magenta",
        )
    if len(edits) > _MAX_CUTS:
        yield f"… and {len(edits) - _MAX_CUTS:,} more lines cut", "magenta"


def terminal_pieces(
    sample: SampleResult, *, width: int, colour: bool, max_chars: int
) -> Iterator[str]:
    """The sample for a terminal of that width, document by document, as strings to be written."""
    for number, document in enumerate(sample.documents(), 1):
        out = io.StringIO()
        console = Console(
            file=out,
            width=width,
            force_terminal=colour,
            color_system="standard" if colour else None,
            no_color=not colour,
            legacy_windows=False,
        )
        console.rule(Text(f"{number} of {len(sample.drawn):,}"), align="left")
        for line, style in _heads(document):
            console.print(Text(line, style=style, overflow="fold"))
        for line in text_lines(document.row.get("text") or "", max_chars):
            console.print(Text(f"  {line}", overflow="fold"))
        yield out.getvalue()


def json_lines(sample: SampleResult, *, ascii_only: bool) -> Iterator[str]:
    """The sample as JSON objects: whole rows, with what their step decided."""
    for document in sample.documents():
        record = {"step": document.step, "decision": document.decision, **document.row}
        yield json.dumps(to_jsonable_python(record), ensure_ascii=ascii_only)


def html_page(sample: SampleResult, asked: str, max_chars: int) -> Iterator[str]:
    """The sample as an HTML file that needs nothing else, piece by piece."""
    source = (TEMPLATES / "sample.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    documents = (
        {
            "heads": [(line, style) for line, style in _heads(document)],
            "lines": text_lines(document.row.get("text") or "", max_chars),
        }
        for document in sample.documents()
    )
    yield from environment.from_string(source).generate(
        asked=printable(asked), meant=sample.meant, shown=len(sample.drawn), documents=documents
    )


def summary_line(sample: SampleResult) -> str:
    """How many documents are meant, and how many of them are shown."""
    return f"{len(sample.drawn):,} of {sample.meant:,} documents"
