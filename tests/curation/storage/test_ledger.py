"""Rows that are lost, doubled or exchanged between two steps, or within one, are noticed."""

from dataclasses import replace

import pytest

from curation.errors import LedgerError
from curation.storage import StoredFile
from curation.storage.ledger import check, check_parts, identity_sum
from curation.storage.manifest import Manifest, PartResult, ReasonCount
from schemas.verdict import Decision

ROWS = [(number, f"id-{number}") for number in range(10)]
KEPT, GONE = ROWS[:6], ROWS[6:]
REASON = (ReasonCount(Decision.REMOVE, "rules", "too_few_words", 4),)
FILES = {
    Decision.KEEP: StoredFile("decision=keep/p", 6, 1, "00"),
    Decision.REMOVE: StoredFile("decision=remove/p", 4, 1, "01"),
}
PART = PartResult(
    *(0, 10, FILES, REASON, {"request": 4}),
    records=14,
    identities_in=identity_sum(ROWS),
    identities={Decision.KEEP: identity_sum(KEPT), Decision.REMOVE: identity_sum(GONE)},
)
STEP = Manifest(
    *("lines", 2, "abc", (), 10, 6, 4, 0, REASON, {"request": 4}, 1.5),
    parts=(PART,),
    summary=StoredFile("summary/step", 10, 1, "04"),
)


def before(rows):
    part = replace(PART, identities={Decision.KEEP: identity_sum(rows)})
    return replace(STEP, keep=len(rows), parts=(part,))


def with_part(**change):
    return replace(STEP, parts=(replace(PART, **change),))


def test_rows_that_agree_are_accepted():
    check(STEP, before(ROWS))
    check(STEP, before(ROWS[::-1]))
    check(STEP, None)


def test_a_step_from_before_identities_were_recorded_is_judged_by_counts():
    check(with_part(identities_in=None, identities=None, records=None), before(ROWS))
    check(STEP, replace(before(ROWS), parts=(replace(PART, identities=None),)))


@pytest.mark.parametrize(
    ("step", "earlier", "message"),
    [
        (replace(STEP, keep=5), before(ROWS), "10 rows came in, 9 went out"),
        (replace(STEP, reasons=()), before(ROWS), "0 rows have a reason"),
        (STEP, before([*ROWS, (11, "x")]), "the step before kept 11 rows, 10 came in"),
        (
            replace(STEP, summary=StoredFile("summary/step", 9, 1, "04")),
            before(ROWS),
            "10 rows came in, 9 are in its summary",
        ),
        (STEP, before([*ROWS[:9], ROWS[0]]), "as many rows came in as the step before kept, but"),
        (STEP, before([*ROWS[:9], (9, "other")]), "but not the same"),
        (
            with_part(identities_in=identity_sum([*ROWS[:9], ROWS[0]])),
            None,
            "part 0: the rows that were written are not those that came in",
        ),
        (with_part(records=15), None, "part 0: the source found 15 records, of which 10 came in"),
    ],
)
def test_what_is_lost_doubled_or_exchanged_is_refused(step, earlier, message):
    with pytest.raises(LedgerError, match=message):
        check(step, earlier)


def test_a_part_without_a_result_is_refused():
    results = [PART, replace(PART, part=2)]
    check_parts("lines", [0, 2], results)
    with pytest.raises(LedgerError, match=r"3 parts were to be done, 2 results .* parts 1 are not"):
        check_parts("lines", [0, 1, 2], results)
    with pytest.raises(LedgerError, match="2 parts were to be done, 2 results"):
        check_parts("lines", [0, 2], [PART, PART])
