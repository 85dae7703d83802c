"""One run that something is killed of, and the rerun: a clean end or a clear one, the same bytes."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.faults.processes import Victim, strike
from tests.faults.runs import Begun, begin, digests
from tests.journal import Journal

MOST = 0.7
"""Of the seconds of a step: later it may have ended, on a machine that is less busy by then."""
CLEAR_ENDS = {5, 130, 143, -9}
"""Spark gave up, or a signal ended the driver; it cannot say anything of SIGKILL."""
UNCLEAR = re.compile(
    r"Traceback|(?:^\s+at [a-z]\w*\..*\n){3}|^\s+at java|ConnectionRefused", re.MULTILINE
)
"""A page of Java or Python. Of an error that Spark tries again it tells in two lines of Java."""


@dataclass(frozen=True)
class Clean:
    """What a run that nothing happens to leaves, and the seconds of each of its steps."""

    digests: Mapping[str, str]
    seconds: Sequence[float]


@dataclass
class Trial:
    """What was done to a run, how it ended, and what is wrong with that."""

    number: int
    victim: Victim
    step: int
    after_s: float
    code: int = 0
    struck: bool = False
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """As it is listed."""
        done = "" if self.struck else " (too late: it had ended)"
        told = "; ".join(self.faults) or "the same bytes"
        where = f"step {self.step}, {self.after_s:.1f} s in"
        return f"{self.number}: {self.victim}{done}, {where}: exit code {self.code}: {told}"


def draw(seed: int, number: int, clean: Clean) -> Trial:
    """What is to be done: each victim as often as another, at any moment of most of any step.

    Only the first step has children that read pages.
    """
    random = Random(f"{seed} {number}")
    victim = [*Victim][number % len(Victim)]
    step = random.randrange(len(clean.seconds) if victim is not Victim.CHILD else 1)
    return Trial(number, victim, step + 1, random.uniform(0, MOST * clean.seconds[step]))


def run_clean(folder: Path, arguments: Sequence[str], journal: Journal, key: str) -> Clean:
    """A run that is left alone, if none was yet. Raises RuntimeError where it fails by itself."""
    if known := journal.get(key):
        return Clean(known["digests"], known["seconds"])
    begun = begin(folder, arguments)
    if begun.wait() or begun.left():
        raise RuntimeError(f"fails by itself: {begun.said[-2000:]}")
    from curation.storage import manifest

    steps = sorted(path.parent for path in (folder / "runs").rglob("_manifest.json"))
    seconds = [manifest.load(str(step)).seconds for step in steps]
    journal.add(key, digests=digests(folder / "runs"), seconds=seconds)
    return Clean(digests(folder / "runs"), seconds)


def carry_out(trial: Trial, folder: Path, arguments: Sequence[str], clean: Clean) -> Trial:
    """Do it, and look at what is left; the folder is deleted where nothing is wrong."""
    shutil.rmtree(folder, ignore_errors=True)  # what a former try that failed has left
    begun = begin(folder, arguments)
    trial.struck = _strike(trial, begun)
    trial.code = begun.wait()
    said = begun.said
    trial.faults += _faults_of_end(trial.code, said)
    trial.faults += [f"left {name}" for name in begun.left() if trial.victim is not Victim.DRIVER]
    again = begin(folder, arguments)
    if code := again.wait():
        trial.faults.append(f"the rerun ended with {code}: {again.said[-500:]}")
    trial.faults += [f"the rerun left {name}" for name in again.left()]
    trial.faults += _differences(digests(folder / "runs"), clean.digests)
    if trial.faults:
        (folder / "stderr.first").write_text(said)
    else:
        shutil.rmtree(folder)
    return trial


def _strike(trial: Trial, begun: Begun) -> bool:
    while not begun.has_come_to(trial.step):
        if begun.process.poll() is not None:
            return False
        time.sleep(0.05)
    time.sleep(trial.after_s)
    random = Random(trial.number)
    while begun.process.poll() is None:
        if strike(trial.victim, begun.process.pid, random):
            return True
        time.sleep(0.05)
    return False


def _faults_of_end(code: int, said: str) -> list[str]:
    found = [] if code == 0 or code in CLEAR_ENDS else [f"exit code {code}: {said[-500:]}"]
    if unclear := UNCLEAR.search(said):
        found.append(f"says {unclear.group()}")
    lines = [line for line in said.splitlines() if line.startswith("curate: ")]
    if len(lines) != (0 if code in (0, -9) else 1):
        found.append(f"{len(lines)} lines say why")
    return found


def _differences(found: Mapping[str, str], clean: Mapping[str, str]) -> list[str]:
    names = {*found, *clean}
    other = sorted(name for name in names if found.get(name) != clean.get(name))
    return [f"{len(other)} files differ, such as {other[0]}"] if other else []
