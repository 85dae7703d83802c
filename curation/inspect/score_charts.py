"""Histograms of the numbers that stages gave documents, as the report draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from curation.summaries.bins import LINEAR_BINS, bounds_of
from curation.summaries.summary import HISTOGRAMS
from schemas.verdict import Decision

MAX_LANGUAGES = 5
HEIGHT = 48  # pixels, as the next two
BAR = 6
GAP = 1


@dataclass(frozen=True, slots=True)
class Chart:
    """The histogram of a number over the documents of one language.

    ``lowest``, ``median`` and ``highest`` are bounds of bins: the median is not above its.
    ``kept`` and ``gone`` are SVG paths of bars that stand on each other.
    """

    language: str
    pages: int
    lowest: float
    median: float
    highest: float
    width: int
    kept: str
    gone: str


@dataclass(frozen=True, slots=True)
class Score:
    """The charts of one number, those of the commonest languages."""

    column: str
    pages: int
    charts: tuple[Chart, ...]


Bins = dict[int, tuple[int, int]]
"""Documents that were kept and that are gone, by bin."""


def score_charts(steps: Sequence[pa.Table]) -> list[Score]:
    """The numbers of a run's documents, each as the step saw it that has it first.

    ``steps`` are the histograms of its steps, in order.
    """
    scores: dict[str, Score] = {}
    for step in steps:
        new = {name: found for name, found in _by_column(step).items() if name not in scores}
        for name, languages in new.items():
            charts = [_chart(language, bins) for language, bins in languages.items()]
            charts.sort(key=lambda chart: (-chart.pages, chart.language))
            pages = sum(chart.pages for chart in charts)
            scores[name] = Score(name, pages, tuple(charts[:MAX_LANGUAGES]))
    return list(scores.values())


def _by_column(histograms: pa.Table) -> dict[str, dict[str, Bins]]:
    found: dict[str, dict[str, Bins]] = {}
    columns = histograms.select(HISTOGRAMS.names).to_pydict().values()
    for column, decision, language, number, pages in zip(*columns, strict=True):
        bins = found.setdefault(column, {}).setdefault(language, {})
        kept, gone = bins.get(number, (0, 0))
        keeps = decision == Decision.KEEP
        bins[number] = (kept + pages, gone) if keeps else (kept, gone + pages)
    return found


def _chart(language: str, bins: Bins) -> Chart:
    pages = sum(map(sum, bins.values()))
    tallest = max(map(sum, bins.values()))
    kept, gone = "", ""
    shown = _shown(bins)
    for place, number in enumerate(shown):
        heights = [round(HEIGHT * count / tallest, 1) for count in bins.get(number, (0, 0))]
        kept += _bar(place, HEIGHT, heights[0])
        gone += _bar(place, HEIGHT - heights[0], heights[1])
    low, high = bounds_of(min(bins))[0], bounds_of(max(bins))[1]
    width = BAR * len(shown)
    return Chart(language, pages, low, _median(bins, pages), high, width, kept, gone)


def _shown(bins: Bins) -> Sequence[int]:
    """The bins to draw: all from 0 to 1 for a ratio; for a count those that are there, and octaves.

    >>> _shown({0: (9, 0), 66: (4, 0)})
    [0, 64, 65, 66]
    """
    if min(bins) >= 0 and max(bins) < LINEAR_BINS:
        return range(LINEAR_BINS)
    return sorted({*bins, *range(LINEAR_BINS, max(bins) + 1)})


def _bar(place: int, foot: float, height: float) -> str:
    """A bar as part of a path; nothing for one without height.

    >>> _bar(2, 48, 10.5)
    'M12 48h5v-10.5h-5z'
    """
    return f"M{BAR * place} {foot:g}h{BAR - GAP}v-{height:g}h-{BAR - GAP}z" if height else ""


def _median(bins: Mapping[int, tuple[int, int]], pages: int) -> float:
    """The upper bound of the bin in which the median lies."""
    below = 0
    for number in sorted(bins):
        below += sum(bins[number])
        if 2 * below >= pages:
            return bounds_of(number)[1]
    return 0.0
