"""Make again what is damaged of a finished run, and only that.

A step is made again as a whole, from what the step before it kept. It gives the same files, so that
the steps after it stand; where it does not, they are made again too.
"""

from __future__ import annotations

from collections.abc import Mapping

from curation.batches import merged_state
from curation.batches.lease import lease
from curation.errors import RecordError
from curation.run.outcome import StepOutcome
from curation.run.plan import Plan, PlannedStep
from curation.run.runner import Runner
from curation.storage import manifest
from curation.storage.integrity import find_damage
from curation.storage.manifest import Manifest


def repair(plan: Plan, runner: Runner) -> Mapping[str, StepOutcome]:
    """Look at every byte of the plan's steps; do those again that are damaged or were never done.

    Gives the outcome of each of them by its label. Raises what ``Runner.run`` raises.
    """
    with lease(plan.batch.pipeline_folder, f"a repair of batch {plan.batch.name}"):
        return _repair(plan, runner)


def _repair(plan: Plan, runner: Runner) -> Mapping[str, StepOutcome]:
    steps = plan.steps_with_phases
    undone = {step.label: _undo_if_damaged(step) for step in steps}
    merged_state.delete_damaged(plan.batch.pipeline_folder)
    made = {outcome.step.label: outcome for outcome in runner.run(plan)}
    for place, step in enumerate(steps):
        before = undone[step.label]
        if before and before.all_files() != made[step.label].manifest.all_files():
            for later in steps[place + 1 :]:
                manifest.delete(later.folder)
            again = (outcome for outcome in runner.run(plan) if not outcome.cached)
            made |= {outcome.step.label: outcome for outcome in again}
            break
    return {name: outcome for name, outcome in made.items() if not outcome.cached}


def _undo_if_damaged(step: PlannedStep) -> Manifest | None:
    """The manifest of a step that was damaged, and is not done any more."""
    try:
        done = manifest.load(step.folder)
    except RecordError:
        manifest.delete(step.folder)
        return None
    if done is None or not any(find_damage(step.folder, done.all_files(), deep=True)):
        return None
    manifest.delete(step.folder)
    return done
