"""Pages that people have labelled, as a source yields them, with what is known of each.

A folder of them holds ``manifest.jsonl`` (a JSON object a line: id, url, page_type and, where a
folder has several, the source), ``html/<id>.html.gz`` (the page's bytes) and ``gt/<id>.json``
(with main_content) or ``gt/<id>.txt`` (the main text). Where a page has no such text its own
blocks give it, by the labels of ``page_labels``; these are there for pages of web archives and
other folders too.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from curation.errors import UsageError
from curation.sources.warc import read_warc
from curation.training.annotated_text import main_text
from curation.training.licences import may_train_on
from curation.training.page_labels import LABELS, PageLabels, read_labels
from schemas.page import Page
from stages.sites import host_of

FOLDERS = {"en": "wcxb", "zh": ""}
"""The folders of labelled pages by language; the collection of rows that name none."""

ANNOTATED = "annotated"
"""The kind of a truth that labels of blocks give."""

OTHER_SOURCES = {
    "zh": {
        "warc/real/cc-main-2020-34-head.warc": "cc_main_2020_34",
        "lid/libreoffice-zh-cn": "libreoffice",
        "lid/libreoffice-zh-tw": "libreoffice",
    }
}
"""By language the archives, and folders of HTML files, that have pages with labels, and the
collection that they are of."""

HELD_OUT = 6  # every sixth site
SALT = 3  # puts 163.com, most of the Chinese pages, among those that nothing is tuned on


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page, the language of its folder, whose it is, and its labels ("" for what is unknown).

    ``truth`` is its main text, ``truth_kind`` who said so; ``known_site`` is set where the address
    is invented and the page tells whose it is.
    """

    page: Page
    language: str
    collection: str
    page_type: str
    truth: str
    truth_kind: str
    known_site: str = ""

    @property
    def id(self) -> str:
        """The page's name in its manifest."""
        return self.page.doc_id

    @property
    def site(self) -> str:
        """What is held out together."""
        return self.known_site or site_of(self.page.url)

    @property
    def is_held_out(self) -> bool:
        """Whether its site is one that the main-content trees that ship have not seen.

        By MD5 and not by ``fold_of``, as when they were trained: another hash would count sites
        that they know among the unseen.
        """
        digest = hashlib.md5(f"{SALT} {self.site}".encode(), usedforsecurity=False).hexdigest()
        return int(digest, 16) % HELD_OUT == 0


def read_pages(pages: Path, language: str, annotations: Path = LABELS) -> Iterator[LabelledPage]:
    """The labelled pages of a language, whatever their licence; ``pages`` has a folder for each.

    Behind them come pages of ``OTHER_SOURCES``, as far as they lie beside ``pages`` and have labels
    in the folder ``annotations``. Raises UsageError for a folder without manifest, for a row of it
    without a field, and for a page that is not the one that was labelled.
    """
    labels = read_labels(annotations / f"{language}.jsonl")
    yield from _read_folder(pages / language, language, labels)
    for source, collection in OTHER_SOURCES.get(language, {}).items():
        wanted = {one.id: one for one in labels.values() if one.source == source}
        for page in read_source(pages.parent / source) if wanted else ():
            if page.doc_id in wanted:
                own = wanted[page.doc_id]
                truth = main_text(page, own)
                yield LabelledPage(
                    page, language, collection, own.page_type, truth, ANNOTATED, own.site
                )


def _read_folder(
    folder: Path, language: str, labels: Mapping[str, PageLabels]
) -> Iterator[LabelledPage]:
    for page, row in read_manifest(folder):
        try:
            truth, kind = read_truth(folder / "gt", page.doc_id), row["gt_kind"]
            page_type, collection = row["page_type"], row.get("source", FOLDERS.get(language, ""))
        except KeyError as error:
            raise UsageError(
                f"{page.source}, line {page.offset + 1}: {error} is missing"
            ) from error
        own = labels.get(page.doc_id)
        if own and not truth:
            truth, kind, page_type = main_text(page, own), ANNOTATED, page_type or own.page_type
        site = own.site if own else ""
        yield LabelledPage(page, language, collection, page_type, truth, kind, site)


def read_manifest(folder: Path) -> Iterator[tuple[Page, dict[str, str]]]:
    """The pages of a folder, and what its manifest says of each. Raises as ``read_pages``."""
    manifest = folder / "manifest.jsonl"
    if not manifest.is_file():
        raise UsageError(f"{manifest}: is missing; docs/training.md says how DATA is laid out")
    for number, line in enumerate(manifest.read_bytes().splitlines()):
        row = json.loads(line)
        try:
            name, url = row["id"], row["url"]
        except KeyError as error:
            raise UsageError(f"{manifest}, line {number + 1}: {error} is missing") from error
        body = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        yield page_of(name, url, manifest, number, body), row


def read_source(path: Path) -> Iterator[Page]:
    """The pages of an archive, or of a folder of HTML files; none if there is no such thing.

    A file's address is invented: its folder's name is the site.
    """
    if path.is_file():
        yield from (page for page in read_warc(path) if isinstance(page, Page))
        return
    for number, file in enumerate(sorted(path.glob("*.html"))):
        url = f"http://{path.name}.invalid/{file.name}"
        yield page_of(file.stem, url, file, number, file.read_bytes())


def page_of(
    name: str, url: str, source: Path, number: int, body: bytes, http_charset: str = ""
) -> Page:
    """A page as a source yields it: the ``number``-th of a file or folder."""
    return Page(
        doc_id=name,
        url=url,
        date="",
        source=str(source),
        offset=number,
        status=200,
        content_type="text/html",
        http_charset=http_charset,
        body=body,
    )


def trainable_pages(pages: Path, language: str) -> Iterator[LabelledPage]:
    """Those of a language that weights may be made from."""
    return (page for page in read_pages(pages, language) if may_train_on(page.collection))


def read_truth(folder: Path, name: str) -> str:
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
