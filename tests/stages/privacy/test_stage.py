"""Documents and sites that are full of personal data leave; the others are masked."""

import pickle

import pytest

from curation.testing.corpus import run_corpus_stage
from schemas.verdict import Decision
from stages.privacy import Privacy

PROSE = "The river rises in the hills and runs for ninety miles to the sea. " * 8


def page(number, text, site="a.example", part=0):
    return {
        "position": number,
        "part": part,
        "doc_id": f"{number:032x}",
        "text": text,
        "site": site,
    }


def contacts(number, count):
    return " ".join(f"Jane, +4930{10_000_000 + 1000 * number + n}." for n in range(count))


def judge(text, flag=None):
    (verdict,) = Privacy().open()([{"text": text, "site": "a.example", "flag": flag}])
    return verdict


def test_a_document_without_personal_data_keeps_its_bytes():
    verdict = judge(PROSE)
    assert verdict.decision is Decision.KEEP
    assert (verdict.columns["text"], verdict.edits) == (PROSE, ())


def test_personal_data_is_masked_and_counted_by_kind():
    verdict = judge(PROSE + "\nWrite to jane@site.org or call +44 20 7183 8750.")
    assert verdict.decision is Decision.KEEP
    assert verdict.columns["text"].endswith("Write to [email address] or call [phone number].")
    assert verdict.columns["personal"]["phone_number"] == 1
    assert [edit.line for edit in verdict.edits] == [1, 1]


def test_a_document_full_of_personal_data_leaves_masked():
    verdict = judge(contacts(0, 20))
    assert (verdict.decision, verdict.reason) == (Decision.REMOVE, "dense_in_personal_data")
    assert "max_items_per_1000 10" in verdict.detail
    assert "+49" not in verdict.columns["text"]


def test_a_short_contact_note_is_not_full_of_personal_data():
    assert judge("Jane: jane@site.org, +44 20 7183 8750").decision is Decision.KEEP


def test_the_stage_travels_with_its_settings():
    stage = Privacy(min_items=3)
    assert pickle.loads(pickle.dumps(stage)) == stage


def crawl():
    """A directory of 30 pages, each under the limit of a document, and a site of prose."""
    directory = [page(n, contacts(n, 4) + PROSE[:400], "dense.example", n // 10) for n in range(30)]
    prose = [page(100 + n, PROSE + contacts(n, 1), "prose.example", 3) for n in range(30)]
    return [*directory, *prose, page(200, contacts(0, 4), None, 4)]


@pytest.mark.spark
def test_every_document_of_a_dense_site_leaves_for_any_partitioning(spark):
    verdicts, _ = run_corpus_stage(spark, Privacy(), crawl(), partitions=5)
    again, _ = run_corpus_stage(spark, Privacy(), crawl()[::-1], partitions=1)
    assert verdicts == again
    gone = {place for place, verdict in verdicts.items() if verdict.decision is Decision.REMOVE}
    assert gone == set(range(30))
    assert verdicts[0].reason == "site_dense_in_personal_data"
    assert "30 documents of dense.example" in verdicts[0].detail


@pytest.mark.spark
def test_a_site_with_few_documents_is_not_judged(spark):
    few = crawl()[:19]
    verdicts, _ = run_corpus_stage(spark, Privacy(), few, partitions=2)
    assert {verdict.decision for verdict in verdicts.values()} == {Decision.KEEP}


@pytest.mark.spark
def test_what_earlier_batches_had_counts(spark):
    stage, pages = Privacy(), crawl()[:30]
    _, state = run_corpus_stage(spark, stage, pages[:15], partitions=2)
    verdicts, _ = run_corpus_stage(spark, stage, pages[15:], partitions=2, earlier=[state])
    assert {verdict.decision for verdict in verdicts.values()} == {Decision.REMOVE}
    assert "30 documents" in verdicts[15].detail


@pytest.mark.spark
def test_sites_are_tallied_as_plain_python_tallies_them(spark):
    stage, pages = Privacy(), crawl()
    _, state = run_corpus_stage(spark, stage, pages, partitions=3)
    expected = {}
    for document, keys in zip(pages, stage.open_keys()(pages), strict=True):
        if document["site"]:
            n, items, characters = expected.get(document["site"], (0, 0, 0))
            expected[document["site"]] = (
                n + 1,
                items + keys["items"],
                characters + len(document["text"]),
            )
    found = {row["site"]: (row["documents"], row["items"], row["characters"]) for row in state}
    assert found == expected
