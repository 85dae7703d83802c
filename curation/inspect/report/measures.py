"""The numbers that thresholds stand on, as histograms, and every other number that stages gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from curation.inspect.printable import printable
from curation.summaries.summary import LIMITS, Summary
from schemas.verdict import Decision

MAX_LANGUAGES = 6  # drawn of a number, the commonest

Bins = dict[int, list[float]]
"""By bin: its least and greatest value, the documents that were kept and those that are gone."""


def measures(summaries: Sequence[Summary]) -> list[Mapping[str, Any]]:
    """The numbers of a run's documents, those with a threshold first.

    Each is shown as the first step saw it that holds it against a threshold; one without any as
    the first step saw it that has it.
    """
    limits = [_limits(summary.limits) for summary in summaries]
    deciding = {name: n for n, found in reversed(list(enumerate(limits))) for name in found}
    shown: dict[str, Mapping[str, Any]] = {}
    for number, summary in enumerate(summaries):
        for name, languages in _by_column(summary.histograms).items():
            if name in shown or deciding.get(name, number) != number:
                continue
            shown[name] = {
                "name": printable(name),
                "step": number,
                "limits": limits[number].get(name, []),
                "charts": _charts(languages),
            }
    return sorted(shown.values(), key=lambda one: not one["limits"])


def _limits(table: pa.Table) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in table.select(LIMITS.names).to_pylist():
        found.setdefault(row["measure"], []).append(row)
    return found


def _by_column(histograms: pa.Table) -> dict[str, dict[str, Bins]]:
    found: dict[str, dict[str, Bins]] = {}
    names = ["column", "decision", "language", "bin", "pages", "lowest", "highest"]
    columns = histograms.select(names).to_pydict().values()
    for column, decision, language, number, pages, lowest, highest in zip(*columns, strict=True):
        bins = found.setdefault(column, {}).setdefault(language, {})
        one = bins.setdefault(number, [lowest, highest, 0, 0])
        one[0], one[1] = min(one[0], lowest), max(one[1], highest)
        one[2 if decision == Decision.KEEP else 3] += pages
    return found


def _charts(languages: Mapping[str, Bins]) -> list[Mapping[str, Any]]:
    """The histograms of the commonest languages."""
    charts: list[Mapping[str, Any]] = [
        {
            "language": printable(language),
            "pages": sum(one[2] + one[3] for one in bins.values()),
            "bins": [[number, *map(_short, bins[number])] for number in sorted(bins)],
        }
        for language, bins in languages.items()
    ]
    charts.sort(key=lambda chart: (-chart["pages"], chart["language"]))
    return charts[:MAX_LANGUAGES]


def _short(value: float) -> float:
    return value if isinstance(value, int) else float(f"{value:.6g}")
