"""Lays the pages out in WARC files, damages two records, and writes down what is true."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from curation.sample_crawl import archive
from curation.sample_crawl.kinds import KINDS
from curation.sample_crawl.pages import SamplePage
from schemas.expected import ExpectedPage

FILES = 4
TRUTH = "truth.jsonl"


def write_sample_crawl(folder: str | Path, *, seed: int = 1, pages: int = 1200) -> list[Path]:
    """Write about ``pages`` pages as four WARC files, and ``truth.jsonl`` beside them.

    The same seed and count give the same bytes. The truth has one object a page: an
    ``ExpectedPage`` with its ``format_version``. Below about 900 pages no line is shared by more
    than 200 of them.
    """
    if pages < FILES:
        raise ValueError(f"pages is {pages}: a sample crawl has at least {FILES}, one a file")
    home = Path(folder)
    home.mkdir(parents=True, exist_ok=True)
    random = Random(f"{seed}/crawl")  # noqa: S311 - reproducible, not secret
    planned = plan(seed, pages, random)
    paths, truth = [], []
    size = -(-len(planned) // FILES)
    for number in range(FILES):
        path = home / f"sample-{number:02d}.warc.gz"
        part = planned[number * size : (number + 1) * size]
        members = _members(path.name, part, number * size, random)
        path.write_bytes(_last_cut(members) if number == FILES - 1 else b"".join(members))
        truth += [_line(expected(path.name, page)) for page in part]
        paths.append(path)
    (home / TRUTH).write_text("".join(truth), encoding="utf-8")
    return paths


def plan(seed: int, pages: int, random: Random) -> list[SamplePage]:
    """All pages in crawl order: each kind's share, shuffled, and the three special ones placed.

    The damaged record lies in the middle of the third file, the truncated one at the end.
    """
    shared = {name: kind for name, kind in KINDS.items() if kind.share}
    total = sum(kind.share for kind in shared.values())
    planned = []
    for name, kind in shared.items():
        count = max(1, round(pages * kind.share / total))
        planned += [kind.make(seed, n, Random(f"{seed}/{name}/{n}")) for n in range(count)]  # noqa: S311
    random.shuffle(planned)
    size = -(-(len(planned) + 3) // FILES)
    planned.insert(size + size // 2, KINDS["hanging"].make(seed, 1, random))
    planned.insert(2 * size + size // 2, KINDS["damaged"].make(seed, 600_001, random))
    return [*planned, KINDS["truncated"].make(seed, 600_002, random)]


def _members(name: str, pages: Sequence[SamplePage], first: int, random: Random) -> list[bytes]:
    """The records of one file; every third page has its request and every tenth a metadata."""
    members = [archive.warcinfo_record(name, random)]
    start = datetime.fromisoformat(archive.DATE)
    for number, page in enumerate(pages, first):
        moment = start + timedelta(seconds=37 * number)
        date = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        coding = ("", "", "", "gzip", "", "", "chunked")[number % 7]
        response = archive.recoded(page.response, coding)
        if number % 3 == 0:
            members.append(archive.request_record(response.url, random, date))
        if number % 10 == 0:
            members.append(archive.metadata_record(response.url, random, date))
        data = archive.response_record(response, random, date)
        members.append(_damaged(data) if page.kind == "damaged" else data)
    return members


def _damaged(member: bytes) -> bytes:
    """The gzip member with 64 bytes in its middle overwritten."""
    middle = len(member) // 2
    return member[:middle] + b"\xff" * 64 + member[middle + 64 :]


def _last_cut(members: Sequence[bytes]) -> bytes:
    """The file as a crawler leaves it that died while it wrote the last record."""
    return b"".join(members[:-1]) + members[-1][: len(members[-1]) * 2 // 3]


def expected(file: str, page: SamplePage) -> ExpectedPage:
    """What should become of a page."""
    kind = KINDS[page.kind]
    return ExpectedPage(
        page.response.url,
        *(kind.decision, kind.stage, kind.reason),
        of=page.of,
        kind=page.kind,
        language=page.language,
        file=file,
    )


def _line(page: ExpectedPage) -> str:
    row = asdict(page) | {"format_version": page.format_version}
    return json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n"
