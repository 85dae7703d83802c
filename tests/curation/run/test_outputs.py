"""What is made of the kept documents: any output, by its name alone, and accounted for."""

import importlib
import sys
from dataclasses import dataclass, replace
from typing import ClassVar

import pyarrow.parquet as pq
import pytest
from rich.console import Console

from curation import storage
from curation.batches.records import Batch, refuse_other_run
from curation.batches.run_record import load_run_record
from curation.config import PipelineConfig, StepConfig
from curation.errors import LedgerError, UsageError
from curation.inspect.report import render
from curation.inspect.why import tell
from curation.outputs.base import Output, OutputAccount
from curation.outputs.export import Export
from curation.outputs.jsonl import Jsonl
from curation.outputs.pack import Pack
from curation.outputs.registry import KNOWN_OUTPUTS
from curation.run.planning import make_plan
from curation.run.runner import Runner
from curation.sources.inputs.input_file import InputFile
from curation.storage.manifest import Figure
from curation.testing.samples import CHINESE, ENGLISH
from stages.base import DocumentStage, Judge
from stages.language import Language
from stages.registry import STAGES
from tests.commands import output
from tests.curation.small_runs import crawl, run
from tests.packages import Installer, python_of

CONFIG = PipelineConfig(
    name="tiny",
    step=(StepConfig("prepare", ("language",)),),
    stage={"language": Language()},
)

URL_LIST = python_of("own-outputs.md")


@dataclass(frozen=True)
class Addresses(Output):
    """A file of the addresses of what is kept; ``lost`` of them are left out."""

    name: ClassVar[str] = "addresses"

    lost: int = 0

    def write(self, spark, material, folder):
        tables = [pq.read_table(material.uri(file)) for file in material.files]
        urls = [url for table in tables for url in table["url"].to_pylist()]
        written = urls[self.lost :]
        file = storage.write_text(folder, "addresses.txt", "\n".join(written))
        return OutputAccount((file,), len(urls), len(written), (Figure("addresses", len(written)),))


@dataclass(frozen=True)
class Hosts(Output):
    """Made of the addresses."""

    name: ClassVar[str] = "hosts"
    made_of: ClassVar[str] = "addresses"

    def write(self, spark, material, folder):
        [file] = material.files
        urls = storage.read_bytes(material.uri(file)).decode().split("\n")
        hosts = sorted({url.split("/")[2] for url in urls})
        made = storage.write_text(folder, "hosts.txt", "\n".join(hosts))
        return OutputAccount((made,), len(urls), len(urls), (Figure("hosts", len(hosts)),))


@pytest.mark.spark
def test_an_output_of_ones_own_is_made_of_what_is_kept_and_another_of_that(spark, tmp_path):
    inputs = crawl(tmp_path / "in", a=[ENGLISH, "x"], b=[CHINESE])
    config = replace(CONFIG, outputs={"addresses": Addresses(), "hosts": Hosts()})
    _, addresses, hosts = run(spark, config, inputs, tmp_path / "runs")
    [file] = addresses.manifest.products
    text = storage.read_bytes(f"{addresses.step.folder}/{file.name}")
    assert text == b"http://a.example/0\nhttp://b.example/0"
    assert addresses.manifest.keep == 2
    assert [str(figure) for figure in hosts.manifest.figures] == ["hosts 2"]
    html = render(str(tmp_path / "runs" / "tiny" / "default"))
    assert '"addresses"' in html
    assert "hosts.txt" in html
    again = run(spark, config, inputs, tmp_path / "runs")
    assert [outcome.cached for outcome in again] == [True] * 3


@pytest.mark.spark
def test_an_output_that_loses_a_document_fails_the_run(spark, tmp_path):
    inputs = crawl(tmp_path / "in", a=[ENGLISH], b=[CHINESE])
    config = replace(CONFIG, outputs={"addresses": Addresses(lost=1)})
    with pytest.raises(LedgerError, match="step addresses: 2 rows came in, 1 went out"):
        run(spark, config, inputs, tmp_path / "runs")


@pytest.mark.spark
def test_the_story_of_a_page_names_its_rows_in_every_format(spark, tmp_path):
    inputs = crawl(tmp_path / "in", a=[ENGLISH], b=[CHINESE])
    outputs = {"export": Export(), "pack": Pack(), "jsonl": Jsonl()}
    run(spark, replace(CONFIG, outputs=outputs), inputs, tmp_path / "runs")
    [story] = tell(str(tmp_path / "runs" / "tiny" / "default"), "http://b.example/0")
    rows = dict(story.exported)
    first, second = "shard-00000-of-00001.parquet", "shard-00000-of-00001.jsonl.zst"
    assert list(rows) == [first, "packed-00000.parquet", second]
    assert rows[first] == rows[second]
    assert rows["packed-00000.parquet"] == 0  # both documents fit one sequence


@dataclass(frozen=True)
class Unchanging(DocumentStage):
    name: ClassVar[str] = "unchanging"
    reads: ClassVar[tuple[str, ...]] = ("text",)

    def open(self) -> Judge:
        raise NotImplementedError


def plan_of(**outputs):
    config = PipelineConfig(
        name="tiny",
        step=(StepConfig("only", ("unchanging",)),),
        stage={"unchanging": Unchanging()},
        outputs=outputs,
    )
    batch = Batch("runs/tiny", "may", 0)
    return make_plan(config, [InputFile("a.jsonl", 10, "then")], batch)


def test_steps_have_the_names_that_they_had_since_the_format_of_rows_was_last_raised(monkeypatch):
    monkeypatch.setitem(STAGES, Unchanging.name, Unchanging)
    plan = plan_of(export=Export(seed=7), pack=Pack(sequence_length=512))
    assert [step.folder_name for step in plan.all_steps] == [
        "01-only-eaaefbf6fe87",
        "02-export-25e3af811310",
        "03-pack-7cc007be9e0c",
    ]


def test_another_output_renames_none_of_those_before_it():
    some = plan_of(export=Export(), pack=Pack())
    more = plan_of(export=Export(), pack=Pack(), jsonl=Jsonl())
    assert more.all_steps[:3] == some.all_steps
    assert more.outputs[2].made_of == more.steps[0]


def test_a_raised_version_makes_an_output_again(monkeypatch):
    before = plan_of(export=Export())
    monkeypatch.setattr(Export, "version", Export.version + 1)
    after = plan_of(export=Export())
    assert before.outputs[0].step.fingerprint != after.outputs[0].step.fingerprint


def test_another_class_of_the_same_name_makes_an_output_again(tmp_path, monkeypatch):
    installer = Installer(tmp_path, monkeypatch)
    for name in ("output_a", "output_b"):
        installer.module(name, URL_LIST)
    one, other = (
        plan_of(url_list=KNOWN_OUTPUTS.find(f"{name}:UrlList")()).outputs[0].step
        for name in ("output_a", "output_b")
    )
    assert one.fingerprint != other.fingerprint


@pytest.mark.spark
@pytest.mark.usefixtures("tests_own_session")
def test_an_output_of_another_package_runs_as_one_of_ours(tmp_path, monkeypatch):
    installer = Installer(tmp_path / "packages", monkeypatch)
    with_rows = URL_LIST.replace("(written,)", "(replace(written, rows=len(urls)),)").replace(
        "import dataclass", "import dataclass, replace"
    )
    find = "    @classmethod\n    def find(cls, uri, doc_id):\n        return iter([7])\n"
    installer.module("output_c", f"{with_rows}\n{find}")
    conf, root = tmp_path / "own.toml", tmp_path / "runs"
    conf.write_text(
        'name = "own"\n[[step]]\nname = "only"\nstages = ["language"]\n[export]\n'
        "['output_c:UrlList']\nseparator = '|'\n"
    )
    inputs = crawl(tmp_path / "in", a=[ENGLISH], b=[CHINESE])
    printed = output("run", conf, inputs, "--root", root)
    assert "(addresses 2)" in printed
    assert '["output_c:UrlList"] Write the addresses' in output("config", conf)
    [made] = root.glob("own/default/03-url_list-*/urls.txt")
    assert made.read_text() == "http://a.example/0|http://b.example/0"
    assert '"addresses"' in (root / "own" / "default" / "report.html").read_text()
    settings = load_run_record(str(root / "own" / "default")).configuration
    assert settings["url_list.class"] == "output_c:UrlList"
    story = ("why", "http://b.example/0", "--root", root)
    assert "row 7 of urls.txt" in output(*story)
    (tmp_path / "packages" / "output_c.py").unlink()
    monkeypatch.delitem(sys.modules, "output_c")
    importlib.invalidate_caches()
    assert "only: kept" in output(*story)
    assert "urls.txt" not in output(*story)


def test_the_record_of_a_run_says_what_was_set_beside_the_file(tmp_path):
    batch = Batch(str(tmp_path), "may", 0)
    given = ("export.seed=7",)
    plan = plan_of(export=Export(seed=7))
    plan = replace(plan, batch=batch, config=replace(plan.config, overrides=given))
    plan.record().save(batch.folder)
    record = load_run_record(batch.folder)
    assert (record.overrides, record.configuration["export.seed"]) == (given, 7)
    refuse_other_run(batch, replace(plan.config, overrides=()), record.inputs)


def test_what_an_output_is_made_of_must_be_there(tmp_path):
    def no_session(*_):
        raise AssertionError("Spark was started")

    plan = plan_of(export=Export(), pack=Pack())
    with pytest.raises(UsageError, match="pack is made of what step export writes, which has not"):
        Runner(no_session, Console(quiet=True)).run_output(plan, plan.outputs[1])


def test_a_tokenizer_that_is_missing_is_told_before_anything_starts():
    with pytest.raises(UsageError, match=r"^pack: .*absent"):
        plan_of(export=Export(), pack=Pack(tokenizer="./absent"))


def test_an_output_that_was_recorded_as_none_is_one_that_is_not_made(tmp_path):
    batch = Batch(str(tmp_path), "may", 0)
    plan = plan_of(export=Export())
    record = plan.record()
    settings = {**record.configuration, "pack": None}
    replace(record, configuration=settings).save(batch.folder)
    refuse_other_run(batch, plan.config, record.inputs)
    with pytest.raises(UsageError, match=r"export\.seed was 0, is 3"):
        refuse_other_run(batch, plan_of(export=Export(seed=3)).config, record.inputs)
