"""What a stored row tells of the stages that judged it: which, by what measures, with what cuts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from curation.storage.manifest import Manifest
from schemas.document import SOURCE_COLUMNS
from schemas.verdict import VERDICT_FIELDS, Decision
from stages.base import Row
from stages.recall import Comparison, Limit

_NOT_SHOWN = {*SOURCE_COLUMNS, *(field.name for field in VERDICT_FIELDS)}
_MAX_MEASURES = 3
"""Of the measures of a stage that compares many, those nearest their thresholds."""


def how_it_left(decision: Decision, row: Row) -> str:
    """By whom a document was removed or quarantined, and why, in words.

    >>> how_it_left(Decision.REMOVE, {"stage": "rules", "reason": "spam"})
    'removed by rules: spam'
    """
    verb = "removed" if decision is Decision.REMOVE else "quarantined"
    return f"{verb} by {row['stage']}: {row['reason']}"


def judged_stages(manifest: Manifest, row: Row) -> list[str]:
    """The stages of a step that judged a document, the one that removed it last."""
    names = [stage.name for stage in manifest.stages]
    ended = row["stage"] or ""
    if ended in names:
        return names[: names.index(ended) + 1]
    return [ended] if ended else names  # what the source removed no stage has judged


def measures_of(manifest: Manifest, stage: str, row: Row) -> list[str]:
    """What a stage compared with its thresholds, in words.

    Of many measures those are told that lie on the wrong side, or else nearest to it.
    """
    found = comparisons(manifest.limits.get(stage, ()), row)
    if len(found) <= _MAX_MEASURES:
        return list(map(str, found))
    chosen = nearest(found)
    inside = sum(one.is_inside for one in found)
    return [f"{inside:,} of {len(found):,} thresholds kept to; nearest:", *map(_doubted, chosen)]


def comparisons(limits: Sequence[Limit], row: Row) -> list[Comparison]:
    """What of a document is compared with which threshold, in the order of those."""
    return [found for limit in limits if (found := limit.compare(row)) is not None]


def nearest(found: Sequence[Comparison]) -> list[Comparison]:
    """The few that tell most: those beyond their threshold, then the nearest."""
    return sorted(found, key=lambda one: (one.is_inside, one.distance))[:_MAX_MEASURES]


def _doubted(comparison: Comparison) -> str:
    sure = comparison.limit.confidence
    if comparison.is_inside or not sure:
        return str(comparison)
    return f"{comparison}: it leaves only where that is sure at {sure:.0%}"


def cuts_by(edits: Sequence[Row], stage: str) -> list[Row]:
    """The edits of one stage."""
    return [edit for edit in edits if edit["stage"] == stage]


def values_of(manifest: Manifest, row: Row, before: Row) -> Iterator[tuple[str, str]]:
    """Name and value of what a step wrote to a document; not those shown beside thresholds."""
    limits = [limit for found in manifest.limits.values() for limit in found]
    left_out = {*_NOT_SHOWN, *before, *(limit.measure.partition(".")[0] for limit in limits)}
    for name, value in row.items():
        if name not in left_out and value is not None:
            yield name, shown(value)


def shown(value: object) -> str:
    """A value for people."""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, dict):
        return ", ".join(f"{k} {shown(v)}" for k, v in value.items() if v is not None)
    return str(value)
