"""A finished run for one task: the stage whose judgements are labelled, and where pages ended."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from conf.references import ClassReferenceError
from curation import storage
from curation.batches.run_record import load_run_record
from curation.errors import UsageError
from curation.inspect.run_files import StepRun, load_run
from curation.labelling.tasks import LabelTask
from curation.storage.parquet import open_parquet
from curation.storage.stage_description import StageDescription
from schemas.verdict import Decision
from stages.base import Row
from stages.language import Language
from stages.registry import KNOWN_STAGES
from stages.sites import host_of

KEPT = "kept"
"""Where a document ended that no stage removed; others are named by the stage that removed them."""

NARROW_ROWS = 1 << 14
"""Rows that are read at once, without their text: some hundred bytes each."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A document of a run and where it ended.

    ``step`` is the number of the step (from 0) whose files have its last row. ``score`` is what
    the task's stage made of it, from 0 to 1, and ``value`` the class that it gave; None and ""
    for a document that had left before.
    """

    doc_id: str
    position: int
    site: str
    language: str
    end: str
    step: int
    score: float | None
    value: str


@dataclass(frozen=True, slots=True)
class JudgedRun:
    """A run, and the stage in it whose judgements are to be labelled.

    ``step`` is the number of the step that runs the stage. ``given_whole`` says that the stage got
    its text as the step before kept it, and that its own step may have changed it since.
    """

    name: str
    steps: tuple[StepRun, ...]
    task: LabelTask
    stage: StageDescription
    step: int
    given_whole: bool


def open_run(batch_folder: str, task: LabelTask) -> JudgedRun:
    """The last run of a batch, for a task.

    Raises UsageError for one that is not finished, and for one without the task's stage.
    """
    record, found = load_run_record(batch_folder), load_run(batch_folder)
    done = [storage.join(batch_folder, name) for name in (record.steps if record else ())]
    missing = sorted(set(done) - {run.folder for run in found})
    if missing:
        raise UsageError(f"{missing[0]}: this step of the run is not done; run it again")
    steps = tuple(run for run in found if run.manifest.stages)
    for number, run in enumerate(steps):
        names = [stage.name for stage in run.manifest.stages]
        if task.name in names:
            place = names.index(task.name)
            before, after = run.manifest.stages[:place], run.manifest.stages[place:]
            given_whole = number > 0 and any(map(_writes_text, after))
            given_whole &= not any(map(_writes_text, before))
            name = "/".join(batch_folder.split("/")[-2:])
            return JudgedRun(name, steps, task, after[0], number, given_whole)
    known = ", ".join(stage.name for run in steps for stage in run.manifest.stages)
    raise UsageError(
        f"{batch_folder}: had no stage {task.name}, whose scores say what to label; "
        f"its stages: {known}"
    )


def _writes_text(stage: StageDescription) -> bool:
    """Whether a stage may change the text; one that is not installed here is taken not to."""
    try:
        return "text" in KNOWN_STAGES.find(stage.reference).writes
    except ClassReferenceError:
        return False


def ends(run: JudgedRun) -> Iterator[Ended]:
    """Where each document of a run ended that has a text, as far as can be told without reading it.

    Documents that no stage could judge are left out, and those that left before their language was
    known, in a run that asks for it: their text has not been extracted.
    """
    stages = {stage.name for step in run.steps for stage in step.manifest.stages}
    for number, step in enumerate(run.steps):
        last = number == len(run.steps) - 1
        for decision in (Decision.REMOVE, Decision.KEEP) if last else (Decision.REMOVE,):
            for row in _narrow_rows(run, step, decision):
                if row["language"] or Language.name not in stages:
                    yield _ended(run, number, decision, row)


def _narrow_rows(run: JudgedRun, step: StepRun, decision: Decision) -> Iterator[Row]:
    wanted = ["doc_id", "position", "url", "site", "language", "stage", *run.task.columns]
    for _, file in step.manifest.files(decision):
        with open_parquet(storage.join(step.folder, file.name)) as parquet:
            there = [name for name in wanted if name in parquet.schema_arrow.names]
            for batch in parquet.iter_batches(NARROW_ROWS, columns=there):
                for row in batch.to_pylist():
                    yield dict.fromkeys(wanted) | row


def _ended(run: JudgedRun, step: int, decision: Decision, row: Row) -> Ended:
    score = run.task.scored_by.score(row, run.stage.configuration)
    value = row[run.task.class_column] if run.task.class_column else None
    return Ended(
        doc_id=row["doc_id"],
        position=row["position"],
        site=row["site"] or host_of(row["url"] or ""),
        language=row["language"] or "",
        end=KEPT if decision is Decision.KEEP else row["stage"],
        step=step,
        score=None if score is None or math.isnan(score) else score,
        value=value or "",
    )


def put_back(text: str, cut: Sequence[Row]) -> str:
    r"""A text with the lines that were cut in their places; blank lines at its ends stay lost.

    >>> put_back("one\nthree", [{"line": 1, "text": "two"}, {"line": 3, "text": "four"}])
    'one\ntwo\nthree\nfour'
    """
    left = text.split("\n") if text else []
    lines: list[str] = []
    for edit in sorted(cut, key=lambda one: one["line"]):
        missing = max(edit["line"] - len(lines), 0)
        lines += left[:missing]
        del left[:missing]
        lines.append(edit["text"])
    return "\n".join([*lines, *left])
