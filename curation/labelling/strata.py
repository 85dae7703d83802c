"""Strata of a run's documents, and how many of each are drawn.

Bins of scores are narrow at the threshold, where labels decide most, and more is drawn there. The
weights of what is drawn undo that: sums of weights estimate the run.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from curation.labelling.run_documents import Ended

DISTANCES = (0.05, 0.15, 0.3)
"""Where the bins at both sides of a threshold end."""

DENSITIES = (4.0, 3.0, 2.0, 1.0)
"""How densely each bin is drawn from, the nearest to the threshold first."""

UNSCORED_DENSITY = 0.5
"""Of documents that the stage never judged: they tell what stages before it lose, no more."""

NO_SCORE, ALL = "", "*"
MIN_PER_STRATUM = 2
"""With fewer documents a stratum on the average, strata are merged until there are so many."""


@dataclass(frozen=True, slots=True, order=True)
class Stratum:
    """Documents that are drawn from together.

    ``end`` is the stage that removed them, or "kept"; ``value`` the class that the stage gave them;
    ``scores`` their bin, as "0.25 to 0.30", "" for those without a score. "*" stands for all.
    """

    end: str
    language: str
    value: str
    scores: str


@dataclass(frozen=True)
class Bins:
    """Bins around a threshold: each holds its lower edge, and the last one 1.0 too."""

    threshold: float

    @property
    def edges(self) -> list[float]:
        """All edges but 0 and 1, in order."""
        at = {self.threshold + sign * distance for distance in DISTANCES for sign in (-1, 1)}
        return sorted(round(edge, 4) for edge in {*at, self.threshold} if 0 < round(edge, 4) < 1)

    def name(self, score: float | None) -> str:
        """The bin of a score.

        >>> Bins(0.2).name(0.2), Bins(0.2).name(0.19), Bins(0.0).name(1.0), Bins(0.2).name(None)
        ('0.2 to 0.25', '0.15 to 0.2', '0.3 to 1', '')
        """
        if score is None:
            return NO_SCORE
        edges = [0.0, *self.edges, 1.0]
        place = min(bisect_right(edges, score), len(edges) - 1)
        return f"{edges[max(place, 1) - 1]:g} to {edges[max(place, 1)]:g}"

    def density(self, name: str) -> float:
        """How densely a bin is drawn from, by how near to the threshold it comes."""
        if name == ALL:
            return 1.0
        if name == NO_SCORE:
            return UNSCORED_DENSITY
        low, high = (float(edge) for edge in name.split(" to "))
        nearest = max(low - self.threshold, self.threshold - high, 0.0)
        return DENSITIES[bisect_right(DISTANCES, nearest + 1e-9)]


COARSER: Sequence[Mapping[str, str]] = (
    {},
    {"value": ALL},
    {"value": ALL, "scores": ALL},
    {"value": ALL, "scores": ALL, "language": ALL},
    {"value": ALL, "scores": ALL, "language": ALL, "end": ALL},
)
"""What strata are merged over, step by step, where there are too many for a small sample."""


@dataclass(frozen=True)
class Strata:
    """The strata of a sample: documents of a run by how they ended, language, class and score."""

    bins: Bins
    merged: Mapping[str, str]

    def of(self, document: Ended) -> Stratum:
        """The stratum of a document."""
        return self.coarse(finest(document, self.bins))

    def coarse(self, stratum: Stratum) -> Stratum:
        """The stratum that one of the finest belongs to."""
        return replace(stratum, **self.merged)


def finest(document: Ended, bins: Bins) -> Stratum:
    """The stratum of a document before any are merged."""
    return Stratum(document.end, document.language, document.value, bins.name(document.score))


def choose_strata(counts: Mapping[Stratum, int], bins: Bins, size: int) -> Strata:
    """The finest strata of which a sample of that size can have ``MIN_PER_STRATUM`` of each.

    So every document has a chance to be drawn, without which no weight could be right.
    """
    for merged in COARSER:
        strata = Strata(bins, merged)
        if len(set(map(strata.coarse, counts))) * MIN_PER_STRATUM <= size:
            return strata
    return Strata(bins, COARSER[-1])


def allocate(
    available: Mapping[Stratum, int], sizes: Mapping[Stratum, int], bins: Bins, total: int
) -> dict[Stratum, int]:
    """How many to draw of each stratum, ``total`` together if so many are available.

    One of each, and the rest in proportion to the root of the stratum's size times the density of
    its bin: large strata get more, but not so much more that small ones vanish. None gets more
    than is available. Whoever asks for the same gets the same, whatever the order of the mappings.
    """
    order = sorted(stratum for stratum, count in available.items() if count)
    given = Counter(dict.fromkeys(order, 1)) if len(order) <= total else Counter[Stratum]()
    shares = {one: math.sqrt(sizes[one]) * bins.density(one.scores) for one in order}
    while left := total - given.total():
        open_ones = [one for one in order if given[one] < available[one]]
        if not open_ones:
            break
        whole = sum(shares[one] for one in open_ones)
        quota = {one: left * shares[one] / whole for one in open_ones}
        grants = {one: min(int(quota[one]), available[one] - given[one]) for one in open_ones}
        if not any(grants.values()):  # less than one each: the largest remainders come first
            first = sorted(open_ones, key=lambda one: (-quota[one], one))[:left]
            grants = dict.fromkeys(first, 1)
        given.update(grants)
    return {one: given[one] for one in order if given[one]}
