"""The real pages of DATA as one crawl, and the labelled sets of DATA as benchmarks to look for."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

from curation.sample_crawl.archive import DATE, Response, response_record
from curation.training.labelled_pages import read_manifest, read_source
from schemas.page import Page

ARCHIVES = (
    *("aut-example", "cc-main-2020-34-head", "dolma-sample-0000", "dupes-revisit", "iana"),
    *("transfer_compression_none", "whirlwind"),
)
"""Of the packings of one archive each one; ``built/`` holds pages that are in the sets too."""

ITEMS = {
    "agnews": "labels/agnews_en.csv.gz",
    "csldcp": "labels/fewclue_csldcp_dev_few_all.json.gz",
    "iflytek": "labels/fewclue_iflytek_dev_few_all.json.gz",
    "tnews": "labels/fewclue_tnews_dev_few_all.json",
}
"""Sets that models are scored on; the text of an item is the question."""


def write_crawl(data: Path, folder: Path) -> int:
    """The archives as they are, and each set of pages as one; how many pages the sets have."""
    folder.mkdir(parents=True)
    for name in ARCHIVES:
        file = f"{name}.warc.gz"
        shutil.copyfile(data / "warc" / "real" / file, folder / file)
    return sum(_write(folder / f"{name}.warc.gz", pages) for name, pages in _sets(data))


def _sets(data: Path) -> Iterator[tuple[str, Iterator[Page]]]:
    """Every set of pages by its name; an address that is not known is invented."""
    for name in ("en", "zh", "zh_blogs"):
        yield name, (page for page, _ in read_manifest(data / "extraction" / name))
    yield "law", read_source(data / "encoding" / "g0v_big5" / "raw")
    for folder in sorted((data / "lid").glob("libreoffice-*")):
        yield folder.name, read_source(folder)
    yield "foreign", _packed_pages(data / "lid" / "foreign_html")


def _packed_pages(folder: Path) -> Iterator[Page]:
    for number, path in enumerate(sorted(folder.glob("*.html.gz"))):
        name = path.name.removesuffix(".html.gz")
        url = f"http://foreign.invalid/{name}"
        body = gzip.decompress(path.read_bytes())
        yield Page(name, url, "", str(path), number, 200, "text/html", "", body)


def _write(path: Path, pages: Iterator[Page]) -> int:
    random, count = Random(path.name), 0  # which names records: in no two files the same
    with path.open("wb") as file:
        for page in pages:
            response = Response(page.url, page.body, content_type="text/html")
            file.write(response_record(response, random, DATE))
            count += 1
    return count


def write_items(data: Path, folder: Path) -> dict[str, int]:
    """The sets of ``ITEMS`` as JSONL of id and text; how many items each has."""
    folder.mkdir(parents=True)
    counts = {}
    for name, file in ITEMS.items():
        rows = [{"id": str(n), "text": text} for n, text in enumerate(_texts(data / file))]
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, "utf-8")
        counts[name] = len(rows)
    return counts


def _texts(path: Path) -> Iterator[str]:
    content = path.read_bytes()
    lines = (gzip.decompress(content) if path.suffix == ".gz" else content).decode().split("\n")
    if ".csv" in path.suffixes:
        yield from (" ".join(row[1:]) for row in csv.reader(lines) if row)
        return
    for row in map(json.loads, filter(None, lines)):
        yield row.get("sentence") or row["content"]
