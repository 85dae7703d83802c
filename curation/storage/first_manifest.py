"""A manifest as it was before it had a ``format_version``, to be read from runs that are done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from curation.storage.files import StoredFile
from curation.storage.stage_description import StageDescription


@dataclass(frozen=True, slots=True)
class FirstPartResult:
    """A part's account; ``reasons`` has "decision/stage/reason" for keys."""

    part: int
    rows_in: int
    files: Mapping[str, StoredFile]
    reasons: Mapping[str, int]
    skipped: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FirstManifest:
    """A step's account; ``figures`` has the text that was shown for keys."""

    step: str
    number: int
    fingerprint: str
    stages: tuple[StageDescription, ...]
    rows_in: int
    keep: int
    remove: int
    quarantine: int
    reasons: Mapping[str, int]
    skipped: Mapping[str, int]
    seconds: float
    parts: tuple[FirstPartResult, ...]
    state: tuple[StoredFile, ...]
    products: tuple[StoredFile, ...]
    figures: Mapping[str, float]
