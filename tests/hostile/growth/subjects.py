"""All that reads hostile bytes, each as a function of a text: every stage, every parser.

A parser comes several times, with what makes it go on reading before the text.
"""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pyarrow as pa

from curation.inspect.printable import cell, printable
from curation.outputs.jsonl import to_lines
from curation.sources.archive.content_codings import (
    BadContentEncodingError,
    undo_content,
    undo_unclaimed,
)
from curation.sources.archive.http import charset, media_type, parse_response
from curation.sources.archive.transfer_codings import BadTransferEncodingError, join_chunks
from curation.sources.inputs.cdx import BadRecordListError, read_record_list
from curation.sources.reader import SourceOptions, read
from curation.testing import samples
from models import language, tokenizer
from stages.base import CorpusStage
from stages.chain import ChainError, Document, open_chain, run_chain
from stages.extract import Extract, ExtractionMethod, TextFormat, extract, extract_plain
from stages.extract.charset import decode
from stages.extract.tools import load_tools
from stages.hosts import normal_host, respell
from stages.registry import STAGES
from stages.sites import host_of
from stages.standardise import digest
from tests.curation.sources.archives import http, record

Subject = Callable[[str], object]

FLAGS: Mapping[str, list[Mapping[str, object] | None]] = {
    "line_dedup": [None, {"cut": [0]}],
    "privacy": [None, {"documents": 9, "density": 0.5}],
    "balance": [
        {"tokens": 90, "rate": 0.5, "expected": 0.25, "copies": copies} for copies in (0, 1)
    ],
}
"""The flags that a corpus stage may judge a text with, where they decide what it does."""


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


def of_stage(name: str) -> Subject:
    """The keys of a stage, if it has some, and its judgement with and without a flag.

    The address of the document is the text too. Extraction is called here, not in its child: that
    has a clock of its own.
    """
    stage = STAGES[name]()
    if isinstance(stage, Extract):
        return lambda text: extract(_bytes(text), url=text, tools=stage.open_tools())
    keys = stage.open_keys() if isinstance(stage, CorpusStage) else None
    chain = open_chain([stage])
    ordinary = samples.documents()[0]

    def run(text: str) -> None:
        row = {**ordinary, "text": text, "body": _bytes(text), "url": text, "title": text}
        if keys:
            keys([{column: row[column] for column in stage.reads}])
        flags = FLAGS.get(name, [None])
        documents = [Document(dict(row), flag=flag) for flag in flags]
        run_chain(chain, documents)
        failed = [d.detail for d in documents if d.reason == ChainError.STAGE_FAILED]
        assert not failed, failed

    return run


def of_file(name: str, before: bytes = b"", after: bytes = b"", *, packed: bool = False) -> Subject:
    """The pages of a file of that name in which the text stands."""

    def run(text: str) -> None:
        path = Path(_folder().name) / name
        data = before + _bytes(text) + after
        path.write_bytes(gzip.compress(data, 1, mtime=0) if packed else data)
        for _ in read(str(path), SourceOptions()):
            pass

    return run


def of_record(before: str) -> Subject:
    """A response whose HTTP header, after ``before``, is the text."""

    def run(text: str) -> None:
        block = b"HTTP/1.1 200 OK\r\n" + _bytes(before + text) + b"\r\n\r\n<p>body"
        path = Path(_folder().name) / "response.warc"
        path.write_bytes(record(block))
        for _ in read(str(path), SourceOptions()):
            pass

    return run


def of_record_list(before: str) -> Subject:
    """The entries of a list of records."""

    def run(text: str) -> None:
        path = Path(_folder().name) / "list.cdxj"
        path.write_bytes(_bytes(before + text))
        try:
            for _ in read_record_list(str(path)):
                pass
        except BadRecordListError:
            return

    return run


def of_html(before: str, *, text_format: TextFormat = TextFormat.TEXT) -> Subject:
    """A page of HTML in which the text stands after ``before``."""
    tools = load_tools(text_format=text_format)
    start = "<!doctype html><html><head><title>The mill</title></head><body>"
    return lambda text: extract(_bytes(start + before + text), url="http://a.b/", tools=tools)


def of_trafilatura(text: str) -> object:
    """A page as the paper's own finder reads it."""
    tools = load_tools(method=ExtractionMethod.TRAFILATURA)
    return extract(_bytes(f"<html><body><p>{text}"), url="http://a.b/", tools=tools)


def of_chunks(before: bytes) -> Subject:
    """A chunked body that goes on with the text."""

    def run(text: str) -> object:
        try:
            return join_chunks(before + _bytes(text))
        except BadTransferEncodingError:
            return None

    return run


def of_coding(before: str) -> Subject:
    """A header of content codings that goes on with the text."""

    def run(text: str) -> object:
        try:
            return undo_content(b"<p>body", before + text, 1 << 20)
        except BadContentEncodingError:
            return None

    return run


def one_by_one(function: Callable[[list[str]], object]) -> Subject:
    """A function of several texts, given one."""
    return lambda text: function([text])


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _warc(fields: str) -> bytes:
    return f"WARC/1.0\r\nWARC-Type: response\r\n{fields}".encode()


MAKERS: Mapping[str, Callable[[], Subject]] = {
    **{f"stage {name}": (lambda name=name: of_stage(name)) for name in STAGES},
    "http header": lambda: lambda text: parse_response(b"HTTP/1.1 200 OK\r\n" + _bytes(text)),
    "http field": lambda: lambda text: parse_response(b"HTTP/1.1 200 OK\r\nA" + _bytes(text)),
    "http interim": lambda: lambda text: parse_response(b"HTTP/1.1 100 OK\r\n\r\n" + _bytes(text)),
    "http charset": lambda: charset,
    "http charset claimed": lambda: lambda text: charset("text/html; charset=" + text),
    "http charset quoted": lambda: lambda text: charset('text/html; charset="' + text),
    "http media type": lambda: media_type,
    "http types": lambda: of_record("Content-Type: text/html; charset=a\r\nContent-Type: "),
    "http codings": lambda: of_record("Transfer-Encoding: chunked, "),
    "content coding": lambda: of_coding(""),
    "unclaimed coding": lambda: lambda text: undo_unclaimed(_bytes(text), "text/html", 1 << 26),
    "chunks": lambda: of_chunks(b""),
    "chunks after one": lambda: of_chunks(b"1\r\na\r\n"),
    "chunks after a size": lambda: of_chunks(b"1\r\na\r\n5"),
    "chunks after an extension": lambda: of_chunks(b"1\r\na\r\n5;"),
    "warc": lambda: of_file("crawl.warc"),
    "warc packed": lambda: of_file("crawl.warc.gz", packed=True),
    "warc damaged": lambda: of_file("damaged.warc.gz", gzip.compress(record(http(b"a")))),
    "warc header": lambda: of_file("crawl.warc", _warc("A: b")),
    "warc length": lambda: of_file("crawl.warc", _warc("Content-Length: ")),
    "warc too long": lambda: of_file("crawl.warc", _warc("Content-Length: 9999999999\r\n\r\n")),
    "warc address": lambda: of_file("crawl.warc", _warc("WARC-Target-URI: <")),
    "warc too short": lambda: of_file("crawl.warc", _warc("Content-Length: 1\r\n\r\n")),
    "arc": lambda: of_file("crawl.arc", b"filedesc://a 0.0.0.0 20240101000000 text/plain 1\na\n"),
    "arc line": lambda: of_file("crawl.arc", b"http://a.b/"),
    "jsonl": lambda: of_file("rows.jsonl"),
    "jsonl row": lambda: of_file("rows.jsonl", b'{"url":"http://a.b/","text":"'),
    "record list": lambda: of_record_list(""),
    "record list of json": lambda: of_record_list('com,a)/ 2024 {"filename":'),
    "record list of fields": lambda: of_record_list(" CDX N b a m s k r M S V g\n"),
    "charset": lambda: lambda text: decode(_bytes(text)),
    "charset of utf-16": lambda: lambda text: decode(text.encode("utf-16", "surrogatepass")),
    "charset of gbk": lambda: lambda text: decode(text.encode("gb18030", "replace"), "big5"),
    "charset in a meta": lambda: lambda text: decode(_bytes("<meta charset" + text + "\xff")),
    "charset in xml": lambda: lambda text: decode(b"<?xml encoding=" + _bytes(text) + b"\xff"),
    "charset hz": lambda: lambda text: decode(b"~{" + _bytes(text), "hz-gb-2312"),
    "charset iso-2022": lambda: lambda text: decode(b"\x1b$B" + _bytes(text), "iso-2022-jp"),
    "url": lambda: respell,
    "url host": lambda: normal_host,
    "url with a scheme": lambda: lambda text: respell("http://" + text),
    "url with a path": lambda: lambda text: respell("http://u:p@a.b/" + text),
    "url in brackets": lambda: lambda text: respell("http://[" + text),
    "host of a url": lambda: lambda text: host_of("http://" + text),
    "html": lambda: of_html(""),
    "html paragraph": lambda: of_html("<article><p>"),
    "html attribute": lambda: of_html('<p class="'),
    "html style": lambda: of_html('<p style="'),
    "html link": lambda: of_html('<a href="'),
    "html list": lambda: of_html("<ul><li>"),
    "html table": lambda: of_html("<table><tr><td>"),
    "html listing": lambda: of_html('<pre class="language-c"><code>'),
    "html script": lambda: of_html("<script>window.__STATE__ = "),
    "html linked data": lambda: of_html('<script type="application/ld+json">{"articleBody": "'),
    "html formula": lambda: of_html("<p>$$x</p><img class=tex alt='"),
    "html comment": lambda: of_html("<p>word</p><!--"),
    "html as markdown": lambda: of_html("<p>", text_format=TextFormat.MARKDOWN),
    "html listing as markdown": lambda: of_html("<pre>", text_format=TextFormat.MARKDOWN),
    "html title": lambda: (
        lambda text: extract(_bytes(f"<title>{text}</title><p>The mill."), url="http://a.b/")
    ),
    "html by trafilatura": lambda: of_trafilatura,
    "plain text": lambda: lambda text: extract_plain(_bytes(text)),
    "plain text as markdown": lambda: (
        lambda text: extract_plain(_bytes(text), text_format=TextFormat.MARKDOWN)
    ),
    "language": lambda: one_by_one(language.load("embedded").score),
    "standard text": lambda: digest,
    "tokenizer": lambda: one_by_one(tokenizer.load().encode),
    "jsonl written": lambda: lambda text: to_lines(pa.table({"text": [text]})),
    "terminal": lambda: printable,
    "spreadsheet": lambda: cell,
}
"""What makes each subject: its models are loaded then, not while it is timed."""


@cache
def subject(name: str) -> Subject:
    """The function of that name, called once so that it has compiled and loaded what it needs."""
    made = MAKERS[name]()
    made(samples.ENGLISH)
    made(samples.CHINESE)
    return made
