"""The sides of a change: documents that it would move, and how."""

from __future__ import annotations

from enum import StrEnum

from curation.inspect.whatif.judged import Judged
from schemas.verdict import Decision, Verdict


class Side(StrEnum):
    """What a change would do to a document that the stage judged."""

    LEAVES = "would leave"
    RETURNS = "would come back"
    REASON = "would leave for another reason"
    ALTERED = "would be kept otherwise"


def side_of(stage: str, one: Judged, before: Verdict | None, after: Verdict | None) -> Side | None:
    """The side of a document; None where nothing changes, or where that is not known."""
    if after is None:
        return None
    stays = after.decision is Decision.KEEP
    if not one.reason:
        if not stays:
            return Side.LEAVES
        return Side.ALTERED if _is_altered(stage, one, after) else None
    if stays:
        return Side.RETURNS
    return Side.REASON if before and before.reason != after.reason else None


def _is_altered(stage: str, one: Judged, after: Verdict) -> bool:
    """Whether it would be written another number of times, or lose other lines."""
    if "copies" in after.columns and after.columns["copies"] != one.row.get("copies"):
        return True
    if "edits" not in one.row:
        return False
    return len(after.edits) != sum(edit["stage"] == stage for edit in one.row["edits"] or ())
