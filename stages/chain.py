"""Document stages fused: each document passes them in turn and stops at its first non-keep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

from models.base import DeviceError
from schemas.verdict import Decision, Edit, Verdict, quarantine
from stages.base import CorpusStage, Judge, Row, Stage, StartingJudge

Made = TypeVar("Made")
Refused = TypeVar("Refused")


class ChainError(StrEnum):
    """Why the chain itself could not get a verdict.

    All but the first are of a document that a child process did not survive (``curation.parts``).
    """

    STAGE_FAILED = "stage_failed"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class NoKeys:
    """Stands for the flag of a document whose keys could not be made: it was not compared."""

    reason: ChainError
    detail: str


@dataclass(slots=True)
class Document:
    """A document under way: its columns, and the verdict that ended its way, if one did.

    ``flag`` is what the corpus stage of the step raised on it, for that stage's eyes only.
    """

    columns: dict[str, Any]
    decision: Decision = Decision.KEEP
    stage: str = ""
    reason: str = ""
    detail: str = ""
    edits: list[dict[str, Any]] = field(default_factory=list)
    flag: Mapping[str, Any] | NoKeys | None = None

    def apply(self, stage: str, verdict: Verdict) -> None:
        """Take over what the stage wrote, cut and decided."""
        self.columns.update(verdict.columns)
        self.edits.extend(_edit_row(stage, edit) for edit in verdict.edits)
        if verdict.decision is not Decision.KEEP:
            self.decision, self.stage = verdict.decision, stage
            self.reason, self.detail = verdict.reason, verdict.detail

    def row(self) -> dict[str, Any]:
        """The columns and the verdict, as a step stores them."""
        verdict = {"stage": self.stage, "reason": self.reason, "detail": self.detail}
        return {**self.columns, **verdict, "edits": self.edits}


def _edit_row(stage: str, edit: Edit) -> dict[str, Any]:
    return {"stage": stage, "line": edit.line, "text": edit.text, "reason": edit.reason}


@dataclass(frozen=True, slots=True)
class Link:
    """A stage with its opened judge."""

    stage: Stage
    judge: Judge


def open_chain(stages: Iterable[Stage]) -> list[Link]:
    """Open every stage, in order."""
    return [Link(stage, stage.open()) for stage in stages]


def start_chain(chain: Iterable[Link]) -> None:
    """Start what judges need in this very process; to be called before it reads anything."""
    for link in chain:
        if isinstance(link.judge, StartingJudge):
            link.judge.start()


JudgeRows: TypeAlias = Callable[[Link, Sequence[Mapping[str, Any]]], Sequence[Verdict]]
"""What has a link's judge judge rows: ``verdicts``, or that with something around it."""


def run_chain(
    chain: Sequence[Link], documents: Sequence[Document], judge_rows: JudgeRows | None = None
) -> None:
    """Judge a batch of documents in place; those already decided are left alone."""
    judge_rows = judge_rows or verdicts
    for link in chain:
        if isinstance(link.stage, CorpusStage):
            _quarantine_unkeyed(link.stage, documents)
        undecided = [d for d in documents if d.decision is Decision.KEEP]
        if not undecided:
            return
        rows = [_view(link.stage, d) for d in undecided]
        for document, verdict in zip(undecided, judge_rows(link, rows), strict=True):
            document.apply(link.stage.name, verdict)


def _quarantine_unkeyed(stage: Stage, documents: Sequence[Document]) -> None:
    for document in documents:
        if isinstance(document.flag, NoKeys) and document.decision is Decision.KEEP:
            document.apply(stage.name, quarantine(document.flag.reason, document.flag.detail))


def _view(stage: Stage, document: Document) -> dict[str, Any]:
    view = {name: document.columns[name] for name in stage.reads}
    if isinstance(stage, CorpusStage):
        view["flag"] = document.flag
    return view


def verdicts(link: Link, rows: Sequence[Mapping[str, Any]]) -> Sequence[Verdict]:
    """The judge's verdicts; if it raises, row by row, and those that raise are quarantined."""

    def refuse(error: Exception) -> Verdict:
        return quarantine(ChainError.STAGE_FAILED, in_words(error))

    made = each_or_none(link.judge, rows, refuse)
    if len(made) != len(rows):
        raise ValueError(
            f"stage {link.stage.name} gave {len(made)} verdicts for {len(rows)} documents"
        )
    return made


def each_or_none(
    function: Callable[[Sequence[Row]], Sequence[Made]],
    rows: Sequence[Row],
    refuse: Callable[[Exception], Refused],
) -> Sequence[Made | Refused]:
    """What a function makes of rows; if it raises, of each row, and what ``refuse`` makes of it."""
    try:
        return function(rows)
    # Another device may judge them, or a child with a limit: the task fails, and is tried again.
    except (DeviceError, MemoryError):
        raise
    # The one catch-all of the tree: a fault in one document must not cost the others.
    except Exception as error:  # noqa: BLE001
        if len(rows) > 1:
            return [made for row in rows for made in each_or_none(function, [row], refuse)]
        return [refuse(error)]


def in_words(error: Exception) -> str:
    """What a quarantined document is told to have raised."""
    return f"{type(error).__name__}: {error}"[:500]
