"""Which documents of a run are meant: by stage, reason, language, site and score."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from curation.errors import UsageError
from curation.inspect.documents import Rows, read_rows
from curation.inspect.run_files import StepRun
from curation.storage.manifest import Manifest
from schemas.verdict import Decision

NARROW = ("doc_id", "url", "source", "offset", "position", "stage", "reason", "language", "site")


@dataclass(frozen=True, slots=True)
class ScoreRange:
    """Values of a measure, from ``low`` to ``high``, both included; ``measure`` "" is the stage's.

    >>> parse_range("0.2..0.4"), parse_range("measures.words=..50").high
    (ScoreRange(measure='', low=0.2, high=0.4), 50.0)
    """

    measure: str
    low: float
    high: float


def parse_range(text: str) -> ScoreRange:
    """``[MEASURE=]LO..HI``; either end may be missing. Raises UsageError."""
    measure, mark, ends = text.rpartition("=")
    low, dots, high = ends.partition("..")
    rule = "is not [MEASURE=]LO..HI, as 0.2..0.4 or measures.words=..50"
    if not dots or bool(mark) != bool(measure):
        raise UsageError(f"--score {text}: {rule}")
    try:
        found = ScoreRange(measure, float(low or "-inf"), float(high or "inf"))
    except ValueError as error:
        raise UsageError(f"--score {text}: {rule}") from error
    if not found.low <= found.high:
        raise UsageError(f"--score {text}: no value is from {low} to {high}")
    return found


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked for; an empty field asks nothing.

    With a ``stage`` alone the documents that it removed or quarantined are meant, with a ``score``
    too all that it judged. Without a stage each document is meant where its way ended.
    """

    stage: str = ""
    reason: str = ""
    language: str = ""
    site: str = ""
    score: ScoreRange | None = None
    decision: Decision | None = None

    def check(self, steps: Sequence[StepRun]) -> Selection:
        """The selection with the measure that is meant.

        Raises UsageError for a stage or a reason that the run does not have, with those it has.
        """
        manifests = [step.manifest for step in steps]
        _refuse_unknown("--stage", self.stage, _stages(manifests))
        reasons = {
            one.reason
            for done in manifests
            for one in done.reasons
            if self.stage in ("", one.stage)
        }
        _refuse_unknown("--reason", self.reason, sorted(reasons))
        if self.score is None or self.score.measure:
            return self
        measures = [
            limit.measure for done in manifests for limit in done.limits.get(self.stage, ())
        ]
        if len(set(measures)) != 1:
            shown = ", ".join(sorted(set(measures))) or "none"
            raise UsageError(
                f"--score: name the measure, as --score MEASURE=LO..HI; those of "
                f"{self.stage or 'the run'} with a threshold: {shown}"
            )
        score = ScoreRange(measures[0], self.score.low, self.score.high)
        return Selection(self.stage, self.reason, self.language, self.site, score, self.decision)

    @property
    def in_words(self) -> str:
        """What is asked for, in a line."""
        named = {
            "stage": self.stage,
            "reason": self.reason,
            "language": self.language,
            "site": self.site,
            "decision": self.decision,
            "score": self.score
            and f"{self.score.measure}{'=' * bool(self.score.measure)}"
            f"{self.score.low:g}..{self.score.high:g}",
        }
        return ", ".join(f"{name} {value}" for name, value in named.items() if value) or "all"

    @property
    def columns(self) -> list[str]:
        """What has to be read of all documents."""
        measures = [self.score.measure.partition(".")[0]] if self.score else []
        return [*NARROW, *(one for one in measures if one not in NARROW)]


def _stages(manifests: Sequence[Manifest]) -> list[str]:
    return ["source", *(stage.name for done in manifests for stage in done.stages)]


def _refuse_unknown(option: str, name: str, known: Sequence[str]) -> None:
    if name and name not in known:
        raise UsageError(f"{option} {name}: the run has none; it has {', '.join(known) or 'none'}")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows of a row group that are meant, by their numbers in it."""

    rows: Rows
    numbers: NDArray[np.int64]


def select(steps: Sequence[StepRun], wanted: Selection) -> Iterator[Chosen]:
    """The documents that are meant, row group by row group."""
    for place, step in enumerate(steps):
        names = [stage.name for stage in step.manifest.stages]
        judged = ["source", *names] if place == 0 else names
        if wanted.stage and wanted.stage not in judged:
            continue
        later = judged[judged.index(wanted.stage) + 1 :] if wanted.stage else []
        is_last = place == len(steps) - 1
        for decision in Decision:
            if decision is Decision.KEEP and not (wanted.stage or is_last):
                continue
            if _cannot_hold(step.manifest, decision, wanted, later):
                continue
            for rows in read_rows(step, decision, wanted.columns):
                numbers = np.flatnonzero(_fits(rows, wanted, later))
                if len(numbers):
                    yield Chosen(rows, numbers)


def _cannot_hold(
    manifest: Manifest, decision: Decision, wanted: Selection, later: Sequence[str]
) -> bool:
    """Whether no file of a decision can hold a document that is meant."""
    if decision is Decision.KEEP:
        return _meant(wanted) not in (Decision.KEEP, None) or bool(wanted.reason)
    return not any(
        one.decision is decision
        and (one.stage in ("", wanted.stage) or one.stage in later or not wanted.stage)
        and wanted.reason in ("", one.reason)
        for one in manifest.reasons
    )


def _meant(wanted: Selection) -> Decision | None:
    """The decision of the stage that is meant; None for any, REMOVE for any but KEEP."""
    if wanted.decision is not None:
        return wanted.decision
    return Decision.REMOVE if wanted.stage and wanted.score is None else None


def _fits(rows: Rows, wanted: Selection, later: Sequence[str]) -> NDArray[np.bool_]:
    table, count = rows.table, rows.table.num_rows
    fits = np.ones(count, dtype=bool)
    ended = _texts(table, "stage")
    passed = rows.decision is Decision.KEEP or pc.is_in(ended, pa.array(later, pa.string()))
    has_passed = np.full(count, passed) if isinstance(passed, bool) else np.asarray(passed)
    if wanted.stage:
        fits &= has_passed | np.asarray(pc.equal(ended, wanted.stage))
    meant = _meant(wanted)
    if meant is Decision.KEEP:
        fits &= has_passed
    elif meant is not None:
        fits &= ~has_passed
        if wanted.decision is not None:
            fits &= rows.decision is wanted.decision
    for name in ("reason", "language"):
        if value := getattr(wanted, name):
            fits &= np.asarray(pc.equal(_texts(table, name), value))
    if wanted.reason:
        fits &= ~has_passed
    if wanted.site:
        fits &= _of_site(table, wanted.site)
    if wanted.score:
        fits &= _in_range(table, wanted.score)
    return fits


def _of_site(table: pa.Table, site: str) -> NDArray[np.bool_]:
    """Those of a registered domain, or of a host."""
    host = re.escape(site.lower().removeprefix("www."))
    pattern = rf"^(?i:[a-z]+://)?(?i:[^/]*\.)?(?i:{host})(?:[:/?#]|$)"
    urls = np.asarray(pc.match_substring_regex(_texts(table, "url"), pattern))
    return urls | np.asarray(pc.equal(_texts(table, "site"), site.lower()))


def _in_range(table: pa.Table, score: ScoreRange) -> NDArray[np.bool_]:
    column, _, name = score.measure.partition(".")
    if column not in table.column_names:
        return np.zeros(table.num_rows, dtype=bool)
    values = table[column].combine_chunks()
    try:
        numbers = (pc.struct_field(values, name) if name else values).cast(pa.float64(), safe=False)
    except pa.ArrowException as error:
        raise UsageError(f"--score: {score.measure} is no number of the run's") from error
    found = np.asarray(numbers.to_numpy(zero_copy_only=False))
    return (found >= score.low) & (found <= score.high)


def _texts(table: pa.Table, name: str) -> pa.Array:
    if name not in table.column_names:
        return pa.repeat(pa.scalar("", pa.string()), table.num_rows)
    return pc.fill_null(table[name].combine_chunks(), "")
