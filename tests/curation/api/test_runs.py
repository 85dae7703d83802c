import json

import pyarrow as pa
import pytest

import curation
from curation.config import load_config
from curation.errors import UsageError
from curation.testing.samples import CHINESE, ENGLISH
from tests.curation.small_runs import crawl, run

CONF = """
name = "opened"
[[step]]
name = "prepare"
stages = ["language"]
[[step]]
name = "rules"
stages = ["rules"]
[export]
"""
TEXTS = [ENGLISH, "Le comité se réunira au printemps pour décider.", "Log in", CHINESE]


@pytest.fixture(scope="module")
def folder(spark, tmp_path_factory):
    folder = tmp_path_factory.mktemp("opened")
    (folder / "opened.toml").write_text(CONF)
    run(
        spark,
        load_config(folder / "opened.toml"),
        crawl(folder / "crawl", a=TEXTS),
        folder / "runs",
    )
    return folder


@pytest.fixture
def opened(folder):
    return curation.open_run(str(folder / "runs"))


pytestmark = pytest.mark.spark


def test_kept_documents_are_those_that_passed_every_step(opened):
    table = opened.documents()
    assert table["text"].to_pylist() == [ENGLISH, CHINESE]
    assert table["language"].to_pylist() == ["en", "zh"]


def test_removed_documents_are_those_that_left_in_any_step(opened):
    table = opened.documents("remove", ["stage", "reason", "measures", "text"])
    assert table.column_names == ["stage", "reason", "measures", "text"]
    assert table["text"].to_pylist() == TEXTS[1:3]
    assert table["reason"].to_pylist() == ["other_language", "text_too_short"]
    assert table["measures"][0].as_py() is None


def test_a_decision_that_no_document_has_is_a_table_of_no_rows(opened):
    table = opened.documents("quarantine")
    assert table.num_rows == 0
    assert set(opened.documents("remove").column_names) == set(table.column_names)


def test_the_funnel_accounts_for_every_document(opened):
    rows = opened.funnel().to_pylist()
    assert [(row["stage"], row["rows_in"], row["keep"]) for row in rows] == [
        ("source", 4, 4),
        ("language", 4, 3),
        ("rules", 3, 2),
    ]
    assert rows[2]["removed"] == [("text_too_short", 1)]


def test_the_shards_are_one_table(opened):
    table = opened.exported(["text"])
    assert isinstance(table, pa.Table)
    assert sorted(table["text"].to_pylist()) == sorted([ENGLISH, CHINESE])


def test_documents_are_judged_here_as_they_were_in_the_run(opened, folder):
    rows = [json.loads(line) for line in (folder / "crawl" / "a.jsonl").read_text().splitlines()]
    judged = curation.judge(rows, ["language", "rules"])
    names = ["doc_id", "url", "language", "language_score", "stage", "reason", "detail"]
    for decision in ("keep", "remove"):
        here = judged.filter(pa.compute.equal(judged["decision"], decision)).select(names)
        assert here == opened.documents(decision, names)


def test_what_a_run_does_not_have_is_refused_in_words(opened, folder, tmp_path):
    with pytest.raises(UsageError, match="no column colour: there are doc_id, url, date"):
        opened.documents(columns=["url", "colour"])
    with pytest.raises(UsageError, match="decision 'kept': there are keep, remove, quarantine"):
        opened.documents("kept")
    with pytest.raises(UsageError, match="holds no run"):
        curation.open_run(str(tmp_path))
