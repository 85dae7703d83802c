"""What the runs of an item in a page prove: how much stands together, and whether it counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from stages.decontaminate.canonical import Canonical
from stages.decontaminate.index import PARTS, ItemIndex
from stages.decontaminate.search import Run, find_runs

ANSWER_REACH_BYTES = 300
"""How far behind a question, in canonical form, a short answer is looked for."""
_MOST_COMPARED = 200
"""Hits that one is compared with: a page that holds a whole benchmark must not take for ever."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many tokens of a text stand in one place of a page, and how many of them in a row.

    ``start`` and ``end`` are places in the page's canonical form.
    """

    text: int
    found: int
    in_a_row: int
    total: int
    start: int
    end: int

    @property
    def is_whole(self) -> bool:
        """Whether all of the text stands there, in one piece."""
        return self.in_a_row == self.total


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on evidence counts; the fields are those of the stage."""

    ngram_tokens: int
    min_ngram_ratio: float
    min_rewritten_ratio: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A text of an item that a page holds.

    ``has_answer`` says of a question whether a short answer stands behind it; None of an answer,
    and of a question whose item has no short answer.
    """

    benchmark: str
    item: str
    part: str
    evidence: Evidence
    has_answer: bool | None


def counts(evidence: Evidence, limits: Limits) -> bool:
    """Whether a page holds the text.

    A text of fewer tokens than an n-gram must stand there whole. Of a longer one an n-gram does, if
    enough of the text stands around it; or as much of it, in shorter runs, as a rewrite leaves.

    >>> limits = Limits(13, min_ngram_ratio=0.5, min_rewritten_ratio=0.75)
    >>> rewritten = Evidence(0, found=19, in_a_row=10, total=20, start=0, end=90)
    >>> quoted = Evidence(0, found=15, in_a_row=15, total=100, start=0, end=70)
    >>> counts(rewritten, limits), counts(quoted, limits)
    (True, False)
    """
    if evidence.is_whole:
        return True
    if evidence.total < limits.ngram_tokens:
        return False
    ratio = evidence.found / evidence.total
    if evidence.in_a_row >= limits.ngram_tokens and ratio >= limits.min_ngram_ratio:
        return True
    return ratio >= limits.min_rewritten_ratio


def find_hits(page: Canonical, index: ItemIndex, limits: Limits) -> list[Hit]:
    """The texts of items that one page holds, in the order of benchmarks, items and parts.

    Items are made of each other: of those of one benchmark that a stretch of the page has more of,
    and less of, only the former are told.
    """
    found = []
    runs_in_page = find_runs(page, index, limits.ngram_tokens, limits.min_rewritten_ratio)
    for text, runs in groupby(runs_in_page, key=lambda run: run.text):
        evidence = best_evidence(list(runs), int(index.tokens[text]), _size_of(index, text))
        if counts(evidence, limits):
            found.append(_hit(page, index, evidence, limits))
    return [
        hit for _, some in groupby(found, lambda hit: hit.benchmark) for hit in best(list(some))
    ]


def best(hits: Sequence[Hit]) -> list[Hit]:
    """The hits of one benchmark but those within a stretch that another has more tokens of."""
    told: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: -hit.evidence.found):
        if not any(_explains(other.evidence, hit.evidence) for other in told[-_MOST_COMPARED:]):
            told.append(hit)
    return sorted(told, key=lambda hit: hit.evidence.text)


def _explains(more: Evidence, less: Evidence) -> bool:
    """Whether most of where ``less`` was found is where ``more`` was."""
    common = min(more.end, less.end) - max(more.start, less.start)
    return more.found > less.found and 2 * common > less.end - less.start


def best_evidence(runs: Sequence[Run], total: int, size: int) -> Evidence:
    """The place in a page where most tokens of a text of ``size`` bytes stand; of equals the first.

    ``runs`` are in the order of their starts. Two that are farther apart than the text is long
    are in two places.

    >>> runs = [Run(0, 10, 40, 0, 6), Run(0, 44, 70, 7, 5), Run(0, 900, 930, 0, 6)]
    >>> best_evidence(runs, total=12, size=64)
    Evidence(text=0, found=11, in_a_row=6, total=12, start=10, end=70)
    """
    places = [_evidence(place, total) for place in _by_place(runs, size)]
    return max(places, key=lambda one: (one.found, -one.start))


def _by_place(runs: Iterable[Run], reach: int) -> Iterator[list[Run]]:
    place: list[Run] = []
    end = 0
    for run in runs:
        if place and run.start > end + reach:
            yield place
            place, end = [], 0
        place.append(run)
        end = max(end, run.end)
    yield place


def _evidence(runs: Sequence[Run], total: int) -> Evidence:
    found = reached = 0
    for run in sorted(runs, key=lambda run: run.first_token):
        last = run.first_token + run.tokens
        found += max(0, last - max(reached, run.first_token))
        reached = max(reached, last)
    start, end = min(run.start for run in runs), max(run.end for run in runs)
    return Evidence(runs[0].text, found, max(run.tokens for run in runs), total, start, end)


def _size_of(index: ItemIndex, text: int) -> int:
    return int(index.texts.ends[text] - _first_of(index, text))


def _first_of(index: ItemIndex, text: int) -> int:
    return int(index.texts.ends[text - 1]) + 1 if text else 0


def _hit(page: Canonical, index: ItemIndex, evidence: Evidence, limits: Limits) -> Hit:
    item, part = divmod(evidence.text, len(PARTS))
    benchmark = next(n for n, last in enumerate(index.firsts[1:]) if item < last)
    answer = evidence.text + 1
    is_short = part == 0 and 0 < index.tokens[answer] < limits.ngram_tokens
    return Hit(
        index.benchmarks[benchmark],
        index.ids[item].as_py(),
        PARTS[part],
        evidence,
        _stands_behind(page, index, answer, evidence.end) if is_short else None,
    )


def _stands_behind(page: Canonical, index: ItemIndex, text: int, place: int) -> bool:
    """Whether a text stands, as whole words, not far behind a place of a page."""
    wanted = index.texts.data[_first_of(index, text) : index.texts.ends[text]].tobytes()
    there = page.data[place : place + ANSWER_REACH_BYTES].tobytes()
    at = there.find(wanted)
    while at >= 0:
        if page.starts[place + at] and page.starts[place + at + len(wanted)]:
            return True
        at = there.find(wanted, at + 1)
    return False
