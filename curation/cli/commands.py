"""What the commands do: one code path for the command line and for spark-submit."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from conf.records import OVERRIDE
from curation import storage
from curation.batches.input_record import differences, load_inputs
from curation.batches.records import refuse_other_run
from curation.cli.plans import find_stage, last_plan, plan_over, start_with, step_before
from curation.config import load_config
from curation.errors import UsageError
from curation.inspect.agreement import agreement_of, agreement_table, read_expected
from curation.inspect.funnel import funnel, funnel_table, output_rows
from curation.inspect.printable import printable, say
from curation.inspect.run_files import load_run
from curation.outputs.pack import Pack
from curation.run.ending import ACCOUNT, show_ending
from curation.run.laps import Laps
from curation.run.metrics import Metrics
from curation.run.plan import Plan, PlannedStep
from curation.run.runner import Runner
from curation.sources.inputs.expand import named
from curation.storage import manifest
from curation.storage.manifest import Manifest

MAX_CHANGES = 20
"""Inputs that are not as they were, of which a plan names so many."""


def run_pipeline(
    conf: str,
    inputs: Sequence[str],
    root: str,
    batch: str,
    out: Console,
    err: Console,
    *,
    overrides: Sequence[str] = (),
    master: str | None = None,
    replace: bool = False,
    truth: str | None = None,
    metrics: str | None = None,
    laps: Laps | None = None,
) -> None:
    """Run a pipeline and print its funnel, where the output lies, what is in it, what it took.

    Verdicts are held against those of ``truth``, if it names a file. ``laps`` began when the
    command did.
    """
    laps = laps or Laps()
    laps.end("imports")
    expected = read_expected(truth) if truth else []
    plan = plan_over(load_config(conf, overrides), inputs, root, batch, replace=replace)
    laps.end("plan")
    with Runner(start_with(master), err, laps, Metrics(metrics)) as runner:
        outcomes = runner.run(plan)
    own, of_phases = outcomes[: len(plan.all_steps)], outcomes[len(plan.all_steps) :]
    manifests = [outcome.manifest for outcome in own]
    made_of = {planned.step.name: planned.output.made_of for planned in plan.outputs}
    out.print(funnel_table(funnel(manifests), output_rows(manifests, made_of)))
    _show_skipped(manifests[0], out)
    if expected:
        out.print(agreement_table(agreement_of(load_run(plan.batch.folder), expected)))
    for outcome in (*own[len(plan.steps) :], *of_phases):
        show_output(outcome.step, outcome.manifest, out)
    from curation.inspect.report import write_report

    laps.end(ACCOUNT)
    _say(out, f"report: {write_report(plan.batch.folder, None, expected)}")
    laps.end("report")
    show_ending(outcomes, laps, out)


def show_plan(plan: Plan, out: Console) -> None:
    """Print the steps of a run and which of them are done."""
    table = Table(title=f"{plan.config.name}, batch {plan.batch.name}", title_justify="left")
    for name in ("step", "stages", "fingerprint", "state"):
        table.add_column(name, overflow="fold")
    for step in plan.steps_with_phases:
        done = manifest.load(step.folder)
        state = f"done, {done.keep:,} kept" if done else "to run"
        stages = ", ".join(stage.name for stage in step.stages)
        table.add_row(f"{step.number:02d} {step.label}", stages, step.fingerprint, state)
    size = sum(file.size for file in plan.inputs)
    table.caption = f"{len(plan.inputs):,} files, {size / 2**20:,.1f} MiB; into {plan.batch.folder}"
    table.caption_justify = "left"
    out.print(table)
    _show_changes(plan, out)
    for override in plan.config.overrides:
        _say(out, f"{OVERRIDE} {override}")


def forecast_run(
    plan: Plan,
    out: Console,
    err: Console,
    *,
    master: str | None = None,
    share: float,
    cores: int | None,
    seed: int,
    as_json: bool,
    laps: Laps,
) -> None:
    """Run samples of a crawl in a temporary folder, and print what all of it would take."""
    from curation.cli.forecast import forecast_of, show_forecast

    made = forecast_of(plan, share, seed, start_with(master), laps, err)
    show_forecast(made, plan, cores or made.sample_cores, out, as_json=as_json)


def rerun_stage(
    name: str,
    conf: str,
    root: str,
    batch_name: str,
    out: Console,
    err: Console,
    *,
    overrides: Sequence[str] = (),
    master: str | None = None,
    metrics: str | None = None,
) -> None:
    """Run one stage of a finished run again, as the configuration now has it, beside the run."""
    config = load_config(conf, overrides)
    plan = last_plan(config, conf, root, batch_name)
    step, place = find_stage(plan, name, conf)
    before = step_before(plan, step, name, conf)
    trial = dataclasses.replace(
        step,
        name=f"trial of {name}",
        folder=storage.join(plan.batch.folder, f"trial-{name}-{step.fingerprint}"),
        stages=step.stages[: place + 1],
        descriptions=step.descriptions[: place + 1],
    )
    with Runner(start_with(master), err, observer=Metrics(metrics)) as runner:
        made = runner.run_one(plan, trial, before)
    out.print(funnel_table([row for row in funnel([made]) if row.stage == name]))
    _say(out, f"documents and verdicts: {trial.folder}")


def repair_batch(
    conf: str,
    root: str,
    batch_name: str,
    out: Console,
    err: Console,
    *,
    overrides: Sequence[str] = (),
    master: str | None = None,
    metrics: str | None = None,
) -> None:
    """Do again what is damaged of a batch's last run, and print what that was."""
    from curation.run.repair import repair

    config = load_config(conf, overrides)
    plan = last_plan(config, conf, root, batch_name)
    refuse_other_run(plan.batch, config, named(plan.inputs))
    with Runner(start_with(master), err, observer=Metrics(metrics)) as runner:
        made = repair(plan, runner)
    for name, outcome in made.items():
        _say(out, f"made again: {name}: {outcome.step.folder}")
    if not made:
        _say(out, f"{plan.batch.folder}: nothing is damaged")


def pack_again(
    conf: str,
    root: str,
    batch_name: str,
    out: Console,
    err: Console,
    *,
    tokenizer: str | None = None,
    sequence_length: int | None = None,
    overrides: Sequence[str] = (),
    master: str | None = None,
    metrics: str | None = None,
) -> None:
    """Pack the shards of a finished run, with other settings if any are given."""
    config = load_config(conf, overrides)
    pack = config.outputs.get(Pack.name)
    if not isinstance(pack, Pack):
        raise UsageError(f"{conf}: has no [{Pack.name}] table; add one")
    changed = dataclasses.replace(
        pack,
        tokenizer=tokenizer or pack.tokenizer,
        sequence_length=sequence_length or pack.sequence_length,
    )
    config = dataclasses.replace(config, outputs={**config.outputs, Pack.name: changed})
    plan = last_plan(config, conf, root, batch_name)
    [planned] = [one for one in plan.outputs if one.output is changed]
    with Runner(start_with(master), err, observer=Metrics(metrics)) as runner:
        made = runner.run_output(plan, planned)
    show_output(planned.step, made, out)


def show_keys(conf: str | None, out: Console, *, overrides: Sequence[str] = ()) -> None:
    """Print every key of every table, or those of a configuration with the values that it has.

    Of its phases, those tables in which they differ from it.
    """
    from curation.cli.config_tables import phase_tables, read_tables, tables_of
    from curation.cli.config_words import terminal_table

    config = load_config(conf, overrides) if conf else None
    for table in [*tables_of(config), *phase_tables(config)] if config else read_tables():
        if table.settings:
            out.print(terminal_table(table))


def show_schema(conf: str | None, out: Console, *, overrides: Sequence[str] = ()) -> None:
    """Print the JSON schema of configurations."""
    from curation.cli.config_schema import config_schema

    schema = config_schema(load_config(conf, overrides) if conf else None)
    out.file.write(json.dumps(schema, ensure_ascii=False, indent=1) + "\n")


def _show_changes(plan: Plan, out: Console) -> None:
    """Say which inputs are not those of the last run."""
    former = load_inputs(plan.batch.folder)
    changes = list(differences(former, plan.inputs)) if former else []
    more = len(changes) - MAX_CHANGES
    for line in changes[:MAX_CHANGES] + [f"and {more:,} inputs more"] * (more > 0):
        _say(out, line)


def show_output(step: PlannedStep, made: Manifest, out: Console) -> None:
    """Say where the files of an output lie, and what is in them; a step that judges has none."""
    if not made.stages:
        figures = ", ".join(map(str, made.figures))
        _say(out, f"{step.label}: {step.folder}  ({figures})")


def _show_skipped(first: Manifest, out: Console) -> None:
    if first.skipped:
        counts = ", ".join(f"{kind} {count:,}" for kind, count in sorted(first.skipped.items()))
        _say(out, f"records that are no pages, skipped: {counts}")


def _say(out: Console, line: str) -> None:
    """A line as it is: names of folders may look like markup, and may hold anything."""
    say(out, printable(line))
