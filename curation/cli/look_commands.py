"""What the commands do that look at the pages of finished runs."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click
from rich.console import Console

from curation import storage
from curation.inspect.printable import say
from curation.inspect.run_files import StepRun, load_run, runs_of

if TYPE_CHECKING:
    from curation.inspect.sampling.selection import Selection

_PIPE_WIDTH = 100  # a file or a pipe has no width of its own


def tell_story(
    query: str, root: str, pipeline: str | None, batch: str | None, out: Console
) -> None:
    """Print the story of every capture of a page in the batches that are meant."""
    from curation.inspect.why import lines, tell

    for story in tell(runs_of(root, pipeline, batch), query):
        for line in lines(story):
            say(out, line)


def show_sample(
    run: str,
    wanted: Selection,
    size: int,
    seed: int,
    out_file: str | None,
    out: Console,
    *,
    max_chars: int,
) -> None:
    """Page through a sample of a run, or write it as JSONL or HTML."""
    from curation.inspect.sampling.sample import draw_sample
    from curation.inspect.sampling.shown import (
        html_page,
        json_lines,
        summary_line,
        terminal_pieces,
    )

    is_terminal = sys.stdout.isatty()
    found = draw_sample(_judged(run), wanted, size, seed)
    if out_file is None:
        width = shutil.get_terminal_size().columns if is_terminal else _PIPE_WIDTH
        shown = terminal_pieces(found, width=width, colour=is_terminal, max_chars=max_chars)
        click.echo_via_pager(_ended(shown, f"{summary_line(found)}\n"))
    elif out_file == "-":
        for line in json_lines(found, ascii_only=is_terminal):
            click.echo(line)
    else:
        is_page = out_file.endswith(".html")
        page = html_page(found, f"{run}: {wanted.in_words}", max_chars)
        lines = (f"{line}\n" for line in json_lines(found, ascii_only=False))
        _write(out_file, page if is_page else lines)
        say(out, f"{summary_line(found)}: {out_file}")


def _judged(run: str) -> list[StepRun]:
    return [step for step in load_run(run) if step.manifest.stages]


def _ended(pieces: Iterable[str], last: str) -> Iterable[str]:
    yield from pieces
    yield last


def _write(uri: str, pieces: Iterable[str]) -> None:
    with storage.scratch(uri) as path, path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(piece.encode("utf-8", "replace").decode() for piece in pieces)


def show_whatif(
    run: str, changes: Sequence[str], out: Console, *, samples: int, seed: int, top: int
) -> None:
    """Print what other thresholds would change in a run."""
    from curation.inspect.whatif.changes import read_changes
    from curation.inspect.whatif.outlook import look_ahead
    from curation.inspect.whatif.shown import show_outlook

    steps = _judged(run)
    change = read_changes(steps, changes)
    show_outlook(look_ahead(steps, change, samples=samples, seed=seed), out, top=top)


def show_difference(
    one: str,
    other: str,
    root: str,
    out: Console,
    *,
    samples: int,
    seed: int,
    top: int,
    out_file: str | None,
) -> None:
    """Print how two runs differ, and write the documents that do."""
    from curation.inspect.difference.compare import compare_runs, find_run
    from curation.inspect.difference.shown import json_lines, show

    folders = [find_run(name, root) for name in (one, other)]
    found = compare_runs(*folders, samples=samples, seed=seed)
    show(found, out, top=top)
    if out_file:
        _write(out_file, (f"{line}\n" for line in json_lines(found)))
        say(out, f"{found.changed:,} documents: {out_file}")
