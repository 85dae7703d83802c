"""The command on the mix of a batch: what balance decides, before it is drawn, and drawing it."""

from __future__ import annotations

from collections.abc import Sequence

import click

from curation.cli.options import BATCH, ERR, MASTER, METRICS, OUT, ROOT, SET, words_for_errors


@click.command()
@click.argument("conf")
@ROOT
@BATCH
@click.option("--phase", help="Of the phases, this one alone.")
@click.option("--dry-run", is_flag=True, help="Show the mix, and draw nothing.")
@click.option(
    "--top",
    default=20,
    show_default=True,
    type=click.IntRange(min=0),
    help="Classes shown in a dry run.",
)
@SET
@MASTER
@METRICS
@words_for_errors
def balance(
    conf: str,
    root: str,
    batch: str,
    phase: str | None,
    overrides: Sequence[str],
    master: str | None,
    metrics: str | None,
    *,
    dry_run: bool,
    top: int,
) -> None:
    """Draw the mix of a batch anew as CONF has it, of what its last run judged.

    Outputs and phases are made of it; nothing before is done again. With --dry-run the mix is
    shown: shares before and after, how often tokens are written, which caps bind, what is missing.
    """
    from curation.cli.balance_commands import balance_plan, draw_mix, show_mix
    from curation.cli.plans import start_with

    plan, start = balance_plan(conf, root, batch, phase, overrides), start_with(master)
    if dry_run:
        show_mix(plan, conf, OUT, ERR, phase=phase, start=start, top=top)
    else:
        draw_mix(plan, conf, OUT, ERR, start=start, metrics=metrics)
