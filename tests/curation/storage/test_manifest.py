import json
from dataclasses import replace

import pytest

from curation.errors import QuarantineError, RecordError
from curation.inspect.funnel import funnel, funnel_table, step_times
from curation.run.failures import refuse_quarantined
from curation.storage import StoredFile, manifest
from curation.storage.manifest import Figure, Manifest, PartResult, ReasonCount
from curation.storage.records import to_text
from curation.storage.stage_description import StageDescription
from schemas.verdict import Decision

REASONS = (
    ReasonCount(Decision.QUARANTINE, "rules", "stage_failed", 1),
    ReasonCount(Decision.REMOVE, "line_dedup", "nothing_left", 1),
    ReasonCount(Decision.REMOVE, "rules", "too_few_words", 2),
)
GOOD = Manifest(
    step="lines",
    number=2,
    fingerprint="abc",
    stages=(
        StageDescription("line_dedup", 2, {"max_occurrences": 200}, {}),
        StageDescription("rules", 1, {"families": ["empty"], "rules": "rules"}, {"en.toml": "0a"}),
    ),
    rows_in=10,
    keep=6,
    remove=3,
    quarantine=1,
    reasons=REASONS,
    skipped={"request": 4},
    seconds=1.5,
    parts=(PartResult(0, 10, {Decision.KEEP: StoredFile("decision=keep/p", 6, 1, "00")}, REASONS),),
    state=(StoredFile("part-0.parquet", 5, 2, "01"),),
    products=(StoredFile("shard-0.parquet", 5, 2, "02"),),
    figures=(Figure("rows", 5), Figure("fill ratio", 0.988506)),
)
BEFORE_VERSIONS = {
    "step": "lines",
    "number": 2,
    "fingerprint": "abc",
    "stages": [
        {
            "name": "line_dedup",
            "version": 2,
            "configuration": {"max_occurrences": 200},
            "resources": {},
        },
        {
            "name": "rules",
            "version": 1,
            "configuration": {"families": ["empty"], "rules": "rules"},
            "resources": {"en.toml": "0a"},
        },
    ],
    "rows_in": 10,
    "keep": 6,
    "remove": 3,
    "quarantine": 1,
    "reasons": {
        "remove/line_dedup/nothing_left": 1,
        "remove/rules/too_few_words": 2,
        "quarantine/rules/stage_failed": 1,
    },
    "skipped": {"request": 4},
    "seconds": 1.5,
    "parts": [
        {
            "part": 0,
            "rows_in": 10,
            "files": {"keep": {"name": "decision=keep/p", "rows": 6, "bytes": 1, "sha256": "00"}},
            "reasons": {
                "quarantine/rules/stage_failed": 1,
                "remove/line_dedup/nothing_left": 1,
                "remove/rules/too_few_words": 2,
            },
            "skipped": {},
        }
    ],
    "state": [{"name": "part-0.parquet", "rows": 5, "bytes": 2, "sha256": "01"}],
    "products": [{"name": "shard-0.parquet", "rows": 5, "bytes": 2, "sha256": "02"}],
    "figures": {"rows": 5, "fill ratio": 0.988506},
}
"""As steps were recorded before format 2."""


def test_a_manifest_is_read_back_as_it_was(tmp_path):
    fitted = replace(GOOD, fitted=(StoredFile("part-0.parquet", 7, 3, "03"),))
    fitted.save(str(tmp_path))
    assert manifest.load(str(tmp_path)) == fitted
    assert json.loads((tmp_path / "_manifest.json").read_text())["format_version"] == 7


def test_a_manifest_of_format_2_has_no_fitted_table(tmp_path):
    values = json.loads(to_text(GOOD))
    del values["fitted"]
    (tmp_path / "_manifest.json").write_text(json.dumps({**values, "format_version": 2}))
    assert manifest.load(str(tmp_path)) == GOOD


def test_a_manifest_from_before_there_were_versions_says_the_same(tmp_path):
    (tmp_path / "_manifest.json").write_text(json.dumps(BEFORE_VERSIONS))
    assert manifest.load(str(tmp_path)) == GOOD


def test_a_reason_that_is_none_makes_a_manifest_damaged(tmp_path):
    damaged = {**BEFORE_VERSIONS, "reasons": {"rules": 4}}
    (tmp_path / "_manifest.json").write_text(json.dumps(damaged))
    with pytest.raises(RecordError, match=r"_manifest\.json: is damaged"):
        manifest.load(str(tmp_path))


def test_a_folder_without_a_manifest_is_not_done(tmp_path):
    assert manifest.load(str(tmp_path)) is None


def test_parts_are_added_up():
    other = PartResult(1, 5, {Decision.REMOVE: StoredFile("decision=remove/p", 5, 1, "03")})
    other = replace(other, reasons=(replace(REASONS[1], rows=5),), skipped={"request": 2})
    totals = manifest.add_up([*GOOD.parts, other])
    assert (totals.rows_in, totals.rows) == (15, {Decision.KEEP: 6, Decision.REMOVE: 5})
    assert totals.reasons == (REASONS[0], replace(REASONS[1], rows=6), REASONS[2])
    assert totals.skipped == {"request": 2}


def test_a_figure_is_shown_whole_if_it_counts_and_rounded_if_it_measures():
    assert str(Figure("tokens", 20_193_041)) == "tokens 20,193,041"
    assert str(Figure("fill ratio", 0.98850649)) == "fill ratio 0.988506"


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
