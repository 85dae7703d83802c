"""What a summary says of documents against plain counts over the same rows."""

import math
from collections import Counter

import pyarrow as pa
import pytest

from curation.summaries.columns import NO_SITE
from curation.summaries.documents import columns_to_summarise, summarise
from curation.summaries.histograms import numeric_columns
from schemas.document import SOURCE_COLUMNS, document_schema
from schemas.verdict import Decision
from stages.registry import STAGES
from tests.curation.summaries.rows import SCHEMA, in_bins, pages_by, row, summary_of

LANGUAGES = ("zh", "en", None)


def some_rows(count=200):
    rows = [
        row(
            number,
            Decision.REMOVE if number % 3 == 0 else Decision.KEEP,
            language=LANGUAGES[number % 3 if number % 7 else 2],
            site=f"{number % 5}.example",
            category=f"class {number % 4}" if number % 4 else None,
            quality=None if number % 11 == 0 else number / 100 - 0.2,
            measures={"words": number, "ratio": number / 200},
        )
        for number in range(1, count)
    ]
    rows[7]["quality"], rows[8]["quality"] = float("nan"), float("inf")
    return rows


def test_pages_and_characters_are_counted_by_end_language_and_site():
    rows = some_rows()
    counts = summary_of(rows, 32).counts.to_pylist()
    keys = ("decision", "stage", "reason", "language", "site")
    assert {tuple(r[name] for name in keys): r["pages"] for r in counts} == pages_by(rows, *keys)
    characters = Counter()
    for each in rows:
        characters[each["decision"]] += len(each["text"])
    for decision in (Decision.KEEP, Decision.REMOVE):
        found = sum(r["characters"] for r in counts if r["decision"] == decision)
        assert found == characters[decision]


def test_rows_and_tokens_are_those_that_balancing_counted():
    rows = [
        row(1, category="a", copies=3, tokens=10),
        row(2, category="a", copies=1, tokens=7),
        row(3, Decision.REMOVE, category="a", copies=0, tokens=5),
    ]
    found = summary_of(rows, 1)
    amounts = ("decision", "pages", "rows", "tokens", "row_tokens")
    for table in (found.counts, found.labels):
        assert [tuple(each.values()) for each in table.select(amounts).to_pylist()] == [
            ("keep", 2, 4, 17, 37),
            ("remove", 1, 0, 5, 0),
        ]


def test_a_document_is_one_row_and_of_no_tokens_before_balancing():
    found = summary_of([row(1), row(2), row(3, Decision.REMOVE)]).counts
    amounts = found.select(["pages", "rows", "tokens", "row_tokens"])
    assert [tuple(each.values()) for each in amounts.to_pylist()] == [(2, 2, 0, 0), (1, 0, 0, 0)]


def test_the_page_of_a_count_is_that_of_the_least_id():
    rows = some_rows()
    for count in summary_of(rows, 16).counts.to_pylist():
        same = [
            (each["doc_id"], each["url"])
            for each in rows
            if (each["decision"], each["language"] or "", each["site"])
            == (count["decision"], count["language"], count["site"])
        ]
        assert (count["doc_id"], count["url"]) == min(same)


def test_every_number_that_a_stage_gave_has_a_histogram():
    rows = some_rows()
    found = summary_of(rows, 32).histograms.to_pylist()
    for decision in (Decision.KEEP, Decision.REMOVE):
        some = [each for each in rows if each["decision"] is decision]
        expected = {
            "quality": in_bins(some, "quality"),
            "measures.words": in_bins([each["measures"] for each in some], "words"),
            "measures.ratio": in_bins([each["measures"] for each in some], "ratio"),
        }
        for column, bins in expected.items():
            counted = Counter()
            for each in found:
                if (each["column"], each["decision"]) == (column, decision):
                    counted[each["bin"]] += each["pages"]
            assert counted == bins
    assert {each["column"] for each in found} == {"quality", "measures.words", "measures.ratio"}


def test_a_bin_tells_its_least_and_greatest_value():
    rows = some_rows()
    found = [
        each for each in summary_of(rows, 32).histograms.to_pylist() if each["column"] == "quality"
    ]
    given = [each["quality"] for each in rows if each["quality"] is not None]
    values = list(filter(math.isfinite, given))
    assert min(each["lowest"] for each in found) == min(values)
    assert max(each["highest"] for each in found) == max(values)
    assert all(
        any(each["lowest"] <= value <= each["highest"] for each in found) for value in values
    )


def test_the_numbers_of_all_our_stages_are_found_by_their_types():
    columns = {name: kind for stage in STAGES.values() for name, kind in stage.writes.items()}
    schema = document_schema({**SOURCE_COLUMNS, **columns})
    found = set(numeric_columns(schema))
    assert found >= {"language_score", "clutter_score", "quality", "measures", "tokens", "copies"}
    assert not found & {"offset", "position", "status", "edits", "text", "language"}
    assert found <= set(columns_to_summarise(schema))


def edit(stage, reason, text="line"):
    return {"stage": stage, "line": 1, "text": text, "reason": reason}


def test_lines_that_were_cut_from_kept_documents_are_counted_by_cause():
    rows = [
        row(1, edits=[edit("lines", "often"), edit("clutter", "menu", "x" * 300)]),
        row(2, edits=[edit("lines", "often")] * 9),
        row(3, Decision.REMOVE, edits=[edit("lines", "often")]),
    ]
    found = summary_of(rows, 1)
    assert found.cuts.to_pylist() == [
        {"stage": "clutter", "reason": "menu", "lines": 1, "pages": 1},
        {"stage": "lines", "reason": "often", "lines": 10, "pages": 2},
    ]


def test_a_cut_line_may_lack_its_words_and_its_cause():
    found = summary_of([row(1, edits=[edit("mine", None, None), edit("mine", "long", "字")])])
    assert found.cuts.select(["reason", "lines"]).to_pylist() == [
        {"reason": "", "lines": 1},
        {"reason": "long", "lines": 1},
    ]
    [document] = found.documents.to_pylist()
    assert [line["text"] for line in document["edits"]] == ["", "字"]


def test_labels_are_counted_where_there_are_any():
    rows = some_rows()
    labels = summary_of(rows, 32).labels.to_pylist()
    keys = ("decision", "stage", "reason", "language")
    expected = pages_by([each for each in rows if each["category"]], *keys, "category")
    found = {(*(one[key] for key in keys), one["value"]): one["pages"] for one in labels}
    assert found == expected
    assert {one["column"] for one in labels} == {"category"}


@pytest.mark.parametrize(
    ("site", "url", "expected"),
    [
        ("b.example", "http://c.example/", "b.example"),
        (None, "http://C.example/", "c.example"),
        ("", None, NO_SITE),
    ],
)
def test_a_page_without_a_site_counts_for_its_host_or_for_none(site, url, expected):
    counts = summary_of([row(1, site=site, url=url), row(2, site="z.example")]).counts
    assert counts["site"].to_pylist() == sorted([expected, "z.example"])


def test_rows_with_no_more_than_a_source_gives_are_summed_up():
    plain = document_schema(SOURCE_COLUMNS)
    found = summarise(pa.Table.from_pylist([row(1)], plain), Decision.KEEP)
    assert (found.pages, found.histograms.num_rows, found.labels.num_rows) == (1, 0, 0)
    assert SCHEMA.names != plain.names


NUMBERS = [pa.float16(), pa.float32(), pa.int8(), pa.uint8(), pa.int64(), pa.uint64()]


@pytest.mark.parametrize("kind", NUMBERS, ids=str)
def test_a_stage_may_write_numbers_of_any_type(kind):
    schema = document_schema({**SOURCE_COLUMNS, "rank": kind})
    values = pa.array([0.0, 1.0, 2.0, None]).cast(kind, safe=False)
    table = pa.Table.from_pylist([row(n) for n in range(4)], schema)
    place = schema.get_field_index("rank")
    found = summarise(table.set_column(place, schema.field("rank"), values), Decision.KEEP)
    assert found.histograms.select(["column", "bin", "pages"]).to_pylist() == [
        {"column": "rank", "bin": number, "pages": 1} for number in (0, 144, 160)
    ]


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (pa.int32(), 7, "7"),
        (pa.large_string(), "x", "x"),
        (pa.dictionary(pa.int8(), pa.string()), "x", "x"),
        (pa.list_(pa.string()), ["x"], ""),
        (pa.struct([("a", pa.int32())]), {"a": 1}, ""),
        (pa.binary(), b"\xff", ""),
    ],
    ids=str,
)
def test_a_stage_may_write_any_type_in_a_column_of_a_name_of_ours(kind, value, shown):
    names = ("language", "category", "site")
    schema = document_schema({**SOURCE_COLUMNS, **dict.fromkeys(names, kind)})
    documents = pa.Table.from_pylist([row(1, **dict.fromkeys(names, value))], schema)
    found = summarise(documents, Decision.KEEP)
    assert found.counts["language"].to_pylist() == [shown]
    assert found.counts["site"].to_pylist() == [shown or "www.a.example"]
    assert found.labels["value"].to_pylist() == ([shown] if shown else [])
