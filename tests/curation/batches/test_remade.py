"""A step that was made again after a takedown is another one, if what it left is."""

from dataclasses import replace

from curation.batches.lineage import NO_LINEAGE, extend, trace
from curation.batches.records import Batch, BatchRecord
from curation.batches.remade import after_takedown, going_on, with_remade
from curation.batches.run_record import RunRecord
from curation.storage import StoredFile
from curation.storage.manifest import Manifest
from curation.storage.stage_description import StageDescription

STEP = "01-identity-aa"
RECORD = RunRecord(0, {}, (), (STEP,), {"identity": STEP}, {"identity": NO_LINEAGE})


def made(*digests):
    """A step that left files of state with these digests."""
    state = tuple(StoredFile(f"part-{one}.parquet", 1, 1, one) for one in digests)
    described = (StageDescription("language", 1, {}, {}), StageDescription("identity", 1, {}, {}))
    return Manifest("identity", 1, "aa", described, *(0, 0, 0, 0), (), {}, 1.0, state=state)


TAKEN = after_takedown(RECORD, {STEP: made("one", "two")})


def lineage(record):
    [traced] = trace([BatchRecord(Batch("root/all", "may", 0), record)])
    return traced.lineages["identity"]


def test_a_takedown_and_what_stays_as_it_left_it_make_no_difference():
    assert lineage(TAKEN) == lineage(RECORD) == extend(NO_LINEAGE, STEP)
    assert with_remade(TAKEN, [made("two", "one")]) == TAKEN


def test_what_was_never_taken_down_may_be_made_again_as_it_likes():
    assert with_remade(RECORD, [made("other")]) == RECORD


def test_a_step_with_other_state_than_a_takedown_left_is_another_one_from_then_on():
    remade = with_remade(TAKEN, [made("three")])
    assert lineage(remade) != lineage(TAKEN)
    assert with_remade(remade, [made("three")]) == remade
    assert lineage(with_remade(remade, [made("four")])) not in (lineage(remade), lineage(TAKEN))


def test_a_later_takedown_makes_no_difference_either():
    remade = with_remade(TAKEN, [made("three")])
    again = after_takedown(remade, {STEP: made("five")})
    assert lineage(again) == lineage(remade)
    assert with_remade(again, [made("five")]) == again


def test_state_that_is_gone_altogether_is_other_state():
    assert with_remade(TAKEN, [made()]).remade


def test_the_record_of_the_next_run_keeps_it_for_the_steps_that_it_has_too():
    remade = with_remade(TAKEN, [made("three")])
    assert going_on(RECORD, remade) == remade
    assert going_on(RECORD, None) == RECORD
    other = replace(RECORD, states={"identity": "01-identity-bb"})
    assert going_on(other, remade) == other


def test_later_batches_are_stale_once_a_step_before_them_is_another_one():
    june = replace(RECORD, number=1, judged_against={"identity": lineage(TAKEN)})
    remade = with_remade(TAKEN, [made("three")])

    def stale(first):
        batches = [
            BatchRecord(Batch("root/all", str(n), n), r) for n, r in enumerate((first, june))
        ]
        return [one.stale for one in trace(batches)]

    assert stale(TAKEN) == [False, False]
    assert stale(remade) == [False, True]
