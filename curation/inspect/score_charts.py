"""Histograms of the numbers that stages gave documents, as the report draws them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pyarrow as pa

from curation.summaries.bins import LINEAR_BINS
from curation.summaries.summary import HISTOGRAMS
from schemas.verdict import Decision

MAX_LANGUAGES = 5
HEIGHT = 48  # pixels, as the next two
BAR = 6
GAP = 1


@dataclass(frozen=True, slots=True)
class Chart:
    """The histogram of a number over the documents of one language.

    ``lowest`` and ``highest`` are values of documents, ``median`` the greatest in the bin where the
    median lies: it is not above that.
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


@dataclass(slots=True)
class Bin:
    """Documents that were kept and that are gone, their least and their greatest value."""

    lowest: float
    highest: float
    kept: int = 0
    gone: int = 0

    @property
    def pages(self) -> int:
        """All of them."""
        return self.kept + self.gone


Bins = dict[int, Bin]


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
    for column, decision, language, number, pages, lowest, highest in zip(*columns, strict=True):
        bins = found.setdefault(column, {}).setdefault(language, {})
        one = bins.setdefault(number, Bin(lowest, highest))
        one.lowest, one.highest = min(one.lowest, lowest), max(one.highest, highest)
        if decision == Decision.KEEP:
            one.kept += pages
        else:
            one.gone += pages
    return found


def _chart(language: str, bins: Bins) -> Chart:
    tallest = max(one.pages for one in bins.values())
    kept, gone = "", ""
    shown = _shown(bins)
    for place, one in enumerate(map(bins.get, shown)):
        if one:
            heights = [round(HEIGHT * count / tallest, 1) for count in (one.kept, one.gone)]
            kept += _bar(place, HEIGHT, heights[0])
            gone += _bar(place, HEIGHT - heights[0], heights[1])
    return Chart(
        language,
        sum(one.pages for one in bins.values()),
        min(one.lowest for one in bins.values()),
        _median(bins),
        max(one.highest for one in bins.values()),
        BAR * len(shown),
        kept,
        gone,
    )


def _shown(bins: Collection[int]) -> Sequence[int]:
    """The bins to draw: all from 0 to 1 for a ratio; for a count those that are there, and octaves.

    >>> _shown({0, 66})
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


def _median(bins: Bins) -> float:
    """The greatest value of the bin in which the median lies."""
    pages = sum(one.pages for one in bins.values())
    below = 0
    for number in sorted(bins):
        below += bins[number].pages
        if 2 * below >= pages:
            return bins[number].highest
    return 0.0
