"""What the deadline of each document costs: ``python -m benchmarks.guard``.

A stage that does nothing is called with and without the guard of a first try, and a cheap one of
ours with that of a later try, in processor time.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from curation.parts.guard import CalledStages, guarding
from curation.parts.limits import DocumentLimits
from curation.testing import samples
from schemas.verdict import keep
from stages.chain import Link, verdicts
from stages.rules import Rules

CALLS = 2_000
BATCH = 64


def main() -> None:
    """Print three lines."""
    rules = Rules()
    called = CalledStages("benchmark", (rules,))
    documents = samples.documents()
    rows = [
        {name: documents[n % len(documents)][name] for name in rules.reads} for n in range(BATCH)
    ]
    with guarding(called, DocumentLimits(), tried_before=False) as guard:
        [link] = guard.open()
        empty = Link(rules, lambda given: [keep() for _ in given])
        bare_s = seconds(lambda: verdicts(empty, rows))
        guarded_s = seconds(lambda: guard.judge(empty, rows))
        judged_s = seconds(lambda: guard.judge(link, rows), 50)
    say(f"a guarded call takes {1e6 * (guarded_s - bare_s):.1f} us more, {BATCH} documents each")
    say(f"rules take {1e6 * judged_s / BATCH:.0f} us a document in the worker")
    with guarding(called, DocumentLimits(), tried_before=True) as guard:
        [link] = guard.open()
        guard.judge(link, rows)
        here_s = seconds(lambda: guard.judge(link, rows), 50)
    say(f"a later try takes the worker {1e6 * here_s / BATCH:.0f} us a document, beside the child")


def seconds(call: Callable[[], object], times: int = CALLS) -> float:
    """Processor time of one call."""
    start = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - start) / times


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
