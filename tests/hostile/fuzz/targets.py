"""All that reads what others wrote: what it makes of it is one of a few words, or it raises."""

from __future__ import annotations

import atexit
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from conf.records import ConfigError
from curation.config import load_config
from curation.errors import CurationError
from curation.inspect.printable import cell, printable
from curation.inspect.report import render
from curation.labelling.checks import Row, read_rows
from curation.sources.reader import SourceOptions, read
from stages.base import Judge
from stages.extract import TextFormat, extract
from stages.extract.charset import decode
from stages.extract.extraction import UndecodedPage
from stages.extract.tools import Tools, load_tools
from stages.hosts import normal_host, respell
from stages.registry import STAGES
from stages.sites import host_of
from tests.curation.inspect.report.small_run import document, make_run
from tests.curation.sources.archives import record

Target = Callable[[str, bytes], str]
"""What becomes of a file of that name with that content, in a word."""


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _file(name: str, data: bytes) -> Path:
    path = _folder() / name
    path.write_bytes(data)
    return path


def crawl(name: str, data: bytes) -> str:
    """Every record is a page, a loss or skipped, and offsets do not fall."""
    reader = read(str(_file(name, data)), SourceOptions(max_body_bytes=1 << 22))
    try:
        found = list(reader)
    except CurationError:
        return "refused"
    assert reader.records == len(found) + sum(reader.skipped.values()), "the records do not add up"
    offsets = [one.offset for one in found]
    assert offsets == sorted(offsets), "offsets fall"
    return "pages" if any(hasattr(one, "body") for one in found) else "no page"


def response(_: str, data: bytes) -> str:
    """A response in a record whose frame is whole is one page, one loss, or skipped."""
    reader = read(str(_file("a.warc", record(data))), SourceOptions(max_body_bytes=1 << 22))
    found = list(reader)
    assert len(found) + sum(reader.skipped.values()) == 1, found
    return type(found[0]).__name__.lower() if found else "skipped"


def charset(_: str, data: bytes) -> str:
    """Text that can be stored, whatever is claimed."""
    claim, _, body = data.partition(b"\n")
    decoded = decode(body, claim.decode("latin-1"))
    decoded.text.encode()
    assert 0 <= decoded.errors <= len(body), decoded.errors
    return str(decoded.origin)


@cache
def _tools(text_format: TextFormat) -> Tools:
    return load_tools(text_format=text_format)


def page(_: str, data: bytes) -> str:
    """A page's text that can be stored."""
    text_format = TextFormat.MARKDOWN if len(data) % 4 == 0 else TextFormat.TEXT
    found = extract(data, url="http://a.b/c", tools=_tools(text_format))
    if isinstance(found, UndecodedPage):
        return "undecoded"
    found.text.encode()
    return "text" if found.text else "no text"


@cache
def _url_filter() -> Judge:
    return STAGES["url_filter"]().open()  # type: ignore[attr-defined,no-any-return]


def url(_: str, data: bytes) -> str:
    """An address, judged; its host in one spelling, of which the spelling is the same."""
    text = data.decode("utf-8", "replace")
    host = respell(text).partition(b"/")[0].decode("ascii")
    assert normal_host(host) == host, host
    normal_host(text)
    host_of(text)
    [verdict] = _url_filter()([{"url": text}])
    return str(verdict.decision)


def configuration(name: str, data: bytes) -> str:
    """A pipeline, or one line that says what is wrong."""
    said = "read"
    try:
        load_config(_file(name, data))
    except (ConfigError, CurationError) as error:
        said = str(error)
    assert 0 < len(said.strip()) < 20_000, f"says {len(said)} characters"
    return "read" if said == "read" else "refused"


def labels(name: str, data: bytes) -> str:
    """Each row taken or refused with its place."""
    path = str(_file(name, data))
    try:
        rows = list(read_rows([path]))
    except CurationError:
        return "refused"
    for row in rows:
        json.dumps(row.label.value) if isinstance(row, Row) else row.message.encode()
    return "rows" if any(isinstance(row, Row) for row in rows) else "no row"


class _Elements(HTMLParser):
    """The names of elements and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names.update(name for name, _ in attrs)


def report(_: str, data: bytes) -> str:
    """A report in which nothing that a page says is markup; what is printed controls nothing.

    The first four lines are columns of one document, the others its text.
    """
    text = data.decode("utf-8", "replace")
    names = ("url", "title", "site", "category", "text")
    columns = dict(zip(names, text.split("\n", 4), strict=False))
    html = render(make_run(_folder() / "run", [document(1, **columns)]))
    found = _Elements(html)
    assert found.tags.count("script") == 2, found.tags
    assert not {"img", "iframe", "object", "link", "svg"} & set(found.tags), found.tags
    assert not [name for name in found.names if name.startswith("on")], found.names
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e]", printable(text)), "a control"
    assert not re.match("[=+@\t\r-]", cell(text)), "a formula"
    return "drawn"


TARGETS: Mapping[str, Target] = {
    "warc": crawl,
    "http": response,
    "charset": charset,
    "extraction": page,
    "url": url,
    "configuration": configuration,
    "labels": labels,
    "report": report,
}
