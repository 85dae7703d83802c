"""What should become of a page: a line of the file that a run's verdicts are held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from schemas.verdict import Decision


@dataclass(frozen=True, slots=True)
class ExpectedPage:
    """A page and its verdict. A ``stage`` or ``reason`` of "" may be any.

    ``of`` is the URL of the page that it repeats, "" if it repeats none. Which of those that repeat
    each other stays depends on their order: the verdicts of such a group are meant together, in any
    order. ``kind`` is what it is counted under, ``file`` and ``language`` are for whoever looks at
    it. Before format 2 there were no verdicts.
    """

    format_version: ClassVar[int] = 2
    remedy: ClassVar[str] = "mend it, or make the sample crawl again (`curate sample-crawl`)"

    url: str
    decision: Decision
    stage: str = ""
    reason: str = ""
    of: str = ""
    kind: str = ""
    language: str = ""
    file: str = ""

    @property
    def group(self) -> str:
        """What pages that repeat each other have in common."""
        return self.of or self.url

    def fits(self, decision: Decision, stage: str, reason: str) -> bool:
        """Whether a verdict is the one that is expected."""
        return (
            decision is self.decision and self.stage in ("", stage) and self.reason in ("", reason)
        )
