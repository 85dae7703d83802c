"""Cases by number, run in a child process: one that ends it costs that case alone."""

from __future__ import annotations

import json
import os
import resource
import signal
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import NoReturn

from tests.hostile.fuzz.seeds import material
from tests.hostile.fuzz.targets import TARGETS, Target
from tests.hostile.mutations import mutated

MAX_CPU_S = 20.0
MAX_MEMORY_BYTES = 4 << 30
BLOCK = 250
"""Cases of a child."""


@dataclass
class Found:
    """What became of some cases, and those that failed, with what was seen."""

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, str]] = field(default_factory=list)


def case(target: str, seed: int, number: int) -> tuple[str, bytes]:
    """The file of a case: the same for the same number, whatever ran before."""
    random = Random(f"{seed} {target} {number}")
    given = material(target)
    name, whole = random.choice(given.seeds)
    return name, mutated(whole, random, given.pieces, given.values)


@cache
def warm(target: str) -> Target:
    """The target, which has read a seed: what it loads and compiles for that, children are born with.

    A case that had to compile would take 20 s of processor time, for which it would be ended.
    """
    TARGETS[target](*material(target).seeds[0])
    return TARGETS[target]


def run_block(
    target: str, seed: int, numbers: range, run: Target | None = None, max_cpu_s: float = MAX_CPU_S
) -> Found:
    """What becomes of these cases."""
    run = run or warm(target)
    found, left = Found(), numbers
    while left:
        said, ended = _in_child(lambda number: run(*case(target, seed, number)), left, max_cpu_s)
        for number, (outcome, failure) in zip(left, said, strict=False):
            found.outcomes[outcome] += 1
            if failure:
                found.failures.append((number, failure))
        left = left[len(said) :]
        if left:
            found.outcomes["ended"] += 1
            found.failures.append((left[0], ended))
            left = left[1:]
    return found


def _in_child(
    run: Callable[[int], str], numbers: range, max_cpu_s: float
) -> tuple[list[tuple[str, str]], str]:
    """An outcome and a failure, if any, of each case up to one that ended the child, and how."""
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        os.close(reading)
        _live(run, numbers, max_cpu_s, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as stream:
        said = [tuple(json.loads(line)) for line in stream if line.endswith("\n")]
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    return said, signal.Signals(-code).name if code < 0 else f"exit code {code}"


def limit_memory() -> None:
    """Let this process map so much more than it has."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + MAX_MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _live(run: Callable[[int], str], numbers: range, max_cpu_s: float, writing: int) -> NoReturn:
    """The life of the child."""
    try:
        limit_memory()
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        for outcome in _outcomes(run, numbers, max_cpu_s):
            os.write(writing, (json.dumps(outcome) + "\n").encode())
        os._exit(0)
    finally:
        os._exit(1)


def _outcomes(
    run: Callable[[int], str], numbers: range, max_cpu_s: float
) -> Iterator[tuple[str, str]]:
    for number in numbers:
        signal.setitimer(signal.ITIMER_PROF, max_cpu_s)
        try:
            yield run(number), ""
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is what is looked for
            place = traceback.extract_tb(error.__traceback__)[-1]
            said = f"{type(error).__name__}: {error} ({place.filename}:{place.lineno})"
            yield type(error).__name__, said[:500]
