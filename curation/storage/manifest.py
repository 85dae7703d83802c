"""What a step left behind: its files, and the ledger that accounts for every row.

A manifest is written last; its presence means that the step is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from curation import storage
from curation.errors import LedgerError
from curation.storage import StoredFile
from schemas.verdict import Decision

FILE_NAME = "_manifest.json"


@dataclass(frozen=True, slots=True)
class PartResult:
    """What one part became. ``reasons`` counts rows by decision, stage and reason, as written."""

    part: int
    rows_in: int
    files: Mapping[str, StoredFile]
    reasons: Mapping[str, int]
    skipped: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> PartResult:
        """Back from plain values."""
        files = {decision: StoredFile(**file) for decision, file in value["files"].items()}
        return cls(value["part"], value["rows_in"], files, value["reasons"], value["skipped"])


@dataclass(frozen=True, slots=True)
class Manifest:
    """One step's account. ``reasons`` maps "decision/stage/reason" to rows."""

    step: str
    number: int
    fingerprint: str
    stages: tuple[Mapping[str, Any], ...]
    rows_in: int
    keep: int
    remove: int
    quarantine: int
    reasons: Mapping[str, int]
    skipped: Mapping[str, int]
    seconds: float
    parts: tuple[PartResult, ...] = ()
    state: tuple[StoredFile, ...] = ()
    products: tuple[StoredFile, ...] = ()
    figures: Mapping[str, float] = field(default_factory=dict)

    def files(self, decision: Decision) -> list[tuple[int, StoredFile]]:
        """The (part, file) pairs of one decision, in crawl order."""
        return [(p.part, p.files[decision]) for p in self.parts if decision in p.files]

    def described(self, stage: str) -> Mapping[str, Any]:
        """What the output of one of its stages depends on."""
        return next(one for one in self.stages if one["name"] == stage)

    def save(self, folder: str) -> None:
        """Write it; the step is done."""
        storage.write_json(storage.join(folder, FILE_NAME), asdict(self))


def load(folder: str) -> Manifest | None:
    """The manifest of a step's folder, or None while the step is not done."""
    path = storage.join(folder, FILE_NAME)
    if not storage.exists(path):
        return None
    value = storage.read_json(path)
    value["parts"] = tuple(PartResult.from_json(part) for part in value["parts"])
    value["stages"] = tuple(value["stages"])
    for name in ("state", "products"):
        value[name] = tuple(StoredFile(**file) for file in value[name])
    return Manifest(**value)


def delete(folder: str) -> None:
    """Undo a step: without its manifest, what is left of its folder is never taken for done."""
    path = storage.join(folder, FILE_NAME)
    if storage.exists(path):
        storage.delete_file(path)


def total(results: Iterable[PartResult]) -> tuple[int, Counter[str], Counter[str], Counter[str]]:
    """Rows in, rows by decision, by reason and skipped records, over all parts."""
    rows_in, decisions = 0, Counter[str]()
    reasons, skipped = Counter[str](), Counter[str]()
    for result in results:
        rows_in += result.rows_in
        decisions.update({name: file.rows for name, file in result.files.items()})
        reasons.update(result.reasons)
        skipped.update(result.skipped)
    return rows_in, decisions, reasons, skipped


def check(manifest: Manifest, expected_rows: int | None) -> None:
    """Refuse a step whose sums differ, or that lost or made rows since the step before it."""
    out = manifest.keep + manifest.remove + manifest.quarantine
    if manifest.rows_in != out:
        raise LedgerError(
            f"step {manifest.step}: {manifest.rows_in} rows came in, {out} went out "
            f"(keep {manifest.keep}, remove {manifest.remove}, quarantine {manifest.quarantine})"
        )
    counted = sum(manifest.reasons.values())
    if counted != manifest.remove + manifest.quarantine:
        raise LedgerError(
            f"step {manifest.step}: {counted} rows have a reason, "
            f"{manifest.remove + manifest.quarantine} were removed or quarantined"
        )
    if expected_rows is not None and manifest.rows_in != expected_rows:
        raise LedgerError(
            f"step {manifest.step}: the step before kept {expected_rows} rows, "
            f"{manifest.rows_in} came in"
        )
