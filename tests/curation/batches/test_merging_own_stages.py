"""What batches left for a stage of another package is merged by that stage."""

import sys

import pytest
from rich.console import Console

from curation.batches import merging
from curation.cli import batch_commands
from curation.config import load_config
from curation.errors import UsageError
from curation.testing.samples import CHINESE, ENGLISH
from tests.curation.small_runs import crawl, kept, run
from tests.packages import Installer

pytestmark = pytest.mark.spark

CODE = """
from dataclasses import dataclass
from typing import ClassVar

from stages.identity import Identity


@dataclass(frozen=True)
class OwnIdentity(Identity):
    name: ClassVar[str] = "own_identity"
"""
CONF = """
name = "own"
[[step]]
name = "identity"
stages = ["own_identities:OwnIdentity"]
"""


@pytest.fixture
def config(spark, tmp_path, monkeypatch):
    installer = Installer(tmp_path / "packages", monkeypatch)
    installer.module("own_identities", CODE)
    spark.sparkContext.addPyFile(str(installer.folder / "own_identities.py"))
    path = tmp_path / "own.toml"
    path.write_text(CONF)
    return load_config(path)


@pytest.mark.slow
def test_its_state_is_merged_and_serves_the_next_batch(spark, config, tmp_path, monkeypatch):
    root = tmp_path / "root"
    for name, text in (("may", ENGLISH), ("june", CHINESE)):
        run(spark, config, crawl(tmp_path / name, a=[text]), root, name)
    [plan] = merging.plan_merges(str(root / "own"))
    assert (plan.stage.name, plan.batches) == ("own_identity", ("may", "june"))
    quiet = Console(quiet=True)
    batch_commands.merge_all(str(root), None, quiet, quiet, lambda: spark)
    texts = ["A text that no batch has had before this one.", ENGLISH, CHINESE]
    [outcome] = run(spark, config, crawl(tmp_path / "july", a=texts), root, "july")
    assert [row["text"] for row in kept(outcome)] == texts[:1]

    # Spark, too, has put the module on this process's path.
    without = [p for p in sys.path if not p.startswith(str(tmp_path)) and "userFiles" not in p]
    monkeypatch.setattr(sys, "path", without)
    monkeypatch.delitem(sys.modules, "own_identities")
    with pytest.raises(UsageError, match=r"own_identities:OwnIdentity: there is no module own_"):
        merging.plan_merges(str(root / "own"))
