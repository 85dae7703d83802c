"""Every subject over every kind of hostile text: ``python -m tests.hostile.growth``.

Says what grows faster than its input, and how many pairs were looked at. ``--subject NAME`` and
``--kind NAME`` choose some, by the beginnings of their names.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.hostile.growth.kinds import KINDS
from tests.hostile.growth.pairs import SIZES, first_excess
from tests.hostile.growth.subjects import MAKERS


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Go over the pairs; the number of those that grow too fast, at most 1, is the exit code."""
    parser = argparse.ArgumentParser(prog="tests.hostile.growth", description=__doc__)
    parser.add_argument("--subject", default="")
    parser.add_argument("--kind", default="")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="bytes, each doubled")
    given = parser.parse_args()
    subjects = [name for name in MAKERS if name.startswith(given.subject)]
    kinds = [kind for kind in KINDS if kind.startswith(given.kind)]
    found = 0
    for name in subjects:
        started = time.process_time()
        for excess in filter(None, (first_excess(name, kind, given.sizes) for kind in kinds)):
            found += 1
            say(f"  {excess}")
        say(f"{name}: {time.process_time() - started:.1f} s")
    say(f"{len(subjects)} subjects, {len(kinds)} kinds, {given.sizes} bytes: {found} grow too fast")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
