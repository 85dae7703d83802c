import subprocess
import sys
from dataclasses import dataclass
from typing import ClassVar

import pytest

import curation
from conf.records import ConfigError
from curation.errors import UsageError
from curation.testing.samples import CHINESE, ENGLISH
from schemas.verdict import keep
from stages.base import DocumentStage, one_by_one
from stages.language import Language
from stages.rules import Rules
from tests.curation.sources.archives import http, members, record

FRENCH = "Le comité se réunira de nouveau au printemps pour décider de la nouvelle bibliothèque."
VERDICT = ["decision", "stage", "reason"]


def verdicts(table):
    return [tuple(row.values()) for row in table.select(VERDICT).to_pylist()]


def test_texts_are_judged_in_their_order():
    table = curation.judge([ENGLISH, FRENCH, CHINESE, "Log in"], ["language", "rules"])
    assert table["language"].to_pylist() == ["en", "fr", "zh", "en"]
    assert verdicts(table) == [
        ("keep", "", ""),
        ("remove", "language", "other_language"),
        ("keep", "", ""),
        ("remove", "rules", "text_too_short"),
    ]


def test_one_text_is_judged_by_one_stage_without_lists():
    assert verdicts(curation.judge(FRENCH, "language")) == [
        ("remove", "language", "other_language")
    ]


def test_a_stage_may_have_settings_of_its_own():
    strict = Language(languages=("fr",), min_confidence=0.5)
    table = curation.judge([ENGLISH, FRENCH], [strict])
    assert table["decision"].to_pylist() == ["remove", "keep"]


def test_a_named_stage_follows_the_settings_of_another_as_in_a_run():
    page = {"html": f"<html><body><p>{ENGLISH}</p></body></html>"}
    assert verdicts(curation.judge([page], ["extract", Language(languages=("zh",))])) == [
        ("remove", "extract", "other_language")
    ]


def test_a_stage_may_be_written_in_the_notebook():
    @dataclass(frozen=True)
    class Shout(DocumentStage):
        name: ClassVar[str] = "shout"
        reads: ClassVar[tuple[str, ...]] = ("text",)

        def open(self):
            return one_by_one(lambda row: keep({"text": row["text"].upper()}))

    assert curation.judge(["ha"], [Shout()])["text"].to_pylist() == ["HA"]


def test_rows_and_the_pages_of_a_warc_are_judged_alike(tmp_path):
    html = f"<html><title>River</title><body><p>{ENGLISH}</p></body></html>"
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(b"".join(members([record(http(html.encode()))], ".gz")))
    from_warc = curation.judge(curation.read_warc(path), ["extract", "language"])
    from_row = curation.judge([{"html": html}], ["extract", "language"])
    names = ["title", "text", "language", "decision"]
    assert from_warc.select(names) == from_row.select(names)
    assert ENGLISH[:60] in from_warc["text"][0].as_py()
    assert from_warc["decision"].to_pylist() == ["keep"]


def test_what_a_warc_could_not_give_is_quarantined(tmp_path):
    path = tmp_path / "broken.warc.gz"
    path.write_bytes(b"no archive")
    table = curation.judge(curation.read_warc(path), ["extract"])
    assert verdicts(table) == [("quarantine", "source", "not_an_archive")]


def test_no_pages_are_a_table_of_no_rows_with_all_columns():
    some, none = curation.judge([ENGLISH], ["language"]), curation.judge([], ["language"])
    assert none.num_rows == 0
    assert none.schema == some.schema


@pytest.mark.parametrize(
    ("pages", "stages", "error", "message"),
    [
        ([], ["langauge"], ConfigError, "'langauge': is not a stage; did you mean 'language'?"),
        ([], ["no_package:Max"], ConfigError, "there is no module no_package"),
        ([], ["identity"], UsageError, "stage identity judges documents against each other"),
        ([], ["language", "language"], ConfigError, "runs already"),
        ([], ["language", Language()], UsageError, "stage language is there twice"),
        ([], ["rules"], ConfigError, "reads language, which no earlier stage writes"),
        ([], [Language(languages=("xx",)), Rules()], ConfigError, "language xx has no rules file"),
        (["text", {"url": "http://a.example/"}], ["language"], UsageError, "page 1: the row has n"),
        ([7], ["language"], UsageError, "page 0 is a int: it must be a text, a row"),
    ],
)
def test_what_cannot_be_judged_is_refused_in_one_line(pages, stages, error, message):
    with pytest.raises(error) as refused:
        curation.judge(pages, stages)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_the_package_does_not_offer_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'curation' has no attribute 'jugde'"):
        curation.jugde  # noqa: B018


def test_judging_and_opening_do_without_spark():
    code = "import curation, sys; [getattr(curation, name) for name in curation.__all__]; "
    code += "curation.judge(['Log in'], ['language', 'rules']); sys.exit('pyspark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
