"""Memory, load time and look-ups per second of the URL blocklist, beside a set of strings.

    python -m benchmarks.url_filter [DOMAINS] [URLS]

Domains and URLs are random names; a tenth of the URLs is covered by a listed domain. Each table is
loaded in a process of its own. A look-up begins with the URL as it was crawled, so that taking it
to pieces counts; "stage" is the whole of url_filter on the same table: sites, words, verdicts.
Times are processor time of one core.
"""

from __future__ import annotations

import multiprocessing
import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from stages.url_filter import UrlFilter
from stages.url_filter.blocklist import UrlBlocklist

ENDINGS = ["com", "net", "org", "cn", "com.cn", "info", "co.uk", "xyz", "de", "top"]


def domain(number: int) -> str:
    pick = random.Random(number)
    letters = "abcdefghijklmnopqrstuvwxyz0123456789-"
    name = "".join(pick.choices(letters[:26], k=pick.randrange(3, 9)))
    return f"{name}{number}.{pick.choice(ENDINGS)}"


def urls(count: int, domains: int) -> list[str]:
    pick = random.Random(0)
    found = []
    for i in range(count):
        number = pick.randrange(domains) if i % 10 == 0 else domains + pick.randrange(domains)
        host = pick.choice(["", "www.", "m.", "a.b."]) + domain(number)
        found.append(f"https://{host}/{pick.randrange(10**6)}/page-{i}.html?id={i}")
    return found


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


class SetOfStrings:
    """What comes to mind first: the entries in a set, the host's parents looked up one by one."""

    def __init__(self, path: Path) -> None:
        self.entries = set(path.read_text().split())

    def report(self, batch: list[str]) -> list[str | None]:
        """The entry for each URL."""
        return [self.match(url) for url in batch]

    def match(self, url: str) -> str | None:
        """The longest listed parent of the URL's host."""
        host = urlsplit(url).hostname or ""
        while host and host not in self.entries:
            host = host.partition(".")[2]
        return host or None


class WholeStage:
    """The stage with the list as its only one."""

    def __init__(self, path: Path) -> None:
        self.judge = UrlFilter(lists=(str(path),)).open()

    def report(self, batch: list[str]) -> list[str | None]:
        """The reason for each URL that goes."""
        return [verdict.reason or None for verdict in self.judge([{"url": url} for url in batch])]


def measure(
    kind: str, path: Path, count: int, domains: int, answers: multiprocessing.Queue[Any]
) -> None:
    make = {"blocklist": UrlBlocklist, "set": SetOfStrings, "stage": WholeStage}[kind]
    make(_one_entry(path)).report(["http://warm.example/up"])
    wanted = urls(count, domains)
    before, start = resident_mb(), time.process_time()
    table = make(path)
    load = time.process_time() - start
    memory = resident_mb() - before
    rates = []
    for _ in range(3):
        start = time.process_time()
        for at in range(0, count, 1024):
            table.report(wanted[at : at + 1024])
        rates.append(count / (time.process_time() - start))
    report = table.report(wanted)
    hits = len(report.matches) if kind == "blocklist" else sum(hit is not None for hit in report)
    answers.put(
        (memory, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, load, max(rates), hits)
    )


def _one_entry(path: Path) -> Path:
    small = path.with_name("small")
    small.write_text("one.example\n")
    return small


def main() -> None:
    domains = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 200_000
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "domains"
        with path.open("w") as file:
            file.writelines(f"{domain(n)}\n" for n in range(domains))
        print(f"{domains:,} domains, {path.stat().st_size / 2**20:.0f} MB; {count:,} URLs")
        print("table      memory MB   peak of process MB   load s   look-ups/s   found")
        for kind in ("blocklist", "stage", "set"):
            answers = spawn.Queue()
            worker = spawn.Process(target=measure, args=(kind, path, count, domains, answers))
            worker.start()
            memory, peak, load, rate, hits = answers.get()
            worker.join()
            print(f"{kind:10} {memory:9.0f} {peak:20.0f} {load:8.1f} {rate:12,.0f} {hits:7,}")


if __name__ == "__main__":
    main()
