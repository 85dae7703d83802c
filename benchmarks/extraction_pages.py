"""The pages with known main text, split by site into a tuned and a held-out part."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

HELD_OUT = 6  # every sixth site
SALT = 3  # puts 163.com, most of the Chinese pages, among those that nothing is tuned on


@dataclass(frozen=True)
class KnownPage:
    """A page of the corpus: its bytes, its truth, and which part its site belongs to."""

    id: str
    language: str
    kind: str
    url: str
    body: bytes
    truth: str
    held_out: bool
    shippable: bool


def read_pages(folder: Path, language: str) -> Iterator[KnownPage]:
    """Pages with a truth that is not empty. ``shippable``: weights trained on it may be shipped."""
    for line in (folder / language / "manifest.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        truth = _truth(folder, language, row["id"])
        if truth.strip():
            body = gzip.decompress(
                (folder / language / "html" / f"{row['id']}.html.gz").read_bytes()
            )
            kind = row["page_type"] if language == "en" else row["gt_kind"]
            shippable = row.get("source") not in {"gne_gpl", "llmwebkit"}
            yield KnownPage(
                row["id"], language, kind, row["url"], body, truth, _held_out(row["url"]), shippable
            )


def score(found: str, truth: str, language: str) -> float:
    """F1 of two texts as multisets of words (English) or characters (Chinese)."""
    ours, theirs = _units(found, language), _units(truth, language)
    common = (ours & theirs).total()
    return 2 * common / (ours.total() + theirs.total()) if common else 0.0


def _units(text: str, language: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()) if language == "en" else "".join(text.split()))


def _truth(folder: Path, language: str, page: str) -> str:
    path = folder / language / "gt" / page
    if language == "en":
        return json.loads(path.with_suffix(".json").read_text("utf-8")).get("main_content") or ""
    path = path.with_name(f"{page}.txt")
    return path.read_text("utf-8") if path.exists() else ""


def site_of(url: str) -> str:
    """The last two labels of the host, three under co.uk and its like."""
    labels = (urlsplit(url).hostname or url).split(".")
    is_short = len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2
    return ".".join(labels[-3:] if is_short else labels[-2:])


def _held_out(url: str) -> bool:
    """One site, one part."""
    return int(hashlib.md5(f"{SALT} {site_of(url)}".encode()).hexdigest(), 16) % HELD_OUT == 0
