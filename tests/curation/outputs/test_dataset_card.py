import pyarrow as pa
import pytest

from curation.outputs.dataset_card import DatasetFacts, dataset_card
from curation.outputs.export_counts import count_rows, total
from curation.storage.manifest import Manifest, ReasonCount
from curation.storage.stage_description import StageDescription
from schemas.verdict import Decision

TEA, OTHER = "07/1.warc.gz", "24/1.warc.gz"
TWICE = {
    "copies": 2,
    "language": "zh",
    "tokens": 10,
    "category": "history",
    "text": "一二",
    "warc_filename": TEA,
}
ROWS = [
    {"copy": 0, **TWICE},
    {"copy": 1, **TWICE},
    {
        "copy": 0,
        "copies": 1,
        "language": "en",
        "tokens": 7,
        "category": "| **x**",
        "text": "abc",
        "warc_filename": OTHER,
    },
]


def manifest(step, stages, reasons=()):
    return Manifest(
        step=step,
        number=1,
        fingerprint="f",
        stages=tuple(StageDescription(name, 3, {}, {}) for name in stages),
        rows_in=1_000,
        keep=700,
        remove=290,
        quarantine=10,
        reasons=tuple(reasons),
        skipped={},
        seconds=1.5,
    )


def facts(**given):
    counts = total(count_rows(pa.Table.from_pylist([row])) for row in ROWS)
    return DatasetFacts("tea", "abc123", ".parquet", counts, **given)


@pytest.fixture
def card():
    reasons = [
        ReasonCount(Decision.REMOVE, "rules", "too_few_words", 200),
        ReasonCount(Decision.QUARANTINE, "extract", "timed_out", 10),
    ]
    steps = (manifest("prepare", ["extract", "rules"], reasons), manifest("safe", ["privacy"]))
    sources = [f"/data/crawl/{number:02d}/1.warc.gz" for number in range(25)]
    return dataset_card(facts(sources=sources, root="/data/crawl", steps=steps))


def test_documents_are_told_from_rows_and_repetition_is_shown(card):
    assert "2 documents in 3 rows, 27 tokens, 7 characters" in card
    assert "| 1 times | 1 |" in card
    assert "| 2 times | 1 |" in card


def test_tokens_are_told_by_language_and_class(card):
    assert "| zh | 2 | 20 |" in card
    assert "| en | 1 | 7 |" in card
    assert "| history | 2 | 20 |" in card


def test_what_left_is_told_by_reason_and_steps_by_their_stages(card):
    assert "| remove | rules | too_few_words | 200 |" in card
    assert "| prepare | extract 3, rules 3 | 1,000 | 700 | 290 | 10 |" in card
    assert "1.5" not in card  # the time that it took is no part of the bytes


def test_what_is_missing_is_said_to_be(card):
    assert "# license: missing" in card
    assert "**Missing, to be filled in" in card
    assert "Benchmarks" not in card
    assert "Items of benchmarks were not looked for." in card
    assert "Personal data was not looked for." not in card


def test_no_folder_of_the_machine_is_named(card):
    assert "/data" not in card


def test_sources_are_told_with_their_counts_the_largest_first(card):
    assert "25 files of the crawl were read:" in card
    rows = [line for line in card.splitlines() if ".warc.gz |" in line]
    assert rows[:3] == [
        *("| 07/1.warc.gz | 2 | 20 |", "| 24/1.warc.gz | 1 | 7 |", "| 00/1.warc.gz | 0 | 0 |")
    ]
    assert len(rows) == 20
    assert "And 5 more; each that has rows, with its counts, stands in [manifest.json]" in card


def test_what_pages_say_is_no_markup(card):
    assert "**x**" not in card


def test_a_dataset_of_nothing_has_a_card():
    card = dataset_card(DatasetFacts("tea", "", ".parquet", total([])))
    assert "0 documents in 0 rows" in card
    assert "n<1K" in card
