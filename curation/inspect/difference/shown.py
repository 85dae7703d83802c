"""The difference of two runs on a terminal, and as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from curation.inspect.difference.compare import Difference
from curation.inspect.group_table import fill_groups
from curation.inspect.printable import printable_lines, say


def show(found: Difference, out: Console, *, top: int) -> None:
    """Print what the runs were made with, which documents ended otherwise, and some of them."""
    _print(out, f"A {found.runs[0]}\nB {found.runs[1]}")
    if found.settings:
        _print(out, "made with (A | B):")
    for line in found.settings:
        _print(out, f"  {line}")
    if not found.settings:
        _print(out, "made with the same settings, versions, models and inputs")
    _print(out, f"{found.changed:,} of {found.documents:,} documents ended otherwise")
    if not found.changed:
        return
    pairs = sorted(found.transitions.items(), key=lambda pair: (-pair[1], pair[0]))
    for (before, after), count in pairs[:top]:
        _print(out, f"\n{count:,}: {before} -> {after}")
        for example in found.examples[before, after]:
            _print(out, f"  {example.url or '(no URL)'}  {example.doc_id}")
            for mark, detail in (("A", example.detail_before), ("B", example.detail_after)):
                if detail:
                    _print(out, f"      {mark}: {detail}")
    if len(pairs) > top:
        rest = sum(count for _, count in pairs[top:])
        _print(out, f"\n… and {rest:,} documents in {len(pairs) - top:,} other ways")
    out.print(_groups(found, top))


def _groups(found: Difference, top: int) -> Table:
    table = Table(title="documents that ended otherwise", title_justify="left", box=None)
    return fill_groups(table, found.groups, top)


def json_lines(found: Difference) -> Iterator[str]:
    """Every document that ended otherwise."""
    for one in found.changes:
        yield json.dumps(asdict(one), ensure_ascii=False)


def _print(out: Console, text: str) -> None:
    say(out, printable_lines(text))
