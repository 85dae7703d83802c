"""Pages with known main text, as the benchmarks of extraction take them: truth, kind, site, age."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.extraction_blocks import read_page_blocks
from benchmarks.extraction_measures import Truth
from benchmarks.extraction_texts import Block
from curation.training.labelled_pages import LabelledPage, read_pages
from curation.training.page_labels import LABELS, read_labels

LANGUAGES = {"zh": "zh", "en": "en", "zh_blogs": "zh"}
"""The language of each folder of pages. ``zh_blogs`` is never looked at, only scored."""

BLOGS = "zh_blogs"
AGES = ((2010, "to 2009"), (2020, "2010-2019"), (2024, "2020-2023"), (9999, "2024 and later"))
_DATES = (
    re.compile(r"[/_-]((?:19|20)\d\d)(?:[/_-][01]?\d|[01]\d[0-3]\d)(?!\d)"),  # 2019/06, 20190612
    re.compile(r"/([01]\d)/[01]\d[0-3]\d/"),  # 163.com: /15/0702/
)


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A labelled page with its truth; what it is grouped by."""

    labelled: LabelledPage
    truth: Truth
    kind: str
    site: str
    year: int | None
    is_held_out: bool

    @property
    def age(self) -> str:
        """The years that it is counted among."""
        if self.year is None:
            return "unknown"
        return next(name for before, name in AGES if self.year < before)


def read_known_pages(data: Path, folder: str) -> Iterator[KnownPage]:
    """Every page of a folder whose main text is known and not empty."""
    lines = (data / folder / "manifest.jsonl").read_text("utf-8").splitlines()
    rows = {row["id"]: row for row in map(json.loads, lines)}
    labels = read_labels(LABELS / f"{folder}.jsonl")
    for labelled in read_pages(data, folder):
        if labelled.truth:
            own = replace(labelled, language=LANGUAGES[folder])
            blocks = read_page_blocks(own.page, labels.get(own.id))
            yield _known(own, rows.get(own.id, {}), data / folder, blocks)


def _known(
    labelled: LabelledPage, row: dict[str, Any], folder: Path, blocks: tuple[Block, ...]
) -> KnownPage:
    path = folder / "gt" / f"{labelled.id}.json"
    given = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    dates = (given.get("publish_date"), row.get("date"))
    return KnownPage(
        labelled,
        Truth(
            labelled.truth,
            labelled.language,
            given.get("main_content_markdown") or "",
            tuple(given.get("with") or ()),
            tuple(given.get("without") or ()),
            blocks,
        ),
        kind_of(labelled),
        row.get("site") or labelled.site,
        year_of(labelled.page.url, *(date or "" for date in dates)),
        labelled.is_held_out or folder.name == BLOGS,
    )


def kind_of(labelled: LabelledPage) -> str:
    """What pages are told apart by: their type, or (few Chinese pages have one) who marked them."""
    return labelled.page_type if labelled.language == "en" else labelled.truth_kind


def year_of(url: str, *dates: str) -> int | None:
    """The year that a page is of: the first date that has one, else the one in its address.

    English pages have a date of publication, those of CleanEval (2004 and 2005) and of 2022 one in
    the manifest. None if nothing tells.

    >>> year_of("http://a.example/", "", "2005-03-21 11:21")
    2005
    >>> year_of("http://money.163.com/15/0702/05/A.html"), year_of("http://a.example/2019/06/b")
    (2015, 2019)
    """
    for date in dates:
        if re.match(r"(19|20)\d\d", date):
            return int(date[:4])
    for pattern in _DATES:
        if found := pattern.search(url):
            year = int(found[1])
            return year if year > 99 else 2000 + year
    return None
