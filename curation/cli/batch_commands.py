"""What the commands on batches do: list them, withdraw one, merge what they left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from curation import storage
from curation.batches import merged_state, merging, withdrawal
from curation.batches.lease import lease
from curation.batches.lineage import TracedBatch, trace
from curation.batches.merging import Merge
from curation.batches.records import holds_batches, read_records
from curation.errors import UsageError
from curation.spark.progress import with_progress
from curation.storage import manifest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

StartSession = Callable[[], "SparkSession"]


def choose_pipeline(root: str, name: str | None) -> str:
    """The folder of the one pipeline that is meant. Raises UsageError for none, or several."""
    names = [
        pipeline
        for pipeline in storage.list_names(root)
        if pipeline == name or (name is None and holds_batches(storage.join(root, pipeline)))
    ]
    if not names:
        raise UsageError(f"--root {root}: holds no batch; run one first, or add --pipeline")
    if len(names) > 1:
        raise UsageError(f"--root {root}: holds pipelines {', '.join(names)}; add --pipeline")
    return storage.join(root, names[0])


def show_batches(root: str, pipeline: str | None, out: Console) -> None:
    """Print the batches in their order, what each kept, and whether it is stale."""
    folder = choose_pipeline(root, pipeline)
    table = Table(title=f"Batches of {folder}", title_justify="left")
    for name in ("number", "batch", "in", "kept", "state"):
        table.add_column(name, justify="left" if name in ("batch", "state") else "right")
    for batch in trace(read_records(folder)):
        table.add_row(*_cells(batch))
    out.print(table)
    for plan in merging.plan_merges(folder):
        state = "merged" if plan.done else "to be merged by `curate compact`"
        out.print(f"state of {plan.label}: {_count(plan.batches)}, {state}", highlight=False)


def _cells(traced: TracedBatch) -> list[str]:
    batch, names = traced.record.batch, traced.record.run.steps
    steps = [manifest.load(storage.join(batch.folder, name)) for name in names]
    done = [step for step in steps if step and step.stages]
    rows = [f"{done[0].rows_in:,}", f"{done[-1].keep:,}"] if done else ["", ""]
    state = "up to date"
    if traced.stale:
        state = "stale: a batch before it has gone or changed; run it again"
    elif None in steps:
        state = f"unfinished: step {names[steps.index(None)]} is not done"
    return [str(batch.number), batch.name, *rows, state]


def withdraw_batches(
    root: str,
    pipeline: str | None,
    name: str,
    out: Console,
    *,
    and_later: bool,
    confirm: Callable[[str], bool],
) -> None:
    """Delete a batch, or also all after it, once ``confirm`` has agreed, and tell what is stale."""
    folder = choose_pipeline(root, pipeline)
    names = withdrawal.choose(folder, name, and_later=and_later)
    if not confirm(f"delete {_count(names)} from {folder}: {', '.join(reversed(names))}?"):
        raise UsageError("nothing was withdrawn; add --yes to be asked nothing")
    with lease(folder, f"a withdrawal of {', '.join(names)}"):
        for one in names:
            withdrawal.withdraw(folder, one)
            out.print(f"withdrawn: {one}", highlight=False)
    stale = [batch.name for batch in trace(read_records(folder)) if batch.stale]
    if stale:
        out.print(f"stale now, to be run again in this order: {', '.join(stale)}", highlight=False)


def merge_all(
    root: str, pipeline: str | None, out: Console, err: Console, start: StartSession
) -> None:
    """Merge the state that batches left, for every stage that keeps one."""
    folder = choose_pipeline(root, pipeline)
    plans = merging.plan_merges(folder)
    if not plans:
        out.print("nothing to merge: no stage has the state of two finished batches")
    with lease(folder, "a merge of what batches left"):
        for plan in plans:
            out.print(_merge(plan, err, start), highlight=False, soft_wrap=True)
        merged_state.delete_others(folder, [plan.folder for plan in plans])


def _merge(plan: Merge, err: Console, start: StartSession) -> str:
    batches = _count(plan.batches)
    if plan.done:
        return f"{plan.label}: {batches}, merged before"
    spark = start()
    title = f"merge {plan.label}"
    made = with_progress(spark.sparkContext, title, lambda _: merging.merge(spark, plan), err)
    size = sum(file.bytes for file in made.files) / 2**20
    rows = sum(file.rows for file in made.files)
    return (
        f"{plan.label}: {batches}, {len(plan.state.files):,} files into "
        f"{len(made.files):,} ({rows:,} rows, {size:,.1f} MiB)"
    )


def show_lines(
    root: str,
    pipeline: str | None,
    top: int,
    out_file: str | None,
    out: Console,
    start: StartSession,
) -> None:
    """Print the lines that occur most, or write them to a file."""
    from curation.inspect import frequent_lines, lines_table

    if out_file:
        lines_table.refuse_ending(out_file)
    counts = frequent_lines.find_counts(choose_pipeline(root, pipeline))
    found = frequent_lines.top_lines(start(), counts, top)
    table = lines_table.as_table(found, counts.max_occurrences)
    if out_file:
        lines_table.write(table, out_file)
        out.print(f"{table.num_rows:,} lines: {out_file}", highlight=False, soft_wrap=True)
    else:
        out.print(lines_table.for_terminal(table))


def _count(names: Sequence[str]) -> str:
    return f"{len(names):,} batch{'es' if len(names) != 1 else ''}"
