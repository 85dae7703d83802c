"""The commands that look at finished runs: at a page, some, what would become of them, or all."""

from __future__ import annotations

from collections.abc import Sequence

import click

from curation.cli.options import OUT, TRUTH, from_here, which_run, words_for_errors
from curation.errors import UsageError


@click.command()
@click.argument("query", metavar="URL_OR_ID")
@which_run
@words_for_errors
def why(query: str, root: str, pipeline: str | None, batch: str | None) -> None:
    """Tell what became of a page: every stage's verdict, its measures and cuts, its twin, its rows.

    A URL may lack its scheme, `www.` and last slash; without --batch all batches are searched.
    """
    from curation.cli.look_commands import tell_story

    tell_story(query, root, pipeline, batch, OUT)


@click.command()
@which_run
@click.option("--stage", default="", help="What it removed; with --score, what it judged.")
@click.option("--reason", default="", help="What was removed or quarantined for it.")
@click.option("--language", default="", help="Of that language.")
@click.option("--site", default="", help="Of a registered domain or a host.")
@click.option(
    "--score",
    metavar="[MEASURE=]LO..HI",
    help="Of such a measure: the stage's, or a stored column, or COLUMN.FIELD.",
)
@click.option(
    "--decision",
    type=click.Choice(["keep", "remove", "quarantine"]),
    help="What the stage decided, or without one, what became of it.",
)
@click.option("-n", "size", default=20, show_default=True, type=click.IntRange(min=1))
@click.option("--seed", default=0, show_default=True, help="Another one draws another sample.")
@click.option(
    "--max-chars",
    default=2000,
    show_default=True,
    type=click.IntRange(min=1),
    help="What is shown of a text; JSONL has all of it.",
)
@click.option("--out", help="A .jsonl or .html file, or - for JSONL on standard output.")
@words_for_errors
def sample(
    root: str,
    pipeline: str | None,
    batch: str | None,
    *,
    stage: str,
    reason: str,
    language: str,
    site: str,
    score: str | None,
    decision: str | None,
    size: int,
    seed: int,
    max_chars: int,
    out: str | None,
) -> None:
    """Show documents of a run, drawn by lot: what a stage removed, or what is near a threshold.

    Without --stage each document is meant where its way ended, the kept ones among them.
    """
    if out and out != "-" and not out.endswith((".jsonl", ".html")):
        raise UsageError(f"--out {out}: must end in .jsonl or .html, or be -")
    from curation.cli.look_commands import show_sample
    from curation.inspect.run_files import choose_run
    from curation.inspect.sampling.selection import Selection, parse_range
    from schemas.verdict import Decision

    wanted = Selection(
        *(stage, reason, language, site),
        parse_range(score) if score else None,
        Decision(decision) if decision else None,
    )
    run = choose_run(root, pipeline, batch)
    show_sample(run, wanted, size, seed, out, OUT, max_chars=max_chars)


@click.command()
@click.argument("changes", nargs=-1, required=True, metavar="STAGE.KEY=VALUE…")
@which_run
@click.option("-n", "samples", default=3, show_default=True, type=click.IntRange(min=0))
@click.option("--seed", default=0, show_default=True, help="Of the samples.")
@click.option("--top", default=10, show_default=True, type=click.IntRange(min=1))
@words_for_errors
def whatif(
    changes: Sequence[str],
    root: str,
    pipeline: str | None,
    batch: str | None,
    *,
    samples: int,
    seed: int,
    top: int,
) -> None:
    """Tell what other thresholds of one stage would change, by what a run has stored.

    Nothing is measured again and nothing is written. Exact for the stage itself; what later stages
    would make of documents that come back is estimated, and said to be.
    """
    from curation.cli.look_commands import show_whatif
    from curation.inspect.run_files import choose_run

    run = choose_run(root, pipeline, batch)
    show_whatif(run, changes, OUT, samples=samples, seed=seed, top=top)


@click.command()
@click.argument("one", metavar="RUN_A")
@click.argument("other", metavar="RUN_B")
@click.option(
    "--root", default="", callback=from_here, help="Folder or URI that PIPELINE/BATCH lies in."
)
@click.option("-n", "samples", default=3, show_default=True, type=click.IntRange(min=0))
@click.option("--seed", default=0, show_default=True, help="Of the samples.")
@click.option("--top", default=10, show_default=True, type=click.IntRange(min=1))
@click.option("--out", help="Write every document that differs there, as JSONL.")
@words_for_errors
def diff(
    one: str, other: str, root: str, *, samples: int, seed: int, top: int, out: str | None
) -> None:
    """Compare two runs: documents that ended otherwise, and what of the runs differs.

    A run is PIPELINE/BATCH of --root, or the path of a batch's folder. Documents are matched by
    doc_id.
    """
    from curation.cli.look_commands import show_difference

    show_difference(one, other, root, OUT, samples=samples, seed=seed, top=top, out_file=out)


@click.command()
@which_run
@click.option("--out", help="Where to write the HTML file (default: report.html in the batch).")
@TRUTH
@words_for_errors
def report(
    root: str, pipeline: str | None, batch: str | None, out: str | None, truth: str | None
) -> None:
    """Write a run's report: one HTML file that needs nothing else."""
    from curation.inspect.agreement import agreement_of, agreement_table, read_expected
    from curation.inspect.report import write_report
    from curation.inspect.run_files import choose_run, load_run

    run = choose_run(root, pipeline, batch)
    expected = read_expected(truth) if truth else []
    if expected:
        OUT.print(agreement_table(agreement_of(load_run(run), expected)))
    OUT.print(write_report(run, out, expected), soft_wrap=True, highlight=False)


@click.command()
@which_run
@click.option("--top", default=20, show_default=True, type=click.IntRange(min=1))
@click.option("--out", help="Write the ranking there as CSV, with a page for each reason.")
@click.option("--safety", is_flag=True, help="Rank by unsafe pages; --out is a list of hosts.")
@click.option(
    "--min-unsafe-share",
    default=0.5,
    show_default=True,
    type=click.FloatRange(0, 1, min_open=True),
    help="With --safety: the least share of unsafe pages of a site in the list.",
)
@words_for_errors
def sites(
    root: str,
    pipeline: str | None,
    batch: str | None,
    top: int,
    out: str | None,
    *,
    safety: bool,
    min_unsafe_share: float,
) -> None:
    """Rank a run's sites by the text they keep: shares of pages and text, what left and why."""
    from curation.inspect.run_files import choose_run

    run = choose_run(root, pipeline, batch)
    if safety:
        from curation.inspect.unsafe_sites import show_unsafe_sites

        show_unsafe_sites(run, top, min_unsafe_share, out, OUT)
    else:
        from curation.inspect.sites import show_sites

        show_sites(run, top, out, OUT)


LOOK_COMMANDS = (why, sample, whatif, diff, report, sites)
