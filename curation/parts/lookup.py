"""Where the pages of a part of a crawl lie, by URL and by doc_id: a small sorted file beside them.

A row is a key and the ``position`` of a page that has it. Rows are sorted, so the statistics of the
file's row groups say which of them may hold a key, and neighbours of a key that is not there are
the keys most like it. Later steps have none: their files are in crawl order, and a position is
found in them by their own statistics.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

import pyarrow as pa

from curation import storage
from curation.storage import StoredFile
from curation.storage.parquet import parquet_writer

FOLDER = "lookup"
ROW_GROUP_ROWS = 4096  # some 100 kB to read for one key
MAX_KEY_CHARS = 512  # statistics are left out of a group with longer values than 4,096 bytes
_SCHEME = re.compile(r"(?:[a-zA-Z][a-zA-Z0-9+.-]{0,30}:)?//")
_PORT = re.compile(r":\d{0,5}$")
SCHEMA = pa.schema([("key", pa.string()), ("position", pa.int64())])


def url_key(url: str) -> str:
    """What all spellings of a URL have in common: not its scheme, ``www.``, case, last slash.

    >>> url_key("HTTP://WWW.Example.org:80/A%20b/?q=1#top"), url_key("example.org/a b?q=1")
    ('example.org/a b?q=1', 'example.org/a b?q=1')
    >>> url_key("https://www.example.org/"), url_key("http://bücher.example")
    ('example.org', 'xn--bcher-kva.example')
    """
    text = _without_scheme(url.strip()).partition("#")[0]
    end = min((place for place in map(text.find, "/?") if place >= 0), default=len(text))
    path, mark, query = unquote(text[end:]).partition("?")
    key = f"{_host(text[:end])}{path.rstrip('/')}{mark}{query}".lower()
    return key[:MAX_KEY_CHARS].encode("utf-8", "replace").decode()


def _without_scheme(url: str) -> str:
    found = _SCHEME.match(url)
    return url[found.end() :] if found else url


def _host(authority: str) -> str:
    host = _PORT.sub("", authority.rpartition("@")[2]).lower().rstrip(".").removeprefix("www.")
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


class LookupBuilder:
    """Gathers the keys of a part's pages, some 100 bytes of each, and writes them sorted."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._positions: list[int] = []

    def add(self, doc_ids: Iterable[str], urls: Iterable[str], positions: Iterable[int]) -> None:
        """Take pages over; a loss may have no id, no URL or neither."""
        for doc_id, url, position in zip(doc_ids, urls, positions, strict=True):
            for key in filter(None, (doc_id, url and url_key(url))):
                self._keys.append(key)
                self._positions.append(position)

    def write(self, folder: str, stem: str) -> StoredFile:
        """Write the file in the folder of a step and describe it."""
        table = pa.table({"key": self._keys, "position": self._positions}, schema=SCHEMA)
        table = table.sort_by([("key", "ascending"), ("position", "ascending")])
        target = storage.join(folder, FOLDER)
        with storage.scratch_file(storage.join(target, stem)) as path:
            encodings = {"key": "DELTA_BYTE_ARRAY", "position": "PLAIN"}
            with parquet_writer(
                path, SCHEMA, use_dictionary=False, column_encoding=encodings
            ) as writer:
                writer.write_table(table, row_group_size=ROW_GROUP_ROWS)
            made = storage.publish_named(path, target, stem, ".parquet", table.num_rows)
        return StoredFile(f"{FOLDER}/{made.name}", made.rows, made.bytes, made.sha256)
