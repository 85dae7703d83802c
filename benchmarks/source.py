"""Pages read per second and MB/s of their bodies, beside raw FastWARC and (if installed) warcio.

    python benchmarks/source.py [ARCHIVE…] [--rounds N] [--repeat N]

Every reader gives the decoded body of every response of the same files, one process, one thread;
they take turns, and the best round of each counts, in CPU time, which load disturbs less.
``--repeat`` copies each archive that often into a scratch file, so that small archives make a long
one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from curation.sources.admission import admit
from curation.sources.warc import MAX_BODY_BYTES, read_warc
from schemas.page import Page

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "warc"
ARCHIVES = [DATA / "real" / "aut-example.warc.gz", DATA / "built" / "zh-en-public.warc.gz"]


@dataclass
class Result:
    """What one reader gave: pages and the bytes of their bodies, and its best time."""

    pages: int
    body_bytes: int
    best_s: float = float("inf")


def ours(path: str) -> Iterator[bytes]:
    for item in read_warc(path):
        if isinstance(item, Page):
            yield item.body


def ours_admitted(path: str) -> Iterator[bytes]:
    for item in read_warc(path):
        if isinstance(item, Page):
            admit(item)
            yield item.body


def fastwarc(path: str) -> Iterator[bytes]:
    from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: PLC0415

    with Path(path).open("rb") as file:
        records = ArchiveIterator(
            file,
            record_types=WarcRecordType.response,
            max_content_length=MAX_BODY_BYTES,
            auto_decode="all",
            strict_mode=False,
        )
        for record in records:
            yield record.reader.read()


def warcio(path: str) -> Iterator[bytes]:
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415  # may be absent

    with Path(path).open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type == "response":
                yield record.content_stream().read()


READERS: Mapping[str, Callable[[str], Iterator[bytes]]] = {
    "ours": ours,
    "ours, with admit": ours_admitted,
    "fastwarc": fastwarc,
    "warcio": warcio,
}


def time_once(reader: Callable[[str], Iterator[bytes]], paths: Sequence[str]) -> Result:
    pages = body_bytes = 0
    start = time.process_time()
    for path in paths:
        for body in reader(path):
            pages += 1
            body_bytes += len(body)
    return Result(pages, body_bytes, time.process_time() - start)


def compare(paths: Sequence[str], rounds: int) -> Mapping[str, Result]:
    results: dict[str, Result] = {}
    for _ in range(rounds):
        for name, reader in READERS.items():
            try:
                result = time_once(reader, paths)
            except ImportError:
                continue
            known = results.setdefault(name, result)
            known.best_s = min(known.best_s, result.best_s)
    return results


def report(title: str, results: Mapping[str, Result]) -> None:
    base = results["fastwarc"].best_s
    print(f"\n{title}\n\n| reader | pages | body MB | pages/s | MB/s | time / fastwarc's |")
    print("|---|---|---|---|---|---|")
    for name, r in results.items():
        size = r.body_bytes / 1e6
        rates = f"{r.pages / r.best_s:,.0f} | {size / r.best_s:,.0f} | {r.best_s / base:.2f}"
        print(f"| {name} | {r.pages} | {size:.1f} | {rates} |")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("archives", nargs="*", type=Path, default=ARCHIVES)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--repeat", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for archive in options.archives:
            copy = Path(folder) / archive.name
            copy.write_bytes(archive.read_bytes() * options.repeat)
            report(archive.name, compare([str(copy)], options.rounds))


if __name__ == "__main__":
    main()
