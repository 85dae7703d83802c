"""What a report holds of a run, against the documents that were written."""

from collections import Counter

import pytest

from curation.inspect.report.data import report_data
from schemas.expected import ExpectedPage
from schemas.verdict import Decision
from tests.curation.inspect.report.small_run import make_run, report_of, usual_documents


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return make_run(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def found(folder):
    return report_of(folder)


def named(columns, rows):
    return [dict(zip(columns, row, strict=True)) for row in rows]


def test_documents_are_counted_by_how_they_ended_and_language(found):
    expected = Counter(
        (one.decision, one.stage, one.reason, one.columns["language"])
        for one in usual_documents()
        if one.columns["language"] in ("zh", "en")
    )
    rows = named(found["endColumns"], found["ends"][0])
    counted = {
        (row["decision"], row["stage"], row["reason"], row["language"]): row["pages"]
        for row in rows
        if row["language"] in ("zh", "en")
    }
    assert counted == expected
    kept = [row for row in rows if row["decision"] == "keep" and row["language"] == "zh"]
    assert [(row["pages"], row["rows"], row["row_tokens"]) for row in kept] == [(10, 20, 200)]


def test_a_threshold_stands_beside_the_histogram_of_its_measure(found):
    by_name = {one["name"]: one for one in found["measures"]}
    words = by_name["measures.words"]
    assert [(one["language"], one["value"]) for one in words["limits"]] == [("en", 20), ("zh", 30)]
    english = next(one for one in words["charts"] if one["language"] == "en")
    assert english["pages"] == sum(kept + gone for *_, kept, gone in english["bins"])
    values = [
        one.columns["measures"]["words"]
        for one in usual_documents()
        if one.columns["language"] == "en"
    ]
    assert english["pages"] == len(values)
    assert (english["bins"][0][1], english["bins"][-1][2]) == (min(values), max(values))
    assert not by_name["copies"]["limits"]
    limited = [bool(one["limits"]) for one in found["measures"]]
    assert limited == sorted(limited, reverse=True)


def test_a_sample_has_its_measures_and_what_it_stands_for(found):
    samples = {one.get("id", ""): one for one in found["samples"]}
    copy = samples[f"{50:032x}"]
    assert (copy["stage"], copy["reason"], copy["ends"]) == ("identity", "same_text", True)
    assert dict(zip(found["measured"][0], copy["values"], strict=True)) == {
        "measures.words": 50,
        "quality": 0.5,
    }
    assert samples[copy["twin"]]["isTwin"]
    assert samples[copy["twin"]]["cuts"] == ["line_dedup: often"]
    assert samples[""]["url"] == "crawl.warc.gz at 51"


def test_cut_lines_stand_where_they_stood(found):
    [first] = [one for one in found["samples"] if one.get("id") == f"{1:032x}"]
    assert first["lines"] == [
        {"t": "Share this", "s": "line_dedup", "r": "often", "n": 0},
        "Words of page 1.",
        "网页的文字。",
        {"t": "Home", "s": "line_dedup", "r": "often", "n": 0},
    ]


def test_the_report_says_what_was_configured_and_when(found):
    assert found["finished"] == "2026-01-02T03:04:05Z"
    settings = {one["key"]: (one["value"], one["default"]) for one in found["run"]["settings"]}
    assert settings["stage.quality.min_quality"] == (0.5, 0.2)
    assert "mine.key" in settings
    assert [one["stage"] for one in found["run"]["stages"]] == ["rules", "quality"]


def test_the_report_shows_which_pages_ended_otherwise_than_expected(folder, found):
    pages = [
        ExpectedPage("http://www.site-1.example/1", Decision.KEEP, kind="good"),
        ExpectedPage("http://www.site-2.example/2", Decision.REMOVE, "rules", kind="bad"),
        ExpectedPage("http://a.example/", Decision.KEEP, kind="none"),
    ]
    assert found["agreement"] is None
    agreement = report_data(folder, pages)["agreement"]
    assert agreement["words"].startswith("1 of 3 pages")
    assert [one[2] for one in agreement["differing"]] == ["keep", "not in the run"]


def test_tokens_in_and_out_are_those_of_documents_and_of_the_rows_that_are_written(found):
    assert found["tokens"]["countedIn"] == "prepare"
    rows = {row["name"]: row for row in found["tokens"]["rows"]}
    assert rows["copies"]["languages"]["zh"] == [10, 20, 100, 200]
