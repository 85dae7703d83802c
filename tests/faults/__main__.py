"""``python -m tests.faults 100``: so many runs, a process of each killed, and each run again.

What was found is kept in ``--journal FILE``, so that a stopped series goes on; the folder of a trial that
fails stays below ``--folder``.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from tempfile import mkdtemp

from curation.sample_crawl import write_sample_crawl
from tests.faults.processes import Victim
from tests.faults.trial import Trial, carry_out, draw, run_clean
from tests.journal import Journal, say

CONF = """
name = "faults"
max_quarantine_ratio = 0.2
part_bytes = 100000

[[step]]
name = "prepare"
stages = ["url_filter", "extract", "language"]

[[step]]
name = "identity"
stages = ["identity"]

[stage.extract]
timeout_s = 1.0

[export]
shards = 2

[pack]

[spark.settings]
"spark.sql.shuffle.partitions" = "2"
"spark.driver.memory" = "1g"
"""


def main() -> int:
    """Go through the series; 1 is the exit code if a trial failed."""
    parser = argparse.ArgumentParser(prog="tests.faults", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--conf", type=Path, help="a pipeline in the place of the small one")
    parser.add_argument("--folder", type=Path, help="where runs lie; a temporary one otherwise")
    parser.add_argument("--journal", type=Path)
    given = parser.parse_args()
    folder = (given.folder or Path(mkdtemp(prefix="faults-"))).resolve()
    crawl = write_sample_crawl(folder / "crawl", seed=given.seed, pages=given.pages)
    for path in crawl:
        os.utime(path, (0, 0))  # a stopped series goes on with the same inputs
    conf = given.conf or folder / "conf.toml"
    if not given.conf:
        conf.write_text(CONF)
    arguments = [str(conf), *map(str, crawl), "--master", "local[2,4]"]
    journal, counts, failed = Journal(given.journal), Counter[str](), 0
    series = f"{given.seed}, {given.pages} pages, {given.conf or 'the small pipeline'}"
    clean = run_clean(folder / "clean", arguments, journal, f"clean, {series}")
    say(f"clean: {len(clean.digests)} files, {', '.join(f'{one:.1f}' for one in clean.seconds)} s")
    for number in range(given.count):
        key = f"{number}, {series}"
        known = journal.get(key)
        if known is None or known["faults"]:
            trial = draw(given.seed, number, clean)
            carry_out(trial, folder / f"trial-{number}", arguments, clean)
            known = journal.add(key, **asdict(trial))
        trial = Trial(**{name: value for name, value in known.items() if name != "key"})
        say(str(trial))
        failed += bool(trial.faults)
        counts[f"{Victim(trial.victim)} -> {trial.code if trial.struck else 'too late'}"] += 1
    for what, count in sorted(counts.items()):
        say(f"{what}: {count}")
    say(f"{given.count} trials, seed {given.seed}: {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
