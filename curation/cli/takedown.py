"""The command that takes pages, sites and captures out of all that a root holds."""

from __future__ import annotations

from collections.abc import Iterator

import click

from curation.cli.options import MASTER, OUT, ROOT, words_for_errors
from curation.inspect.printable import printable, say
from curation.takedown.pipeline import BatchTakedown
from curation.takedown.root import DoneTakedown

MAX_SHOWN = 50
"""Documents of a batch that are named."""
FEW_HERE = 64
"""Files that one process looks through; for more there are Spark's."""


@click.command()
@click.argument("takedown_list", metavar="LIST")
@ROOT
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
@MASTER
@words_for_errors
def takedown(takedown_list: str, root: str, master: str | None, *, dry_run: bool) -> None:
    """Take what LIST names out of all batches and shards of a root, and out of those to come.

    LIST has a line for each URL (that page, however often it was captured), site (a host alone:
    with all below it) or doc_id. A line that is none of these ends it before anything is done.
    """
    from curation.spark.session import start_session
    from curation.spark.tasks import SparkTasks
    from curation.takedown.root import carry_out, plan_takedown, read_list

    listed = read_list(takedown_list)
    run = SparkTasks(lambda: start_session({}, master=master), FEW_HERE)
    if dry_run:
        for plan in plan_takedown(run, root, listed):
            _say(_lines(plan, "would go"))
        _say([f"nothing was changed; entries in the list: {len(listed.entries):,}"])
        return
    carry_out(run, root, listed, lambda done: _say(_told(done)))
    count = len(listed.entries)
    _say([f"kept for batches to come: {listed.name} ({listed.digest}), {count:,} entries"])


def _told(done: DoneTakedown) -> Iterator[str]:
    yield from _lines(done.takedown, "taken down")
    for folder in done.deleted:
        yield f"  deleted, for the next `curate run` or `curate pack` to make again: {folder}"
    if not done.takedown.is_done:
        yield "  verified: whole, and nothing that a list names is left"


def _lines(found: BatchTakedown, verb: str) -> Iterator[str]:
    batch = "/".join(found.batch.folder.rstrip("/").split("/")[-2:])
    if found.is_done:
        yield f"{batch}: nothing to take down"
        return
    going = [one for one in found.found if not one.is_out]
    yield f"{batch}: {len(going):,} documents {verb}"
    for one in going[:MAX_SHOWN]:
        yield f"  {one.url or '(no URL)'} {one.doc_id}: {one.cause}"
    if len(going) > MAX_SHOWN:
        yield f"  and {len(going) - MAX_SHOWN:,} more"
    for step, rows in (*found.steps, *found.outputs):
        count = "made again" if rows is None else f"{rows:,} rows"
        yield f"  {step.name}: {count}"


def _say(lines: Iterator[str] | list[str]) -> None:
    for line in lines:
        say(OUT, printable(line))
