"""Documents that labels may be of: those of a run, or those of a JSONL file."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter, ValidationError
from tldextract import TLDExtract

from curation import storage
from curation.errors import UsageError
from curation.inspect.run_files import StepRun, choose_run, load_run
from curation.labelling.run_documents import put_back
from curation.storage.parquet import open_parquet
from schemas.verdict import Decision
from stages.base import Row
from stages.clutter import Clutter
from stages.sites import host_of

COLUMNS = ("doc_id", "url", "title", "text", "language", "site", "edits")


@dataclass(frozen=True, slots=True)
class Document:
    """A document as a stage is given it; "" for what is not known."""

    doc_id: str
    text: str
    url: str = ""
    title: str = ""
    language: str = ""
    site: str = ""

    @property
    def held_out_with(self) -> str:
        """Its site, by its address if nobody said it; a document without either is its own."""
        return self.site or site_of(self.url) or self.doc_id


def site_of(url: str) -> str:
    """The registered domain of an address, two labels where the public suffix list knows none.

    >>> site_of("http://news.bbc.co.uk/1"), site_of("http://www.harrow.example/2"), site_of("")
    ('bbc.co.uk', 'harrow.example', '')
    """
    host = host_of(url)
    found = _suffixes()(host)
    if found.suffix and found.domain:
        return f"{found.domain}.{found.suffix}"
    return ".".join(host.split(".")[-2:])


@cache
def _suffixes() -> TLDExtract:
    """The snapshot that tldextract carries, private suffixes among it; no cache, no network."""
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a file of documents; ``id`` is what an export of a sample calls ``doc_id``."""

    text: str
    doc_id: str | None = None
    id: str | None = None
    url: str | None = None
    title: str | None = None
    language: str | None = None
    site: str | None = None


_LINE = TypeAdapter(_Line)


def read_file(path: str) -> Iterator[Document]:
    """The documents of a JSONL file: ``text``, ``doc_id`` or ``id``, and what else is known.

    Raises UsageError for a missing file, and for a line that is no document, by its number.
    """
    if not storage.exists(path):
        raise UsageError(f"{path}: no such file of documents")
    for number, content in enumerate(storage.read_bytes(path).split(b"\n"), 1):
        if not content.strip():
            continue
        try:
            line = _LINE.validate_python(json.loads(content))
        except (ValueError, ValidationError) as error:
            cause = str(error).replace("\n", " ")[:200]
            raise UsageError(f"{path}, line {number}: is no document ({cause})") from error
        name = line.doc_id or line.id
        if not name:
            raise UsageError(f"{path}, line {number}: has neither doc_id nor id")
        known = (line.url, line.title, line.language, line.site)
        yield Document(name, line.text, *(value or "" for value in known))


def read_run(
    root: str, pipeline: str | None, batch: str | None, wanted: Container[str] | None = None
) -> Iterator[Document]:
    """The documents of a run with these ids (None: all), once for each step that wrote them.

    A text changes on its way: a document comes as often as it was written, kept or removed, and
    whoever reads chooses by the text. Where clutter was cut it comes whole too, for stages before
    that judged it so in the same step. Raises UsageError if there is no such run.
    """
    folder = choose_run(root, pipeline, batch)
    for run in load_run(folder):
        if run.manifest.stages:
            for decision in (Decision.KEEP, Decision.REMOVE):
                yield from _rows(run, decision, wanted)


def _rows(run: StepRun, decision: Decision, wanted: Container[str] | None) -> Iterator[Document]:
    for _, file in run.manifest.files(decision):
        with open_parquet(storage.join(run.folder, file.name)) as parquet:
            there = [name for name in COLUMNS if name in parquet.schema_arrow.names]
            for batch in parquet.iter_batches(batch_size=1_024, columns=there):
                yield from _chosen(batch.to_pylist(), wanted)


def _chosen(rows: list[Row], wanted: Container[str] | None) -> Iterator[Document]:
    for row in rows:
        name = row["doc_id"]
        if wanted is None or name in wanted:
            known = [row.get(column) or "" for column in ("url", "title", "language", "site")]
            text = row.get("text") or ""
            yield Document(name, text, *known)
            cut = [edit for edit in row.get("edits") or () if edit["stage"] == Clutter.name]
            if cut:
                yield Document(name, put_back(text, cut), *known)
