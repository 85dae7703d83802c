"""The command line: every command is one function of the engine and its words."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec

import click
from rich.console import Console

from conf.records import ConfigError
from curation.errors import CurationError

WIDTH = None if sys.stdout.isatty() else 140  # a file or a pipe has no width of its own
OUT = Console(width=WIDTH)
TOLD = Console(stderr=True)

Parameters = ParamSpec("Parameters")


def _words_for_errors(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """End in one line and an exit code where the user can mend what went wrong."""

    @wraps(command)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        from curation.java import JavaNotFoundError

        try:
            command(*args, **kwargs)
        except CurationError as error:
            _end(str(error), error.exit_code)
        except (ConfigError, JavaNotFoundError) as error:
            _end(str(error), 2)

    return run


def _end(message: str, exit_code: int) -> None:
    TOLD.print(f"curate: {message}", style="red", highlight=False, markup=False, soft_wrap=True)
    sys.exit(exit_code)


_ROOT = click.option("--root", required=True, help="Folder or URI that holds the runs.")
_BATCH = click.option("--batch", default="default", show_default=True, help="Name of the batch.")
_WHICH = [
    click.option("--pipeline", help="Pipeline, if the root holds several."),
    click.option("--batch", help="Batch, if the pipeline has several."),
]


def _which_run(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_WHICH):
        command = option(command)
    return _ROOT(command)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="curation", message="%(version)s")
def main() -> None:
    """Turn a web crawl in Chinese and English into pretraining data.

    Exit codes: 0 done; 2 something asked for cannot be; 3 too much was quarantined; 4 the ledger
    does not add up; 5 Spark gave up.
    """


@main.command()
@click.argument("conf")
@click.argument("inputs", nargs=-1, required=True)
@_ROOT
@_BATCH
@click.option("--master", help="Spark master of an embedded session, such as local[4].")
@click.option("--replace", is_flag=True, help="Redo what differs from the batch's last run.")
@_words_for_errors
def run(
    conf: str, inputs: Sequence[str], root: str, batch: str, master: str | None, replace: bool
) -> None:
    """Run the pipeline of CONF over INPUTS: files, folders, globs or URIs of a crawl."""
    from curation.commands import run_pipeline

    run_pipeline(conf, inputs, root, batch, OUT, TOLD, master=master, replace=replace)


@main.command()
@click.argument("name")
@click.argument("conf")
@_ROOT
@_BATCH
@click.option("--master", help="Spark master of an embedded session, such as local[4].")
@_words_for_errors
def stage(name: str, conf: str, root: str, batch: str, master: str | None) -> None:
    """Rerun stage NAME as CONF has it, on what the batch's last run gave it."""
    from curation.commands import rerun_stage

    rerun_stage(name, conf, root, batch, OUT, TOLD, master=master)


@main.command()
@click.argument("conf")
@click.argument("inputs", nargs=-1, required=True)
@_ROOT
@_BATCH
@_words_for_errors
def plan(conf: str, inputs: Sequence[str], root: str, batch: str) -> None:
    """Show what `run` would do, and which steps are done. Starts nothing."""
    from curation.commands import show_plan

    show_plan(conf, inputs, root, batch, OUT)


@main.command()
@click.argument("query", metavar="URL_OR_ID")
@_which_run
@_words_for_errors
def why(query: str, root: str, pipeline: str | None, batch: str | None) -> None:
    """Tell what became of a page: every stage's verdict, with its measures and cuts."""
    from curation.run_files import choose_run
    from curation.why import lines, tell

    for story in tell(choose_run(root, pipeline, batch), query):
        for line in lines(story):
            OUT.print(line, highlight=False, markup=False, soft_wrap=True)


@main.command()
@_which_run
@click.option("--out", help="Where to write the HTML file (default: report.html in the batch).")
@_words_for_errors
def report(root: str, pipeline: str | None, batch: str | None, out: str | None) -> None:
    """Write a run's report: one HTML file that needs nothing else."""
    from curation.report import write_report
    from curation.run_files import choose_run

    OUT.print(write_report(choose_run(root, pipeline, batch), out), soft_wrap=True, highlight=False)


@main.command()
@click.argument("conf")
@_ROOT
@_BATCH
@click.option("--tokenizer", help="Another tokenizer than the configuration's.")
@click.option("--sequence-length", type=click.IntRange(min=2), help="Another length, in tokens.")
@click.option("--master", help="Spark master of an embedded session, such as local[4].")
@_words_for_errors
def pack(
    conf: str,
    root: str,
    batch: str,
    tokenizer: str | None,
    sequence_length: int | None,
    master: str | None,
) -> None:
    """Pack a batch's exported shards into token sequences, with CONF's [pack] or other settings."""
    from curation.commands import pack_again

    changes = {"tokenizer": tokenizer, "sequence_length": sequence_length}
    pack_again(conf, root, batch, changes, OUT, TOLD, master=master)


@main.command()
@_words_for_errors
def doctor() -> None:
    """Look at this machine as a run would find it. Exit code 2 if something is missing."""
    from curation.doctor import examine

    bad = False
    for finding in examine():
        mark = "ok  " if finding.good else "BAD "
        bad = bad or not finding.good
        OUT.print(f"{mark} {finding.name}: {finding.told}", highlight=False, markup=False)
    sys.exit(2 if bad else 0)


@main.command("sample-crawl")
@click.argument("folder")
@click.option("--pages", default=1200, show_default=True, type=click.IntRange(min=100))
@click.option("--seed", default=1, show_default=True)
@_words_for_errors
def sample_crawl(folder: str, pages: int, seed: int) -> None:
    """Make a crawl of invented pages in FOLDER, with every fault that a real one has."""
    from pathlib import Path

    from curation.sample_crawl import write_sample_crawl

    for path in write_sample_crawl(Path(folder), seed=seed, pages=pages):
        OUT.print(str(path), highlight=False, soft_wrap=True)
