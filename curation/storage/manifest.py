"""What a step left behind: its files, and the ledger that accounts for every row.

A manifest is written last; its presence means that the step is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from curation import storage
from curation.storage import StoredFile
from curation.storage.first_manifest import FirstManifest, FirstPartResult
from curation.storage.integrity import refuse_missing
from curation.storage.records import Former, read_record, write_record
from curation.storage.stage_description import StageDescription
from schemas.verdict import Decision
from stages.recall import Limit

FILE_NAME = "_manifest.json"

STATE_FOLDER, FITTED_FOLDER = "state", "fitted"
"""Where the files lie that a manifest lists as ``state`` and as ``fitted``."""


@dataclass(frozen=True, slots=True, order=True)
class ReasonCount:
    """Rows that left in one stage for one reason."""

    decision: Decision
    stage: str
    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class PartResult:
    """What one part became; ``reasons`` are counted as written.

    ``summary`` is the file that sums up its documents; a part without documents has none.
    ``records`` is what the source found, None for a part of what a step kept. ``identities_in`` and
    ``identities`` say who the rows were that came in and that were written
    (``curation.storage.ledger``); before format 5 nothing did. ``lookup`` says where the pages of a
    part of a crawl lie (``curation.parts.lookup``); before format 6 nothing did.
    """

    part: int
    rows_in: int
    files: Mapping[Decision, StoredFile]
    reasons: tuple[ReasonCount, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)
    summary: StoredFile | None = None
    records: int | None = None
    identities_in: int | None = None
    identities: Mapping[Decision, int] | None = None
    lookup: StoredFile | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that an output is described by, for people: what it is, and its value."""

    label: str
    value: int | float

    @property
    def number(self) -> str:
        """The value as it is shown."""
        return f"{self.value:,}" if isinstance(self.value, int) else f"{self.value:,.6g}"

    def __str__(self) -> str:
        return f"{self.label} {self.number}"


@dataclass(frozen=True, slots=True, order=True)
class TokenCount:
    """The rows that an output wrote of one value of a column (language, page_type), in tokens."""

    column: str
    value: str
    rows: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """One step's account: of one that judges, or of one that makes an output of what is kept.

    ``summary`` is the sum of those of its parts, ``limits`` are the thresholds in force, by stage.
    ``processor_s`` is what all processes on this machine took for it, None where nobody can tell;
    ``finished`` is when, in UTC, and ``software`` the versions that it ran on. ``tokens`` are those
    that an output wrote, by language and by page type. Before format 3 no step had ``fitted``,
    before format 4 none had a ``summary``, before format 5 none had a checksum, before format 6
    none had ``limits`` or said what it took, when and on what, and no part had a ``lookup``, before
    format 7 no output had ``tokens``.
    """

    format_version: ClassVar[int] = 7
    remedy: ClassVar[str] = "delete it and run again, which does this step again"

    step: str
    number: int
    fingerprint: str
    stages: tuple[StageDescription, ...]
    rows_in: int
    keep: int
    remove: int
    quarantine: int
    reasons: tuple[ReasonCount, ...]
    skipped: Mapping[str, int]
    seconds: float
    parts: tuple[PartResult, ...] = ()
    state: tuple[StoredFile, ...] = ()
    fitted: tuple[StoredFile, ...] = ()
    products: tuple[StoredFile, ...] = ()
    figures: tuple[Figure, ...] = ()
    summary: StoredFile | None = None
    limits: Mapping[str, tuple[Limit, ...]] = field(default_factory=dict)
    processor_s: float | None = None
    finished: str = ""
    software: Mapping[str, str] = field(default_factory=dict)
    tokens: tuple[TokenCount, ...] = ()

    def files(self, decision: Decision) -> list[tuple[int, StoredFile]]:
        """The (part, file) pairs of one decision, in crawl order."""
        return [(p.part, p.files[decision]) for p in self.parts if decision in p.files]

    def all_files(self) -> list[StoredFile]:
        """Every file that the step made, by its name in the step's folder."""
        parts = [
            file
            for part in self.parts
            for file in (*part.files.values(), part.summary, part.lookup)
        ]
        state = [_within(STATE_FOLDER, file) for file in self.state]
        fitted = [_within(FITTED_FOLDER, file) for file in self.fitted]
        every = [*parts, self.summary, *state, *fitted, *self.products]
        return [file for file in every if file is not None]

    def description(self, stage: str) -> StageDescription:
        """What the output of one of its stages depends on."""
        return next(one for one in self.stages if one.name == stage)

    def save(self, folder: str) -> None:
        """Write it; the step is done."""
        write_record(storage.join(folder, FILE_NAME), self)


def _within(folder: str, file: StoredFile) -> StoredFile:
    return replace(file, name=storage.join(folder, file.name))


def load(folder: str) -> Manifest | None:
    """The manifest of a step's folder, or None while the step is not done.

    Raises RecordError for one that is damaged or newer.
    """
    formers = {1: Former(FirstManifest, _upgrade)}
    return read_record(storage.join(folder, FILE_NAME), Manifest, formers)


def delete(folder: str) -> None:
    """Undo a step: without its manifest, what is left of its folder is never taken for done."""
    path = storage.join(folder, FILE_NAME)
    if storage.exists(path):
        storage.delete_file(path)


def delete_strays(folder: str, made: Manifest) -> None:
    """Delete what the manifest of a folder does not name.

    Raises DamageError where a file that it names has gone meanwhile.
    """
    listed = {FILE_NAME, *(file.name for file in made.all_files())}
    for name in refuse_missing(folder, made.all_files()):
        if name not in listed:
            storage.delete_file(storage.join(folder, name))


def count_reasons(rows: Mapping[tuple[Decision, str, str], int]) -> tuple[ReasonCount, ...]:
    """Rows by decision, stage and reason as records, in one order."""
    return tuple(sorted(ReasonCount(*cause, count) for cause, count in rows.items()))


@dataclass(frozen=True, slots=True)
class PartTotals:
    """The results of all parts together."""

    rows_in: int
    rows: Mapping[Decision, int]
    reasons: tuple[ReasonCount, ...]
    skipped: Mapping[str, int]


def add_up(results: Iterable[PartResult]) -> PartTotals:
    """The sums over all parts."""
    rows_in, rows = 0, Counter[Decision]()
    reasons, skipped = Counter[tuple[Decision, str, str]](), Counter[str]()
    for result in results:
        rows_in += result.rows_in
        rows.update({decision: file.rows for decision, file in result.files.items()})
        skipped.update(result.skipped)
        for one in result.reasons:
            reasons[one.decision, one.stage, one.reason] += one.rows
    return PartTotals(rows_in, rows, count_reasons(reasons), dict(skipped))


def _upgrade(first: FirstManifest) -> Manifest:
    """What a step without a ``format_version`` says, as a manifest says it now."""
    return Manifest(
        step=first.step,
        number=first.number,
        fingerprint=first.fingerprint,
        stages=first.stages,
        rows_in=first.rows_in,
        keep=first.keep,
        remove=first.remove,
        quarantine=first.quarantine,
        reasons=_split(first.reasons),
        skipped=first.skipped,
        seconds=first.seconds,
        parts=tuple(map(_upgrade_part, first.parts)),
        state=first.state,
        products=first.products,
        figures=tuple(Figure(label, value) for label, value in first.figures.items()),
    )


def _upgrade_part(first: FirstPartResult) -> PartResult:
    files = {Decision(decision): file for decision, file in first.files.items()}
    return PartResult(first.part, first.rows_in, files, _split(first.reasons), first.skipped)


def _split(reasons: Mapping[str, int]) -> tuple[ReasonCount, ...]:
    split = {tuple(key.split("/", 2)): rows for key, rows in reasons.items()}
    return count_reasons(
        {(Decision(d), stage, reason): n for (d, stage, reason), n in split.items()}
    )
