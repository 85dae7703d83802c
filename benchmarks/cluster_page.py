"""`make cluster-page`: type what docs/cluster.md says on a cluster of our own, and compare.

    python -m benchmarks.cluster_page FOLDER [FILE ...]

In FOLDER, a copy of this checkout: the page's first two blocks, as they stand but for the master's
address, on a standalone master with two workers of this machine; the crawl are these files, or the
sample, made there. Then the same run without a cluster. Both must leave the same shards. Needs a
JDK, minutes and some gigabytes, and asks the package index for all that the environment holds.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
SHOWN = "spark://master:7077"
HERE = "spark://127.0.0.1:17077"
STARTED = {"Master": "Started", "Worker": "Successfully registered with master"}
WAIT_S = 120


def blocks_of_the_page() -> list[str]:
    """The commands that pack an environment and submit with it."""
    return BLOCK.findall((CHECKOUT / "docs" / "cluster.md").read_text("utf-8"))[:2]


def type_in(command: str, folder: Path) -> None:
    print(f"$ {command.strip()}", flush=True)
    subprocess.run(["bash", "-ec", command], cwd=folder, check=True)


@contextmanager
def spark_daemon(folder: Path, name: str, *arguments: str) -> Iterator[None]:
    """A master or worker of Spark as a process, from when it says that it is there."""
    log = folder / f"{name}-{len(list(folder.glob('*.log')))}.log"
    spark_class = next(folder.glob("environment/lib/*/site-packages/pyspark/bin/spark-class"))
    command = [str(spark_class), f"org.apache.spark.deploy.{name.lower()}.{name}", *arguments]
    environment = {**os.environ, "SPARK_WORKER_DIR": str(folder / "work")}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, stdout=output, stderr=output, env=environment
        )
    try:
        deadline = time.monotonic() + WAIT_S
        while STARTED[name] not in log.read_text("utf-8"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{name} did not start:\n{log.read_text('utf-8')[-2000:]}")
            time.sleep(0.5)
        yield
    finally:
        process.terminate()
        process.wait(30)


def digests(root: Path) -> dict[str, str]:
    """The SHA-256 of each shard below a root, by its name."""
    shards = sorted(root.glob("**/*-export-*/*.parquet"))
    return {shard.name: sha256(shard.read_bytes()).hexdigest() for shard in shards}


def main(folder: Path, files: Sequence[Path] = ()) -> None:
    shutil.copytree(
        CHECKOUT,
        folder,
        ignore=shutil.ignore_patterns(
            ".venv*", ".git", "runs", "sample", "site", "*_cache", "__pycache__"
        ),
    )
    pack, submit = blocks_of_the_page()
    type_in(pack, folder)
    if files:
        (folder / "crawl").mkdir()
        for file in files:
            shutil.copy(file, folder / "crawl")
    else:
        type_in("environment/bin/curate sample-crawl crawl && rm crawl/truth.jsonl", folder)
    ip = ("--host", "127.0.0.1")
    worker = (*ip, "--cores", "1", "--memory", "2g", HERE)
    with (
        spark_daemon(folder, "Master", *ip, "--port", "17077", "--webui-port", "0"),
        spark_daemon(folder, "Worker", *worker),
        spark_daemon(folder, "Worker", *worker),
    ):
        started = time.monotonic()
        type_in(submit.replace(SHOWN, HERE), folder)
        print(f"on the cluster: {time.monotonic() - started:.0f} s", flush=True)
    type_in("environment/bin/curate run conf/local.toml crawl/ --root alone", folder)
    ours, alone = digests(folder / "runs"), digests(folder / "alone")
    print(f"{len(ours)} shards: {'the same' if ours == alone else 'NOT the same'}")
    if not ours or ours != alone:
        raise SystemExit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(path) for path in sys.argv[2:]])
