"""What `curate takedown` does: takes out what a list names, or says what would go."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from curation.inspect.printable import printable, say
from curation.spark.session import start_session
from curation.spark.tasks import SparkTasks
from curation.takedown.pipeline import BatchTakedown
from curation.takedown.root import DoneTakedown, carry_out, plan_takedown, read_list

MAX_SHOWN = 50
"""Documents of a batch that are named."""
FEW_HERE = 64
"""Files that one process looks through; for more there are Spark's."""


def take_down(
    takedown_list: str, root: str, master: str | None, out: Console, *, dry_run: bool
) -> None:
    """Take what a list names out of all that a root holds, and tell what went."""
    listed = read_list(takedown_list)
    run = SparkTasks(lambda: start_session({}, master=master), FEW_HERE)
    count = f"{len(listed.entries):,}"
    if dry_run:
        for plan in plan_takedown(run, root, listed):
            _say(out, _lines(plan, "would go"))
        say(out, f"nothing was changed; entries in the list: {count}")
        return
    carry_out(run, root, listed, lambda done: _say(out, _told(done)))
    kept = f"kept for batches to come: {listed.name} ({listed.digest}), {count} entries"
    say(out, printable(kept))


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


def _say(out: Console, lines: Iterator[str]) -> None:
    for line in lines:
        say(out, printable(line))
