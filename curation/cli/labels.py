"""The commands that turn a run into labels: draw, show, ask, take back."""

from __future__ import annotations

from collections.abc import Sequence

import click

from curation.cli.options import ERR, OUT, which_run, words_for_errors


def _examples(*lines: str) -> str:
    """Lines for the end of a help page, as they are."""
    return "\n".join(["\b", "Examples:", *(f"  curate label {line}" for line in lines)])


@click.group(
    epilog=_examples(
        "export quality --root runs -n 2000 --out quality.jsonl",
        "page quality.jsonl --out quality.html",
        "ask quality.jsonl --endpoint http://localhost:8000/v1 --model NAME --out asked.jsonl",
        "import quality.anna.jsonl asked.jsonl --root runs",
    )
)
def label() -> None:
    """Label documents of a run for training: draw a sample, have it judged, take labels back.

    TASK is page_type, clutter, quality or category; docs/labelling.md walks through all four.
    """


@label.command(
    "export",
    epilog=_examples(
        "export page_type --root runs -n 2000 --out page_type.jsonl",
        "export quality --root runs --batch 2026-30 -n 200 --out - | less",
    ),
)
@click.argument("task")
@which_run
@click.option("-n", "size", default=2000, show_default=True, type=click.IntRange(min=1))
@click.option("--out", required=True, help="A JSONL file, or - for standard output.")
@click.option("--seed", default=0, show_default=True, help="Another one draws another sample.")
@click.option(
    "--max-per-site",
    default=20,
    show_default=True,
    type=click.IntRange(min=1),
    help="The most documents of one site.",
)
@click.option(
    "--max-chars",
    default=20_000,
    show_default=True,
    type=click.IntRange(min=1),
    help="What is shown of a text, in whole lines.",
)
@words_for_errors
def export_command(
    task: str,
    root: str,
    pipeline: str | None,
    batch: str | None,
    *,
    size: int,
    out: str,
    seed: int,
    max_per_site: int,
    max_chars: int,
) -> None:
    """Draw a sample of a finished run, to be labelled for TASK, removed documents included."""
    from curation.cli.label_commands import export_sample
    from curation.labelling.export import ExportSettings

    settings = ExportSettings(size, max_per_site, seed, max_chars)
    export_sample(task, root, pipeline, batch, settings, out, ERR if out == "-" else OUT)


@label.command(
    "import",
    epilog=_examples(
        "import anna.jsonl wang.jsonl --root runs", "import asked.jsonl --root runs --skip-refused"
    ),
)
@click.argument("files", nargs=-1, required=True)
@which_run
@click.option("--task", help="The task of all rows; told from the rows if they are of one.")
@click.option("--skip-refused", is_flag=True, help="Store the other rows where some are refused.")
@click.option("--replace", is_flag=True, help="Of an annotator's two answers the last stands.")
@words_for_errors
def import_command(
    files: Sequence[str],
    root: str,
    pipeline: str | None,
    batch: str | None,
    task: str | None,
    *,
    skip_refused: bool,
    replace: bool,
) -> None:
    """Check labels against their run, compare annotators, and store them in ROOT/labels.

    A row that is malformed, of no document of the run, of another text, or with a foreign value is
    listed and refused; then nothing is stored (exit code 2), unless --skip-refused is given.
    """
    from curation.cli.label_commands import import_labels

    import_labels(
        *(files, root, pipeline, batch, task, OUT, ERR), skip_refused=skip_refused, replace=replace
    )
