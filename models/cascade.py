"""A cascade: the embedded model decides what it is sure of, a checkpoint the rest.

What it is sure of is told by a band of its scores around the stage's threshold: inside, the
checkpoint decides. The band is given as scores, or as a share of the documents that may be sent on;
for the latter a calibration, which `curate distil` leaves beside its weights, says which band of
that share costs the least agreement with the checkpoint alone.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar

from annotated_types import Interval
from pydantic import TypeAdapter, ValidationError

from models.base import Model, clear_scores

Item = TypeVar("Item")
Score = TypeVar("Score")
Ratio = Annotated[float, Interval(ge=0, le=1)]

CALIBRATION = "calibration.json"
STEPS = 1000
"""Bins of a score in a calibration: each is a thousandth wide, about its middle."""


class JudgedBy(StrEnum):
    """Which of the two judged a document."""

    EMBEDDED = "embedded"
    CHECKPOINT = "checkpoint"


class Band(NamedTuple):
    """Scores of the embedded model, both ends among them, at which a document is sent on."""

    low: float
    high: float

    def sends(self, score: float) -> bool:
        """Whether a document of this score is sent on."""
        return self.low <= score <= self.high


NOTHING_SENT = Band(1.0, 0.0)


class Bin(NamedTuple):
    """Documents of about one score: their weight, and that of what the two differ on."""

    number: int
    weight: float
    differing: float


@dataclass(frozen=True)
class Calibration:
    """How the embedded model's scores fare against a checkpoint's decisions, out of fold.

    It holds for one ``threshold`` of the stage, one set of ``wanted`` labels and one ``checkpoint``
    (its digest): with others the band of a share would be another one.
    """

    task: str
    checkpoint: str
    threshold: float
    wanted: tuple[str, ...]
    bins: tuple[Bin, ...]

    def write(self, folder: Path) -> None:
        """Put it beside the weights that it is of."""
        text = json.dumps(asdict(self), ensure_ascii=False)
        (folder / CALIBRATION).write_text(text + "\n", "utf-8")


class Rule(NamedTuple):
    """What a stage decides by: the threshold by its name, and the labels that it wants."""

    name: str
    threshold: float
    wanted: tuple[str, ...]


@dataclass(frozen=True)
class Cascade:
    """Which documents the embedded model leaves to the checkpoint; by default there is no cascade.

    >>> Cascade(min_sent=0.1, max_sent=0.6).is_on, Cascade().is_on
    (True, False)
    """

    min_sent: Ratio = 0.0
    """The lowest score of the embedded model that is sent on to the checkpoint."""
    max_sent: Ratio | None = None
    """The highest one; what scores lower or higher is decided by the embedded model."""
    max_sent_ratio: Ratio | None = None
    """Instead: the most of the documents that may be sent on. The band is the one of that share
    that `curate distil` found to agree best, so it takes weights of its making."""

    def __post_init__(self) -> None:
        """Refuse what says the band twice, or half of it."""
        if self.max_sent_ratio is not None and (self.max_sent is not None or self.min_sent):
            raise ValueError("names a band twice: give min_sent and max_sent, or max_sent_ratio")
        if self.min_sent and self.max_sent is None:
            raise ValueError(f"min_sent = {self.min_sent} needs max_sent, the band's other end")
        if self.max_sent is not None and self.min_sent > self.max_sent:
            raise ValueError(f"min_sent = {self.min_sent} is above max_sent = {self.max_sent}")

    @property
    def is_on(self) -> bool:
        """Whether there is a cascade."""
        return self.max_sent is not None or self.max_sent_ratio is not None

    def band(self, weights: str, task: str, checkpoint: str, rule: Rule) -> Band:
        """The scores that are sent on, of an embedded model with these weights.

        Raises ValueError for a band without the threshold (both sides of it would then be decided
        by what the embedded model is unsure of), and for a share without a calibration, or with
        one that is of another checkpoint, threshold or set of labels.
        """
        if self.max_sent is not None:
            if not self.min_sent <= rule.threshold <= self.max_sent:
                raise ValueError(
                    f"cascade: the band from min_sent = {self.min_sent} to max_sent = "
                    f"{self.max_sent} must hold {rule.name} = {rule.threshold}"
                )
            return Band(self.min_sent, self.max_sent)
        found = read_calibration(weights)
        _refuse_other(found, task, checkpoint, rule)
        return best_band(found.bins, found.threshold, self.max_sent_ratio or 0.0)


NO_CASCADE = Cascade()


def read_calibration(weights: str) -> Calibration:
    """The calibration beside weights. Raises ValueError where there is none, or a damaged one."""
    advice = (
        "make weights with `curate distil` and name their folder in weights, or give the band "
        "itself, min_sent and max_sent"
    )
    if not weights:
        raise ValueError(
            f"cascade.max_sent_ratio: the shipped weights are not calibrated: {advice}"
        )
    path = Path(weights) / CALIBRATION
    try:
        return TypeAdapter(Calibration).validate_json(path.read_bytes())
    except OSError as error:
        raise ValueError(f"cascade.max_sent_ratio: {path} cannot be read: {advice}") from error
    except ValidationError as error:
        cause = str(error).replace("\n", " ")[:200]
        raise ValueError(f"{path} is no calibration ({cause}): {advice}") from error


def _refuse_other(found: Calibration, task: str, checkpoint: str, rule: Rule) -> None:
    here = {
        "task": (found.task, task),
        rule.name: (found.threshold, rule.threshold),
        "kept labels": (sorted(found.wanted), sorted(rule.wanted)),
        "checkpoint (digest)": (found.checkpoint, checkpoint),
    }
    for what, (calibrated, asked) in here.items():
        if calibrated != asked:
            raise ValueError(
                f"cascade.max_sent_ratio: the weights are calibrated for {what} {calibrated}, not "
                f"{asked}: distil them again, or give the band itself, min_sent and max_sent"
            )


def bin_of(score: float) -> int:
    """The number of the bin that a score falls into.

    >>> bin_of(0.0), bin_of(0.0004), bin_of(0.4127), bin_of(1.0)
    (0, 0, 413, 1000)
    """
    return round(score * STEPS)


def bins_of(
    scores: Iterable[float], weights: Iterable[float], differing: Iterable[float]
) -> list[Bin]:
    """Documents counted by their score, in its order; ``differing`` is the share of each."""
    found: dict[int, tuple[float, float]] = {}
    for score, weight, share in zip(scores, weights, differing, strict=True):
        number = bin_of(score)
        total, other = found.get(number, (0.0, 0.0))
        found[number] = (total + weight, other + weight * share)
    return [Bin(number, *sums) for number, sums in sorted(found.items())]


def best_band(bins: Sequence[Bin], threshold: float, max_sent_ratio: float) -> Band:
    """Of the bands about a threshold that send so much on, the one that leaves least differing.

    Of equals the one that sends least, then the narrowest. Where the threshold's own bin is more
    than may be sent, nothing is.

    >>> bins = [Bin(100, 4, 1), Bin(400, 2, 1), Bin(500, 1, 0), Bin(600, 3, 2)]
    >>> best_band(bins, 0.5, 0.4)
    Band(low=0.4995, high=0.6005)
    """
    full = {one.number: one for one in bins}
    middle = bin_of(threshold)
    weight, differing = [0.0], [0.0]
    for number in range(STEPS + 1):
        here = full.get(number, Bin(number, 0.0, 0.0))
        weight.append(weight[-1] + here.weight)
        differing.append(differing[-1] + here.differing)
    most = max_sent_ratio * weight[-1] + 1e-9
    best, chosen = (0.0, 0.0, 0), None
    for first in range(middle, -1, -1):
        if weight[middle + 1] - weight[first] > most:
            break
        end = bisect_right(weight, weight[first] + most) - 1
        end = _without_agreeing(end, middle, differing)
        found = (differing[end] - differing[first], weight[first] - weight[end], first)
        if chosen is None or found > best:
            best, chosen = found, (first, end - 1)
    if chosen is None:
        return NOTHING_SENT
    return Band(max(0.0, (chosen[0] - 0.5) / STEPS), min(1.0, (chosen[1] + 0.5) / STEPS))


def _without_agreeing(end: int, middle: int, differing: Sequence[float]) -> int:
    """The end of a band without the bins at its upper end in which nothing differs."""
    while end > middle + 1 and differing[end] == differing[end - 1]:
        end -= 1
    return end


def cascade_scores(
    first: Model[Item, Score],
    last: Model[Item, Score],
    items: Sequence[Item],
    is_unsure: Callable[[Score], bool],
    is_close: Callable[[Score, float], bool],
) -> list[tuple[Score, JudgedBy]]:
    """The score of each item by the model that decides it, and which that is.

    An item is sent on by its own score alone; those that are, are scored as ``clear_scores`` does.
    """
    found = [(score, JudgedBy.EMBEDDED) for score in first.score(items)]
    sent = [number for number, (score, _) in enumerate(found) if is_unsure(score)]
    scores = clear_scores(last, [items[number] for number in sent], is_close) if sent else []
    for number, score in zip(sent, scores, strict=True):
        found[number] = (score, JudgedBy.CHECKPOINT)
    return found
