"""Run samples of a crawl, in a folder that is gone afterwards, and forecast the run of it all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from curation.run.forecast.model import Measured, forecast_steps
from curation.run.forecast.sample import Sample, draw, plan_of
from curation.run.forecast.whole import Forecast
from curation.run.laps import Lap, Laps
from curation.run.outcome import StepOutcome
from curation.run.plan import Plan
from curation.run.runner import Runner
from curation.storage import manifest


def measure(
    plan: Plan, share: float, seed: int, runner: Runner, report: Callable[[str], object]
) -> Forecast:
    """Run a small sample twice, first cold, then a large one, and forecast the steps to be done.

    ``report`` is made of the last one, for its time. Raises UsageError for a crawl that is too
    small, and whatever a run raises.
    """
    large, small = draw(plan.inputs, share, seed)
    with tempfile.TemporaryDirectory(prefix="curation-forecast-") as folder:
        samples = ((small, "cold"), (small, "warm"), (large, "large"))
        runs = [_run(plan, one, Path(folder, name), runner) for one, name in samples]
        cores, driver_bytes = runner.session.cores, runner.session.driver_bytes
        runner.laps.end("between")
        report(plan_of(plan, large, str(Path(folder, "large"))).batch.folder)
        runner.laps.end("report")
        runner.close()
    cold, warm, last = (
        Measured(one.bytes, steps) for (one, _), steps in zip(samples, runs, strict=True)
    )
    to_do = {step.lap_name for step in plan.all_steps if manifest.load(step.folder) is None}
    steps = forecast_steps(cold, warm, last, large.crawl_bytes)
    usages = [outcome.usage for outcome in last.steps if outcome.usage]
    return Forecast(
        crawl_bytes=large.crawl_bytes,
        sample_bytes=large.bytes,
        sample_pages=last.steps[0].manifest.rows_in,
        sample_cores=cores,
        steps=[step for step in steps if step.name in to_do],
        around=around(runner.laps, plan),
        driver_bytes=driver_bytes,
        worker_bytes=max((usage.workers_bytes or 0 for usage in usages), default=0) // cores,
    )


def around(laps: Laps, plan: Plan) -> dict[str, Lap]:
    """The laps that are no steps and that the whole run will have too."""
    steps = {step.lap_name for step in plan.all_steps}
    return {name: lap for name, lap in laps.ended.items() if name not in {*steps, "between"}}


def _run(plan: Plan, sample: Sample, root: Path, runner: Runner) -> list[StepOutcome]:
    root.mkdir()
    return runner.run(plan_of(plan, sample, str(root)))
