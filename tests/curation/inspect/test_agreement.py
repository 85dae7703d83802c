import json

import pytest

from curation.errors import RecordError, UsageError
from curation.inspect.agreement import Ending, compare, read_expected
from schemas.expected import ExpectedPage
from schemas.verdict import Decision

KEPT = Ending(Decision.KEEP)
LISTED = Ending(Decision.REMOVE, "page_type", "list_page")
COPIED = Ending(Decision.REMOVE, "identity", "same_text")
SAMPLED_OUT = Ending(Decision.REMOVE, "balance", "sampled_out")


def kept(url, of=""):
    return ExpectedPage(url, Decision.KEEP, of=of, kind="article")


def removed(url, stage="", reason="", of=""):
    return ExpectedPage(url, Decision.REMOVE, stage, reason, of=of, kind="list")


def agreeing(expected, endings):
    """Of each page in order, whether it ended as expected; ``endings`` has one for each URL."""
    found = {url: [ending] for url, ending in endings.items()}
    return [one.agrees for one in compare(expected, found).comparisons]


def test_a_page_that_ends_otherwise_is_named_with_both_verdicts():
    pages = [kept("a"), removed("b", "page_type", "list_page"), kept("c")]
    agreement = compare(pages, {"a": [KEPT], "b": [LISTED], "c": [LISTED]})
    assert (agreement.agreed, agreement.share) == (2, pytest.approx(2 / 3))
    [other] = agreement.differing
    assert (other.expected.url, other.wanted, other.found) == (
        *("c", "keep"),
        "remove page_type/list_page",
    )
    assert str(agreement) == "2 of 3 pages (66.7%) ended as expected"


@pytest.mark.parametrize(
    ("expected", "fits"),
    [
        (("", ""), True),
        (("page_type", ""), True),
        (("", "list_page"), True),
        (("page_type", "list_page"), True),
        (("rules", ""), False),
        (("rules", "list_page"), False),
        (("page_type", "forum_page"), False),
    ],
)
def test_a_stage_or_reason_that_is_named_must_be_the_one(expected, fits):
    assert agreeing([removed("a", *expected)], {"a": LISTED}) == [fits]


def test_another_decision_is_another_verdict():
    assert agreeing([removed("a")], {"a": KEPT}) == [False]
    assert agreeing([removed("a")], {"a": Ending(Decision.QUARANTINE, "extract")}) == [False]


def test_of_pages_that_repeat_each_other_any_may_stay():
    pages = [kept("a"), removed("b", "identity", of="a"), removed("c", "identity", of="a")]
    for stays in "abc":
        endings = {**dict.fromkeys("abc", COPIED), stays: KEPT}
        assert agreeing(pages, endings) == [True] * 3


def test_a_copy_too_many_is_one_disagreement():
    pages = [kept("a"), removed("b", "identity", of="a"), removed("c", "identity", of="a")]
    assert agreeing(pages, {"a": KEPT, "b": KEPT, "c": COPIED}) == [True, False, True]
    assert sum(agreeing(pages, {"a": COPIED, "b": KEPT, "c": KEPT})) == 2


def test_pages_that_do_not_repeat_each_other_lend_each_other_nothing():
    pages = [kept("a"), removed("b", "identity")]
    assert agreeing(pages, {"a": COPIED, "b": KEPT}) == [False, False]


def test_a_page_that_balance_samples_out_was_found_good():
    assert agreeing([kept("a")], {"a": SAMPLED_OUT}) == [True]
    assert agreeing([removed("a", "page_type")], {"a": SAMPLED_OUT}) == [False]


def test_a_page_that_the_run_does_not_know_is_told_so():
    [one] = compare([kept("a")], {}).comparisons
    assert (one.agrees, one.found) == (False, "not in the run")


def test_each_capture_of_a_page_stands_for_one_line():
    agreement = compare([kept("a"), kept("a")], {"a": [KEPT]})
    assert [one.agrees for one in agreement.comparisons] == [True, False]


def test_kinds_are_counted_by_what_is_expected_of_them_the_worst_first():
    pages = [kept("a"), removed("b", "page_type"), removed("c", "page_type"), removed("d", "rules")]
    endings = {"a": [KEPT], "b": [KEPT], "c": [COPIED], "d": [Ending(Decision.REMOVE, "rules")]}
    rows = compare(pages, endings).by_kind()
    assert [(row.kind, row.wanted, row.pages, row.agreed) for row in rows] == [
        ("list", "remove page_type", 2, 0),
        ("article", "keep", 1, 1),
        ("list", "remove rules", 1, 1),
    ]
    assert dict(rows[0].others) == {"keep": 1, "remove identity/same_text": 1}


def test_a_file_needs_no_more_than_addresses_and_decisions(tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text(json.dumps({"url": "a", "decision": "remove"}) + "\n")
    assert read_expected(str(path)) == [ExpectedPage("a", Decision.REMOVE)]


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (None, UsageError, "no such file"),
        ("", UsageError, "has no line"),
        ('{"url": "a", "decision": "keep"}\n{"url": "b"}\n', RecordError, "line 2.*decision"),
        ('{"url": "a", "decision": "kept"}\n', RecordError, "line 1.*decision"),
        ("url,decision\n", RecordError, "line 1"),
        ('{"url": "a", "decision": "keep", "format_version": 3}\n', RecordError, "newer version"),
    ],
)
def test_a_file_that_cannot_be_is_refused_with_its_line(tmp_path, content, error, words):
    path = tmp_path / "mine.jsonl"
    if content is not None:
        path.write_text(content)
    with pytest.raises(error, match=words):
        read_expected(str(path))
