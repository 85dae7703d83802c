"""A document may hang, crash or starve the worker: it costs that document, in whatever stage.

The first try of a task judges in the worker itself, under timers of the kernel that end it whatever
it runs, Python or compiled. Spark tries the task again, and that try judges in a child process
(``stages.sandbox``), which is killed in the worker's place: first a batch together, then, if the
child did not survive it, one document after the other; what a fresh child does not survive is
quarantined. So a document's verdict does not depend on which try it was.

Stages that may hold a GPU are judged under timers alone: a device does not come through a fork.
"""

from __future__ import annotations

import resource
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from curation.parts.limits import DocumentLimits
from curation.parts.opened import opened_step
from schemas.verdict import Verdict, quarantine
from stages.base import CorpusStage, KeyRow, Row, Stage
from stages.chain import ChainError, Link, NoKeys, each_or_none, in_words, verdicts
from stages.sandbox import Failure, FailureReason, Limits, Sandbox
from stages.sandbox.serving import mapped_bytes

WALL_FACTOR = 30
"""By the wall clock a document has 30 times its processor time, as a page in extraction has."""
MAX_CALLS_PER_CHILD = 100_000

REASONS = {
    FailureReason.TIMED_OUT: ChainError.TIMED_OUT,
    FailureReason.OUT_OF_MEMORY: ChainError.OUT_OF_MEMORY,
    FailureReason.CRASHED: ChainError.CRASHED,
    FailureReason.RAISED: ChainError.STAGE_FAILED,
}


@dataclass(frozen=True)
class KeyedStage:
    """A corpus stage whose keys are made, and the fingerprint of the step that it stands in."""

    fingerprint: str
    stage: CorpusStage

    def make(self, rows: Sequence[Row]) -> Sequence[KeyRow | NoKeys]:
        """The keys of documents; why there are none for those of which it raises."""
        keys = opened_step(self.fingerprint).keys(self.stage)
        return each_or_none(keys, rows, _keys_failed)


@dataclass(frozen=True)
class CalledStages:
    """The stages that a task calls: those of a step, and one for its keys, if it makes any."""

    fingerprint: str
    stages: tuple[Stage, ...]
    keyed: KeyedStage | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """What a child is asked: a stage's verdicts on rows, or (no ``place``) their keys."""

    rows: Sequence[Row]
    place: int | None


Made = Sequence[Verdict] | Sequence[KeyRow | NoKeys]


class Guard(Protocol):
    """What stands around the calls of a step's stages."""

    def open(self) -> Sequence[Link]:
        """The stages, opened and started; to be called before anything is read."""

    def judge(self, link: Link, rows: Sequence[Row]) -> Sequence[Verdict]:
        """The verdicts of a stage, quarantine for what it does not survive."""

    def make_keys(self, rows: Sequence[Row]) -> Sequence[KeyRow | NoKeys]:
        """The keys of documents, or why there are none."""


@dataclass(frozen=True)
class TimedGuard:
    """Calls stages in this process, which the kernel ends if one takes too long."""

    called: CalledStages
    limits: DocumentLimits

    def open(self) -> Sequence[Link]:
        """The stages as this worker has opened and started them."""
        return opened_step(self.called.fingerprint).chain(self.called.stages)

    def judge(self, link: Link, rows: Sequence[Row]) -> Sequence[Verdict]:
        """The verdicts; does not return if they take more than one document may."""
        with _limited(self.limits, link.stage):
            return verdicts(link, rows)

    def make_keys(self, rows: Sequence[Row]) -> Sequence[KeyRow | NoKeys]:
        """The keys, likewise."""
        keyed = _keyed(self.called)
        with _limited(self.limits, keyed.stage):
            return keyed.make(rows)


class SandboxGuard:
    """Calls stages in a child process, one document after the other where it does not survive."""

    def __init__(self, called: CalledStages, limits: DocumentLimits) -> None:
        self._called = called
        self._timed = TimedGuard(called, limits)
        self._sandbox: Sandbox[Call, Made] = Sandbox(
            partial(_open_calls, called),
            Limits(
                limits.timeout_s,
                WALL_FACTOR * limits.timeout_s,
                limits.max_memory_bytes,
                MAX_CALLS_PER_CHILD,
            ),
        )

    def start(self) -> None:
        """Open what the child calls, and start what it is forked from."""
        self._sandbox.load()
        self._sandbox.start()

    def open(self) -> Sequence[Link]:
        """The stages as this worker has opened them; the child starts them."""
        return opened_step(self._called.fingerprint).links(self._called.stages)

    def judge(self, link: Link, rows: Sequence[Row]) -> Sequence[Verdict]:
        """The verdicts, with quarantine for each document that the child does not survive."""
        if not link.stage.opens_before_fork:
            return self._timed.judge(link, rows)
        return self._call(self._place(link.stage), rows, _quarantine)  # type: ignore[return-value]

    def make_keys(self, rows: Sequence[Row]) -> Sequence[KeyRow | NoKeys]:
        """The keys, likewise."""
        if not _keyed(self._called).stage.opens_before_fork:
            return self._timed.make_keys(rows)
        return self._call(None, rows, _no_keys)  # type: ignore[return-value]

    def close(self) -> None:
        """End the child."""
        self._sandbox.close()

    def _place(self, stage: Stage) -> int:
        return self._called.stages.index(stage)

    def _call(
        self, place: int | None, rows: Sequence[Row], refuse: Callable[[Failure], object]
    ) -> list[object]:
        outcome = self._sandbox(Call(rows, place), try_again=len(rows) == 1)
        if not isinstance(outcome, Failure):
            return list(outcome.value)
        if len(rows) == 1:
            return [refuse(outcome)]
        return [made for row in rows for made in self._call(place, [row], refuse)]


@contextmanager
def guarding(
    called: CalledStages, limits: DocumentLimits, *, tried_before: bool
) -> Iterator[Guard]:
    """The guard of a task's try; to be entered before the task reads anything, for it forks."""
    if not tried_before or sys.platform != "linux":
        yield TimedGuard(called, limits)
        return
    guard = SandboxGuard(called, limits)
    try:
        guard.start()
        yield guard
    finally:
        guard.close()


def _open_calls(called: CalledStages) -> Callable[[Call], Made]:
    """What the child runs. Judges are not started: what they start, the child starts itself."""
    links = _links(called)
    if called.keyed and called.keyed.stage.opens_before_fork:
        opened_step(called.keyed.fingerprint).keys(called.keyed.stage)

    def call(asked: Call) -> Made:
        if asked.place is None:
            return _keyed(called).make(asked.rows)
        return verdicts(links[asked.place], asked.rows)

    return call


def _links(called: CalledStages) -> dict[int, Link]:
    """The stages that are called in the child, opened, by their places."""
    if all(stage.opens_before_fork for stage in called.stages):
        return dict(enumerate(opened_step(called.fingerprint).links(called.stages)))
    placed = enumerate(called.stages)
    return {n: Link(stage, stage.open()) for n, stage in placed if stage.opens_before_fork}


def _keyed(called: CalledStages) -> KeyedStage:
    if called.keyed is None:
        raise ValueError(f"step {called.fingerprint} makes no keys")
    return called.keyed


def _keys_failed(error: Exception) -> NoKeys:
    return NoKeys(ChainError.STAGE_FAILED, in_words(error))


def _quarantine(failure: Failure) -> Verdict:
    return quarantine(REASONS[failure.reason], failure.detail)


def _no_keys(failure: Failure) -> NoKeys:
    return NoKeys(REASONS[failure.reason], failure.detail)


@contextmanager
def _limited(limits: DocumentLimits, stage: Stage | None) -> Iterator[None]:
    """End this process if what follows takes too long, and let it map no more than it may.

    The kernel's timers end it whatever it runs. That of processor time counts all of its threads,
    and ticks: it may go off early, and the next try says whether it was right.
    """
    timers = {
        timer: signal.setitimer(timer, seconds)
        for timer, seconds in (
            (signal.ITIMER_PROF, limits.timeout_s),
            (signal.ITIMER_REAL, WALL_FACTOR * limits.timeout_s),
        )
    }
    limited = sys.platform == "linux" and (stage is None or stage.opens_before_fork)
    if limited:
        least, most = resource.getrlimit(resource.RLIMIT_AS)
        wanted = mapped_bytes() + limits.max_memory_bytes
        limit = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_AS, (limit, most))
    try:
        yield
    finally:
        for timer, before in timers.items():
            signal.setitimer(timer, *before)
        if limited:
            resource.setrlimit(resource.RLIMIT_AS, (least, most))
