"""`curate history`: Spark's history server over the event logs that runs have kept."""

from __future__ import annotations

import shlex
import tempfile
from pathlib import Path

import click

from curation.cli.options import OUT, which_run, words_for_errors
from curation.errors import UsageError
from curation.inspect.printable import say


@click.command()
@which_run
@click.option("--port", default=18080, show_default=True, type=click.IntRange(1, 65535))
@click.option("--print", "only_print", is_flag=True, help="Start nothing: print how to.")
@words_for_errors
def history(
    root: str, pipeline: str | None, batch: str | None, port: int, *, only_print: bool
) -> None:
    """Open what Spark logged of the runs below a root: start its history server, on this machine.

    It serves until it is ended (Ctrl-C). Every run of the root, unless one is named.
    """
    from curation.inspect.run_files import runs_of
    from curation.spark.event_log import FOLDER, bring, find_logs
    from curation.spark.history import HistoryServer, applications, serving

    runs = runs_of(root, pipeline, batch)
    found = [(folder, name) for folder in runs for name in find_logs(folder)]
    if not found:
        raise UsageError(
            f"--root {root}: holds no event log: a run that starts Spark keeps one, unless "
            "spark.eventLog.* is set otherwise"
        )
    if only_print:
        for folder in dict.fromkeys(folder for folder, _ in found):
            server = HistoryServer(Path(folder, FOLDER).absolute(), port)
            words = [f"{name}={shlex.quote(value)}" for name, value in server.environment().items()]
            say(OUT, " ".join([*words, *map(shlex.quote, server.command())]))
        return
    with tempfile.TemporaryDirectory(prefix="curation-history-") as logs:
        for folder, name in found:
            bring(folder, name, Path(logs))
        server = HistoryServer(Path(logs), port)
        with serving(server) as process:
            names = sorted(set(applications(server) or []))
            plural = "s" if len(found) > 1 else ""
            sessions = f"{len(found):,} session{plural} of {', '.join(names)}"
            say(OUT, f"{server.address}: {sessions}; end it with Ctrl-C")
            process.wait()
