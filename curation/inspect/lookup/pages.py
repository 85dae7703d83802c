"""Which pages of a run are meant by a URL or a doc_id, and which are spelled nearly so."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from operator import methodcaller
from urllib.parse import unquote

import pyarrow as pa

from curation import storage
from curation.inspect.run_files import StepRun, read_columns
from curation.parts.lookup import url_key
from curation.storage.parquet import open_parquet
from schemas.verdict import Decision

_READERS = 8
_NEIGHBOURS = 8  # keys on either side of one that is not there, in each file
_MAX_COMPARED = 64  # of all these, those that begin most like it: each takes 0.1 ms
_MIN_LIKENESS = 0.6
_ID = re.compile(r"[0-9a-f]{4,32}")
_AS_PY = methodcaller("as_py")
_KEYS = ["doc_id", "url", "position"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A key of a page that is meant, or nearly so, and the page's position."""

    key: str
    position: int


def key_of(query: str) -> str:
    """What a page that is asked for is found by: its doc_id, or its URL in any spelling."""
    plain = query.strip().lower()
    return plain if _ID.fullmatch(plain) else url_key(query)


def find_pages(found: Collection[Hit], key: str) -> list[int]:
    """Of what was found for a key, the positions of the pages that have it, in crawl order.

    Case matters in a path only where pages differ in nothing else; ``same_path`` tells them apart.
    """
    return sorted({hit.position for hit in found if hit.key == key})


def near_misses(found: Collection[Hit], key: str, count: int = 5) -> list[Hit]:
    """Of what was found for a key, those that begin with it or are most like; the likest first."""
    compared = sorted(set(found), key=lambda hit: (-_common(key, hit.key), hit.key, hit.position))
    likest = {hit: _likeness(key, hit.key) for hit in compared[:_MAX_COMPARED]}
    good = [hit for hit, likeness in likest.items() if likeness >= _MIN_LIKENESS]
    return sorted(good, key=lambda hit: (-likest[hit], hit.key, hit.position))[:count]


def same_path(url: str, query: str) -> bool:
    """Whether two URLs of one key have paths that are equal in case too."""
    return _path(url) == _path(query)


def _path(url: str) -> str:
    _, mark, rest = url.partition("://")
    path = (rest if mark else url).partition("/")[2]
    return unquote(path.partition("#")[0]).rstrip("/")


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common from the start."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _likeness(wanted: str, key: str) -> float:
    if not wanted:
        return 0.0
    if key.startswith(wanted):
        return 1.0
    return difflib.SequenceMatcher(None, wanted, key, autojunk=False).ratio()


def search(first: StepRun, key: str) -> list[Hit]:
    """The pages of a key, and some with keys on either side of it, in each file."""
    files = [part.lookup for part in first.manifest.parts if part.files]
    if None in files:  # of before there were any
        return list(_scan(first, key))
    uris = [storage.join(first.folder, file.name) for file in files if file]
    with ThreadPoolExecutor(_READERS) as pool:
        return list(chain.from_iterable(pool.map(partial(_in_file, key), uris)))


def _in_file(key: str, uri: str) -> list[Hit]:
    with open_parquet(uri) as parquet:
        every = range(parquet.metadata.num_row_groups)
        found = (parquet.metadata.row_group(n).column(0).statistics for n in every)
        ranges = [(statistics.min, statistics.max) for statistics in found]
        groups = [n for n, (least, most) in enumerate(ranges) if least <= key <= most]
        if not groups and ranges:  # between two groups, or beyond all
            groups = [max(0, sum(least <= key for least, _ in ranges) - 1)]
        return list(_around(parquet.read_row_groups(groups), key)) if groups else []


def _around(rows: pa.Table, key: str) -> Iterator[Hit]:
    keys = rows["key"]  # sorted; what compute compares with a value of Python's imports pandas
    start = bisect_left(keys, key, key=_AS_PY)
    end = bisect_right(keys, key, key=_AS_PY)
    first = max(0, start - _NEIGHBOURS)
    near = rows.slice(first, end + _NEIGHBOURS - first)
    columns = (near["key"].to_pylist(), near["position"].to_pylist())
    yield from map(Hit, *columns)


def _scan(first: StepRun, key: str) -> Iterator[Hit]:
    """The same from the documents themselves; of other pages, those of the same host."""
    import pyarrow.compute as pc  # 0.05 s, for runs of before

    host = key.partition("/")[0]
    for decision in Decision:
        for _, table in read_columns(first, decision, _KEYS):
            fits = pc.or_(
                pc.starts_with(pc.fill_null(table["doc_id"], ""), key),
                pc.match_substring(pc.fill_null(table["url"], ""), host, ignore_case=True),
            )
            for row in table.filter(fits).to_pylist():
                for name in filter(None, (row["doc_id"], url_key(row["url"] or ""))):
                    yield Hit(name, row["position"])
