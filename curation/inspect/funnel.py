"""The funnel: what every stage of a run took, with its reasons, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table

from curation.storage.manifest import Manifest
from schemas.verdict import Decision


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """One stage: documents that reached it, and what became of them.

    ``step_seconds`` is the time of its whole step: stages run together, document by document.
    """

    step: str
    stage: str
    rows_in: int
    keep: int
    removed: tuple[tuple[str, int], ...]
    quarantined: tuple[tuple[str, int], ...]
    step_seconds: float


def funnel(manifests: Sequence[Manifest]) -> list[FunnelRow]:
    """One row for the source and for each stage of the steps that judge, in order."""
    rows: list[FunnelRow] = []
    for number, done in enumerate(m for m in manifests if m.stages):
        named = [stage.name for stage in done.stages]
        others = _by_stage(done)
        names = [*([] if number else ["source"]), *named]
        names += [name for name in others if name not in names]
        left = done.rows_in
        for name in names:
            removed, quarantined = others.get(name, ((), ()))
            gone = sum(n for _, n in removed) + sum(n for _, n in quarantined)
            rows.append(
                FunnelRow(done.step, name, left, left - gone, removed, quarantined, done.seconds)
            )
            left -= gone
    return rows


Reasons = tuple[tuple[str, int], ...]


def _by_stage(done: Manifest) -> dict[str, tuple[Reasons, Reasons]]:
    """What each stage removed and what it quarantined, by reason, the commonest first."""
    found: dict[str, tuple[list[tuple[str, int]], list[tuple[str, int]]]] = {}
    for one in sorted(done.reasons, key=lambda one: (-one.rows, one)):
        removed, quarantined = found.setdefault(one.stage, ([], []))
        into = quarantined if one.decision is Decision.QUARANTINE else removed
        into.append((one.reason, one.rows))
    return {stage: (tuple(gone), tuple(held)) for stage, (gone, held) in found.items()}


def step_times(rows: Sequence[FunnelRow]) -> list[float | None]:
    """The time of each row's step, on the first row of that step only."""
    steps = [(row.step, row.step_seconds) for row in rows]
    return [
        step[1] if step != before else None
        for before, step in zip([None, *steps], steps, strict=False)
    ]


def funnel_table(rows: Sequence[FunnelRow]) -> Table:
    """The funnel for a terminal."""
    table = Table(title="Funnel", title_justify="left")
    for name in ("stage", "in", "kept", "removed", "quarantined"):
        table.add_column(name, justify="left" if name == "stage" else "right", no_wrap=True)
    table.add_column("reasons", overflow="fold", ratio=1)
    table.add_column("step time", justify="right", no_wrap=True)
    for row, seconds in zip(rows, step_times(rows), strict=True):
        removed = sum(count for _, count in row.removed)
        quarantined = sum(count for _, count in row.quarantined)
        reasons = ", ".join(f"{reason} {n:,}" for reason, n in row.removed + row.quarantined)
        time = "" if seconds is None else f"{seconds:.1f} s"
        numbers = [f"{n:,}" for n in (row.rows_in, row.keep, removed, quarantined)]
        table.add_row(row.stage, *numbers, reasons, time)
    if rows:
        table.caption = _sum(rows)
        table.caption_justify = "left"
    return table


def _sum(rows: Sequence[FunnelRow]) -> str:
    removed = sum(count for row in rows for _, count in row.removed)
    quarantined = sum(count for row in rows for _, count in row.quarantined)
    seconds = sum(time or 0 for time in step_times(rows))
    return (
        f"{rows[0].rows_in:,} in = {rows[-1].keep:,} kept + {removed:,} removed + "
        f"{quarantined:,} quarantined, in {seconds:.1f} s"
    )
