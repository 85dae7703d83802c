"""Examples to train on, as the stage that will judge is given its documents, and their file.

A file of them is Parquet. It says which stages served the documents, with versions, settings and
digests, and is read back for the same stages alone: weights are not fitted on what a pipeline no
longer serves.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from curation.errors import UsageError
from curation.run.plan import describe
from models.markup import FIELDS, Markup
from schemas.page import Page
from stages.base import Stage

FORMAT = 1
"""Raised when entrants are made, or examples written, in another way."""


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
class Entrant:
    """A document that enters the pipeline, as a source gives it, and what is known of it."""

    page: Page
    known: Known


@dataclass(frozen=True, slots=True)
class Example:
    """An entrant as it stands before the stage that will judge.

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
    """The stages that served examples: what each depends on, as JSON, in order."""

    stages: tuple[str, ...]
    format: int = FORMAT

    @classmethod
    def of(cls, stages: Sequence[Stage]) -> MadeBy:
        """Of configured stages. Raises UsageError for a missing or malformed file."""
        texts = (json.dumps(describe(stage), sort_keys=True, default=str) for stage in stages)
        return cls(tuple(texts))

    @property
    def versions(self) -> dict[str, int]:
        """The version of each stage."""
        described = [json.loads(text) for text in self.stages]
        return {stage["name"]: stage["version"] for stage in described}

    @property
    def digest(self) -> str:
        """A hash of all that they depend on."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()


def write_examples(path: Path, examples: Iterable[Example], made_by: MadeBy) -> None:
    """Write examples with what made them."""
    schema = _SCHEMA.with_metadata({_METADATA: json.dumps(asdict(made_by))})
    rows = [asdict(example) for example in examples]
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path, compression="zstd")


def read_examples(path: Path, made_by: MadeBy) -> list[Example]:
    """The examples of a file. Raises UsageError for one that other stages made, or that is none."""
    try:
        table = pq.read_table(path)
    except pa.ArrowInvalid as error:
        raise UsageError(f"{path}: is no file of examples: {error}") from error
    metadata = (table.schema.metadata or {}).get(_METADATA)
    if metadata is None:
        raise UsageError(f"{path}: is no file of examples; give the folder of labelled data")
    found = json.loads(metadata)
    if difference := _difference(MadeBy(tuple(found["stages"]), found["format"]), made_by):
        raise UsageError(
            f"{path}: was made by another pipeline ({difference}), and its texts are not what this "
            f"one serves; give the folder of labelled data to make it anew"
        )
    return [
        Example(
            row["id"],
            Known(**row["known"]),
            row["stopped_by"],
            row["url"],
            row["title"],
            row["text"],
            Markup(**row["markup"]) if row["markup"] else None,
        )
        for row in table.to_pylist()
    ]


def _difference(found: MadeBy, wanted: MadeBy) -> str:
    """What differs first, "" if nothing does."""
    if found.format != wanted.format:
        return f"format {found.format}, not {wanted.format}"
    theirs, ours = ([json.loads(text) for text in made.stages] for made in (found, wanted))
    names = [[stage["name"] for stage in stages] for stages in (theirs, ours)]
    if names[0] != names[1]:
        return f"stages {', '.join(names[0])}; not {', '.join(names[1])}"
    for before, now in zip(theirs, ours, strict=True):
        if changed := [key for key in now if now[key] != before.get(key)]:
            return f"{' and '.join(changed)} of stage {now['name']}"
    return ""


def account(examples: Iterable[Example]) -> dict[str, dict[str, int]]:
    """By kind, how many examples reached the stage, and how many were stopped by what."""
    counts: dict[str, Counter[str]] = {}
    for example in examples:
        counts.setdefault(example.known.kind, Counter())[example.stopped_by or "reached"] += 1
    return {kind: dict(found.most_common()) for kind, found in sorted(counts.items())}
