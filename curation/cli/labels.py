"""The commands that turn a run into labels: draw, show, ask, take back."""

from __future__ import annotations

from collections.abc import Sequence

import click

from curation.cli.options import ERR, OUT, which_run, words_for_errors


@click.group()
def label() -> None:
    """Label documents of a run for training: draw a sample, have it judged, take labels back.

    TASK is page_type, clutter, quality or category; docs/labelling.md walks through all four.
    """


@label.command("export")
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


@label.command("page")
@click.argument("file")
@click.option("--out", help="Where to write the HTML file (default: FILE with .html).")
@words_for_errors
def page_command(file: str, out: str | None) -> None:
    """Write the questions in FILE as a page that annotators open in a browser, and work offline.

    It keeps what was answered in the browser, and exports labels that `curate label import` takes.
    """
    from curation.cli.label_commands import write_annotators_page

    write_annotators_page(file, out, OUT)


@label.command("import")
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


@label.command("ask")
@click.argument("file")
@click.option("--endpoint", required=True, help="Base URL of a chat-completions API.")
@click.option("--model", required=True, help="The model's name there; also the annotator's.")
@click.option(
    "--out", required=True, help="A JSONL file of labels, appended to; with OUT.asked.jsonl."
)
@click.option("--key-env", help="The environment variable that holds the key, if one is needed.")
@click.option("--max-chars", default=8000, show_default=True, type=click.IntRange(min=1))
@click.option("--concurrency", default=4, show_default=True, type=click.IntRange(1, 256))
@click.option(
    "--max-answers",
    default=3,
    show_default=True,
    type=click.IntRange(min=1),
    help="How often a foreign answer may come before the question has failed.",
)
@click.option(
    "--max-tries",
    default=5,
    show_default=True,
    type=click.IntRange(min=1),
    help="How often a request is sent where the endpoint is busy, slow or broken.",
)
@click.option(
    "--timeout-s", default=120.0, show_default=True, type=click.FloatRange(0, min_open=True)
)
@click.option("--max-tokens", default=1024, show_default=True, type=click.IntRange(min=1))
@click.option("--seed", default=0, show_default=True, help="Sent with every request.")
@click.option("--pass", "pass_number", default=1, show_default=True, type=click.IntRange(1, 99))
@click.option("--prompt-price", default=0.0, type=click.FloatRange(0), help="Of a million tokens.")
@click.option("--completion-price", default=0.0, type=click.FloatRange(0), help="The same.")
@click.option("--max-cost", type=click.FloatRange(0), help="Ask nothing that might cost more.")
@click.option("--retry-failed", is_flag=True, help="Ask again what has failed before.")
@words_for_errors
def ask_command(
    file: str,
    endpoint: str,
    model: str,
    out: str,
    key_env: str | None,
    *,
    max_chars: int,
    concurrency: int,
    max_answers: int,
    max_tries: int,
    timeout_s: float,
    max_tokens: int,
    seed: int,
    pass_number: int,
    prompt_price: float,
    completion_price: float,
    max_cost: float | None,
    retry_failed: bool,
) -> None:
    """Have a language model answer the questions in FILE; start again to go on.

    The endpoint may be any that takes OpenAI's chat completions. Answers are checked, and appended
    as they come; a question is asked once, however often this is started.
    """
    import math

    from curation.cli.label_commands import ask_endpoint, key_of
    from curation.labelling.asking.budget import Budget, Prices
    from curation.labelling.asking.endpoint import Endpoint

    asked_of = Endpoint(
        *(endpoint, model, key_of(key_env)),
        timeout_s=timeout_s,
        max_tries=max_tries,
        max_tokens=max_tokens,
        seed=seed,
    )
    budget = Budget(
        Prices(prompt_price, completion_price), math.inf if max_cost is None else max_cost
    )
    ask_endpoint(
        *(file, asked_of, budget, out, OUT, ERR),
        max_chars=max_chars,
        max_answers=max_answers,
        pass_number=pass_number,
        concurrency=concurrency,
        retry_failed=retry_failed,
    )
