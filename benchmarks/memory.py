"""Peak memory of each process of a run, against the pages, the parts and the sites of its crawl.

    python -m benchmarks.memory [--pages 1000 4000 16000] [--vary pages parts sites]

Made up pages in JSON lines, of about 2 kB: 250 of a part, ten of a site. What is not varied stays
as it is at the least size. Language, exact duplicates, line_dedup and the rules, export and packing
on `local[2,4]`. A peak is the kernel's own account of resident memory (VmHWM); what forks share
counts in each.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.processes import by_role, peak_bytes

CONF = """
name = "memory"
[[step]]
name = "prepare"
stages = ["language"]
[[step]]
name = "identity"
stages = ["identity"]
[[step]]
name = "lines"
stages = ["line_dedup", "rules"]
[export]
[pack]
"""
PAGES_OF_A_PART, PAGES_OF_A_SITE = 250, 10
TEXT = """the mill by the river was built of grey stone and in that year the miller sold his flour
to a baker who lived near the church with two sons they had not seen the water so low before"""
LOOK_S = 0.2


@dataclass(frozen=True)
class Size:
    """How much there is of a crawl."""

    pages: int
    parts: int
    sites: int


def sizes(pages: list[int], varied: list[str]) -> list[Size]:
    """One for each number of pages; what is not varied is as it is for the least."""
    found = [Size(n, max(1, n // PAGES_OF_A_PART), max(1, n // PAGES_OF_A_SITE)) for n in pages]
    kept = {name: getattr(found[0], name) for name in ("pages", "parts", "sites")}
    return [replace(one, **{n: kept[n] for n in kept if n not in varied}) for one in found]


def write_crawl(folder: Path, size: Size) -> None:
    """A file for each part."""
    drawn, words = random.Random(1), TEXT.split()
    folder.mkdir()
    for part in range(size.parts):
        with (folder / f"{part:05d}.jsonl").open("w") as file:
            for number in range(part, size.pages, size.parts):
                lines = [
                    " ".join(drawn.choices(words, k=drawn.randrange(20, 60))) for _ in range(9)
                ]
                url = f"http://www.site-{number % size.sites}.example/{number}"
                text = "".join(f"{line.capitalize()}.\n" for line in lines)
                file.write(json.dumps({"url": url, "text": text}) + "\n")


def peaks(folder: Path, size: Size) -> Mapping[str, int]:
    """The most bytes that a process of each role held during a run."""
    write_crawl(folder / "crawl", size)
    (folder / "conf.toml").write_text(CONF)
    command = [sys.executable, "-m", "curation", "run", "conf.toml", "crawl", "--root", "runs"]
    part_bytes = max(path.stat().st_size for path in (folder / "crawl").iterdir())
    command += ["--master", "local[2,4]", "--set", f"part_bytes={part_bytes}"]
    with (folder / "said").open("wb") as said:
        run = subprocess.Popen(
            command, cwd=folder, stdout=said, stderr=said, start_new_session=True, env=environment()
        )
    most: dict[str, int] = defaultdict(int)
    while run.poll() is None:
        for role, ids in by_role(run.pid).items():
            most[role] = max(most[role], *map(peak_bytes, ids), 0)
        time.sleep(LOOK_S)
    if run.returncode:
        sys.exit((folder / "said").read_text("utf-8", "replace")[-2000:])
    manifest = next((folder / "runs").glob("*/*/01-*/_manifest.json"))
    most["parts"] = len(json.loads(manifest.read_bytes())["parts"])
    return most


def environment() -> dict[str, str]:
    """With this checkout to import."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}


def main() -> None:
    """A line for each size."""
    parser = argparse.ArgumentParser(prog="benchmarks.memory", description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[1000, 4000, 16000])
    parser.add_argument("--vary", nargs="+", default=["pages", "parts", "sites"])
    given = parser.parse_args()
    roles = ("driver", "java", "daemon", "worker")
    print("pages, parts, sites: peak MB of " + ", ".join(roles), flush=True)
    for size in sizes(given.pages, given.vary):
        with tempfile.TemporaryDirectory() as folder:
            most = peaks(Path(folder), size)
        figures = ", ".join(f"{most[role] / 1e6:,.0f}" for role in roles)
        print(f"{size.pages:,}, {most['parts']:,}, {size.sites:,}: {figures}", flush=True)


if __name__ == "__main__":
    main()
