"""Every subject over every kind of hostile text: ``python -m tests.hostile.growth``.

Says what grows faster than its input, how many pairs were looked at and what they took. ``--subject
NAME`` and ``--kind NAME`` choose some, by the beginnings of their names; with ``--journal FILE`` a
pair that was found linear before is not looked at again.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.hostile.growth.kinds import KINDS
from tests.hostile.growth.pairs import SIZES, first_excess
from tests.hostile.growth.subjects import MAKERS
from tests.journal import Entry, Journal, say


def look(journal: Journal, name: str, kind: str, sizes: Sequence[int]) -> Entry:
    """What is known of a pair; found now unless it was found linear before."""
    key = f"{name} of {kind} at {'/'.join(map(str, sizes))}"
    known = journal.get(key)
    if known and not known["excess"]:
        return known
    started = time.process_time()
    excess = first_excess(name, kind, sizes)
    return journal.add(key, excess=excess, seconds=round(time.process_time() - started, 3))


def main() -> int:
    """Go over the pairs; the number of those that grow too fast, at most 1, is the exit code."""
    parser = argparse.ArgumentParser(prog="tests.hostile.growth", description=__doc__)
    parser.add_argument("--subject", default="")
    parser.add_argument("--kind", default="")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="bytes, each doubled")
    parser.add_argument("--journal", type=Path, help="where what was found is kept")
    given = parser.parse_args()
    subjects = [name for name in MAKERS if name.startswith(given.subject)]
    kinds = [kind for kind in KINDS if kind.startswith(given.kind)]
    journal = Journal(given.journal)
    found, seconds = 0, 0.0
    for name in subjects:
        entries = [look(journal, name, kind, given.sizes) for kind in kinds]
        for excess in (entry["excess"] for entry in entries if entry["excess"]):
            found += 1
            say(f"  {excess}")
        spent = sum(entry["seconds"] for entry in entries)
        say(f"{name}: {spent:.1f} s, at most {max(entry['seconds'] for entry in entries):.1f} s")
        seconds += spent
    pairs = f"{len(subjects)} subjects over {len(kinds)} kinds"
    say(f"{pairs} at {given.sizes} bytes, {seconds:.0f} s: {found} grow too fast")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
