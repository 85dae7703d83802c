"""Who is told how a run gets on."""

from __future__ import annotations

from curation.run.outcome import StepOutcome
from curation.run.plan import Plan, PlannedStep
from curation.spark.progress_display import Reached, TasksDone


class Observer:
    """Is told of every step of a run, and does nothing about it: others do."""

    def run_started(self, plan: Plan) -> None:
        """Steps of a plan are going to be done, whichever command wants them."""

    def step_started(self, step: PlannedStep) -> None:
        """A step begins that was not done before."""

    def look(self, step: PlannedStep, reached: Reached | TasksDone) -> None:
        """A step is so far; called a few times a second."""

    def step_ended(self, outcome: StepOutcome) -> None:
        """A step is done, or was found done."""

    def run_ended(self, *, well: bool) -> None:
        """Nothing is done any more: all is, or what was to be done could not be."""
