from dataclasses import fields, replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conf import locate
from curation.config import load_config
from curation.errors import RecordError, UsageError
from curation.training.examples import (
    Example,
    Known,
    MadeBy,
    account,
    read_examples,
    write_examples,
)
from curation.training.serve import stages_before
from stages.extract import Extract
from stages.extract.markup import Markup
from tests.models.texts import CHINESE, ENGLISH

KNOWN = Known("captured", "en", "aldon.example", "article", ENGLISH)
PAGE = Example("a", KNOWN, "", "http://aldon.example/", "Bridge", ENGLISH, Markup(tags=9, links=2))
TEXT = Example("b", Known("votes", "zh", "b", "bad"), "rules/spam", "", "", CHINESE, None)


@pytest.fixture(scope="module")
def stages():
    return stages_before(load_config(locate("local.toml")), "clutter")


@pytest.fixture
def made(stages, tmp_path):
    path = tmp_path / "clutter.examples.parquet"
    write_examples(path, [PAGE, TEXT], MadeBy.of(stages))
    return path


def test_examples_are_read_back_as_they_were(made, stages):
    assert read_examples(made, MadeBy.of(stages)) == [PAGE, TEXT]


def newer(stage):
    kind = type("Newer", (type(stage),), {"version": stage.version + 1})
    return kind(**{field.name: getattr(stage, field.name) for field in fields(stage)})


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (
            lambda stage: replace(stage, min_text_chars=30),
            "configuration: min_text_chars is 20 there, 30",
        ),
        (newer, f"version: version is {Extract.version} there, {Extract.version + 1}"),
        (
            lambda stage: replace(stage, languages=()),
            r"configuration: languages is \['zh', 'en'\] there, \[\]",
        ),
    ],
)
def test_examples_of_another_extraction_are_refused(made, stages, change, difference):
    others = tuple(change(one) if isinstance(one, Extract) else one for one in stages)
    with pytest.raises(
        UsageError, match=rf"what this pipeline serves \(stage extract: {difference} here\)"
    ):
        read_examples(made, MadeBy.of(others))


def test_examples_for_another_stage_are_refused(made, stages):
    with pytest.raises(
        UsageError, match=r"stages are url_filter, .*page_type there, url_filter, .*privacy here"
    ):
        read_examples(made, MadeBy.of(stages[:-2]))


def test_examples_of_documents_made_in_another_way_are_refused(made, stages):
    with pytest.raises(UsageError, match="recipe is 1 there, 2 here"):
        read_examples(made, replace(MadeBy.of(stages), recipe=2))


def test_examples_of_a_newer_version_are_refused_as_such(made, stages, monkeypatch):
    monkeypatch.setattr(MadeBy, "format_version", 0)
    with pytest.raises(RecordError, match="written by a newer version"):
        read_examples(made, MadeBy.of(stages))


def test_what_holds_no_examples_is_refused(tmp_path, stages):
    path = tmp_path / "other.parquet"
    path.write_bytes(b"no Parquet at all")
    with pytest.raises(UsageError, match="is no file of examples"):
        read_examples(path, MadeBy.of(stages))
    pq.write_table(pa.table({"id": ["a"]}), path)
    with pytest.raises(UsageError, match="is no file of examples"):
        read_examples(path, MadeBy.of(stages))


def test_the_account_says_what_became_of_each_kind():
    examples = [PAGE, PAGE, replace(PAGE, stopped_by="extract/no_text"), TEXT]
    assert account(examples) == {
        "captured": {"reached": 2, "extract/no_text": 1},
        "votes": {"rules/spam": 1},
    }
