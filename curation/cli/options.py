"""What the commands share: where they print, how they end, and the options that say which run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click
from rich.console import Console

from curation.cli.signals import exit_code_of, stopped_by_signals
from curation.inspect.printable import printable_lines, say

WIDTH = None if sys.stdout.isatty() else 140  # a file or a pipe has no width of its own
OUT = Console(width=WIDTH)
ERR = Console(stderr=True)

Parameters = ParamSpec("Parameters")


def words_for_errors(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """End in one line and an exit code where the user can mend what went wrong."""

    @wraps(command)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        try:
            with stopped_by_signals():
                command(*args, **kwargs)
        except KeyboardInterrupt as stop:
            _end("stopped; what is done stays done, run again to go on", exit_code_of(stop))
        except BrokenPipeError:  # who reads what is printed has seen enough
            raise
        except Exception as error:
            from curation.cli.endings import ending_of

            if not (ending := ending_of(error)):
                raise
            _end(*ending)

    return run


def _end(message: str, exit_code: int) -> None:
    say(ERR, f"curate: {printable_lines(message)}", style="red")
    sys.exit(exit_code)


def from_here(_: click.Context, __: click.Parameter, path: str | None) -> str | None:
    """A path of the command line as every process of a run opens it, wherever that was started."""
    from curation.storage.stores import absolute

    return absolute(path) if path else path


ROOT = click.option(
    "--root", required=True, callback=from_here, help="Folder or URI that holds the runs."
)
BATCH = click.option("--batch", default="default", show_default=True, help="Name of the batch.")
PIPELINE = click.option("--pipeline", help="Pipeline, if the root holds several.")
MASTER = click.option("--master", help="Spark master of an embedded session, such as local[4].")
SET = click.option(
    "--set",
    "overrides",
    metavar="KEY=VALUE",
    multiple=True,
    help="Another value than CONF's, in TOML: stage.rules.sites='\"mine\"'. May be repeated.",
)
TRUTH = click.option(
    "--truth",
    metavar="FILE",
    help="Verdicts to hold the run's against: JSONL with url, decision, stage, reason, of, kind.",
)
METRICS = click.option(
    "--metrics",
    metavar="FOLDER",
    help="Keep a Prometheus text file there too, for node_exporter's textfile collector.",
)
_WHICH_RUN = [
    PIPELINE,
    click.option("--batch", help="Batch, if the pipeline has several."),
]


def which_run(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Add the options that say which run of a root is meant."""
    for option in reversed(_WHICH_RUN):
        command = option(command)
    return ROOT(command)
