"""The commands that look at the pages of finished runs: one, some, or what would become of them."""

from __future__ import annotations

import click

from curation.cli.options import OUT, which_run, words_for_errors


def _examples(*lines: str) -> str:
    """Lines for the end of a help page, as they are."""
    return "\n".join(["\b", "Examples:", *(f"  curate {line}" for line in lines)])


@click.command(
    epilog=_examples(
        "why https://www.example.org/a --root runs",
        "why example.org/a --root runs --batch 2026-30",
        "why 0f0e4c2d9b1a4e6f8c7d5b3a29180716 --root runs",
    )
)
@click.argument("query", metavar="URL_OR_ID")
@which_run
@words_for_errors
def why(query: str, root: str, pipeline: str | None, batch: str | None) -> None:
    """Tell what became of a page: every stage's verdict, its measures and cuts, its twin, its rows.

    A URL may lack its scheme, `www.` and last slash; without --batch all batches are searched.
    """
    from curation.cli.look_commands import tell_story

    tell_story(query, root, pipeline, batch, OUT)


LOOK_COMMANDS = (why,)
