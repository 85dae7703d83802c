"""Documents of more characters than a limit leave."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from schemas.verdict import Verdict, keep, remove
from stages.base import DocumentStage, Judge, Positive, one_by_one


class MaxLengthReason(StrEnum):
    """Why a document was removed."""

    TOO_LONG = "too_long"


def judge(text: str, max_chars: int) -> Verdict:
    """Remove a text of more than ``max_chars`` characters."""
    if len(text) > max_chars:
        return remove(MaxLengthReason.TOO_LONG, f"{len(text)} characters > max_chars {max_chars}")
    return keep()


@dataclass(frozen=True)
class MaxLength(DocumentStage):
    """Removes documents longer than ``max_chars`` characters; not a stage of the report."""

    name: ClassVar[str] = "max_length"
    reads: ClassVar[tuple[str, ...]] = ("text",)

    max_chars: Positive = 1_000_000

    def open(self) -> Judge:
        """Nothing to load."""
        return one_by_one(lambda row: judge(row["text"] or "", self.max_chars))
