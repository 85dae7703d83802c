"""Run a plan: every step that is not done, checked, with its account shown as it goes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING, Self

from rich.console import Console

from curation.batches.input_record import save_inputs
from curation.batches.lease import lease
from curation.batches.pending import refuse_pending
from curation.batches.records import refuse_unwritable
from curation.batches.remade import going_on, with_remade
from curation.batches.run_record import load_run_record
from curation.errors import UsageError
from curation.parts.opened import open_in_daemon
from curation.run.failures import in_one_line, refuse_quarantined
from curation.run.laps import Laps
from curation.run.observer import Observer
from curation.run.outcome import StepOutcome, StepUsage
from curation.run.plan import Plan, PlannedOutput, PlannedStep
from curation.run.session import RunSession, Start
from curation.spark.memory_watch import MemoryWatch
from curation.spark.processes import workers_now
from curation.spark.progress import PageCount, with_progress
from curation.spark.progress_display import Reached, TasksDone
from curation.spark.stage_totals import StageTotals, stage_totals
from curation.storage import manifest
from curation.storage.integrity import refuse_damaged
from curation.storage.manifest import Manifest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SETUP, SPARK_START, SPARK_END = "setup", "Spark's start", "Spark's end"
"""Names of laps."""


@dataclass
class Runner:
    """Carries out plans; ``start`` opens the Spark session, once, if a step needs it.

    ``laps`` say where the time went; ``observer`` is told of every step;
    Spark's event log is kept with the run, unless not wanted.
    """

    start: Start
    console: Console
    laps: Laps = field(default_factory=Laps)
    observer: Observer = field(default_factory=Observer)
    keeps_log: bool = True
    session: RunSession = field(init=False)

    def __post_init__(self) -> None:
        self.session = RunSession(self.start, keeps_log=self.keeps_log)

    def run(self, plan: Plan) -> list[StepOutcome]:
        """Do every step in order, and look whether the files of those that are done are there.

        Then those of its phases, whose outcomes are the last. Raises UsageError, QuarantineError,
        LedgerError, DamageError, StorageError or JobError.
        """
        with self._writing(plan):
            outcomes = self._run(plan)
            shared = [replace(one, keys_ahead={}) for one in outcomes[: len(plan.steps) - 1]]
            for phase in plan.phases:
                outcomes += self._run(phase, shared)[len(shared) :]
        return outcomes

    def _run(self, plan: Plan, given: Sequence[StepOutcome] = ()) -> list[StepOutcome]:
        """Do the steps behind those that are ``given``, and its outputs."""
        folder, phase = plan.batch.folder, plan.config.phase
        record = going_on(plan.record(), load_run_record(folder, phase))
        record.save(folder, phase)
        save_inputs(plan.batch.folder, plan.inputs)
        outcomes, to_do = list(given), plan.steps[len(given) :]
        for step, following in zip_longest(to_do, to_do[1:]):
            before = outcomes[-1] if outcomes else None
            outcomes.append(self._judge(plan, step, before, following))
            refuse_quarantined(plan.config.max_quarantine_ratio, [o.manifest for o in outcomes])
        now = with_remade(record, [outcome.manifest for outcome in outcomes])
        if now != record:
            now.save(folder, phase)
        done = {outcome.step.folder: outcome.manifest for outcome in outcomes}
        for planned in plan.outputs:
            outcomes.append(self._make(plan, planned, done[planned.made_of.folder]))
            done[planned.step.folder] = outcomes[-1].manifest
        return outcomes

    def run_one(self, plan: Plan, step: PlannedStep, before: StepOutcome | None) -> Manifest:
        """Do one step that judges, if it is not done."""
        with self._writing(replace(plan, steps=(*plan.steps, step))):
            self._tell_done(plan)
            return self._judge(replace(plan, steps=(step,)), step, before, None).manifest

    def run_output(self, plan: Plan, planned: PlannedOutput) -> Manifest:
        """Make one output, if it is not done. Raises UsageError if what it is made of is not."""
        done = manifest.load(planned.made_of.folder)
        if done is None:
            raise UsageError(
                f"{planned.output.name} is made of what step {planned.made_of.name} writes, which "
                "has not run with this configuration yet: `curate run` it"
            )
        with self._writing(plan):
            self._tell_done(plan, but=planned.step)
            return self._make(plan, planned, done).manifest

    @contextmanager
    def _writing(self, plan: Plan) -> Iterator[None]:
        refuse_unwritable(plan.batch)
        with lease(plan.batch.pipeline_folder, f"a run of batch {plan.batch.name}"):
            refuse_pending(plan.batch.pipeline_folder)
            self.observer.run_started(plan)
            try:
                yield
            except BaseException:
                self.observer.run_ended(well=False)
                raise
            self.observer.run_ended(well=True)

    def _tell_done(self, plan: Plan, but: PlannedStep | None = None) -> None:
        """Tell of the steps that were done before and are not looked at: a watcher has all."""
        for step in plan.steps_with_phases:
            done = manifest.load(step.folder) if step != but else None
            if done is not None:
                self.observer.step_ended(StepOutcome(step, done, cached=True))

    def _judge(
        self,
        plan: Plan,
        step: PlannedStep,
        before: StepOutcome | None,
        following: PlannedStep | None,
    ) -> StepOutcome:
        from curation.run.steps import run_step

        to_do = following if following and manifest.load(following.folder) is None else None
        line = partial(_step_line, step)
        return self._once(
            plan, step, line, lambda spark, pages: run_step(spark, plan, step, before, to_do, pages)
        )

    def _make(self, plan: Plan, planned: PlannedOutput, before: Manifest) -> StepOutcome:
        from curation.run.outputs import run_output

        def make(spark: SparkSession, _: PageCount) -> StepOutcome:
            made = run_output(spark, plan, planned, before)
            return StepOutcome(planned.step, made, cached=False)

        return self._once(plan, planned.step, partial(_output_line, planned), make)

    def _once(
        self,
        plan: Plan,
        step: PlannedStep,
        line: Callable[[Manifest], str],
        work: Callable[[SparkSession, PageCount], StepOutcome],
    ) -> StepOutcome:
        done = manifest.load(step.folder)
        if done is not None:
            refuse_damaged(step.folder, done.all_files())
            outcome, when = StepOutcome(step, done, cached=True), "done before"
            self.laps.end(step.lap_name)
        else:
            outcome = self._work(plan, step, work)
            when = f"{outcome.manifest.seconds:.1f} s"
        self.console.print(
            f"{line(outcome.manifest)}  ({when})", highlight=False, markup=False, soft_wrap=True
        )
        self.session.keep_log()
        self.observer.step_ended(outcome)
        return outcome

    def _work(
        self, plan: Plan, step: PlannedStep, work: Callable[[SparkSession, PageCount], StepOutcome]
    ) -> StepOutcome:
        """Do a step, show how far it is, and say what it took."""
        spark = self._session(plan, step)
        title = f"{step.number:02d}/{plan.all_steps[-1].number:02d} {step.label}"
        group = uuid.uuid4().hex
        memory, workers = MemoryWatch(), Laps(processors=workers_now)
        counted: list[PageCount] = []

        def count(pages: PageCount) -> StepOutcome:
            counted.append(pages)
            return work(spark, pages)

        def look(reached: Reached | TasksDone) -> None:
            memory.look()
            self.observer.look(step, reached)

        self.observer.step_started(step)
        try:
            outcome = with_progress(
                spark.sparkContext, title, count, self.console, group=group, look=look
            )
        except Exception as error:
            self.session.keep_log()
            raise in_one_line(step, error) from error
        totals = stage_totals(spark.sparkContext, group)
        used = workers.end(step.lap_name).processor_s
        usage = self._usage(step, counted[0], memory, used, totals)
        return replace(outcome, usage=usage)

    def _usage(
        self,
        step: PlannedStep,
        pages: PageCount,
        memory: MemoryWatch,
        workers_s: float | None,
        totals: StageTotals,
    ) -> StepUsage:
        return StepUsage(
            lap=self.laps.end(step.lap_name),
            judged_s=pages.processor_s,
            beginnings=pages.beginnings,
            workers_s=workers_s,
            key_bytes=pages.key_bytes,
            peak_bytes=memory.peak_bytes,
            workers_bytes=memory.workers_bytes,
            tasks=totals,
        )

    def _session(self, plan: Plan, first: PlannedStep) -> SparkSession:
        """The session, whose workers share what the steps from the first one on open."""
        if self.session.spark:
            return self.session.spark
        self.laps.end(SETUP)
        with _status(self.console, "starting Spark"):
            spark = self.session.open(plan)
        steps = [first, *plan.steps[first.number :]]
        open_in_daemon(spark, [(step.fingerprint, step.stages) for step in steps])
        self.laps.end(SPARK_START)
        return spark

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        if failure is None:  # or the session ends with the process
            self.close()

    def close(self) -> None:
        """End the session that this runner has started, so that its log is whole."""
        if self.session.close():
            self.laps.end(SPARK_END)


def _status(console: Console, words: str) -> AbstractContextManager[object]:
    """What is going on, on a terminal, as long as it does."""
    return console.status(words) if console.is_terminal else nullcontext()


def _step_line(step: PlannedStep, done: Manifest) -> str:
    return (
        f"{step.number:02d} {step.label:<15} {done.rows_in:>9,} in  {done.keep:>9,} kept  "
        f"{done.remove:>9,} removed  {done.quarantine:>7,} quarantined"
    )


def _output_line(planned: PlannedOutput, done: Manifest) -> str:
    """An output gets documents, or the rows that another one made of them; it says what it made."""
    unit = "rows" if planned.output.made_of else "documents"
    step, made = planned.step, [figure for figure in done.figures if isinstance(figure.value, int)]
    written = f"  {made[0].value:>9,} {made[0].label} written" if made else ""
    return f"{step.number:02d} {step.label:<15} {done.rows_in:>9,} {unit} in{written}"
