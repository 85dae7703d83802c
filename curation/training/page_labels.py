"""What people said of a page's blocks of text: which are its main text, and what the others are.

Labels hold no text. A block is known by how many letters and digits it has, and by a hash of them
that is keyed by the page's: a reading of pages that cuts blocks elsewhere, or that finds more or
fewer of them, is given the same labels as long as it reads the same characters. Numbers of blocks
would not do, they change with every mended reading; nor paths of elements, which change with the
parser, and an old page has its article and its menu in one cell.

``docs/annotation/extraction.md`` says what is main text, ``curation.training.label_pages`` writes
labels.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import ClassVar

from curation.errors import RecordError
from curation.storage.records import parse_record
from models.text.letters import letters_of

LABELS = Path(__file__).with_name("labels")
"""A file for each language: ``zh.jsonl``."""

GUIDE = 1
"""The version of docs/annotation/extraction.md; raised when a page would be labelled otherwise."""

DIGEST_BYTES = 4


class BlockKind(StrEnum):
    """What a block is. Only ``main`` is main text; ``doubtful`` counts neither way."""

    MAIN = "main"
    DOUBTFUL = "doubtful"
    TITLE = "title"
    BYLINE = "byline"
    NAVIGATION = "navigation"
    TEASER = "teaser"
    COMMENT = "comment"
    NEXT_ARTICLE = "next_article"
    NOTICE = "notice"
    ADVERTISEMENT = "advertisement"


@dataclass(frozen=True, slots=True)
class Run:
    """Blocks of one kind in a row: the number of letters and digits, and the hash, of each."""

    kind: BlockKind
    chars: tuple[int, ...]
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageLabels:
    """The labels of all blocks of a page, in its order.

    ``source`` is the file or folder under DATA that has the page, ``body_sha256`` the hash of its
    bytes, ``site`` whose it is if its address is invented ("" if that is unknown), ``page_type``
    one of WCXB's or "". ``guide`` and ``labelled_on`` (a date) say by what and when.
    """

    format_version: ClassVar[int] = 1
    remedy: ClassVar[str] = "restore it from the repository"

    id: str
    source: str
    body_sha256: str
    site: str
    page_type: str
    guide: int
    labelled_on: str
    note: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a block is known by: the number of its letters and digits, and their hash."""

    chars: int
    digest: str


def read_labels(path: Path) -> dict[str, PageLabels]:
    """The labels of a file by page, a JSON object a line; none if there is no such file.

    Raises RecordError for a line that is damaged, or that a newer version wrote.
    """
    if not path.is_file():
        return {}
    found: dict[str, PageLabels] = {}
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        labels = parse_record(f"{path}, line {number}", line, PageLabels)
        if labels.id in found:
            raise RecordError(f"{path}, line {number}: has page {labels.id} again: remove one")
        found[labels.id] = labels
    return found


def write_labels(path: Path, labels: Iterable[PageLabels]) -> None:
    """Write them in the order of their pages' names."""
    rows = [
        {"format_version": PageLabels.format_version, **asdict(one)}
        for one in sorted(labels, key=lambda one: one.id)
    ]
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows]
    path.write_text("".join(lines), "utf-8")


def make_runs(
    texts: Sequence[str], kinds: Sequence[BlockKind], body_sha256: str
) -> tuple[Run, ...]:
    """The record of blocks' kinds, without those that have no letters and digits to be known by."""
    anchors = [anchor_of(letters_of(text), body_sha256) for text in texts]
    known = [pair for pair in zip(kinds, anchors, strict=True) if pair[1].chars]
    runs = []
    for kind, group in groupby(known, key=lambda pair: pair[0]):
        found = [anchor for _, anchor in group]
        runs.append(
            Run(kind, tuple(one.chars for one in found), tuple(one.digest for one in found))
        )
    return tuple(runs)


def anchor_of(letters: str, body_sha256: str) -> Anchor:
    """What a block with these letters is known by, on the page with this hash."""
    key = bytes.fromhex(body_sha256)
    data = letters.encode("utf-8", "replace")
    return Anchor(
        len(letters), hashlib.blake2b(data, digest_size=DIGEST_BYTES, key=key).hexdigest()
    )
