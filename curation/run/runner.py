"""Run a plan: every step that is not done, checked, with its account shown as it goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.console import Console

from curation.batches.input_record import save_inputs
from curation.batches.lease import lease
from curation.batches.records import refuse_unwritable
from curation.errors import DamageError, JobError, QuarantineError, UsageError
from curation.parts.opened import open_in_daemon
from curation.run.outcome import StepOutcome
from curation.run.plan import Plan, PlannedOutput, PlannedStep
from curation.spark.java import java_has_ended
from curation.spark.progress import PageCount, with_progress
from curation.storage import manifest
from curation.storage.faults import is_storage_fault, storage_error
from curation.storage.integrity import refuse_damaged
from curation.storage.manifest import Manifest
from schemas.verdict import Decision

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DAEMON_SAID, DAEMON_SAID_END = "Error from python worker:", "PYTHONPATH was:"
"""Between these lines of a Spark stack trace."""
DAMAGE_SAID = f"{DamageError.__module__}.{DamageError.__qualname__}: "


@dataclass
class Runner:
    """Carries out plans; ``start`` opens the Spark session, once, if a step needs it."""

    start: Callable[[Mapping[str, str], str], SparkSession]
    console: Console
    _spark: SparkSession | None = field(default=None, init=False)

    def run(self, plan: Plan) -> list[StepOutcome]:
        """Do every step in order, and look whether the files of those that are done are there.

        Raises UsageError, QuarantineError, LedgerError, DamageError, StorageError or JobError.
        """
        with self._writing(plan):
            return self._run(plan)

    def _run(self, plan: Plan) -> list[StepOutcome]:
        plan.record().save(plan.batch.folder)
        save_inputs(plan.batch.folder, plan.inputs)
        outcomes: list[StepOutcome] = []
        for step, following in zip_longest(plan.steps, plan.steps[1:]):
            before = outcomes[-1] if outcomes else None
            outcomes.append(self._judge(plan, step, before, following))
            refuse_quarantined(plan.config.max_quarantine_ratio, [o.manifest for o in outcomes])
        done = {outcome.step.folder: outcome.manifest for outcome in outcomes}
        for planned in plan.outputs:
            outcomes.append(self._make(plan, planned, done[planned.made_of.folder]))
            done[planned.step.folder] = outcomes[-1].manifest
        return outcomes

    def run_one(
        self, plan: Plan, step: PlannedStep, before: tuple[PlannedStep, Manifest] | None
    ) -> Manifest:
        """Do one step that judges, if it is not done."""
        given = StepOutcome(*before, cached=True) if before else None
        with self._writing(plan):
            return self._judge(replace(plan, steps=(step,)), step, given, None).manifest

    def run_output(self, plan: Plan, planned: PlannedOutput) -> Manifest:
        """Make one output, if it is not done. Raises UsageError if what it is made of is not."""
        done = manifest.load(planned.made_of.folder)
        if done is None:
            raise UsageError(
                f"{planned.output.name} is made of what step {planned.made_of.name} writes, which "
                "has not run with this configuration yet: `curate run` it"
            )
        with self._writing(plan):
            return self._make(plan, planned, done).manifest

    @contextmanager
    def _writing(self, plan: Plan) -> Iterator[None]:
        refuse_unwritable(plan.batch)
        with lease(plan.batch.pipeline_folder, f"a run of batch {plan.batch.name}"):
            yield

    def _judge(
        self,
        plan: Plan,
        step: PlannedStep,
        before: StepOutcome | None,
        following: PlannedStep | None,
    ) -> StepOutcome:
        from curation.run.steps import run_step

        to_do = following if following and manifest.load(following.folder) is None else None
        return self._once(
            plan, step, lambda spark, pages: run_step(spark, plan, step, before, to_do, pages)
        )

    def _make(self, plan: Plan, planned: PlannedOutput, before: Manifest) -> StepOutcome:
        from curation.run.outputs import run_output

        def make(spark: SparkSession, _: PageCount) -> StepOutcome:
            made = run_output(spark, plan, planned, before)
            return StepOutcome(planned.step, made, cached=False)

        return self._once(plan, planned.step, make)

    def _once(
        self, plan: Plan, step: PlannedStep, work: Callable[[SparkSession, PageCount], StepOutcome]
    ) -> StepOutcome:
        done = manifest.load(step.folder)
        if done is not None:
            refuse_damaged(step.folder, done.all_files())
            self._show(step, done, "done before")
            return StepOutcome(step, done, cached=True)
        spark = self._session(plan, step)
        title = f"{step.number:02d} {step.name}"
        try:
            outcome = with_progress(
                spark.sparkContext, title, lambda pages: work(spark, pages), self.console
            )
        except Exception as error:
            raise _in_one_line(step, error) from error
        self._show(step, outcome.manifest, f"{outcome.manifest.seconds:.1f} s")
        return outcome

    def _show(self, step: PlannedStep, done: Manifest, when: str) -> None:
        self.console.print(
            f"{step.number:02d} {step.name:<15} {done.rows_in:>9,} in  {done.keep:>9,} kept  "
            f"{done.remove:>9,} removed  {done.quarantine:>7,} quarantined  ({when})",
            highlight=False,
            soft_wrap=True,
        )

    def _session(self, plan: Plan, first: PlannedStep) -> SparkSession:
        """The session, whose workers share what the steps from the first one on open."""
        if self._spark is None:
            self._spark = self.start(plan.config.spark.settings, plan.config.spark.master)
            steps = [first, *plan.steps[first.number :]]
            open_in_daemon(self._spark, [(step.fingerprint, step.stages) for step in steps])
        return self._spark


def refuse_quarantined(max_ratio: float, done: Sequence[Manifest]) -> None:
    """Raise QuarantineError when more of the crawl than allowed could not be judged."""
    rows = done[0].rows_in
    quarantined = sum(one.quarantine for one in done)
    if rows and quarantined / rows > max_ratio:
        reasons = Counter[str]()
        for one in done:
            for found in one.reasons:
                if found.decision is Decision.QUARANTINE:
                    reasons[f"{found.stage}/{found.reason}"] += found.rows
        worst = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))[:5]
        counts = ", ".join(f"{reason} {count:,}" for reason, count in worst)
        raise QuarantineError(
            f"{quarantined:,} of {rows:,} pages are quarantined ({quarantined / rows:.1%}), more "
            f"than max_quarantine_ratio {max_ratio:.1%} allows: {counts}; look at some with "
            "`curate why`, then mend the input or raise the limit and run again"
        )


def _in_one_line(step: PlannedStep, error: Exception) -> Exception:
    """Our own errors as they are, those that a task met with too; Spark's in one line."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    if isinstance(error, OSError) and not isinstance(error, ConnectionError):
        return storage_error(error, f"step {step.name} failed")
    if isinstance(error, (Py4JError, PySparkException, ConnectionError)):
        if java_has_ended():
            return JobError(
                f"step {step.name} failed: Spark's Java process has ended, killed perhaps for want "
                "of memory; run again to resume"
            )
        line = last_line(str(error))
        if line.startswith(DAMAGE_SAID):
            return DamageError(line.removeprefix(DAMAGE_SAID))
        if is_storage_fault(str(error)):
            said = line if is_storage_fault(line) else str(error)
            return storage_error(said, f"step {step.name} failed")
        return JobError(f"step {step.name} failed: {line}; run again to resume")
    return error


def last_line(trace: str) -> str:
    """The line of a Spark stack trace that says what happened in the worker, if one does.

    Or in the process that workers fork from: Spark quotes what that said when it did not start.
    """
    lines = [line.strip() for line in trace.splitlines() if line.strip()]
    if DAEMON_SAID in lines and DAEMON_SAID_END in lines:
        said = lines[lines.index(DAEMON_SAID) + 1 : lines.index(DAEMON_SAID_END)]
        return f"workers did not start: {(said or ['no message'])[-1][:400]}"
    python = [
        line
        for line in lines
        if not line.startswith(("at ", "File ", "...", "Caused by"))
        and ("Error" in line.split(":")[0] or "Exception" in line.split(":")[0])
    ]
    worker = [line for line in python if not line.startswith(("org.", "py4j.", "java."))]
    return (worker or python or lines or ["no message"])[-1][:400]
