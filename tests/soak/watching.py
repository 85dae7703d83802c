"""What the processes of a run hold at most while it goes: memory and open files, by role."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from benchmarks.processes import by_role, peak_bytes
from curation.spark.processes import processor_s
from tests.faults.runs import Begun

LOOK_S = 1.0


def watch(begun: Begun) -> Mapping[str, float]:
    """Wait for its end: the peaks by role, and processor time of all as it was looked at last.

    ``worker_bytes`` is the most resident memory of a single worker, ``worker_files`` its open files.
    """
    most: dict[str, float] = defaultdict(float)
    while begun.process.poll() is None:
        for role, ids in by_role(begun.process.pid).items():
            for process in ids:
                most[f"{role}_bytes"] = max(most[f"{role}_bytes"], peak_bytes(process))
                most[f"{role}_files"] = max(most[f"{role}_files"], open_files(process))
        most["processor_s"] = max(most["processor_s"], processor_s(begun.process.pid))
        time.sleep(LOOK_S)
    return dict(most)


def open_files(process: int) -> int:
    """How many descriptors a process has open, 0 of one that has ended."""
    with suppress(OSError):
        return len([*Path(f"/proc/{process}/fd").iterdir()])
    return 0


def bytes_below(folder: Path) -> int:
    """The size of all files in a folder and below it."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
