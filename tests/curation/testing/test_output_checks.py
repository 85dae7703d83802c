"""The check refuses an output that breaks what it checks, and none of ours."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import pyarrow.parquet as pq
import pytest

from curation import storage
from curation.outputs.base import Output, OutputAccount
from curation.outputs.export import Export
from curation.outputs.jsonl import Jsonl
from curation.outputs.mds import Mds
from curation.outputs.pack import Pack
from curation.outputs.registry import KNOWN_OUTPUTS, OUTPUTS
from curation.testing import check_output
from tests.packages import Installer, python_of

pytestmark = pytest.mark.spark


@dataclass(frozen=True)
class Good(Output):
    name: ClassVar[str] = "good"
    separator: str = " "

    def write(self, spark, material, folder):
        tables = [pq.read_table(material.uri(file), columns=["url"]) for file in material.files]
        urls = [url for table in tables for url in table["url"].to_pylist()]
        written = storage.write_text(folder, "urls.txt", self.separator.join(urls))
        return OutputAccount((written,), len(urls), len(urls), ())


@dataclass(frozen=True)
class Loses(Good):
    def write(self, spark, material, folder):
        account = super().write(spark, material, folder)
        return replace(account, documents=max(0, account.documents - 1))


@dataclass(frozen=True)
class CountsOthers(Good):
    def write(self, spark, material, folder):
        return replace(super().write(spark, material, folder), rows_in=7, documents=7)


@dataclass(frozen=True)
class HidesAFile(Good):
    def write(self, spark, material, folder):
        storage.write_text(folder, "more.txt", "")
        return super().write(spark, material, folder)


@dataclass(frozen=True)
class WritesAfterIt(Good):
    def write(self, spark, material, folder):
        account = super().write(spark, material, folder)
        (Path(folder) / "urls.txt").write_text("others")
        return account


@dataclass(frozen=True)
class TellsHowManyFiles(Good):
    def write(self, spark, material, folder):
        written = storage.write_text(folder, "urls.txt", str(len(material.files)))
        rows = sum(file.rows for file in material.files)
        return OutputAccount((written,), rows, rows, ())


@dataclass(frozen=True)
class NeedsOneDocument(Good):
    def write(self, spark, material, folder):
        assert material.files, "no documents"
        return super().write(spark, material, folder)


@dataclass(frozen=True)
class NameOfOurs(Good):
    name: ClassVar[str] = "jsonl"


@dataclass(frozen=True)
class ChangesItsSettings(Good):
    def __post_init__(self):
        object.__setattr__(self, "separator", self.separator + "x")


@pytest.mark.parametrize(
    ("output", "fault"),
    [
        (Loses(), "rows it wrote"),
        (CountsOthers(), "rows, says 7"),
        (HidesAFile(), "wrote ['more.txt', 'urls.txt']"),
        (WritesAfterIt(), "says StoredFile"),
        (TellsHowManyFiles(), "depends on the number of files"),
        (NeedsOneDocument(), "no documents"),
        (NameOfOurs(), "is the name of curation.outputs.jsonl"),
        (ChangesItsSettings(), "became"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_output_that_breaks_a_promise_is_refused(spark, output, fault):
    with pytest.raises(AssertionError) as refused:
        check_output(output, spark)
    assert fault in str(refused.value)


def test_an_output_that_keeps_them_passes(spark):
    check_output(Good(), spark)
    check_output(Good(), spark, documents=[])


OURS = [
    (Export(shards=2), None),
    (Jsonl(rows_per_shard=5), None),
    (Mds(shards=2), None),
    (Pack(), Export(shards=2)),
]


@pytest.mark.parametrize(("output", "made_of"), OURS, ids=lambda one: one and one.name)
def test_every_output_of_ours_keeps_them(spark, output, made_of):
    check_output(output, spark, made_of=made_of)


def test_every_output_of_ours_is_tried():
    assert {output.name for output, _ in OURS} == OUTPUTS.keys()


def test_what_an_output_is_made_of_must_be_given(spark):
    with pytest.raises(ValueError, match="pack is made of export: give made_of"):
        check_output(Pack(), spark)


def test_the_output_of_the_page_keeps_them(spark, tmp_path, monkeypatch):
    Installer(tmp_path, monkeypatch).module("url_list_of_the_page", python_of("own-outputs.md"))
    check_output(KNOWN_OUTPUTS.find("url_list_of_the_page:UrlList")(), spark)
