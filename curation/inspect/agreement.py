"""Where the verdicts of a run differ from those that a person expects, page by page.

A page that balance samples out was found good: it counts as kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from rich.table import Table

from curation import storage
from curation.errors import UsageError
from curation.inspect.run_files import StepRun, read_columns
from curation.storage.records import parse_record
from schemas.expected import ExpectedPage
from schemas.verdict import Decision
from stages.balance.stage import Balance


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of a page: the decision, and who made it and why, if it was not kept."""

    decision: Decision
    stage: str = ""
    reason: str = ""
    detail: str = ""

    def __str__(self) -> str:
        """As ``remove page_type/list_page``."""
        return _in_words(self.decision, self.stage, self.reason)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A page as it should have ended and as it did; no ending if the run does not know it."""

    expected: ExpectedPage
    ending: Ending | None
    agrees: bool

    @property
    def wanted(self) -> str:
        """The expected verdict as an ``Ending`` shows its own."""
        return _in_words(self.expected.decision, self.expected.stage, self.expected.reason)

    @property
    def found(self) -> str:
        """What became of it, in words."""
        return str(self.ending) if self.ending else "not in the run"


@dataclass(frozen=True, slots=True)
class KindAgreement:
    """The pages of one kind: how many ended as expected, and how the others did, by verdict."""

    kind: str
    wanted: str
    pages: int
    agreed: int
    others: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """All comparisons, in the order of the file that said what to expect."""

    comparisons: tuple[Comparison, ...]

    @property
    def agreed(self) -> int:
        """How many pages ended as expected."""
        return sum(one.agrees for one in self.comparisons)

    @property
    def share(self) -> float:
        """The share of pages that ended as expected."""
        return self.agreed / len(self.comparisons)

    @property
    def differing(self) -> list[Comparison]:
        """The pages that ended otherwise."""
        return [one for one in self.comparisons if not one.agrees]

    def by_kind(self) -> list[KindAgreement]:
        """The kinds, those first of which most pages ended otherwise, then as the file has them."""
        kinds: dict[tuple[str, str], list[Comparison]] = defaultdict(list)
        for one in self.comparisons:
            kinds[one.expected.kind, one.wanted].append(one)
        rows = [
            KindAgreement(
                kind,
                wanted,
                len(pages),
                sum(one.agrees for one in pages),
                tuple(Counter(one.found for one in pages if not one.agrees).most_common()),
            )
            for (kind, wanted), pages in kinds.items()
        ]
        return sorted(rows, key=lambda row: row.agreed - row.pages)

    def __str__(self) -> str:
        """In one line."""
        pages = len(self.comparisons)
        return f"{self.agreed:,} of {pages:,} pages ({self.share:.1%}) ended as expected"


def _in_words(decision: Decision, *names: str) -> str:
    return f"{decision} {'/'.join(filter(None, names))}".rstrip()


def read_expected(uri: str) -> list[ExpectedPage]:
    """The lines of a JSONL file of expected verdicts.

    Raises UsageError for a file that is not there or has no line, RecordError for a bad line.
    """
    if not storage.exists(uri):
        raise UsageError(f"{uri}: no such file of expected verdicts")
    lines = storage.read_bytes(uri).splitlines()
    if not lines:
        raise UsageError(f"{uri}: has no line: nothing is expected of any page")
    return [
        parse_record(f"{uri}, line {number}", line, ExpectedPage)
        for number, line in enumerate(lines, 1)
    ]


def compare(expected: Sequence[ExpectedPage], endings: Mapping[str, Sequence[Ending]]) -> Agreement:
    """Hold what became of each URL against what is expected of it."""
    left = {url: list(found) for url, found in endings.items()}
    found: list[Ending | None] = []
    groups: dict[str, list[int]] = defaultdict(list)
    for place, page in enumerate(expected):
        captures = left.get(page.url)
        found.append(captures.pop(0) if captures else None)
        groups[page.group].append(place)
    agreeing = {one for places in groups.values() for one in _agreeing(expected, found, places)}
    return Agreement(
        tuple(
            Comparison(page, ending, place in agreeing)
            for place, (page, ending) in enumerate(zip(expected, found, strict=True))
        )
    )


def agreement_of(runs: Sequence[StepRun], expected: Sequence[ExpectedPage]) -> Agreement:
    """Hold the verdicts of a run's steps against those that are expected."""
    judged = [run for run in runs if run.manifest.stages]
    return compare(expected, endings_of(judged, {page.url for page in expected}))


def endings_of(runs: Sequence[StepRun], urls: Collection[str]) -> dict[str, list[Ending]]:
    """What became of each URL, of each of its captures."""
    wanted = pa.array(sorted(urls), pa.string())
    endings: dict[str, list[Ending]] = defaultdict(list)
    for run in runs:
        for decision in Decision:
            if decision is not Decision.KEEP or run is runs[-1]:
                for url, ending in _rows(run, decision, wanted):
                    endings[url].append(ending)
    return endings


def _rows(run: StepRun, decision: Decision, urls: pa.Array) -> Iterator[tuple[str, Ending]]:
    for _, table in read_columns(run, decision, ["url", "stage", "reason", "detail"]):
        for row in table.filter(pc.is_in(table["url"], value_set=urls)).to_pylist():
            texts = (row["stage"] or "", row["reason"] or "", row["detail"] or "")
            yield row["url"], Ending(decision, *texts)


def _agreeing(
    expected: Sequence[ExpectedPage], found: Sequence[Ending | None], group: Sequence[int]
) -> Iterator[int]:
    """The pages of a group that ended as expected, of themselves or of another one.

    First those whose own verdict fits; then each other page for which a verdict of the group is
    left over that fits it.
    """
    others = []
    for place in group:
        if _fits(expected[place], found[place]):
            yield place
        else:
            others.append(place)
    free = [found[place] for place in others]
    for place in others:
        fitting = next((one for one in free if _fits(expected[place], one)), None)
        if fitting:
            free.remove(fitting)
            yield place


def _fits(page: ExpectedPage, ending: Ending | None) -> bool:
    if ending is None:
        return False
    is_sampled_out = page.decision is Decision.KEEP and ending.stage == Balance.name
    return is_sampled_out or page.fits(ending.decision, ending.stage, ending.reason)


def agreement_table(agreement: Agreement) -> Table:
    """The agreement by kind, for a terminal."""
    table = Table(title="Expected against actual", title_justify="left")
    table.add_column("kind", no_wrap=True)
    table.add_column("expected")
    for name in ("pages", "as expected"):
        table.add_column(name, justify="right")
    table.add_column("otherwise", overflow="fold", ratio=1)
    for row in agreement.by_kind():
        others = ", ".join(f"{verdict} {count:,}" for verdict, count in row.others)
        table.add_row(row.kind, row.wanted, f"{row.pages:,}", f"{row.agreed:,}", others)
    table.caption, table.caption_justify = str(agreement), "left"
    return table
