"""A run's report: one HTML file, made of untrusted pages, that runs no script and loads nothing."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pyarrow as pa
import pyarrow.compute as pc
from jinja2 import Environment, StrictUndefined

from curation import storage
from curation.inspect.funnel import FunnelRow, funnel, step_times
from curation.inspect.run_files import StepRun, load_run
from curation.inspect.score_charts import HEIGHT, score_charts
from curation.inspect.sites import rank_sites, shares_in_words
from curation.inspect.step_summaries import step_summary
from curation.summaries.summary import NOTHING, Summary, add_rows, first_rows
from schemas.verdict import Decision
from stages.base import Row

TOP = 20
TOP_SITES = 1000  # the report has them all, the first TOP open


@dataclass(frozen=True)
class SampleGroup:
    """Documents that left, or lines that were cut, for one reason: how many, and a few of them."""

    stage: str
    reason: str
    decision: str
    count: int
    samples: Sequence[Row]


@dataclass(frozen=True)
class Kept:
    """What the last step kept: how much by class, some of it, and what was cut from it."""

    count: int
    tables: Mapping[str, Sequence[tuple[str, int]]]
    samples: Sequence[Row]
    cuts: Sequence[SampleGroup]


def write_report(batch_folder: str, out: str | None) -> str:
    """Write the report of a batch's last run and return where it lies."""
    target = out or storage.join(batch_folder, "report.html")
    storage.write_bytes(target, render(batch_folder).encode("utf-8", "replace"))
    return target


def render(batch_folder: str) -> str:
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
        skipped=judged[0].manifest.skipped if judged else {},
        reasons=_reasons(judged, summaries),
        ranking=rank_sites(summaries, TOP_SITES),
        shares_in_words=shares_in_words,
        chart_height=HEIGHT,
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


def _reasons(runs: Sequence[StepRun], summaries: Sequence[Summary]) -> list[SampleGroup]:
    """What left, in the order of the stages, the commonest reason first."""
    counts = Counter[tuple[str, str, str]]()
    for run in runs:
        for one in run.manifest.reasons:
            counts[one.decision, one.stage, one.reason] += one.rows
    drawn = first_rows(pa.concat_tables([NOTHING.samples, *(s.samples for s in summaries)]))
    samples = _by_end(drawn, cut=False)
    groups = [
        SampleGroup(stage, reason, decision, count, samples.get((decision, stage, reason), []))
        for (decision, stage, reason), count in counts.items()
    ]
    order = {name: place for place, name in enumerate(_stage_names(runs))}
    return sorted(groups, key=lambda g: (order.get(g.stage, -1), -g.count, g.reason, g.decision))


def _by_end(samples: pa.Table, *, cut: bool) -> dict[tuple[str, str, str], list[Row]]:
    """Samples by decision, stage and reason: of documents, or of the lines that were cut."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in samples.to_pylist():
        if row["cut"] is cut:
            found.setdefault((row["decision"], row["stage"], row["reason"]), []).append(row)
    return found


def _stage_names(runs: Sequence[StepRun]) -> list[str]:
    return [stage.name for run in runs for stage in run.manifest.stages]


def _kept(run: StepRun, summary: Summary) -> Kept:
    """What the last step kept: counts by language, class and site, samples, and cut lines."""
    counts = summary.counts.filter(pc.equal(summary.counts["decision"], str(Decision.KEEP)))
    labels = summary.labels.filter(pc.equal(summary.labels["decision"], str(Decision.KEEP)))
    tables = {"language": _top(counts, "language")}
    for name in pc.unique(labels["column"]).to_pylist():
        tables[name] = _top(labels.filter(pc.equal(labels["column"], name)), "value")
    tables["site"] = _top(counts, "site")
    cut = _by_end(summary.samples, cut=True)
    groups = [
        SampleGroup(stage, reason, "cut", lines, cut.get((Decision.KEEP, stage, reason), []))
        for stage, reason, lines, _ in zip(*summary.cuts.to_pydict().values(), strict=True)
    ]
    samples = _by_end(summary.samples, cut=False).get((Decision.KEEP, "", ""), [])
    in_order = sorted(groups, key=lambda group: (-group.count, group.stage, group.reason))
    return Kept(run.manifest.keep, tables, samples, in_order)


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
