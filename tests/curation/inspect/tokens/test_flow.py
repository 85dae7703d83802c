"""Tokens in and out of every step, held against documents that are counted one by one."""

import pyarrow as pa
import pytest

from curation.inspect.tokens import token_rates, token_rows
from curation.storage.manifest import Manifest, TokenCount
from curation.storage.stage_description import StageDescription
from curation.summaries.documents import summarise
from curation.summaries.summary import add
from schemas.verdict import Decision
from tests.curation.summaries.rows import SCHEMA, row

WITH_KINDS = SCHEMA.append(pa.field("page_type", pa.string()))
TEXTS = {"en": "word " * 20, "zh": "字" * 30}  # 100 characters, 30


def document(number, language, stage="", kind="article", text=None, **columns):
    """One that is kept, or left in a stage."""
    decision = Decision.REMOVE if stage else Decision.KEEP
    text = TEXTS[language] if text is None else text
    given = {
        "language": language,
        "page_type": kind,
        "stage": stage,
        "reason": "x" if stage else "",
    }
    return row(number, decision, text=text, **given, **columns)


def summary(documents):
    """As parts would write it: kept and removed ones apart."""
    decisions = {one["decision"] for one in documents}
    parts = [[one for one in documents if one["decision"] is way] for way in decisions]
    return add(
        [summarise(pa.Table.from_pylist(some, WITH_KINDS), some[0]["decision"]) for some in parts]
    )


def account(step, *stages, tokens=()):
    described = tuple(StageDescription(name, 1, {}, {}) for name in stages)
    return Manifest(step, 1, "f", described, *(0, 0, 0, 0), (), {}, 1.0, tokens=tokens)


JUDGED = [
    document(0, "en", "rules", ""),
    document(1, "en", text="word " * 10),  # 10 words were cut of it
    document(2, "en", kind="forum"),
    document(3, "zh", "rules", ""),
    document(4, "zh"),
]
BALANCED = [
    document(1, "en", text="word " * 10, tokens=10, copies=3),
    document(2, "en", "balance", "forum", tokens=20, copies=0),  # as many a character
    document(4, "zh", tokens=24, copies=2),
]


@pytest.fixture(scope="module")
def rows():
    counts = (
        TokenCount("language", "en", 3, 33),
        TokenCount("language", "zh", 2, 50),
        TokenCount("page_type", "article", 5, 83),
    )
    made = token_rows(
        [account("filter", "rules"), account("balance", "balance")],
        [summary(JUDGED), summary(BALANCED)],
        [account("export", tokens=counts[:2]), account("pack", tokens=counts)],
        {"pack": "export"},
    )
    return {(one.step, one.name): one for one in made}


def flow(one):
    return (one.before.rows, one.after.rows, one.before.tokens, one.after.tokens)


def test_a_language_has_as_many_tokens_a_character_as_the_step_that_counts_has_found():
    rates = token_rates([summary(JUDGED), summary(BALANCED)])
    assert rates.counted_in == 1
    assert rates.per_character == {"en": 30 / 150, "zh": 24 / 30}
    assert rates.tokens("fr", 10) is None
    assert rates.tokens("fr", 0) == 0


def test_before_it_tokens_are_characters_by_the_rate_and_from_there_on_they_are_counted(rows):
    found = rows["filter", "rules"]
    assert not found.is_counted
    assert flow(found.languages["en"]) == (3, 2, pytest.approx(250 / 5), pytest.approx(150 / 5))
    assert flow(found.languages["zh"]) == (2, 1, pytest.approx(48), pytest.approx(24))
    assert flow(found.whole) == (5, 3, pytest.approx(98), pytest.approx(54))
    balanced = rows["balance", "balance"]
    assert balanced.is_counted
    assert flow(balanced.languages["en"]) == (2, 1, 30, 10)
    assert flow(balanced.languages["zh"]) == (1, 1, 24, 24)


def test_a_kind_has_the_rate_of_its_own_and_a_page_that_left_unjudged_that_of_its_language(rows):
    found = rows["filter", "rules"].kinds
    assert flow(found[""]) == (2, 0, pytest.approx(44), 0)
    assert flow(found["forum"]) == (1, 1, pytest.approx(20), pytest.approx(20))
    assert flow(found["article"]) == (2, 2, pytest.approx(34), pytest.approx(34))


def test_kinds_add_up_to_languages_once_they_are_counted(rows):
    counted = [one for one in rows.values() if one.is_counted and one.kinds]
    assert {one.name for one in counted} == {"balance", "copies"}
    for one in counted:
        after = sum(kind.after.tokens for kind in one.kinds.values())
        assert after == one.whole.after.tokens


def test_copies_are_a_row_of_their_own_and_what_outputs_are_made_of(rows):
    assert flow(rows["balance", "copies"].languages["en"]) == (1, 3, 10, 30)
    assert flow(rows["balance", "copies"].kinds["article"]) == (2, 5, 34, 78)
    assert flow(rows["export", "export"].languages["zh"]) == (2, 2, 48, 50)
    assert flow(rows["pack", "pack"].languages["zh"]) == (2, 2, 50, 50)


def test_of_a_group_that_an_output_does_not_tell_nothing_is_said(rows):
    assert rows["export", "export"].kinds == {}  # its shards have no page type
    assert rows["pack", "pack"].kinds == {}  # so nobody knows what came in
    assert flow(rows["pack", "pack"].whole) == (5, 5, 83, 83)


def test_what_was_cut_of_documents_that_stay_is_between_two_steps():
    cut = document(1, "en", text="word " * 4)
    edits = [{"stage": "clutter", "line": 1, "text": "word", "reason": "menu"}]
    before, after = [document(1, "en")], [{**cut, "edits": edits}]
    counted = [document(1, "en", text="word " * 4, tokens=4, copies=1)]
    manifests = [account("one", "rules"), account("two", "clutter"), account("balance", "balance")]
    made = token_rows(manifests, [summary(before), summary(after), summary(counted)])
    [found] = [row for row in made if row.step == "two" and row.name.startswith("cuts")]
    assert found.name == "cuts by clutter"
    assert flow(found.languages["en"]) == (1, 1, pytest.approx(20), pytest.approx(4))


def test_without_a_step_that_counts_tokens_nothing_is_known():
    [found] = token_rows([account("filter", "rules")], [summary(JUDGED)])
    assert flow(found.whole) == (5, 3, None, None)
