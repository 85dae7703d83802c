"""All that a report shows, as plain values: what the page draws, in the order of its views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from curation.batches.run_record import RunRecord, load_run_record
from curation.inspect.agreement import Agreement, agreement_of
from curation.inspect.contamination import benchmark_rates
from curation.inspect.funnel import funnel
from curation.inspect.printable import printable
from curation.inspect.report.counts import END_COLUMNS, LABEL_COLUMNS, cuts, ends, labels
from curation.inspect.report.measures import measures
from curation.inspect.report.notices import notices
from curation.inspect.report.samples import Data, measured, samples
from curation.inspect.report.settings import changed_settings, stage_versions
from curation.inspect.report.tokens import token_table
from curation.inspect.run_files import StepRun, load_run
from curation.inspect.sites import Ranking, rank_sites
from curation.inspect.step_summaries import step_summary
from curation.storage.manifest import Manifest
from curation.summaries.summary import Summary
from schemas.expected import ExpectedPage

MAX_DIFFERING = 1000  # pages that ended otherwise than expected
MAX_INPUTS = 100
TOP_SITES = 1000


def report_data(batch_folder: str, expected: Sequence[ExpectedPage] = ()) -> Data:
    """What there is to show of a batch's last run, and where it differs from what is expected."""
    runs = load_run(batch_folder)
    record = load_run_record(batch_folder)
    judged = [run for run in runs if run.manifest.stages]
    manifests = [run.manifest for run in judged]
    summaries = [step_summary(run) for run in judged]
    ranking = rank_sites(summaries, TOP_SITES)
    rows = funnel(manifests)
    found = notices(rows, summaries, ranking, _languages(record))
    return {
        "name": printable("/".join(batch_folder.rstrip("/").split("/")[-2:])),
        "finished": max((done.finished for done in (run.manifest for run in runs)), default=""),
        "notices": [asdict(one) for one in found],
        "funnel": [
            {"step": number, "stage": printable(row.stage), "pages": row.rows_in, "keep": row.keep}
            for number, done in enumerate(manifests)
            for row in rows
            if row.step == done.step
        ],
        "steps": [_step(run.manifest) for run in judged],
        "endColumns": END_COLUMNS,
        "ends": [ends(summary) for summary in summaries],
        "labelColumns": LABEL_COLUMNS,
        "labels": [labels(summary) for summary in summaries],
        "cuts": [cuts(summary) for summary in summaries],
        "measures": measures(summaries),
        "benchmarks": _benchmarks(manifests, summaries),
        "tokens": token_table(runs, summaries),
        "sites": _sites(ranking),
        "measured": [[printable(name) for name in measured(one)] for one in summaries],
        "samples": samples(summaries),
        "outputs": [_output(run) for run in runs if not run.manifest.stages],
        "agreement": _agreement(agreement_of(judged, expected)) if expected else None,
        "run": _run(record, manifests),
    }


def _languages(record: RunRecord | None) -> list[str]:
    asked = record.configuration.get("stage.language.languages") if record else None
    return [str(one) for one in asked] if isinstance(asked, list) else []


def _benchmarks(manifests: Sequence[Manifest], summaries: Sequence[Summary]) -> list[Data]:
    rates = benchmark_rates([one.labels for one in summaries], [one.rows_in for one in manifests])
    return [asdict(one) | {"benchmark": printable(one.benchmark)} for one in rates]


def _step(done: Manifest) -> Data:
    return {
        "name": printable(done.step),
        "stages": [printable(stage.name) for stage in done.stages],
        "pages": done.rows_in,
        "keep": done.keep,
        "seconds": done.seconds,
        "processor": done.processor_s,
        "bytes": sum(file.bytes for file in done.all_files()),
        "skipped": {printable(kind): count for kind, count in done.skipped.items()},
    }


def _output(run: StepRun) -> Data:
    done = run.manifest
    return {
        "name": printable(done.step),
        "documents": done.rows_in,
        "seconds": done.seconds,
        "processor": done.processor_s,
        "figures": [[printable(one.label), one.value] for one in done.figures],
        "files": [
            [printable(file.name), file.rows, file.bytes, file.sha256] for file in done.products
        ],
    }


def _sites(ranking: Ranking) -> Data:
    return {
        "count": ranking.count,
        "pages": ranking.pages,
        "characters": ranking.characters,
        "rows": [
            {
                "name": printable(site.name),
                "pages": site.pages,
                "kept": site.kept.pages,
                "characters": site.kept.characters,
                "ends": [[printable(e.end), e.pages, printable(e.url)] for e in site.ends],
            }
            for site in ranking.sites
        ],
    }


def _agreement(found: Agreement) -> Data:
    return {
        "words": str(found),
        "kinds": [
            {
                "kind": printable(row.kind),
                "wanted": printable(row.wanted),
                "pages": row.pages,
                "agreed": row.agreed,
                "others": [[printable(verdict), count] for verdict, count in row.others],
            }
            for row in found.by_kind()
        ],
        "differing": [
            [
                *(printable(one.expected.url), printable(one.wanted), printable(one.found)),
                printable(one.ending.detail) if one.ending else "",
            ]
            for one in found.differing[:MAX_DIFFERING]
        ],
    }


def _run(record: RunRecord | None, manifests: Sequence[Manifest]) -> Mapping[str, Any]:
    if record is None:
        return {}
    return {
        "batch": record.number,
        "inputs": [printable(one) for one in record.inputs[:MAX_INPUTS]],
        "inputCount": len(record.inputs),
        "overrides": [printable(one) for one in record.overrides],
        "settings": changed_settings(record),
        "stages": stage_versions(manifests),
        "software": dict(manifests[-1].software) if manifests else {},
    }
