"""What a worker has opened for the step that it serves, and for the keys of the next one.

Whatever a judge has read (rules, lists, weights) is part of its step's fingerprint: a worker that
outlives an edit of one opens it again, and one that serves step after step holds those two steps'.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from stages.base import CorpusStage, Keys, Stage
from stages.chain import Link, open_chain


class OpenedStep:
    """The judges and the keys of one step's stages, each opened when it is first asked for."""

    def __init__(self) -> None:
        self._links: list[Link] = []
        self._keys: Keys | None = None

    def chain(self, stages: Sequence[Stage]) -> list[Link]:
        """The step's stages, or the first of them, opened."""
        self._links += open_chain(stages[len(self._links) :])
        return self._links[: len(stages)]

    def keys(self, stage: CorpusStage) -> Keys:
        """What computes the keys of the step's corpus stage."""
        if self._keys is None:
            self._keys = stage.open_keys()
        return self._keys


@lru_cache(maxsize=2)
def opened_step(fingerprint: str) -> OpenedStep:  # noqa: ARG001 - the key
    """What this process has opened for the step of that fingerprint."""
    return OpenedStep()
