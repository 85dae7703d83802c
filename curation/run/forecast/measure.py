"""Run samples of a crawl, in a folder that is gone afterwards, and forecast the run of it all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from curation.run.forecast.model import Measured, Samples, WholeCrawl, forecast_steps
from curation.run.forecast.sample import Sample, draw, plan_of
from curation.run.forecast.whole import Forecast
from curation.run.laps import Lap, Laps
from curation.run.outcome import StepOutcome
from curation.run.part_sizes import PartSizing
from curation.run.plan import Plan
from curation.run.runner import Runner
from curation.storage import manifest


def measure(
    plan: Plan, share: float, seed: int, runner: Runner, report: Callable[[str], object]
) -> Forecast:
    """Run a small sample twice, first cold, then a large one, and forecast the steps to be done.

    ``report`` is made of the large one, for its time. Raises UsageError for a crawl that is too
    small, and whatever a run raises.
    """
    large, small = draw(plan.inputs, share, seed)
    with tempfile.TemporaryDirectory(prefix="curation-forecast-") as folder:
        order = {"cold": small, "warm": small, "large": large}
        ran = {
            name: Measured(one.bytes, _run(plan, one, Path(folder, name), runner))
            for name, one in order.items()
        }
        cores, driver_bytes = runner.session.cores, runner.session.driver_bytes
        runner.laps.end("between")
        report(plan_of(plan, large, str(Path(folder, "large"))).batch.folder)
        runner.laps.end("report")
        runner.close()
    samples = Samples(ran["cold"], ran["warm"], ran["large"])
    to_do = {step.lap_name for step in plan.all_steps if manifest.load(step.folder) is None}
    part_bytes = PartSizing(cores, plan.config.part_bytes).of_crawl(large.crawl_bytes)
    crawl = WholeCrawl(large.crawl_bytes, -(-large.crawl_bytes // part_bytes), cores)
    steps = forecast_steps(samples, crawl)
    usages = [outcome.usage for outcome in samples.large.steps if outcome.usage]
    return Forecast(
        crawl_bytes=large.crawl_bytes,
        sample_bytes=large.bytes,
        sample_pages=samples.large.steps[0].manifest.rows_in,
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
