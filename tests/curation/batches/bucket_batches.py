"""Three batches under a root, merged after the second, the first withdrawn: digests of each file.

Run as a process of its own, whose workers have its environment: ``crawls root…``.
"""

import json
import sys
from pathlib import Path

from rich.console import Console

from curation.batches import withdrawal
from curation.cli import batch_commands
from curation.config import PipelineConfig, StepConfig
from curation.spark.session import start_session
from stages.identity import Identity
from stages.language import Language
from stages.line_dedup import LineDedup
from tests.curation.small_runs import run

CONFIG = PipelineConfig(
    name="tiny",
    step=(
        StepConfig("prepare", ("language",)),
        StepConfig("identity", ("identity",)),
        StepConfig("lines", ("line_dedup",)),
    ),
    stage={
        "language": Language(),
        "identity": Identity(),
        "line_dedup": LineDedup(max_occurrences=3),
    },
)


def main(crawls: str, *roots: str) -> None:
    spark = start_session({"spark.sql.shuffle.partitions": "2"}, master="local[1,4]")
    inputs = {path.name: str(path) for path in sorted(Path(crawls).iterdir())}
    sys.stdout.write(json.dumps([three_batches(spark, inputs, root) for root in roots]))


def three_batches(spark, inputs, root):
    err = Console(file=sys.stderr)
    made = {}
    for name in ("a", "b"):
        made[name] = run(spark, CONFIG, inputs[name], root, name)
    batch_commands.merge_all(root, None, err, err, lambda: spark)
    made["c"] = run(spark, CONFIG, inputs["c"], root, "c")
    withdrawal.withdraw(f"{root}/tiny", "a")
    made["b again"] = run(spark, CONFIG, inputs["b"], root, "b")
    return {name: digests(outcomes) for name, outcomes in made.items()}


def digests(outcomes):
    return [
        (file.rows, file.sha256)
        for outcome in outcomes
        for part in outcome.manifest.parts
        for _, file in sorted(part.files.items())
    ]


if __name__ == "__main__":
    main(*sys.argv[1:])
