"""``python -m tests.hostile.fuzz.guided 60``: so many seconds of a processor for each target, led by coverage.

What was found stays in ``--folder``: a corpus that the next trial goes on with, and an input for each kind of
failure, which ``python -m tests.hostile.fuzz --input TARGET FILE`` reads again.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from hashlib import sha1
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.hostile.fuzz.forms import inputs
from tests.hostile.fuzz.state import clear, read_state
from tests.hostile.fuzz.targets import TARGETS
from tests.journal import say

MAX_ENDED = 20
"""Processes of one trial that may be ended before it gives up."""


@dataclass
class Found:
    """What a target's trial came to. Edges are jumps in our code: those that seeds reach, and all."""

    inputs: int = 0
    seconds: float = 0.0
    seed_edges: int = 0
    edges: int = 0
    ended: list[str] = field(default_factory=list)


def try_target(target: str, seconds: float, folder: Path) -> Found:
    """Start a process again while there is time left, and keep the input that each was ended by."""
    found = Found()
    prepare(target, folder)
    while found.seconds < seconds and len(found.ended) < MAX_ENDED:
        code, spent = _run(target, seconds - found.seconds, folder)
        well, count, given = read_state(folder / "state")
        seeds, edges = covered((folder / "log").read_bytes())
        found.inputs += count
        found.seconds += spent
        found.seed_edges = found.seed_edges or seeds
        found.edges = max(found.edges, edges)
        if not well and not count:
            raise SystemExit(f"{target}: could not begin, see {folder / 'log'}")
        if not well:
            said = signal.Signals(-code).name if code < 0 else f"exit-code-{code}"
            path = folder / "failures" / f"{said}-{sha1(given).hexdigest()[:8]}"
            path.write_bytes(given)
            found.ended.append(path.name)
    return found


def prepare(target: str, folder: Path) -> None:
    """Put the seeds into a corpus, unless they are there."""
    for name in ("corpus", "failures"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for given in inputs(target):
        (folder / "corpus" / sha1(given).hexdigest()).write_bytes(given)


def covered(log: bytes) -> tuple[int, int]:
    """Edges that the corpus reached when all of it had been read, and the most.

    >>> covered(b"#9\\tINITED cov: 7 ft: 8\\n#12\\tNEW    cov: 9 ft: 11\\n")
    (7, 9)
    """
    first = [int(count) for count in re.findall(rb"INITED\s+cov: (\d+)", log)]
    every = [int(count) for count in re.findall(rb"^#\d+\t.*?cov: (\d+)", log, re.MULTILINE)]
    return max(first, default=0), max(every, default=0)


def _run(target: str, seconds: float, folder: Path) -> tuple[int, float]:
    """The exit code of one process, and the processor time that it took."""
    module = "tests.hostile.fuzz.libfuzzer"
    command = [sys.executable, "-m", module, target, str(seconds), str(folder)]
    clear(folder / "state")
    before = os.times()
    with (folder / "log").open("wb") as log, TemporaryDirectory(prefix="fuzz-") as files:
        environment = {**os.environ, "TMPDIR": files}
        code = subprocess.run(command, stderr=log, env=environment, check=False).returncode
    after = os.times()
    return code, sum(after[2:4]) - sum(before[2:4])


def main() -> int:
    """Try the targets; 1 is the exit code if anything failed."""
    parser = argparse.ArgumentParser(prog="tests.hostile.fuzz.guided", description=__doc__)
    parser.add_argument("seconds", type=float, nargs="?", default=60.0)
    parser.add_argument("--target", choices=TARGETS)
    parser.add_argument("--folder", type=Path, default=Path(".fuzz-guided"))
    given = parser.parse_args()
    if not find_spec("atheris"):
        parser.error("atheris is not installed: make fuzz-guided does so, and runs this")
    failed = 0
    for target in [given.target] if given.target else TARGETS:
        folder = given.folder.absolute() / target
        found = try_target(target, given.seconds, folder)
        failures = sorted(path.name for path in (folder / "failures").iterdir())
        failed += len(failures)
        say(
            f"{target}: {found.inputs:,} inputs, {found.seconds:.0f} s, {found.seed_edges:,} edges by the corpus, "
            f"{found.edges:,} in the end; {len(failures)} kinds of failure{': ' if failures else ''}"
            + ", ".join(failures)
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
