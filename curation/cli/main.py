"""The command line: every command is one function of the engine and its words."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from curation.cli.balancing import balance
from curation.cli.batches import BATCH_COMMANDS
from curation.cli.examples import show_examples
from curation.cli.history import history
from curation.cli.labels import label
from curation.cli.looking import LOOK_COMMANDS
from curation.cli.options import (
    BATCH,
    ERR,
    MASTER,
    METRICS,
    OUT,
    ROOT,
    SET,
    TRUTH,
    from_here,
    words_for_errors,
)
from curation.cli.push import push
from curation.cli.takedown import takedown
from curation.cli.train import distil, train
from curation.cli.verify import verify
from curation.errors import UsageError
from curation.inspect.printable import say


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="curation", message="%(version)s")
def main() -> None:
    """Turn a web crawl in Chinese and English into pretraining data.

    Exit codes: 0 done; 2 something asked for cannot be; 3 too much was quarantined; 4 the ledger
    does not add up; 5 Spark gave up; 6 a record of a run is damaged or of a newer version;
    7 a file that a step made is gone or damaged; 8 a disk or store failed.
    """


@main.command()
@click.argument("conf")
@click.argument("inputs", nargs=-1, required=True)
@ROOT
@BATCH
@SET
@MASTER
@click.option("--replace", is_flag=True, help="Redo what differs from the batch's last run.")
@TRUTH
@METRICS
@words_for_errors
def run(
    conf: str,
    inputs: Sequence[str],
    root: str,
    batch: str,
    overrides: Sequence[str],
    master: str | None,
    *,
    truth: str | None,
    replace: bool,
    metrics: str | None,
) -> None:
    """Run the pipeline of CONF over INPUTS: files, folders, globs or URIs of a crawl."""
    from curation.run.laps import Laps

    laps = Laps()
    from curation.cli.commands import run_pipeline

    run_pipeline(
        *(conf, inputs, root, batch, OUT, ERR),
        overrides=overrides,
        master=master,
        replace=replace,
        truth=truth,
        metrics=metrics,
        laps=laps,
    )


@main.command()
@click.argument("name")
@click.argument("conf")
@ROOT
@BATCH
@SET
@MASTER
@METRICS
@words_for_errors
def stage(
    name: str,
    conf: str,
    root: str,
    batch: str,
    overrides: Sequence[str],
    master: str | None,
    metrics: str | None,
) -> None:
    """Rerun stage NAME as CONF has it, on what the batch's last run gave it."""
    from curation.cli.commands import rerun_stage

    rerun_stage(
        *(name, conf, root, batch, OUT, ERR),
        overrides=overrides,
        master=master,
        metrics=metrics,
    )


@main.command()
@click.argument("conf")
@click.argument("inputs", nargs=-1, required=True)
@ROOT
@BATCH
@SET
@click.option("--forecast", is_flag=True, help="Run a sample, and say what the run will take.")
@click.option(
    "--sample",
    default=0.01,
    show_default=True,
    type=click.FloatRange(0.001, 0.05),
    help="Of a forecast: the share of the input to be run.",
)
@click.option("--cores", type=click.IntRange(min=1), help="Of a forecast: those of the run.")
@click.option("--seed", default=0, show_default=True, help="Of a forecast: draws another sample.")
@click.option("--json", "as_json", is_flag=True, help="Print the forecast alone, as JSON.")
@MASTER
@words_for_errors
def plan(
    conf: str,
    inputs: Sequence[str],
    root: str,
    batch: str,
    overrides: Sequence[str],
    *,
    forecast: bool,
    sample: float,
    cores: int | None,
    seed: int,
    as_json: bool,
    master: str | None,
) -> None:
    """Show what `run` would do, and which steps are done. Starts nothing, writes nothing.

    With --forecast, samples are run on this machine, in a temporary folder.
    """
    from curation.run.laps import Laps

    laps = Laps()
    from curation.cli.commands import forecast_run, show_plan
    from curation.cli.plans import plan_of

    laps.end("imports")
    planned = plan_of(conf, inputs, root, batch, overrides)
    laps.end("plan")
    if not (forecast and as_json):
        show_plan(planned, OUT)
    if forecast:
        forecast_run(
            *(planned, OUT, ERR),
            master=master,
            share=sample,
            cores=cores,
            seed=seed,
            as_json=as_json,
            laps=laps,
        )


@main.command()
@click.argument("conf", required=False)
@SET
@click.option("--schema", is_flag=True, help="Print the JSON schema that editors read instead.")
@words_for_errors
def config(conf: str | None, overrides: Sequence[str], schema: bool) -> None:
    """Print every key of every stage and output; with CONF, of its own, with their values."""
    from curation.cli.commands import show_keys, show_schema

    if overrides and not conf:
        raise UsageError("--set changes a configuration: name it")
    (show_schema if schema else show_keys)(conf, OUT, overrides=overrides)


@main.command()
@click.argument("conf")
@ROOT
@BATCH
@click.option("--tokenizer", help="Another tokenizer than the configuration's.")
@click.option("--sequence-length", type=click.IntRange(min=2), help="Another length, in tokens.")
@SET
@MASTER
@METRICS
@words_for_errors
def pack(
    conf: str,
    root: str,
    batch: str,
    overrides: Sequence[str],
    master: str | None,
    *,
    tokenizer: str | None,
    sequence_length: int | None,
    metrics: str | None,
) -> None:
    """Pack a batch's exported shards into token sequences, with CONF's [pack] or other settings."""
    from curation.cli.commands import pack_again

    pack_again(
        *(conf, root, batch, OUT, ERR),
        tokenizer=tokenizer,
        sequence_length=sequence_length,
        overrides=overrides,
        master=master,
        metrics=metrics,
    )


@main.command()
@click.argument("conf")
@ROOT
@BATCH
@SET
@MASTER
@METRICS
@words_for_errors
def repair(
    conf: str,
    root: str,
    batch: str,
    overrides: Sequence[str],
    master: str | None,
    metrics: str | None,
) -> None:
    """Do again the steps of the batch's last run whose files are gone or damaged, no others."""
    from curation.cli.commands import repair_batch

    repair_batch(
        *(conf, root, batch, OUT, ERR), overrides=overrides, master=master, metrics=metrics
    )


@main.command()
@click.argument("conf", required=False)
@click.option("--root", callback=from_here, help="Where the run is to write: a folder or URI.")
@words_for_errors
def doctor(conf: str | None, root: str | None) -> None:
    """Look at this machine as a run of CONF would find it, and say what to do.

    CONF is conf/local.toml if none is named. Exit code 2 if the run would not work.
    """
    from conf import locate
    from curation.cli.doctor import State, examine

    states = set()
    for finding in examine(conf or str(locate("local.toml")), root):
        say(OUT, str(finding))
        states.add(finding.state)
    sys.exit(2 if State.PROBLEM in states else 0)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--model", default="embedded", show_default=True, help="As stage.category.model.")
@click.option("--taxonomy", default="taxonomy.toml", show_default=True, help="A file of classes.")
@words_for_errors
def confusion(file: str, model: str, taxonomy: str) -> None:
    """Tell which categories are taken for which, over FILE: JSONL with title, text, category."""
    from pathlib import Path

    from curation.inspect.confusion import confusion as lines

    for line in lines(Path(file), model, taxonomy):
        say(OUT, line)


@main.command("sample-crawl")
@click.argument("folder")
@click.option("--pages", default=1200, show_default=True, type=click.IntRange(min=100))
@click.option("--seed", default=1, show_default=True)
@words_for_errors
def sample_crawl(folder: str, pages: int, seed: int) -> None:
    """Make a crawl of invented pages in FOLDER, with every fault that a real one has."""
    from pathlib import Path

    from curation.sample_crawl import write_sample_crawl

    for path in write_sample_crawl(Path(folder), seed=seed, pages=pages):
        OUT.print(str(path), highlight=False, soft_wrap=True)


for _command in (
    *LOOK_COMMANDS,
    *BATCH_COMMANDS,
    balance,
    takedown,
    push,
    verify,
    history,
    label,
    train,
    distil,
):
    main.add_command(_command)
show_examples(main)
