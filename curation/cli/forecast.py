"""`curate plan --forecast`: what a run will take, printed."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from curation.inspect.printable import say
from curation.inspect.report import write_report
from curation.run.forecast.measure import measure
from curation.run.forecast.model import StepForecast
from curation.run.forecast.whole import Forecast
from curation.run.laps import Laps
from curation.run.plan import Plan
from curation.run.runner import Runner
from curation.run.session import Start

HOUR_S = 3600
MIB = 1 << 20


def forecast_of(
    plan: Plan, share: float, seed: int, start: Start, laps: Laps, err: Console
) -> Forecast:
    """Sample the crawl of a plan and forecast its run; what it does is told on ``err``."""
    runner = Runner(start, Console(quiet=True), laps, keeps_log=False)
    words = f"forecast: running samples of {share:.1%} of the crawl in a temporary folder"
    err.print(words, highlight=False)
    return measure(plan, share, seed, runner, lambda folder: write_report(folder, None))


def show_forecast(
    forecast: Forecast, plan: Plan, cores: int, out: Console, *, as_json: bool
) -> None:
    """Print a forecast as tables, or as JSON."""
    if as_json:
        out.file.write(json.dumps(forecast.as_json(cores), indent=1) + "\n")
        return
    out.print(_table(forecast, cores))
    for line in _notes(forecast, plan, cores):
        say(out, line)


def _table(forecast: Forecast, cores: int) -> Table:
    title = f"Forecast on {cores} cores, of {forecast.pages:,.0f} pages"
    table = Table(title=title, title_justify="left")
    for name in ("step", "documents", "fixed", "a page", "processors", "time", "shuffle", "disk"):
        table.add_column(name, justify="left" if name == "step" else "right", no_wrap=True)
    for step in forecast.steps:
        table.add_row(*_cells(step, forecast.pages, cores))
    around = forecast.around.values()
    used = sum(lap.processor_s or 0.0 for lap in around)
    wall = sum(min(lap.seconds, lap.processor_s or lap.seconds) for lap in around)
    table.add_row("around them", "", f"{used:.1f} s", "", f"{used:.1f} s", _time(wall), "", "")
    table.add_section()
    table.add_row(
        "in all",
        "",
        f"{forecast.fixed_s:.1f} s",
        f"{1e6 * (forecast.processor_s - forecast.fixed_s) / forecast.pages:,.0f} us",
        f"{forecast.processor_s:,.1f} s",
        _time(forecast.seconds(cores)),
        _size(sum(step.shuffled_bytes for step in forecast.steps)),
        _size(sum(step.written_bytes for step in forecast.steps)),
    )
    return table


def _cells(step: StepForecast, pages: float, cores: int) -> list[str]:
    return [
        step.name,
        f"{step.documents:,.0f}",
        f"{step.fixed_s:.1f} s",
        f"{1e6 * (step.processor_s - step.fixed_s) / pages:,.0f} us",
        f"{step.processor_s:,.1f} s",
        _time(step.seconds(cores)),
        _size(step.shuffled_bytes),
        _size(step.written_bytes),
    ]


def _notes(forecast: Forecast, plan: Plan, cores: int) -> Sequence[str]:
    share = forecast.sample_bytes / forecast.crawl_bytes
    memory = forecast.memory_bytes(cores)
    parts = f"{_size(forecast.driver_bytes)} of Java and the driver"
    parts += f", {_size(forecast.worker_bytes)} of the workers of a core"
    notes = [
        f"{forecast.processor_s / HOUR_S:,.3g} processor hours",
        f"memory {_size(memory)} at most, on one machine: {parts}",
        f"from {forecast.sample_pages:,} pages, {share:.2%} of {_size(forecast.crawl_bytes)}",
        "a sample has fewer copies than its crawl: behind a comparison documents are at most those",
    ]
    if guessed := [step.name for step in forecast.steps if step.is_guess]:
        notes.append(f"taken for linear, as nobody has said how they grow: {', '.join(guessed)}")
    if any(step.earlier and step.earlier.batches for step in plan.steps):
        notes.append("what earlier batches left is not in it: the run is judged against that too")
    return notes


def _time(seconds: float) -> str:
    """Short times in seconds, long ones in hours.

    >>> _time(9.96), _time(7_200)
    ('10.0 s', '2.0 h')
    """
    return f"{seconds / HOUR_S:,.1f} h" if seconds >= HOUR_S else f"{seconds:,.1f} s"


def _size(count: float) -> str:
    """Bytes in MiB, or GiB where there are many.

    >>> _size(1_500_000), _size(3e11)
    ('1.4 MiB', '279.4 GiB')
    """
    return f"{count / MIB / 1024:,.1f} GiB" if count >= 10 << 30 else f"{count / MIB:,.1f} MiB"
