"""The account of a run's time: what each second and each second of a processor went into."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from curation.run.laps import Lap, Laps
from curation.run.outcome import StepOutcome

ACCOUNT = "account"
"""The lap of what is printed when the steps are done."""


def show_ending(outcomes: Sequence[StepOutcome], laps: Laps, out: Console) -> None:
    """Print where the time went, lap by lap, and the sum of them: all since ``laps`` began."""
    laps.end(ACCOUNT)
    out.print(time_table(outcomes, laps))
    total = laps.total
    processors = "" if total.processor_s is None else f", {total.processor_s:.1f} s of processors"
    out.print(f"done in {total.seconds:.1f} s{processors}", highlight=False)


def time_table(outcomes: Sequence[StepOutcome], laps: Laps) -> Table:
    """A row for each lap in their order, with pages a second where it was a step that ran now."""
    table = Table(title="Time", title_justify="left")
    for name in ("what", "time", "share", "processors", "pages/s"):
        table.add_column(name, justify="left" if name == "what" else "right", no_wrap=True)
    by_lap = {outcome.step.lap_name: outcome for outcome in outcomes}
    for name, lap in laps.ended.items():
        table.add_row(name, *_cells(lap, laps.total.seconds), _rate(by_lap.get(name), lap))
    table.add_section()
    table.add_row("in all", *_cells(laps.total, laps.total.seconds), "")
    return table


def _cells(lap: Lap, whole: float) -> list[str]:
    used = "" if lap.processor_s is None else f"{lap.processor_s:.1f} s"
    return [f"{lap.seconds:.1f} s", f"{lap.seconds / whole:.0%}" if whole else "", used]


def _rate(outcome: StepOutcome | None, lap: Lap) -> str:
    if outcome is None or not lap.seconds:
        return ""
    return "done before" if outcome.cached else f"{outcome.manifest.rows_in / lap.seconds:,.1f}"
