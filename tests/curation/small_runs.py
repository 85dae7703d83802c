"""Crawls of a few texts, and the engine run over them in the tests' own session."""

import json

import pyarrow.parquet as pq
from rich.console import Console

from curation.batches.records import find_batch
from curation.run.planning import make_plan
from curation.run.runner import Runner
from curation.sources.inputs.expand import expand
from schemas.verdict import Decision

SMALL = """
name = "small"
[[step]]
name = "prepare"
stages = ["language"]
[[step]]
name = "identity"
stages = ["identity"]
"""
"""A configuration of two steps; outputs are written behind it."""


def crawl(folder, **files):
    for name, texts in files.items():
        lines = [
            json.dumps({"url": f"http://{name}.example/{n}", "text": text})
            for n, text in enumerate(texts)
        ]
        path = folder / f"{name}.jsonl"
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text("\n".join(lines) + "\n")
    return str(folder)


def run(spark, config, inputs, root, batch="default"):
    files = expand([inputs])
    plan = make_plan(config, files, find_batch(str(root), config.name, batch))
    return Runner(lambda *_: spark, Console(quiet=True)).run(plan)


def reasons_of(account):
    """Rows by decision, stage and reason, of a manifest or of a part's result."""
    return {(one.decision, one.stage, one.reason): one.rows for one in account.reasons}


def kept(outcome):
    files = [f.name for _, f in outcome.manifest.files(Decision.KEEP)]
    tables = [pq.read_table(f"{outcome.step.folder}/{name}", partitioning=None) for name in files]
    return [row for table in tables for row in table.to_pylist()]
