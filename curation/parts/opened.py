"""What a worker has opened for the step that it serves, and for the keys of the next one.

Whatever a judge has read (rules, lists, weights) is part of its step's fingerprint: a worker that
outlives an edit of one opens it again, and one that serves step after step holds those two steps'.

What the process that workers fork from has opened for the steps of a run stays, for all of them
share it: 8 workers with a blocklist of 5 million domains hold it once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from itertools import takewhile
from typing import TYPE_CHECKING

from curation.spark.preparation import prepare_workers
from stages.base import CorpusStage, Keys, Stage
from stages.chain import Link, open_chain, start_chain

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

StepToOpen = tuple[str, Sequence[Stage]]
"""The fingerprint of a step and its stages."""


class OpenedStep:
    """The judges and the keys of one step's stages, each opened when it is first asked for."""

    def __init__(self) -> None:
        self._links: list[Link] = []
        self._keys: Keys | None = None

    def open(self, stages: Sequence[Stage]) -> None:
        """Open the step's stages, or the first of them, that are not open yet."""
        self._links += open_chain(stages[len(self._links) :])

    def links(self, stages: Sequence[Stage]) -> list[Link]:
        """The step's stages, or the first of them, opened."""
        self.open(stages)
        return self._links[: len(stages)]

    def chain(self, stages: Sequence[Stage]) -> list[Link]:
        """The step's stages, or the first of them, opened and started."""
        chain = self.links(stages)
        start_chain(chain)
        return chain

    def keys(self, stage: CorpusStage) -> Keys:
        """What computes the keys of the step's corpus stage."""
        if self._keys is None:
            self._keys = stage.open_keys()
        return self._keys


_opened_before_fork: dict[str, OpenedStep] = {}


@lru_cache(maxsize=2)
def opened_step(fingerprint: str) -> OpenedStep:
    """What is opened for the step of that fingerprint: before the fork, or by this process."""
    return _opened_before_fork.get(fingerprint) or OpenedStep()


def open_in_daemon(spark: SparkSession, steps: Iterable[StepToOpen]) -> None:
    """Have steps opened on each node by the process that workers fork from, before it forks."""
    named = [(fingerprint, tuple(stages)) for fingerprint, stages in steps if stages]
    if named:
        prepare_workers(spark, partial(open_before_fork, named))


def open_before_fork(steps: Sequence[StepToOpen]) -> None:
    """Open the stages of steps and their keys, up to the first of each that must not be shared."""
    for fingerprint, stages in steps:
        shared = list(takewhile(lambda stage: stage.opens_before_fork, stages))
        step = OpenedStep()
        step.open(shared)
        for stage in shared:
            if isinstance(stage, CorpusStage):
                step.keys(stage)
        _opened_before_fork[fingerprint] = step
