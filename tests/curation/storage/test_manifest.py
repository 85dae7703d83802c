from dataclasses import replace

import pytest

from curation.errors import LedgerError, QuarantineError
from curation.inspect.funnel import funnel, funnel_table, step_times
from curation.run.runner import refuse_quarantined
from curation.storage import StoredFile, manifest
from curation.storage.manifest import Manifest, PartResult

GOOD = Manifest(
    step="lines",
    number=2,
    fingerprint="abc",
    stages=({"name": "line_dedup"}, {"name": "rules"}),
    rows_in=10,
    keep=6,
    remove=3,
    quarantine=1,
    reasons={
        "remove/line_dedup/nothing_left": 1,
        "remove/rules/too_few_words": 2,
        "quarantine/rules/stage_failed": 1,
    },
    skipped={"request": 4},
    seconds=1.5,
    parts=(PartResult(0, 10, {"keep": StoredFile("decision=keep/p", 6, 1, "00")}, {}),),
)


def test_a_manifest_is_read_back_as_it_was(tmp_path):
    GOOD.save(str(tmp_path))
    assert manifest.load(str(tmp_path)) == GOOD


def test_a_folder_without_a_manifest_is_not_done(tmp_path):
    assert manifest.load(str(tmp_path)) is None


def test_sums_that_agree_are_accepted():
    manifest.check(GOOD, 10)


@pytest.mark.parametrize(
    ("change", "expected", "told"),
    [
        ({"keep": 5}, 10, "10 rows came in, 9 went out"),
        ({"reasons": {}}, 10, "0 rows have a reason"),
        ({}, 11, "the step before kept 11 rows, 10 came in"),
    ],
)
def test_sums_that_differ_are_refused(change, expected, told):
    with pytest.raises(LedgerError, match=told):
        manifest.check(replace(GOOD, **change), expected)


def test_the_funnel_follows_documents_from_stage_to_stage():
    rows = funnel([GOOD])
    assert [(row.stage, row.rows_in, row.keep) for row in rows] == [
        ("source", 10, 10),
        ("line_dedup", 10, 9),
        ("rules", 9, 6),
    ]
    assert rows[2].removed == (("too_few_words", 2),)
    assert rows[2].quarantined == (("stage_failed", 1),)


def test_the_time_of_a_step_is_told_once_and_also_where_one_stage_is_shown_alone():
    rows = funnel([GOOD])
    assert step_times(rows) == [GOOD.seconds, None, None]
    assert step_times([row for row in rows if row.stage == "rules"]) == [GOOD.seconds]
    later = funnel([GOOD, replace(GOOD, step="later", seconds=7.0)])
    assert step_times(later) == [GOOD.seconds, None, None, 7.0, None]
    assert f"in {GOOD.seconds:.1f} s" in str(funnel_table(rows[-1:]).caption)


def test_too_much_quarantine_is_refused_with_its_reasons_and_the_bound_itself_is_allowed():
    refuse_quarantined(0.1, [GOOD])
    with pytest.raises(QuarantineError, match=r"1 of 10 pages .* rules/stage_failed 1"):
        refuse_quarantined(0.09, [GOOD])
