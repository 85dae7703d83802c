"""What the sandbox costs a page, what starting a child costs, and what a busy machine does to time.

    python -m benchmarks.sandbox

A page is 46 kB of which the child only tells the length. The second table has everything on one
core, alone and beside three processes that never rest: the same work by the clock that the sandbox
reads and by the wall clock, and when a timer of one second (ITIMER_PROF, which sends a signal)
went off by that clock. Least to most of five. Processor time of one core elsewhere.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from stages.extract import Extract
from stages.extract.extraction import UndecodedPage
from stages.sandbox import Answer, Limits, Sandbox

PAGE = UndecodedPage(b"x" * 46_000, "http://e.example/", "utf-8", is_plain_text=True)
PAGES = 20_000
ROUNDS = 50_000_000
TRIES = 5
CHILDREN = 50
BUSY = 3

Item = TypeVar("Item")
Value = TypeVar("Value")


def length_and_clock() -> Callable[[UndecodedPage], tuple[int, float]]:
    return lambda page: (len(page.body), time.process_time())


def extraction_and_clocks() -> Callable[[None], tuple[float, float]]:
    """The CPU time of the child, and of the server with all children that it has reaped."""
    Extract(languages=("zh", "en")).open_extractor()
    return lambda _: (time.process_time(), _cpu_of(os.getppid()))


def _cpu_of(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def same_work() -> Callable[[None], tuple[float, float]]:
    """CPU time and wall time of a loop of so many rounds."""

    def work(_: None) -> tuple[float, float]:
        cpu, wall = time.process_time(), time.monotonic()
        for _round in range(ROUNDS):
            pass
        return time.process_time() - cpu, time.monotonic() - wall

    return work


def until_signal() -> Callable[[None], float]:
    """The CPU time after which a timer of one second goes off."""

    def work(_: None) -> float:
        ends: list[float] = []
        signal.signal(signal.SIGPROF, lambda *_: ends.append(time.process_time()))
        start = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, 1.0)
        while not ends:
            pass
        return ends[0] - start

    return work


@contextmanager
def one_core(busy: int) -> Iterator[None]:
    """This process and its children on one core, beside some that never rest."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(busy)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()
        os.sched_setaffinity(0, cores)


def answers(sandbox: Sandbox[Item, Value], item: Item, count: int) -> list[Value]:
    outcomes = [sandbox(item) for _ in range(count)]
    return [outcome.value for outcome in outcomes if isinstance(outcome, Answer)]


def main() -> None:
    patient = Limits(max_items_per_child=10 * PAGES)
    sandbox = Sandbox(length_and_clock, patient)
    sandbox(PAGE)
    start = time.process_time()
    clocks = [clock for _, clock in answers(sandbox, PAGE, PAGES)]
    parent, child = time.process_time() - start, clocks[-1] - clocks[0]
    each = [f"{seconds / PAGES * 1e6:.0f} us" for seconds in (parent, child)]
    print(f"a page: {each[0]} of the parent, {each[1]} of the child")
    one_item = Limits(max_items_per_child=1)
    extracting = Sandbox(extraction_and_clocks, one_item)
    extracting.load()
    starts = answers(extracting, None, CHILDREN)
    forks = (starts[-1][1] - starts[0][1]) / (CHILDREN - 1)
    children = [child for child, _ in starts]
    print(f"a child that extracts: {forks * 1e3:.1f} ms of the server to fork it, and of its own")
    print(f"{min(children) * 1e3:.1f} to {max(children) * 1e3:.1f} ms to its first answer")
    print(f"{'on one core':16}{'CPU, s':>16}{'wall, s':>16}{'timer, s':>16}")
    for busy in (0, BUSY):
        with one_core(busy):
            works = answers(Sandbox(same_work, patient), None, TRIES)
            timers = answers(Sandbox(until_signal, patient), None, TRIES)
        columns = [[cpu for cpu, _ in works], [wall for _, wall in works], timers]
        shown = "".join(f"{f'{min(c):.3f} to {max(c):.3f}':>16}" for c in columns)
        print(f"{f'{busy} beside it':16}{shown}")


if __name__ == "__main__":
    from benchmarks import sandbox  # a child cannot import what is in __main__

    sandbox.main()
