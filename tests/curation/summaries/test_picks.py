"""Which documents a summary holds, against plain loops over the same rows."""

from collections import Counter

import pytest

from curation.summaries.picks import CLUSTER, NEAR_CHARS, NEAREST, PICKED
from curation.summaries.samples import DETAIL_CHARS, EDIT_CHARS, MAX_EDITS, TEXT_CHARS
from schemas.verdict import Decision
from stages.lottery import draw
from stages.recall import Bound, Limit
from tests.curation.summaries.rows import drawn, ids_picked, row, spread, summary_of

LANGUAGES = ("zh", "en", "en", "en", "fr")


def some_rows(count=300):
    return [
        row(
            number,
            Decision.REMOVE if number % 3 == 0 else Decision.KEEP,
            language=LANGUAGES[number % 5],
            site=f"{number % 7 if number % 4 else 0}.example",
            quality=None if number % 11 == 0 else number / count,
            measures={"words": number % 90, "ratio": number / 200},
        )
        for number in range(1, count)
    ]


@pytest.mark.parametrize("batch_rows", [16, 512])
def test_samples_come_in_turn_from_languages_and_from_sites(batch_rows):
    rows = some_rows()
    found = summary_of(rows, batch_rows)
    for decision in (Decision.KEEP, Decision.REMOVE):
        some = [each for each in rows if each["decision"] is decision]
        expected = spread(some, PICKED)
        assert sorted(ids_picked(found, "end", decision=decision)) == sorted(expected)
        languages = Counter(each["language"] for each in some if each["doc_id"] in expected)
        assert max(languages.values()) - min(languages.values()) <= 1


def test_the_samples_of_one_site_and_language_are_those_that_are_drawn_first():
    rows = [row(number, language="en", site="a.example") for number in range(60)]
    found = ids_picked(summary_of(rows, 16), "end")
    assert sorted(found) == sorted(each["doc_id"] for each in drawn(rows)[:PICKED])


@pytest.mark.parametrize("batch_rows", [16, 512])
def test_the_documents_nearest_to_a_threshold_are_held_from_either_side(batch_rows):
    rows = some_rows()
    found = summary_of(rows, batch_rows)
    for language in set(LANGUAGES):
        for inside in (True, False):
            some = [
                (abs(each["quality"] - 0.5), draw(1, each["doc_id"], "sample"), each["doc_id"])
                for each in rows
                if each["language"] == language
                and each["quality"] is not None
                and (each["quality"] >= 0.5) == inside
            ]
            picked = ids_picked(
                found, "near", reason="min_quality", language=language, inside=inside
            )
            assert sorted(picked) == sorted(one[-1] for one in sorted(some)[:NEAREST])


def test_a_threshold_of_a_language_holds_for_its_documents_alone():
    found = summary_of(some_rows())
    languages = {
        pick["language"] for pick in found.picks.to_pylist() if pick["reason"] == "max_words"
    }
    assert languages == {"en"}


def test_of_equally_near_documents_those_that_are_drawn_first_are_held():
    rows = [row(number, language="en", quality=0.25) for number in range(40)]
    found = ids_picked(summary_of(rows, 7), "near", reason="min_quality")
    assert sorted(found) == sorted(each["doc_id"] for each in drawn(rows)[:NEAREST])


@pytest.mark.parametrize(
    ("bound", "inside"),
    [
        (Bound.AT_LEAST, [False, True, True]),
        (Bound.AT_MOST, [True, True, False]),
        (Bound.BELOW, [True, False, False]),
    ],
)
def test_a_document_on_the_threshold_lies_on_the_side_that_its_bound_says(bound, inside):
    rows = [row(n, language="en", quality=value) for n, value in enumerate((0.4, 0.5, 0.6))]
    limit = Limit("a_limit", "quality", bound, 0.5)
    picks = summary_of(rows, limits={"quality": [limit]}).picks.to_pylist()
    sides = {pick["doc_id"]: pick["inside"] for pick in picks if pick["kind"] == "near"}
    assert [sides[each["doc_id"]] for each in rows] == inside
    assert [limit.compare(each).is_inside for each in rows] == inside


def test_duplicates_are_held_by_whole_clusters():
    rows = [
        row(number, Decision.REMOVE, twin=f"twin {number % 12}", site=f"{number}.example")
        for number in range(12 * 4)
    ]
    found = set(ids_picked(summary_of(rows, 5), "end"))
    clusters = Counter(each["twin"] for each in rows if each["doc_id"] in found)
    assert clusters == dict.fromkeys(clusters, 4)
    assert sum(clusters.values()) == PICKED


def test_a_large_cluster_leaves_room_for_others():
    rows = [row(n, Decision.REMOVE, twin="large" if n < 90 else f"small {n}") for n in range(100)]
    found = set(ids_picked(summary_of(rows, 9), "end"))
    clusters = Counter(each["twin"] for each in rows if each["doc_id"] in found)
    assert clusters.pop("large") == CLUSTER
    assert len(clusters) == 10


def edit(stage, reason, text="line", line=1):
    return {"stage": stage, "line": line, "text": text, "reason": reason}


def test_documents_that_lost_lines_are_held_by_cause():
    rows = [
        row(1, edits=[edit("lines", "often"), edit("clutter", "menu", "x" * 999, 7)]),
        row(2, edits=[edit("lines", "often")] * 99),
        row(3, Decision.REMOVE, edits=[edit("lines", "often")]),
    ]
    found = summary_of(rows, 1)
    assert [one[-1] for one in ids_picked(found, "cut", stage="clutter")] == ["1"]
    assert sorted(one[-1] for one in ids_picked(found, "cut", stage="lines")) == ["1", "2"]
    first, second, third = found.documents.sort_by("offset").to_pylist()
    assert [(one["stage"], one["line"], len(one["text"])) for one in first["edits"]] == [
        ("lines", 1, 4),
        ("clutter", 7, EDIT_CHARS),
    ]
    assert (len(second["edits"]), len(third["edits"])) == (MAX_EDITS, 1)


def test_a_document_is_held_once_with_the_start_of_its_text_and_what_was_measured():
    long = row(1, text="字" * 9999, detail="d" * 999, source="a.warc.gz", offset=77, title="T")
    long |= {"language": "en", "quality": 0.25, "measures": {"words": 7, "ratio": 0.5}}
    found = summary_of([long])
    assert found.picks.num_rows == 3
    [document] = found.documents.to_pylist()
    assert (document["text"], len(document["detail"])) == ("字" * TEXT_CHARS, DETAIL_CHARS)
    shown = ("characters", "source", "offset", "url", "title", "language")
    assert [document[name] for name in shown] == [
        *(9999, "a.warc.gz", 77),
        *("http://www.a.example/1", "T", "en"),
    ]
    assert {one["measure"]: one["value"] for one in document["values"]} == {
        "quality": 0.25,
        "measures.words": 7,
    }


def test_of_a_document_that_only_lies_near_a_threshold_less_text_is_held():
    rows = [row(number, text="字" * 9999, quality=0.5) for number in range(PICKED + 40)]
    rows[-1] |= {"quality": 0.21}
    found = summary_of(rows)
    kinds = {}
    for pick in found.picks.to_pylist():
        kinds.setdefault(pick["doc_id"], set()).add(pick["kind"])
    lengths = {one["doc_id"]: len(one["text"]) for one in found.documents.to_pylist()}
    assert {"near"} in kinds.values()
    assert lengths == {
        doc_id: NEAR_CHARS if why == {"near"} else TEXT_CHARS for doc_id, why in kinds.items()
    }


def test_a_number_that_a_document_lacks_is_not_one():
    [document] = summary_of([row(1)]).documents.to_pylist()
    assert {one["value"] for one in document["values"]} == {None}


def test_losses_without_an_id_are_drawn_by_their_places():
    losses = [row(n, Decision.QUARANTINE, doc_id="", url=None) for n in range(90)]
    places = summary_of(losses, 8).documents["offset"].to_pylist()
    assert len(set(places)) == PICKED
    assert sorted(places) != list(range(PICKED))


def test_what_no_pick_asks_for_is_not_held():
    found = summary_of(some_rows(), 8)
    names = [(pick["doc_id"], pick["offset"]) for pick in found.picks.to_pylist()]
    held = [(one["doc_id"], one["offset"]) for one in found.documents.to_pylist()]
    assert sorted(held) == sorted(set(names))
