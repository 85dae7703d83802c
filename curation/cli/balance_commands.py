"""What `curate balance` does: shows a mix as tables, or draws it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.console import Console
from rich.table import Table

from curation.cli.commands import show_output
from curation.cli.plans import find_stage, last_plan, step_before
from curation.config import load_config
from curation.errors import UsageError
from curation.inspect.printable import printable, say
from curation.run.metrics import Metrics
from curation.run.outcome import StepOutcome
from curation.run.plan import Plan, PlannedStep
from curation.run.runner import Runner
from curation.run.session import Start
from stages.balance import Balance
from stages.balance.outlook import NAMES, Outlook


def balance_plan(
    conf: str, root: str, batch: str, phase: str | None, overrides: Sequence[str]
) -> Plan:
    """The plan of a batch's last run with all of its phases, or one.

    Raises UsageError for a phase that there is none of.
    """
    plan = last_plan(load_config(conf, overrides), conf, root, batch)
    if phase is None:
        return plan
    chosen = tuple(one for one in plan.phases if one.config.phase == phase)
    if not chosen:
        known = ", ".join(one.config.phase for one in plan.phases) or "none"
        raise UsageError(f"--phase {phase}: {conf} has no [phases.{phase}]; its phases: {known}")
    return replace(plan, phases=chosen)


def show_mix(
    plan: Plan, conf: str, out: Console, err: Console, *, phase: str | None, start: Start, top: int
) -> None:
    """Print what balance would decide of a batch, and in each phase, or in one that is named."""
    from curation.run.mixing import foresee

    step, stage, before = _balanced(plan, conf)
    mixes = [(plan, step, stage)] if phase is None else []
    mixes += [(one, *_balanced(one, conf)[:2]) for one in plan.phases]
    with Runner(start, err, keeps_log=False) as runner:
        spark = runner.session.open(plan)
        for one, its_step, its_stage in mixes:
            found = foresee(spark, one, its_step, its_stage, before)
            for table in mix_tables(found, one.dataset_name, top):
                out.print(table)
            for note in found.notes():
                say(out, printable(note))


def draw_mix(
    plan: Plan, conf: str, out: Console, err: Console, *, start: Start, metrics: str | None
) -> None:
    """Do balance, its phases and what is made of them, as far as they are not done."""
    _balanced(plan, conf)
    with Runner(start, err, observer=Metrics(metrics)) as runner:
        for outcome in runner.run(plan):
            show_output(outcome.step, outcome.manifest, out)


def mix_tables(outlook: Outlook, name: str, top: int) -> Iterator[Table]:
    """Shares by language, kind and class, and how often tokens are written."""
    for by in NAMES:
        rows = outlook.rows(by)
        shown = rows[:top] if by == "class" else rows
        table = Table(title=f"{name}: tokens by {by}", title_justify="left")
        table.add_column(by)
        for column in ("in the batch", "share", "written of it", "delivered before", "share after"):
            table.add_column(column, justify="right")
        for row in shown:
            table.add_row(
                printable(row.name),
                f"{row.offered:,}",
                f"{float(row.before):.2%}",
                f"{round(row.expected):,}",
                f"{row.delivered:,}",
                f"{float(row.after):.2%}",
            )
        if len(shown) < len(rows):
            table.caption = f"and {len(rows) - len(shown)} more; --top shows them"
            table.caption_justify = "left"
        yield table
    table = Table()
    for column in ("times written", "tokens, each counted once"):
        table.add_column(column, justify="right")
    for times, tokens in enumerate(outlook.tokens_by_copies()):
        table.add_row(str(times), f"{round(tokens):,}")
    yield table


def _balanced(plan: Plan, conf: str) -> tuple[PlannedStep, Balance, StepOutcome]:
    """The step that balances, its stage, and the step before, which is done.

    Raises UsageError where it is not, or balance is not there or first.
    """
    step, place = find_stage(plan, Balance.name, conf)
    stage, before = step.stages[place], step_before(plan, step, Balance.name, conf)
    if not isinstance(stage, Balance) or before is None:
        raise UsageError(f"{conf}: the stage {Balance.name} needs a step before that of its own")
    return step, stage, before
