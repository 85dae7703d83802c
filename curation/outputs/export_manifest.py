"""What lies beside exported shards for those who read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import pyarrow as pa

from curation.outputs.export_counts import ExportCounts
from curation.storage import StoredFile


@dataclass(frozen=True, slots=True)
class ExportedColumn:
    """A column of the shards, its type in Arrow's words, its unit and what it means."""

    name: str
    type: str
    nullable: bool
    unit: str
    meaning: str

    @classmethod
    def of(cls, column: pa.Field) -> Self:
        """What is said of a column of a schema."""
        said = {key.decode(): value.decode() for key, value in (column.metadata or {}).items()}
        meaning = said.get("description", "")
        return cls(column.name, str(column.type), column.nullable, said.get("unit", ""), meaning)


@dataclass(frozen=True, slots=True)
class ExportManifest:
    """What lies beside the shards for those who read them."""

    format_version: ClassVar[int] = 2
    remedy: ClassVar[str] = "`curate repair` makes it again"

    fingerprint: str
    seed: int
    columns: tuple[ExportedColumn, ...]
    counts: ExportCounts
    files: tuple[StoredFile, ...]
