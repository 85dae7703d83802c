"""A run as a process of its own: begun, waited for, and what it leaves on the disk."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from benchmarks.processes import of_session

CHECKOUT = Path(__file__).parents[2]
OF_THE_RUN = ("_run.json", "_inputs.json", "steps.jsonl", "metrics.prom", "report.html")
"""What says when and how long, and differs with every run."""
MAX_RUN_S = 1800
CHEAP_JAVA = {"SPARK_SUBMIT_OPTS": "-XX:+UseSerialGC -XX:ReservedCodeCacheSize=240m"}
MAX_END_S = 120
STEP = re.compile(r'\bstep="(\d+) ')


@dataclass
class Begun:
    """A run that was begun in a folder, in a session of its own."""

    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def said(self) -> str:
        """What it has written to standard error so far."""
        return (self.folder / "stderr").read_text("utf-8", "replace")

    def has_come_to(self, step: int) -> bool:
        """Whether it has begun that step or a later one: its metrics name it."""
        metrics = (path.read_text("utf-8") for path in self.folder.glob("runs/*/*/metrics.prom"))
        return any(int(named) >= step for text in metrics for named in STEP.findall(text))

    def wait(self) -> int:
        """Its exit code."""
        return self.process.wait(MAX_RUN_S)

    def left(self) -> list[str]:
        """Processes that outlive it by two minutes, which are ended, and temporary files."""
        deadline = time.monotonic() + MAX_END_S
        while (there := of_session(self.process.pid)) and time.monotonic() < deadline:
            time.sleep(0.2)
        for one in there:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        scratch = [path.name for path in (self.folder / "tmp").iterdir()]
        return [one.name for one in there.values()] + [
            name for name in scratch if not name.startswith("hsperfdata")
        ]


def begin(
    folder: Path,
    arguments: Iterable[str],
    environment: Mapping[str, str] = MappingProxyType({}),
    root: str = "",
) -> Begun:
    """Start `curate run` with these arguments; temporary files and, unless given, its root lie in the folder."""
    (folder / "tmp").mkdir(exist_ok=True, parents=True)
    command = [sys.executable, "-m", "curation", "run", *arguments]
    command += ["--root", root or str(folder / "runs")]
    with (folder / "stderr").open("wb") as said:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={
                **os.environ,
                **environment,
                "PYTHONPATH": str(CHECKOUT),
                "TMPDIR": str(folder / "tmp"),
            },
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )
    return Begun(folder, process)


def digests(root: Path) -> dict[str, str]:
    """The SHA-256 of every file that a run has made, by its place; manifests without their times."""
    return {
        str(path.relative_to(root)): sha256(_content(path)).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name not in OF_THE_RUN and "_spark" not in path.parts
    }


def _content(path: Path) -> bytes:
    if path.name != "_manifest.json":
        return path.read_bytes()
    return repr(files_of(path.parent)).encode()


def files_of(step: Path) -> Sequence[tuple[str, int, int]]:
    """The files that a step's manifest accounts for, with rows and bytes."""
    from curation.storage import manifest

    return [(one.name, one.rows, one.bytes) for one in manifest.load(str(step)).all_files()]
