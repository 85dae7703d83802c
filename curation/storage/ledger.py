"""The ledger: every record of the crawl, and every row of a step, ends in exactly one state.

Counts alone would miss one row that is lost while another is written twice. So rows are added up by
who they are, too: sums of hashes, which come out the same in whatever order rows come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

from curation.errors import LedgerError
from curation.storage.manifest import Manifest, PartResult
from schemas.verdict import Decision

_SUM = (1 << 64) - 1


def identity_sum(rows: Iterable[tuple[int, str]]) -> int:
    """The sum, modulo 2**64, of the hashes of (position, doc_id).

    >>> identity_sum([(1, "a"), (2, "b")]) == identity_sum([(2, "b"), (1, "a")])
    True
    >>> identity_sum([(1, "a"), (1, "a")]) == identity_sum([(1, "a"), (2, "b")])
    False
    """
    return add_sums(
        int.from_bytes(blake2b(f"{position} {doc_id}".encode(), digest_size=8).digest(), "little")
        for position, doc_id in rows
    )


def add_sums(sums: Iterable[int]) -> int:
    """The sum of the rows that these are the sums of."""
    return sum(sums) & _SUM


def check(manifest: Manifest, before: Manifest | None) -> None:
    """Refuse a step whose rows differ from what came in, or from what the step before it kept."""
    _check_counts(manifest, before)
    for part in manifest.parts:
        _check_part(manifest.step, part)
    kept, came = (before and sum_of_kept(before)), _sum_in(manifest.parts)
    if None not in (kept, came) and kept != came:
        raise LedgerError(
            f"step {manifest.step}: as many rows came in as the step before kept, but not the same"
        )


def check_parts(step: str, numbers: Sequence[int], results: Sequence[PartResult]) -> None:
    """Refuse the results of a step that are not one for each part, in order."""
    if [result.part for result in results] != list(numbers):
        there = {result.part for result in results}
        lacking = [str(number) for number in numbers if number not in there]
        raise LedgerError(
            f"step {step}: {len(numbers)} parts were to be done, {len(results)} results came back"
            + (f"; parts {', '.join(lacking[:5])} are not among them" if lacking else "")
        )


def sum_of_kept(manifest: Manifest) -> int | None:
    """Who the kept rows of a step are; None for a step from before this was recorded."""
    sums = [part.identities for part in manifest.parts]
    if any(one is None for one in sums):
        return None
    return add_sums(one.get(Decision.KEEP, 0) for one in sums if one is not None)


def _sum_in(parts: Sequence[PartResult]) -> int | None:
    """Who the rows were that came in; None where it was not recorded. Outputs have no parts."""
    sums = [part.identities_in for part in parts]
    return None if not sums or None in sums else add_sums(filter(None, sums))


def _check_counts(manifest: Manifest, before: Manifest | None) -> None:
    out = manifest.keep + manifest.remove + manifest.quarantine
    if manifest.rows_in != out:
        raise LedgerError(
            f"step {manifest.step}: {manifest.rows_in} rows came in, {out} went out "
            f"(keep {manifest.keep}, remove {manifest.remove}, quarantine {manifest.quarantine})"
        )
    counted = sum(one.rows for one in manifest.reasons)
    if counted != manifest.remove + manifest.quarantine:
        raise LedgerError(
            f"step {manifest.step}: {counted} rows have a reason, "
            f"{manifest.remove + manifest.quarantine} were removed or quarantined"
        )
    if manifest.summary is not None and manifest.summary.rows != manifest.rows_in:
        raise LedgerError(
            f"step {manifest.step}: {manifest.rows_in} rows came in, {manifest.summary.rows} are "
            "in its summary"
        )
    if before is not None and manifest.rows_in != before.keep:
        raise LedgerError(
            f"step {manifest.step}: the step before kept {before.keep} rows, "
            f"{manifest.rows_in} came in"
        )


def _check_part(step: str, part: PartResult) -> None:
    skipped = sum(part.skipped.values())
    if part.records is not None and part.records != part.rows_in + skipped:
        raise LedgerError(
            f"step {step}, part {part.part}: the source found {part.records} records, of which "
            f"{part.rows_in} came in and {skipped} hold no page"
        )
    written: Mapping[Decision, int] | None = part.identities
    if part.identities_in is None or written is None:
        return
    if part.identities_in != add_sums(written.values()):
        raise LedgerError(
            f"step {step}, part {part.part}: the rows that were written are not those that came in"
        )
