"""A stage that takes its time, for tests that end a run in the middle."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from schemas.verdict import Verdict, keep
from stages.base import DocumentStage, Judge, Row


@dataclass(frozen=True)
class Waiting(DocumentStage):
    """Waits a minute before each batch of documents."""

    name: ClassVar[str] = "waiting"
    reads: ClassVar[tuple[str, ...]] = ("text",)

    def open(self) -> Judge:
        def judge(rows: Sequence[Row]) -> list[Verdict]:
            time.sleep(60)
            return [keep() for _ in rows]

        return judge
