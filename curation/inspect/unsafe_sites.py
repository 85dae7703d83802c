"""The sites of a run by how many of their pages are unsafe, and a list of the worst of them.

The list is one that ``url_filter`` reads: the next run leaves those sites out. Counts are whole
numbers of pages, so that nothing depends on how a run was parted.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from curation import storage
from curation.errors import UsageError
from curation.inspect.printable import printable
from curation.inspect.run_files import StepRun, load_run
from curation.storage.parquet import open_parquet
from models.safety import SUBJECTS
from schemas.verdict import Decision
from stages.base import Row
from stages.safety import Safety
from stages.sites import host_of

MIN_SCORE = 0.9
"""From this score on a page is unsafe: no good text about a subject scored so high."""

_QUANTILE = 1.96  # the lower end of an interval that holds the true share in 95% of cases
_COLUMNS = ("site", "url", *SUBJECTS)
_BATCH_ROWS = 4096


@dataclass(frozen=True, slots=True)
class UnsafeSite:
    """A site, its pages that were scored, and those among them that are unsafe by subject."""

    name: str
    pages: int
    unsafe: int
    by_subject: tuple[int, ...]

    @property
    def least_share(self) -> float:
        """The share of unsafe pages that the site has at least (Wilson, 1927).

        One unsafe page of one proves little.

        >>> [round(UnsafeSite("", n, n, ()).least_share, 2) for n in (1, 4, 40)]
        [0.21, 0.51, 0.91]
        """
        share, square = self.unsafe / self.pages, _QUANTILE**2 / self.pages
        margin = math.sqrt(share * (1 - share) * square + square**2 / 4)
        return (share + square / 2 - margin) / (1 + square)


def show_unsafe_sites(
    batch_folder: str, top: int, min_share: float, target: str | None, out: Console
) -> None:
    """Print the worst sites; write those from ``min_share`` on to ``target``, if given.

    Raises UsageError for a run that has no scores.
    """
    runs = [run for run in load_run(batch_folder) if _scores(run)]
    if not runs:
        raise UsageError(f"{batch_folder}: ran no stage {Safety.name!r}: add it to a step")
    sites = rank_unsafe_sites(_rows(runs[-1]))
    out.print(unsafe_sites_table(sites[:top]))
    if target:
        names = sorted(site.name for site in sites if site.least_share >= min_share)
        storage.write_bytes(target, "".join(f"{name}\n" for name in names).encode())
        out.print(target, soft_wrap=True, highlight=False)


def rank_unsafe_sites(rows: Iterable[Row]) -> list[UnsafeSite]:
    """The sites with unsafe pages by ``least_share``, then by name; a page without site counts not.

    ``rows`` have the columns ``site``, ``url`` and the scores, which are null for a page that was
    not scored.
    """
    pages: Counter[str] = Counter()
    unsafe: Counter[str] = Counter()
    by_subject: Counter[tuple[str, str]] = Counter()
    for row in rows:
        site = row.get("site") or host_of(row["url"] or "")
        if not site or row[SUBJECTS[0]] is None:
            continue
        high = [subject for subject in SUBJECTS if row[subject] >= MIN_SCORE]
        pages[site] += 1
        unsafe[site] += bool(high)
        by_subject.update((site, subject) for subject in high)
    sites = [
        UnsafeSite(name, pages[name], count, tuple(by_subject[name, one] for one in SUBJECTS))
        for name, count in unsafe.items()
        if count
    ]
    return sorted(sites, key=lambda site: (-site.least_share, site.name))


def unsafe_sites_table(sites: Sequence[UnsafeSite]) -> Table:
    """The ranking for a terminal."""
    table = Table(title="Sites by share of unsafe pages", title_justify="left")
    for name in ("site", "pages", "unsafe", "at least", *SUBJECTS):
        table.add_column(name, justify="left" if name == "site" else "right")
    for site in sites:
        numbers = [f"{count:,}" for count in (site.pages, site.unsafe)]
        shares = [f"{site.least_share:.1%}", *(f"{count:,}" for count in site.by_subject)]
        table.add_row(Text(printable(site.name)), *numbers, *shares)
    return table


def _scores(run: StepRun) -> bool:
    return any(stage.name == Safety.name for stage in run.manifest.stages)


def _rows(run: StepRun) -> Iterator[Row]:
    """The pages that a step kept or removed; those removed before they were scored have nulls."""
    for decision in (Decision.KEEP, Decision.REMOVE):
        for _, file in run.manifest.files(decision):
            with open_parquet(storage.join(run.folder, file.name)) as parquet:
                columns = [name for name in _COLUMNS if name in parquet.schema_arrow.names]
                for batch in parquet.iter_batches(_BATCH_ROWS, columns=columns):
                    yield from batch.to_pylist()
