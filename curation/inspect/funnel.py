"""The funnel: what every stage of a run took, with its reasons, as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from curation.inspect.printable import printable
from curation.storage.manifest import Figure, Manifest
from schemas.verdict import Decision


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """One stage: documents that reached it, and what became of them.

    ``step_seconds`` is the time of its whole step: stages run together, document by document.
    """

    step: str
    stage: str
    rows_in: int
    keep: int
    removed: tuple[tuple[str, int], ...]
    quarantined: tuple[tuple[str, int], ...]
    step_seconds: float


def funnel(manifests: Sequence[Manifest]) -> list[FunnelRow]:
    """One row for the source and for each stage of the steps that judge, in order."""
    rows: list[FunnelRow] = []
    for number, done in enumerate(m for m in manifests if m.stages):
        named = [stage.name for stage in done.stages]
        others = _by_stage(done)
        names = [*([] if number else ["source"]), *named]
        names += [name for name in others if name not in names]
        left = done.rows_in
        for name in names:
            removed, quarantined = others.get(name, ((), ()))
            gone = sum(n for _, n in removed) + sum(n for _, n in quarantined)
            rows.append(
                FunnelRow(done.step, name, left, left - gone, removed, quarantined, done.seconds)
            )
            left -= gone
    return rows


Reasons = tuple[tuple[str, int], ...]


def _by_stage(done: Manifest) -> dict[str, tuple[Reasons, Reasons]]:
    """What each stage removed and what it quarantined, by reason, the commonest first."""
    found: dict[str, tuple[list[tuple[str, int]], list[tuple[str, int]]]] = {}
    for one in sorted(done.reasons, key=lambda one: (-one.rows, one)):
        removed, quarantined = found.setdefault(one.stage, ([], []))
        into = quarantined if one.decision is Decision.QUARANTINE else removed
        into.append((one.reason, one.rows))
    return {stage: (tuple(gone), tuple(held)) for stage, (gone, held) in found.items()}


@dataclass(frozen=True, slots=True)
class OutputRow:
    """What an output made, and of how much: documents, or the rows that another one made of them.

    ``figures`` are its own account, ``rows`` that of them which counts rows, if it does.
    """

    name: str
    unit: str
    taken: int
    figures: tuple[Figure, ...]
    step_seconds: float

    @property
    def rows(self) -> int | None:
        """How many rows it wrote, where it says so."""
        return next((int(one.value) for one in self.figures if one.label == "rows"), None)

    def __str__(self) -> str:
        """How what came in became what is there.

        >>> figures = (Figure("rows", 1012), Figure("tokens", 9), Figure("characters", 20))
        >>> str(OutputRow("export", "documents", 724, figures, 0.1))
        '724 documents are 1,012 rows (balance has some exported more than once), tokens 9'
        >>> str(OutputRow("pack", "rows", 1012, (Figure("sequences", 3),), 0.1))
        '1,012 rows, sequences 3'
        """
        said = f"{self.taken:,} {self.unit}"
        if self.rows is not None and self.unit == DOCUMENTS:
            said += f" are {self.rows:,} rows"
            if self.rows > self.taken:
                said += " (balance has some exported more than once)"
        others = [str(one) for one in self.figures if one.label != "rows"][:1]
        return ", ".join([said, *others])


DOCUMENTS, ROWS = "documents", "rows"


def output_rows(manifests: Sequence[Manifest], made_of: Mapping[str, str]) -> list[OutputRow]:
    """A row for each output of a run; ``made_of`` names those of which others are made."""
    return [
        OutputRow(
            done.step,
            ROWS if made_of.get(done.step) else DOCUMENTS,
            done.rows_in,
            done.figures,
            done.seconds,
        )
        for done in manifests
        if not done.stages
    ]


def step_times(rows: Sequence[FunnelRow]) -> list[float | None]:
    """The time of each row's step, on the first row of that step only."""
    steps = [(row.step, row.step_seconds) for row in rows]
    return [
        step[1] if step != before else None
        for before, step in zip([None, *steps], steps, strict=False)
    ]


def funnel_table(rows: Sequence[FunnelRow], outputs: Sequence[OutputRow] = ()) -> Table:
    """The funnel for a terminal, and what was made of the documents that are kept."""
    table = Table(title="Funnel", title_justify="left")
    for name in ("stage", "in", "kept", "removed", "quarantined"):
        table.add_column(name, justify="left" if name == "stage" else "right", no_wrap=True)
    table.add_column("reasons", overflow="fold", ratio=1)
    table.add_column("step time", justify="right", no_wrap=True)
    for row, seconds in zip(rows, step_times(rows), strict=True):
        removed = sum(count for _, count in row.removed)
        quarantined = sum(count for _, count in row.quarantined)
        reasons = ", ".join(f"{reason} {n:,}" for reason, n in row.removed + row.quarantined)
        time = "" if seconds is None else f"{seconds:.1f} s"
        numbers = [f"{n:,}" for n in (row.rows_in, row.keep, removed, quarantined)]
        table.add_row(_cell(row.stage), *numbers, _cell(reasons), time)
    table.add_section()
    for made in outputs:
        time = f"{made.step_seconds:.1f} s"
        table.add_row(
            made.name, f"{made.taken:,}", f"{made.taken:,}", "", "", _cell(str(made)), time
        )
    if rows:
        table.caption = _sum(rows)
        table.caption_justify = "left"
    return table


def _cell(words: str) -> Text:
    """Words as they are: a stage's reasons are its own, and are not to be read as markup."""
    return Text(printable(words))


def _sum(rows: Sequence[FunnelRow]) -> str:
    removed = sum(count for row in rows for _, count in row.removed)
    quarantined = sum(count for row in rows for _, count in row.quarantined)
    seconds = sum(time or 0 for time in step_times(rows))
    return (
        f"{rows[0].rows_in:,} pages in = {rows[-1].keep:,} kept + {removed:,} removed + "
        f"{quarantined:,} quarantined, in {seconds:.1f} s"
    )
