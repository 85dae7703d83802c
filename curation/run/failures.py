"""How a run fails: too much of its crawl in quarantine, or Spark in one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from curation.errors import DamageError, JobError, QuarantineError
from curation.run.plan import PlannedStep
from curation.spark.java import java_has_ended
from curation.storage.faults import is_storage_fault, storage_error
from curation.storage.manifest import Manifest
from schemas.verdict import Decision

DAEMON_SAID, DAEMON_SAID_END = "Error from python worker:", "PYTHONPATH was:"
"""Between these lines of a Spark stack trace."""
DAMAGE_SAID = f"{DamageError.__module__}.{DamageError.__qualname__}: "


def refuse_quarantined(max_ratio: float, done: Sequence[Manifest]) -> None:
    """Raise QuarantineError when more of the crawl than allowed could not be judged."""
    rows = done[0].rows_in
    quarantined = sum(one.quarantine for one in done)
    if rows and quarantined / rows > max_ratio:
        reasons = Counter[str]()
        for one in done:
            for found in one.reasons:
                if found.decision is Decision.QUARANTINE:
                    reasons[f"{found.stage}/{found.reason}"] += found.rows
        worst = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))[:5]
        counts = ", ".join(f"{reason} {count:,}" for reason, count in worst)
        raise QuarantineError(
            f"{quarantined:,} of {rows:,} pages are quarantined ({quarantined / rows:.1%}), more "
            f"than max_quarantine_ratio {max_ratio:.1%} allows: {counts}; look at some with "
            "`curate why`, then mend the input or raise the limit and run again"
        )


def in_one_line(step: PlannedStep, error: Exception) -> Exception:
    """Our own errors as they are, those that a task met with too; Spark's in one line."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    if isinstance(error, OSError) and not isinstance(error, ConnectionError):
        return storage_error(error, f"step {step.name} failed")
    if isinstance(error, (Py4JError, PySparkException, ConnectionError)):
        if java_has_ended():
            return JobError(
                f"step {step.name} failed: Spark's Java process has ended, killed perhaps for want "
                "of memory; run again to resume"
            )
        line = last_line(str(error))
        if line.startswith(DAMAGE_SAID):
            return DamageError(line.removeprefix(DAMAGE_SAID))
        if is_storage_fault(str(error)):
            said = line if is_storage_fault(line) else str(error)
            return storage_error(said, f"step {step.name} failed")
        return JobError(f"step {step.name} failed: {line}; run again to resume")
    return error


def last_line(trace: str) -> str:
    """The line of a Spark stack trace that says what happened in the worker, if one does.

    Or in the process that workers fork from: Spark quotes what that said when it did not start.
    """
    lines = [line.strip() for line in trace.splitlines() if line.strip()]
    if DAEMON_SAID in lines and DAEMON_SAID_END in lines:
        said = lines[lines.index(DAEMON_SAID) + 1 : lines.index(DAEMON_SAID_END)]
        return f"workers did not start: {(said or ['no message'])[-1][:400]}"
    python = [
        line
        for line in lines
        if not line.startswith(("at ", "File ", "...", "Caused by"))
        and ("Error" in line.split(":")[0] or "Exception" in line.split(":")[0])
    ]
    worker = [line for line in python if not line.startswith(("org.", "py4j.", "java."))]
    return (worker or python or lines or ["no message"])[-1][:400]
