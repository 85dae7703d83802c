"""``python -m tests.hostile.fuzz 50000``: so many damaged files, and what failed on them.

The targets take turns, a block each, so that a trial that is stopped has tried them all alike.
With ``--journal FILE`` a block of cases that was run before is not run again. ``--case TARGET NUMBER``
runs one in this process, and writes it to ``--out`` if given; so does ``--input TARGET FILE`` an
input that `tests.hostile.fuzz.guided` kept.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from math import ceil
from pathlib import Path

from tests.hostile.fuzz.forms import unfold
from tests.hostile.fuzz.targets import TARGETS
from tests.hostile.fuzz.trial import BLOCK, case, run_block, warm
from tests.journal import Entry, Journal, say

DEAR = {"report": 100}
"""Where one case takes as long as so many of the others: a whole report is drawn."""


def shares(count: int, target: str | None = None) -> dict[str, int]:
    """How many of so many cases each target has: those that are dear have fewer.

    >>> shares(7010)["warc"], shares(7010)["report"], shares(9, "report")
    (1000, 10, {'report': 9})
    """
    weights = {name: 1 / DEAR.get(name, 1) for name in ([target] if target else TARGETS)}
    whole = sum(weights.values())
    return {name: ceil(round(count * weight / whole, 6)) for name, weight in weights.items()}


def blocks(counts: Mapping[str, int]) -> Iterator[tuple[str, range]]:
    """A block of each target that has one left, in turns."""
    for start in range(0, max(counts.values()), BLOCK):
        for target, count in counts.items():
            if start < count:
                yield target, range(start, min(start + BLOCK, count))


def look(journal: Journal, target: str, seed: int, numbers: range) -> Entry:
    """What is known of a block that is whole, found now unless it was before."""
    key = f"{target} {seed} {numbers.start}-{numbers.stop}"
    if known := journal.get(key):
        return known
    before = os.times()
    found = run_block(target, seed, numbers)
    after = os.times()
    spent = after.children_user + after.children_system
    spent -= before.children_user + before.children_system
    return journal.add(
        key, outcomes=found.outcomes, failures=found.failures, seconds=round(spent, 2)
    )


def main() -> int:
    """Run the cases; 1 is the exit code if any failed."""
    parser = argparse.ArgumentParser(prog="tests.hostile.fuzz", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", choices=TARGETS)
    parser.add_argument("--journal", type=Path)
    parser.add_argument("--case", nargs=2, metavar=("TARGET", "NUMBER"))
    parser.add_argument("--input", nargs=2, metavar=("TARGET", "FILE"))
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    if given.case:
        target, number = given.case
        return _one(target, case(target, given.seed, int(number)), given.out)
    if given.input:
        target, file = given.input
        return _one(target, unfold(target, Path(file).read_bytes()), given.out)
    journal, counts = Journal(given.journal), shares(given.count, given.target)
    outcomes: dict[str, Counter[str]] = {target: Counter() for target in counts}
    failed, seconds = 0, 0.0
    for target, numbers in blocks(counts):
        entry = look(journal, target, given.seed, numbers)
        outcomes[target].update(entry["outcomes"])
        failed += len(entry["failures"])
        seconds += entry["seconds"]
        for number, failure in entry["failures"]:
            say(f"  --case {target} {number}: {failure}")
    for target, found in outcomes.items():
        words = ", ".join(f"{count:,} {outcome}" for outcome, count in found.most_common())
        say(f"{target}: {found.total():,} cases: {words}")
    total = sum(counts.values())
    say(f"{total:,} cases, seed {given.seed}: {failed} failed, {seconds:.0f} s")
    return 1 if failed else 0


def _one(target: str, made: tuple[str, bytes], out: Path | None) -> int:
    name, data = made
    if out:
        out.write_bytes(data)
    say(f"{target}: {len(data)} bytes{' of ' + name if name else ''}")
    say(warm(target)(name, data))
    return 0


if __name__ == "__main__":
    sys.exit(main())
