"""Takedowns of runs that are done: held against runs to which the list was given beforehand."""

import json
import shutil

import pyarrow.parquet as pq
import pytest
import zstandard

from curation import storage
from curation.config import PipelineConfig, StepConfig
from curation.inspect.run_files import load_run
from curation.outputs.export import Export
from curation.outputs.jsonl import Jsonl
from curation.outputs.pack import Pack
from curation.sources.takedown.lists import store
from curation.takedown.root import read_list
from curation.testing.samples import ENGLISH
from stages.identity import Identity
from stages.language import Language
from tests.commands import output
from tests.curation.small_runs import crawl, run

CONFIG = PipelineConfig(
    name="all",
    step=(StepConfig("prepare", ("language",)), StepConfig("identity", ("identity",))),
    stage={"language": Language(), "identity": Identity()},
    outputs={
        "export": Export(shards=3, row_group_rows=2),
        "pack": Pack(sequence_length=256),
        "jsonl": Jsonl(shards=2),
    },
    part_bytes=1,
)
UNIQUE = [f"{ENGLISH} Number {number} of all." for number in range(12)]
COPIED = f"{ENGLISH} This one stands twice."
LIST = """# asked for by mail
HTTP://www.A.example:80/3/
b.example
"""


@pytest.fixture(scope="module")
def crawls(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crawls")
    may = crawl(folder / "may", a=[*UNIQUE[:6], COPIED], b=UNIQUE[6:8], c=UNIQUE[8:9])
    june = crawl(folder / "june", d=[COPIED, *UNIQUE[9:]])
    return {"may": may, "june": june}


@pytest.fixture(scope="module")
def two(spark, crawls, tmp_path_factory):
    """A root with two batches; of a text that both have, the first one keeps it."""
    root = tmp_path_factory.mktemp("two")
    for name, inputs in crawls.items():
        run(spark, CONFIG, inputs, root, name)
    return root


@pytest.fixture
def root(two, tmp_path):
    return shutil.copytree(two, tmp_path / "root")


@pytest.fixture
def listed(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text(LIST)
    return path


def files_below(folder, *, pattern="*"):
    return {str(p.relative_to(folder)): p for p in folder.rglob(pattern) if p.is_file()}


def contents(root):
    return {name: path.read_bytes() for name, path in files_below(root).items()}


def steps_of(root, batch):
    return {run.manifest.step: run for run in load_run(str(root / "all" / batch))}


def exported(root, batch):
    folder = steps_of(root, batch)["export"].folder
    shards = [name for name in storage.list_names(folder) if name.endswith(".parquet")]
    tables = [pq.read_table(f"{folder}/{name}") for name in shards]
    return [row for table in tables for row in table.to_pylist()]


def texts_anywhere(root):
    """Every text of a document that some file of a root still has, in whatever format."""
    found = set()
    for path in files_below(root).values():
        if path.name.endswith(".parquet") and "text" in pq.read_schema(path).names:
            found |= set(pq.read_table(path, columns=["text"])["text"].to_pylist())
        if path.name.endswith(".jsonl.zst"):
            with zstandard.open(path, "rt", encoding="utf-8") as lines:
                found |= {json.loads(line)["text"] for line in lines}
    return found


@pytest.mark.spark
def test_what_is_taken_down_afterwards_is_as_if_the_list_had_been_there(
    spark, root, crawls, listed, tmp_path
):
    output("takedown", listed, "--root", root)
    store(str(tmp_path / "new"), read_list(str(listed)))
    run(spark, CONFIG, crawls["may"], tmp_path / "new", "may")
    after, before = (steps_of(where, "may") for where in (root, tmp_path / "new"))
    for name in ("prepare", "identity"):
        ours, theirs = after[name].manifest, before[name].manifest
        assert (ours.rows_in, ours.keep, ours.remove) == (
            theirs.rows_in,
            theirs.keep,
            theirs.remove,
        )
        assert [part.identities for part in ours.parts] == [p.identities for p in theirs.parts]
        assert [(p.files, p.lookup) for p in _timeless(ours, root)] == [
            (p.files, p.lookup) for p in _timeless(theirs, tmp_path / "new")
        ]
    for name in ("export", "jsonl", "pack"):
        ours, theirs = after[name].manifest, before[name].manifest
        data = [f for f in ours.products if f.rows]
        assert data == [f for f in theirs.products if f.rows]
        assert ours.figures == theirs.figures
    folders = [steps["export"].folder for steps in (after, before)]
    assert len({storage.read_bytes(f"{folder}/manifest.json") for folder in folders}) == 1


def _timeless(made, root):
    """The parts that hold no word of when the list was given, which both roots say differently."""
    return [part for part in made.parts if not any(r.stage == "takedown" for r in part.reasons)]
