"""Stages that fail in ways that no document is to blame for."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from schemas.verdict import Verdict, keep
from stages.base import DocumentStage, Judge, Row


@dataclass(frozen=True)
class Crashing(DocumentStage):
    """Ends the process, as a machine that fails would, unless ``marker`` exists; makes it exist."""

    name: ClassVar[str] = "crashing"
    reads: ClassVar[tuple[str, ...]] = ("text",)
    marker: str = ""

    def open(self) -> Judge:
        def judge(rows: Sequence[Row]) -> list[Verdict]:
            marker = Path(self.marker)
            if not marker.exists():
                marker.touch()
                os._exit(1)
            return [keep() for _ in rows]

        return judge


@dataclass(frozen=True)
class Unopened(DocumentStage):
    """Cannot be opened, as where a file has gone since the plan was made."""

    name: ClassVar[str] = "unopened"
    reads: ClassVar[tuple[str, ...]] = ("text",)

    def open(self) -> Judge:
        raise OSError("words.txt: has gone")
