"""What a stage holds a number against: a threshold, with the stored column that it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Bound(StrEnum):
    """What a number must be, against the threshold, for the document to stay."""

    AT_LEAST = ">="
    AT_MOST = "<="
    BELOW = "<"


@dataclass(frozen=True, slots=True, order=True)
class Limit:
    """A threshold of a stage, as it is set.

    ``measure`` is a column that the stage writes or reads, or COLUMN.FIELD of a record; ``setting``
    is the name that the threshold has in the configuration or in a file of rules. ``language`` is
    the one whose documents it holds for, "" for all.
    """

    stage: str
    measure: str
    bound: str
    setting: str
    value: float
    language: str = ""

    def holds(self, number: float) -> bool:
        """Whether a document with this number stays, by this threshold alone.

        >>> Limit("quality", "quality", Bound.AT_LEAST, "min_quality", 0.2).holds(0.2)
        True
        """
        if self.bound == Bound.AT_LEAST:
            return number >= self.value
        return number <= self.value if self.bound == Bound.AT_MOST else number < self.value
