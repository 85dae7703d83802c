"""What the commands on labels print."""

from __future__ import annotations

import os
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from curation.errors import UsageError
from curation.inspect.printable import say
from curation.inspect.run_files import choose_run
from curation.labelling.agreement import Agreement, agreements
from curation.labelling.asking.ask import Asker, ask_all
from curation.labelling.asking.budget import Budget
from curation.labelling.asking.endpoint import Endpoint
from curation.labelling.asking.prompts import Prompt
from curation.labelling.export import ExportSettings, export
from curation.labelling.importing import Imported, import_rows, read_all, task_of
from curation.labelling.page import write_page
from curation.labelling.questions import load_questions
from curation.labelling.run_documents import JudgedRun, open_run
from curation.labelling.shares import value_counts
from curation.labelling.tasks import find_task, values_of


def export_sample(
    task: str,
    root: str,
    pipeline: str | None,
    batch: str | None,
    settings: ExportSettings,
    out: str,
    console: Console,
) -> None:
    """Write a sample and say what it was drawn from, and why it is smaller than asked for."""
    found = find_task(task)
    made = export(open_run(choose_run(root, pipeline, batch), found), settings, out)
    say(
        console,
        f"{made.written:,} questions, drawn from {made.population:,} documents in "
        f"{made.strata:,} strata: {'standard output' if out == '-' else out}",
    )
    if made.empty:
        say(console, f"{made.empty:,} more were drawn that have no text, and left out")
    if made.written + made.empty < min(settings.size, made.population):
        say(console, f"no more are left of at most {settings.max_per_site} of each site")


def import_labels(
    files: Sequence[str],
    root: str,
    pipeline: str | None,
    batch: str | None,
    task: str | None,
    out: Console,
    err: Console,
    *,
    skip_refused: bool,
    replace: bool,
) -> None:
    """Store labels, and print what was refused, how annotators agree, and the values' shares."""
    folder = choose_run(root, pipeline, batch)
    rows = read_all(files)
    run = open_run(folder, find_task(task or task_of(rows)))
    made = import_rows(rows, run, root, replace=replace, skip_refused=skip_refused)
    account = made.account
    for message in account.refused:
        say(err, message)
    _show(made, run, out)
    if not made.is_stored:
        raise UsageError(
            f"{len(account.refused):,} of {len(rows):,} rows are refused, so that nothing was "
            "stored: mend them, or add --skip-refused to store the others"
        )
    say(
        out,
        f"{account.new:,} labels are new, {account.replaced:,} replace others, {account.known:,} "
        f"were there, {len(account.refused):,} rows were refused: {made.path}",
    )


def _show(made: Imported, run: JudgedRun, out: Console) -> None:
    counts = value_counts(made.labels, values_of(run.task, run.stage))
    table = Table(title=f"Labels of {run.task.name}", title_justify="left")
    table.add_column("value")
    for name in ("labels", "share of the run, estimated"):
        table.add_column(name, justify="right")
    for one in sorted(counts, key=lambda one: -one.labels):
        if one.labels:
            share = "" if one.share is None else f"{one.share:.1%}"
            table.add_row(one.value, f"{one.labels:,}", share)
    out.print(table)
    lacking = [one.value for one in counts if not one.labels]
    if lacking:
        say(out, f"no label yet of {len(lacking):,} of {len(counts):,}: {', '.join(lacking)}")
    for agreement in agreements(made.labels):
        say(out, _agreement_line(agreement))


_ASKING = "asking"


def write_annotators_page(file: str, out_file: str | None, out: Console) -> None:
    """Write the page of an export, and say where it is."""
    target = out_file or f"{file.removesuffix('.jsonl')}.html"
    say(out, f"{write_page(file, target):,} questions: {target}")


def key_of(variable: str | None) -> str:
    """The key in an environment variable, "" where none is named. Raises UsageError."""
    if variable is None:
        return ""
    key = os.environ.get(variable, "").strip()
    if not key:
        raise UsageError(f"--key-env {variable}: this environment variable holds no key")
    return key


def ask_endpoint(
    file: str,
    endpoint: Endpoint,
    budget: Budget,
    out_file: str,
    out: Console,
    err: Console,
    *,
    max_chars: int,
    max_answers: int,
    pass_number: int,
    concurrency: int,
    retry_failed: bool,
) -> None:
    """Ask, showing how far it is, and print what came of it.

    Raises UsageError where questions are left, by the limit on cost or for want of an answer.
    """
    questions = load_questions(file)
    prompt = Prompt(find_task(questions[0].task).guide_text(), max_chars)
    asker = Asker(endpoint, prompt, budget, pass_number, max_answers)
    with err.status(_ASKING) as status:
        made = ask_all(
            *(questions, asker, out_file),
            concurrency=concurrency,
            retry_failed=retry_failed,
            watch=lambda now: status.update(f"{_ASKING}: {now.done:,} of {now.total:,}"),
        )
    for fault in made.faults:
        say(err, fault)
    say(
        out,
        f"{made.total:,} questions: {made.before:,} done before, {made.answered:,} answered, "
        f"{made.failed:,} failed, {made.unanswered:,} got no answer, {made.left:,} not asked; "
        f"{made.prompt_tokens:,} prompt and {made.completion_tokens:,} completion tokens; "
        f"cost so far {made.spent:,.4f}: {out_file}",
    )
    if made.left:
        raise UsageError(f"{made.left:,} questions might cost more than --max-cost is: raise it")
    if made.unanswered:
        raise UsageError(f"{made.unanswered:,} questions got no answer: start again to ask them")


def _agreement_line(found: Agreement) -> str:
    names = " and ".join(f"{name} (pass {number})" for name, number in (found.one, found.other))
    by_value = ", ".join(f"{value} {_kappa(kappa)}" for value, kappa in found.by_value.items())
    return (
        f"{names}: {found.items:,} judged by both, agree on {found.share:.1%}, "
        f"kappa {_kappa(found.kappa)} ({by_value})"
    )


def _kappa(kappa: float | None) -> str:
    return "undefined" if kappa is None else f"{kappa:.2f}"
