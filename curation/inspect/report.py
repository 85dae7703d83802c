"""A run's report: one HTML file, made of untrusted pages, that runs no script and loads nothing."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from curation import storage
from curation.inspect.funnel import FunnelRow, funnel, step_times
from curation.inspect.run_files import StepRun, load_run, read_columns
from curation.inspect.sites import rank_sites, shares_in_words
from schemas.verdict import Decision
from stages.base import Row

SAMPLES = 3
SNIPPET_CHARS = 600
TOP = 20
TOP_SITES = 1000  # the report has them all, the first TOP open


@dataclass(frozen=True, slots=True)
class Sample:
    """One document as the report shows it."""

    url: str
    doc_id: str
    detail: str
    snippet: str
    cuts: tuple[tuple[str, str, str], ...] = ()


@dataclass
class ReasonSamples:
    """Documents that left, or lines that were cut, for one reason: how many, and a few of them."""

    stage: str
    reason: str
    decision: str
    count: int = 0
    samples: list[tuple[str, Sample]] = field(default_factory=list)

    def offer(self, order: str, sample: Sample) -> None:
        """Keep the few whose order comes first: the same ones in every run."""
        self.samples = sorted([*self.samples, (order, sample)], key=lambda pair: pair[0])[:SAMPLES]


def write_report(batch_folder: str, out: str | None) -> str:
    """Write the report of a batch's last run and return where it lies."""
    target = out or storage.join(batch_folder, "report.html")
    storage.write_bytes(target, render(batch_folder).encode("utf-8", "replace"))
    return target


def render(batch_folder: str) -> str:
    """The report as HTML."""
    runs = load_run(batch_folder)
    judged = [run for run in runs if run.manifest.stages]
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
        reasons=_reasons(judged),
        ranking=rank_sites(runs, TOP_SITES),
        shares_in_words=shares_in_words,
        kept=_kept(judged[-1]) if judged else {},
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


def _reasons(runs: Sequence[StepRun]) -> list[ReasonSamples]:
    found: dict[tuple[str, str], ReasonSamples] = {}
    columns = ["doc_id", "url", "stage", "reason", "detail", "text", "edits", "source", "offset"]
    for run in runs:
        for decision in (Decision.REMOVE, Decision.QUARANTINE):
            for row in _rows(run, decision, columns):
                key = (row["stage"], row["reason"])
                slot = found.setdefault(key, ReasonSamples(*key, str(decision)))
                slot.count += 1
                slot.offer(row["doc_id"] or "", _sample(row))
    order = {name: place for place, name in enumerate(_stage_names(runs))}
    return sorted(found.values(), key=lambda group: (order.get(group.stage, -1), -group.count))


def _stage_names(runs: Sequence[StepRun]) -> list[str]:
    return [stage.name for run in runs for stage in run.manifest.stages]


def _rows(run: StepRun, decision: Decision, columns: Sequence[str]) -> Iterator[Row]:
    for _, table in read_columns(run, decision, columns):
        for batch in table.to_batches(256):
            yield from batch.to_pylist()


def _sample(row: Row) -> Sample:
    text = row.get("text") or ""
    cuts = tuple((e["stage"], e["reason"], e["text"][:200]) for e in (row.get("edits") or [])[:8])
    place = f"{row['source']} at {row['offset']}" if "source" in row else ""
    snippet = text[:SNIPPET_CHARS] + ("…" if len(text) > SNIPPET_CHARS else "")
    return Sample(row["url"] or place, row["doc_id"] or "", row.get("detail") or "", snippet, cuts)


def _kept(run: StepRun) -> dict[str, object]:
    """What the last step kept: counts by language, category and site, samples, and cut lines."""
    names = ["language", "category", "site"]
    counts: dict[str, Counter[str]] = {name: Counter() for name in names}
    shown = ReasonSamples("", "", "keep")
    cuts: dict[tuple[str, str], ReasonSamples] = {}
    columns = [*names, "doc_id", "url", "text", "edits"]
    for row in _rows(run, Decision.KEEP, columns):
        for name in names:
            if row.get(name):
                counts[name][row[name]] += 1
        shown.count += 1
        shown.offer(row["doc_id"], _sample(row))
        _count_cuts(row, cuts)
    tables = {name: _top(counts[name]) for name in names}
    samples = [sample for _, sample in shown.samples]
    groups = sorted(cuts.values(), key=lambda group: (-group.count, group.stage, group.reason))
    return {"count": shown.count, "tables": tables, "samples": samples, "cuts": groups}


def _count_cuts(row: Row, cuts: dict[tuple[str, str], ReasonSamples]) -> None:
    """Count the lines that were cut from a document by who cut them, and why."""
    by_cause: dict[tuple[str, str], list[Row]] = {}
    for edit in row.get("edits") or []:
        by_cause.setdefault((edit["stage"], edit["reason"]), []).append(edit)
    for cause, edits in by_cause.items():
        group = cuts.setdefault(cause, ReasonSamples(*cause, "cut"))
        group.count += len(edits)
        group.offer(row["doc_id"], _sample({**row, "edits": edits}))


def _top(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:TOP]


@cache
def _environment() -> Environment:
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)


@cache
def _text(name: str) -> str:
    return (files("curation.inspect") / "templates" / name).read_text(encoding="utf-8")
