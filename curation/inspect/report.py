"""A run's report: one HTML file, made of untrusted pages, that runs no script and loads nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pyarrow as pa
import pyarrow.compute as pc
from jinja2 import Environment, StrictUndefined

from curation import storage
from curation.inspect.agreement import agreement_of
from curation.inspect.contamination import benchmark_rates
from curation.inspect.funnel import FunnelRow, funnel, step_times
from curation.inspect.run_files import StepRun, load_run
from curation.inspect.sample_groups import (
    Sample,
    SampleGroup,
    documents_of,
    groups_of_cuts,
    groups_that_left,
)
from curation.inspect.score_charts import HEIGHT, score_charts
from curation.inspect.sites import rank_sites, shares_in_words
from curation.inspect.step_summaries import step_summary
from curation.summaries.documents import LABEL_COLUMNS
from curation.summaries.summary import Summary, add_rows
from schemas.expected import ExpectedPage
from schemas.verdict import Decision

TOP = 20
MAX_DIFFERING = 1000  # pages that ended otherwise than expected
TOP_SITES = 1000  # the report has them all, the first TOP open


@dataclass(frozen=True)
class Kept:
    """What the last step kept: how much by class, some of it, and what was cut from it."""

    count: int
    tables: Mapping[str, Sequence[tuple[str, int]]]
    samples: Sequence[Sample]
    cuts: Sequence[SampleGroup]


def write_report(batch_folder: str, out: str | None, expected: Sequence[ExpectedPage] = ()) -> str:
    """Write the report of a batch's last run and return where it lies.

    It shows where the run's verdicts differ from those ``expected``, if any are.
    """
    target = out or storage.join(batch_folder, "report.html")
    storage.write_bytes(target, render(batch_folder, expected).encode("utf-8", "replace"))
    return target


def render(batch_folder: str, expected: Sequence[ExpectedPage] = ()) -> str:
    """The report as HTML."""
    runs = load_run(batch_folder)
    judged = [run for run in runs if run.manifest.stages]
    summaries = [step_summary(run) for run in judged]
    rows = funnel([run.manifest for run in judged])
    style = _text("report.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = _environment().from_string(_text("report.html"))
    return template.render(
        name="/".join(batch_folder.rstrip("/").split("/")[-2:]),
        style=style,
        style_digest=digest,
        funnel=[
            _shown(row, seconds, rows[0].rows_in)
            for row, seconds in zip(rows, step_times(rows), strict=True)
        ],
        totals=_totals(rows),
        agreement=agreement_of(judged, expected) if expected else None,
        max_differing=MAX_DIFFERING,
        skipped=judged[0].manifest.skipped if judged else {},
        reasons=groups_that_left([run.manifest for run in judged], summaries),
        ranking=rank_sites(summaries, TOP_SITES),
        shares_in_words=shares_in_words,
        chart_height=HEIGHT,
        benchmarks=benchmark_rates(
            [summary.labels for summary in summaries], [summary.pages for summary in summaries]
        ),
        scores=score_charts([summary.histograms for summary in summaries]),
        kept=_kept(judged[-1], summaries[-1]) if judged else None,
        products=[run for run in runs if not run.manifest.stages],
    )


def _shown(row: FunnelRow, seconds: float | None, whole: int) -> dict[str, object]:
    removed = sum(count for _, count in row.removed)
    quarantined = sum(count for _, count in row.quarantined)
    share = 100 * row.keep / whole if whole else 0
    return {
        "row": row,
        "removed": removed,
        "quarantined": quarantined,
        "share": f"{share:.1f}",
        "time": "" if seconds is None else f"{seconds:.1f} s",
    }


def _totals(rows: Sequence[FunnelRow]) -> dict[str, int]:
    return {
        "pages in": rows[0].rows_in if rows else 0,
        "kept": rows[-1].keep if rows else 0,
        "removed": sum(count for row in rows for _, count in row.removed),
        "quarantined": sum(count for row in rows for _, count in row.quarantined),
    }


def _kept(run: StepRun, summary: Summary) -> Kept:
    """What the last step kept: counts by language, class and site, samples, and cut lines."""
    counts = summary.counts.filter(pc.equal(summary.counts["decision"], str(Decision.KEEP)))
    labels = summary.labels.filter(pc.equal(summary.labels["decision"], str(Decision.KEEP)))
    tables = {"language": _top(counts, "language")}
    for name in sorted({*pc.unique(labels["column"]).to_pylist()} & {*LABEL_COLUMNS}):
        tables[name] = _top(labels.filter(pc.equal(labels["column"], name)), "value")
    tables["site"] = _top(counts, "site")
    samples = documents_of(summary.samples).get((Decision.KEEP, "", ""), [])
    return Kept(run.manifest.keep, tables, samples, groups_of_cuts(summary))


def _top(counts: pa.Table, name: str) -> list[tuple[str, int]]:
    """The commonest values of a column that are not empty."""
    pages = counts.select([name, "pages"]).filter(pc.not_equal(counts[name], ""))
    found = add_rows(pages, [name]).sort_by([("pages", "descending"), (name, "ascending")])
    return list(zip(*found.slice(0, TOP).to_pydict().values(), strict=True))


@cache
def _environment() -> Environment:
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)


@cache
def _text(name: str) -> str:
    return (files("curation.inspect") / "templates" / name).read_text(encoding="utf-8")
