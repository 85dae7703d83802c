"""A stage that kills its worker the first time it runs, as a machine that fails would."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from schemas.verdict import Verdict, keep
from stages.base import DocumentStage, Judge, Row


@dataclass(frozen=True)
class Crashing(DocumentStage):
    """Ends the process unless ``marker`` exists, and makes it exist."""

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
