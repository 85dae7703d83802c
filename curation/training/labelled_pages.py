"""Pages that people have labelled, as a source yields them, with what is known of each.

A folder of them holds ``manifest.jsonl`` (a JSON object a line: id, url, page_type and, where a
folder has several, the source), ``html/<id>.html.gz`` (the page's bytes) and ``gt/<id>.json``
(with main_content) or ``gt/<id>.txt`` (the main text).
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from curation.errors import UsageError
from curation.training.licences import may_train_on
from schemas.page import Page
from stages.sites import host_of

FOLDERS = {"en": "wcxb", "zh": ""}
"""The folders of labelled pages by language; the collection of rows that name none."""

HELD_OUT = 6  # every sixth site
SALT = 3  # puts 163.com, most of the Chinese pages, among those that nothing is tuned on


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page, the language of its folder, whose it is, and its labels ("" for what is unknown).

    ``truth`` is its main text, ``truth_kind`` who said so.
    """

    page: Page
    language: str
    collection: str
    page_type: str
    truth: str
    truth_kind: str

    @property
    def id(self) -> str:
        """The page's name in its manifest."""
        return self.page.doc_id

    @property
    def site(self) -> str:
        """What is held out together."""
        return site_of(self.page.url)

    @property
    def is_held_out(self) -> bool:
        """Whether its site is one that the main-content trees that ship have not seen.

        By MD5 and not by ``fold_of``, as when they were trained: another hash would count sites
        that they know among the unseen.
        """
        digest = hashlib.md5(f"{SALT} {self.site}".encode(), usedforsecurity=False).hexdigest()
        return int(digest, 16) % HELD_OUT == 0


def read_pages(pages: Path, language: str) -> Iterator[LabelledPage]:
    """The labelled pages of a language, whatever their licence; ``pages`` has a folder for each.

    Raises UsageError for a folder without manifest, and for a row of it without a field.
    """
    folder = pages / language
    manifest = folder / "manifest.jsonl"
    if not manifest.is_file():
        raise UsageError(f"{manifest}: is missing; docs/training.md says how DATA is laid out")
    for number, line in enumerate(manifest.read_bytes().splitlines()):
        row = json.loads(line)
        try:
            page = Page(
                doc_id=row["id"],
                url=row["url"],
                date="",
                source=str(manifest),
                offset=number,
                status=200,
                content_type="text/html",
                http_charset="",
                body=gzip.decompress((folder / "html" / f"{row['id']}.html.gz").read_bytes()),
            )
            yield LabelledPage(
                page,
                language,
                row.get("source", FOLDERS.get(language, "")),
                row["page_type"],
                _read_truth(folder / "gt", row["id"]),
                row["gt_kind"],
            )
        except KeyError as error:
            raise UsageError(f"{manifest}, line {number + 1}: {error} is missing") from error


def trainable_pages(pages: Path, language: str) -> Iterator[LabelledPage]:
    """Those of a language that weights may be made from."""
    return (page for page in read_pages(pages, language) if may_train_on(page.collection))


def _read_truth(folder: Path, name: str) -> str:
    """The main text, "" if nobody has marked it or there is none."""
    labelled, plain = folder / f"{name}.json", folder / f"{name}.txt"
    text = ""
    if labelled.exists():
        text = json.loads(labelled.read_text("utf-8")).get("main_content") or ""
    elif plain.exists():
        text = plain.read_text("utf-8")
    return text if text.strip() else ""


def site_of(url: str) -> str:
    """The last two labels of the host, three under co.uk and its like.

    >>> site_of("http://news.bbc.co.uk/1"), site_of("http://money.163.com/"), site_of("gne.invalid")
    ('bbc.co.uk', '163.com', 'gne.invalid')
    """
    labels = (host_of(url) or url).split(".")
    is_short = len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2  # noqa: PLR2004
    return ".".join(labels[-3:] if is_short else labels[-2:])


def has_own_url(url: str) -> bool:
    """Whether an address is the page's, and not invented for want of it.

    >>> has_own_url("http://gne-mit.invalid/3.html"), has_own_url("http://163.com/3.html")
    (False, True)
    """
    return not host_of(url).endswith(".invalid")
