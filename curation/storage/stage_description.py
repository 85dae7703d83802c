"""What the output of a stage depends on: recorded by a step, and hashed into its fingerprint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class StageDescription:
    """A stage as it was configured; ``resources`` are digests of the files that it reads."""

    name: str
    version: int
    configuration: Mapping[str, JsonValue]
    resources: Mapping[str, str]
