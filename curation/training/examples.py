"""Examples to train on, as the stage that will judge is given its documents, and their file.

A file of them is Parquet. It says which stages served the documents, with versions, settings and
digests, and is read back for the same stages alone: weights are not fitted on what a pipeline no
longer serves.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
import pyarrow.parquet as pq

from curation.errors import UsageError
from curation.run.resources import describe
from curation.storage.records import from_values, parse_record, to_text
from curation.storage.stage_description import StageDescription
from schemas.page import Page
from stages.base import Stage
from stages.extract.markup import FIELDS, Markup

RECIPE = 1
"""Raised when documents are made of labelled data in another way."""

ANEW = "give the folder of labelled data to make them anew"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a document before any stage has seen it.

    ``kind`` says how it came about, ``site`` what it is held out with; ``answer`` is what a model
    should say of it, ``truth`` its main text ("" for what is unknown).
    """

    kind: str
    language: str
    site: str
    answer: str = ""
    truth: str = ""


@dataclass(frozen=True, slots=True)
class TrainingDocument:
    """A document that enters the pipeline, as a source gives it, and what is known of it."""

    page: Page
    known: Known


@dataclass(frozen=True, slots=True)
class Example:
    """A training document as it stands before the stage that will judge.

    ``stopped_by`` names the earlier stage and the reason for which it would not have come so far,
    "" if it does. Only a document that entered as text goes on past such a stage; of a page that
    was stopped there is no text.
    """

    id: str
    known: Known
    stopped_by: str
    url: str
    title: str
    text: str
    markup: Markup | None


_METADATA = b"curation.training"
_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("known", pa.struct([(field.name, pa.string()) for field in fields(Known)])),
        *((name, pa.string()) for name in ("stopped_by", "url", "title", "text")),
        ("markup", pa.struct([(name, pa.int32()) for name in FIELDS])),
    ]
)


@dataclass(frozen=True, slots=True)
class MadeBy:
    """What made examples: the stages that served them, in order, and how documents were made."""

    format_version: ClassVar[int] = 1
    remedy: ClassVar[str] = ANEW

    stages: tuple[StageDescription, ...]
    recipe: int = RECIPE

    @classmethod
    def of(cls, stages: Sequence[Stage]) -> MadeBy:
        """Of configured stages. Raises UsageError for a missing or malformed file."""
        return cls(tuple(map(describe, stages)))

    @property
    def versions(self) -> dict[str, int]:
        """The version of each stage."""
        return {stage.name: stage.version for stage in self.stages}

    @property
    def digest(self) -> str:
        """A hash of all that they depend on."""
        return hashlib.sha256(to_text(self).encode()).hexdigest()

    def difference_from(self, other: MadeBy) -> str:
        """The first difference from what made other examples ("there"), in words, "" for none."""
        if self.recipe != other.recipe:
            return f"recipe is {other.recipe} there, {self.recipe} here"
        names = [", ".join(made.versions) for made in (other, self)]
        if names[0] != names[1]:
            return f"stages are {names[0]} there, {names[1]} here"
        for theirs, ours in zip(other.stages, self.stages, strict=True):
            if difference := ours.difference_from(theirs):
                return f"stage {ours.name}: {difference}"
        return ""


def write_examples(path: Path, examples: Iterable[Example], made_by: MadeBy) -> None:
    """Write examples with what made them."""
    schema = _SCHEMA.with_metadata({_METADATA: to_text(made_by)})
    rows = [asdict(example) for example in examples]
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path, compression="zstd")


def read_examples(path: Path, made_by: MadeBy) -> list[Example]:
    """The examples of a file.

    Raises UsageError for one that is none or that others made, RecordError for one that a newer
    version of the project wrote.
    """
    try:
        table = pq.read_table(path)
    except pa.ArrowInvalid as error:
        raise UsageError(f"{path}: is no file of examples ({error}): {ANEW}") from error
    metadata = (table.schema.metadata or {}).get(_METADATA)
    if metadata is None:
        raise UsageError(f"{path}: is no file of examples: {ANEW}")
    if difference := made_by.difference_from(parse_record(str(path), metadata, MadeBy)):
        raise UsageError(
            f"{path}: its texts are not what this pipeline serves ({difference}): {ANEW}"
        )
    return [from_values(row, Example) for row in table.to_pylist()]


def account(examples: Iterable[Example]) -> dict[str, dict[str, int]]:
    """By kind, how many examples reached the stage, and how many were stopped by what."""
    counts: dict[str, Counter[str]] = {}
    for example in examples:
        counts.setdefault(example.known.kind, Counter())[example.stopped_by or "reached"] += 1
    return {kind: dict(found.most_common()) for kind, found in sorted(counts.items())}
