"""What a stage says of one document: keep, remove with a reason, or quarantine with an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import pyarrow as pa

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Decision(StrEnum):
    """The three ways out of a stage; QUARANTINE means "could not judge"."""

    KEEP = "keep"
    REMOVE = "remove"
    QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class Edit:
    """One line that a stage cut: its 0-based number in the text that the stage was given."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision with what a person needs to understand it.

    ``columns`` holds the values of the stage's ``writes``; they are stored whatever the decision.
    A stage that cuts lines gives the ``edits`` and the new text in ``columns["text"]``.
    """

    decision: Decision
    reason: str = ""
    detail: str = ""
    columns: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    edits: tuple[Edit, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """Its pickle, by which a child process answers; a view of a mapping has none."""
        return Verdict, (self.decision, self.reason, self.detail, dict(self.columns), self.edits)


def keep(columns: Mapping[str, Any] = NOTHING, edits: tuple[Edit, ...] = ()) -> Verdict:
    """The document goes on."""
    return Verdict(Decision.KEEP, columns=columns, edits=edits)


def remove(
    reason: StrEnum,
    detail: str,
    columns: Mapping[str, Any] = NOTHING,
    edits: tuple[Edit, ...] = (),
) -> Verdict:
    """The document leaves for a named fault; ``detail`` names the measure and its threshold."""
    return Verdict(Decision.REMOVE, str(reason), detail, columns, edits)


def quarantine(error: StrEnum, detail: str, columns: Mapping[str, Any] = NOTHING) -> Verdict:
    """The document could not be judged."""
    return Verdict(Decision.QUARANTINE, str(error), detail, columns)


EDITS = pa.list_(
    pa.struct(
        [
            pa.field("stage", pa.string()),
            pa.field("line", pa.int32()),
            pa.field("text", pa.string()),
            pa.field("reason", pa.string()),
        ]
    )
)

VERDICT_FIELDS: tuple[pa.Field, ...] = (
    pa.field("stage", pa.string()),
    pa.field("reason", pa.string()),
    pa.field("detail", pa.string()),
    pa.field("edits", EDITS),
)
