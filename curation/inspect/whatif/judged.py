"""The documents that a stage judged, from what its step stored, in crawl order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from curation import storage
from curation.errors import UsageError
from curation.inspect.documents import Place, read_file
from curation.inspect.run_files import StepRun
from curation.storage.manifest import PartResult
from schemas.verdict import Decision
from stages.base import Row

IDENTITY = (
    *("doc_id", "url", "position", "stage", "reason", "language", "site", "category"),
    *("copies", "tokens"),
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A document that a stage judged: the columns that were read, and what the stage decided.

    ``reason`` is "" if it passed the stage. ``went_on`` says that it passed the step too.
    """

    place: Place
    row: Row
    reason: str
    went_on: bool

    @property
    def position(self) -> int:
        """Its place in crawl order."""
        return int(self.row["position"])


def read_judged(step: StepRun, stage: str, columns: Sequence[str]) -> Iterator[Judged]:
    """Every document that came to the stage and that it could judge.

    Held are some columns of the documents of one part. Raises UsageError where the run has not
    stored what the stage judges by.
    """
    names = [one.name for one in step.manifest.stages]
    passed = set(names[names.index(stage) + 1 :])
    wanted = sorted({*columns, *IDENTITY})
    for part in step.manifest.parts:
        found = list(_of_part(step, part, stage, passed, wanted, columns))
        yield from sorted(found, key=attrgetter("position"))


def _of_part(
    step: StepRun,
    part: PartResult,
    stage: str,
    passed: set[str],
    wanted: Sequence[str],
    needed: Sequence[str],
) -> Iterator[Judged]:
    for decision, file in part.files.items():
        uri = storage.join(step.folder, file.name)
        for rows in read_file(step, decision, uri, wanted):
            _refuse_lacking(needed, rows.table.column_names, stage)
            for number, row in enumerate(rows.table.to_pylist()):
                ended = row["stage"] or ""
                if decision is Decision.KEEP or ended in passed:
                    here = {**row, "reason": ""}
                    yield Judged(rows.place(number), here, "", decision is Decision.KEEP)
                elif ended == stage and decision is Decision.REMOVE:
                    yield Judged(rows.place(number), row, row["reason"], went_on=False)


def _refuse_lacking(needed: Sequence[str], there: Sequence[str], stage: str) -> None:
    if lacking := sorted(set(needed) - set(there)):
        raise UsageError(
            f"whatif: the run has not stored {', '.join(lacking)}, which {stage} judges by: "
            "run it again"
        )
