"""Lists of domains and URLs as they are published, in 10 bytes an entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.kernels.arrays import Int64Array, UInt8Array, UInt64Array
from stages.hosts import respell
from stages.url_filter import keys as url_keys
from stages.url_filter import table as url_table
from stages.url_filter.keys import UrlKeys

IGNORED = frozenset({"usage", "expressions", "very_restrictive_expression", "global_usage"})
"""Files of UT1 that are not lists of domains or URLs."""

IGNORED_STEMS = ("license", "licence", "readme", "copying", "notice")

LOCAL_NAMES = frozenset({"localhost", "localhost.localdomain", "local", "broadcasthost", "0.0.0.0"})  # noqa: S104

CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class UrlMatch:
    """The entry that covers a URL, as it is spelt in the table, and the list that has it.

    ``source`` is the list's file under its folder ("gambling/domains"), ``category`` the folder's
    name, or the file's where lists are single files.
    """

    category: str
    source: str
    entry: str

    @property
    def is_domain(self) -> bool:
        """Whether a whole host is listed, not a path of it."""
        return "/" not in self.entry


@dataclass(frozen=True, slots=True)
class UrlReport:
    """What is known of some URLs: the site of each, and by its number what covers a listed one.

    The site is the registered domain; the whole host where there is none (an address, a bare name,
    a public suffix); "" for what is not a URL.
    """

    sites: Sequence[str]
    matches: Mapping[int, UrlMatch]


def url_keys_of(urls: Sequence[str]) -> UrlKeys:
    """The keys of URLs, with or without schemes, however they are spelt."""
    text = "".join(urls)
    if text.isascii():
        keys = _write(url_keys.write_keys, text.encode(), map(len, urls))
    else:
        encoded = [url.encode("utf-8", "ignore") for url in urls]
        keys = _write(url_keys.write_keys, b"".join(encoded), map(len, encoded))
    odd = np.flatnonzero(keys.ends < 0).tolist()
    if not odd:
        return keys
    plain = [respell(urls[i]) for i in odd]
    respelled = _write(url_keys.write_respelled, b"".join(plain), map(len, plain))
    valid = respelled.ends > respelled.starts
    shift = len(keys.data)
    for whole, part in zip(keys[1:], respelled[1:], strict=True):
        whole[odd] = np.where(valid, part + shift, -1)
    return keys._replace(data=np.concatenate([keys.data, respelled.data]))


def _write(
    kernel: Callable[[UInt8Array, Int64Array, UrlKeys], None], text: bytes, lengths: Iterable[int]
) -> UrlKeys:
    bounds = np.cumsum([0, *lengths])
    starts = bounds[:-1] + np.arange(len(bounds) - 1)  # a key is at most one byte longer
    data = np.empty(len(text) + len(starts), np.uint8)
    keys = UrlKeys(data, starts, np.empty_like(starts), np.empty_like(starts))
    kernel(np.frombuffer(text, np.uint8), bounds, keys)
    return keys


def list_files(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """Category, name and path of every list in a folder, or of the one file; in order of name.

    Raises FileNotFoundError.
    """
    if not folder.exists():
        raise FileNotFoundError(f"blocklist {folder} does not exist: name a file or a folder")
    if folder.is_file():
        yield folder.stem, folder.name, folder
        return
    for path in sorted(folder.rglob("*")):
        name = path.name.lower()
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not path.is_file() or hidden or name in IGNORED or name.startswith(IGNORED_STEMS):
            continue
        category = path.parent.name if name in {"domains", "urls"} else path.stem
        yield category, path.relative_to(folder).as_posix(), path


def entries(lines: Iterable[str]) -> Iterator[str]:
    """The domains and URLs of a list: a line each, a hosts file's, or an advertisement filter's.

    >>> list(entries(["# adult", "0.0.0.0 a.example b.example", "c.example/x # note", "||d.test^"]))
    ['a.example', 'b.example', 'c.example/x', 'd.test']
    """
    for line in lines:
        words = line.split()
        if not words or words[0][0] in "#!":
            continue
        if words[0].startswith("||"):
            yield words[0][2:].rstrip("^")
        elif len(words) == 1:
            yield words[0]
        else:
            yield from _entries_of_words(words)


def _entries_of_words(words: list[str]) -> Iterator[str]:
    comment = next((i for i, word in enumerate(words) if word[0] == "#"), len(words))
    is_hosts_line = words[0][0].isdigit() or ":" in words[0]
    names = words[1:comment] if is_hosts_line and comment > 1 else words[:1]
    yield from (name for name in names if name not in LOCAL_NAMES)


class UrlBlocklist:
    """The entries of lists of domains and URLs, and what they say of a URL.

    ``UrlBlocklist("lists/")`` reads a folder of UT1's category folders, hosts files and plain
    lists, or a single one of them; ``categories`` picks some (all if empty), ``entries`` adds a
    few by hand. A listed domain covers its subdomains, unless it is a public suffix: then itself
    only. A listed URL covers the paths below it on that host, with and without "www.".

    Entries are held as 64-bit hashes, so that a URL is taken for a listed one that it is not with
    a probability of 1e-12 at 5 million entries. Raises FileNotFoundError, ValueError.
    """

    def __init__(
        self, *sources: Path | str, categories: Sequence[str] = (), entries: Sequence[str] = ()
    ) -> None:
        from stages.url_filter.suffixes import public_suffixes

        files = [found for source in sources for found in list_files(Path(source))]
        missing = sorted(set(categories) - {category for category, _, _ in files})
        if missing:
            raise ValueError(f"blocklist category {missing[0]!r} is not among {self._names(files)}")
        if categories:
            files = [found for found in files if found[0] in categories]
        self._lists = [(category, name) for category, name, _ in files]
        self._suffixes = public_suffixes()
        hashed = [_hashes_of_file(path) for _, _, path in files]
        if entries:
            self._lists.append(("configuration", "configuration"))
            hashed.append(_hashes(entries))
        hashes = [found.entries for found in hashed]
        self._listed = url_table.Listed(
            url_table.build_table(_joined(hashes)),
            url_table.build_bitmap(_joined([found.path_hosts for found in hashed])),
        )
        self._list_of = np.zeros(len(self), np.uint16)
        for number in reversed(range(len(hashes))):  # of two lists with an entry the first has it
            places = np.searchsorted(self._listed.entries.hashes, np.sort(hashes[number]))
            self._list_of[places] = number

    @staticmethod
    def _names(files: Sequence[tuple[str, str, Path]]) -> str:
        return ", ".join(sorted({category for category, _, _ in files}))

    def __len__(self) -> int:
        """How many different entries there are."""
        return len(self._listed.entries.hashes)

    def match(self, url: str) -> UrlMatch | None:
        """The entry that covers a URL: of several the broadest, in the first list that has it."""
        return self.report([url]).matches.get(0)

    def report(self, urls: Sequence[str]) -> UrlReport:
        """Sites and matches of URLs."""
        keys = url_keys_of(urls)
        out = np.full((3, len(urls)), -1, np.int64)
        url_table.look_up_all(keys, self._suffixes, self._listed, out)
        sites, found, until = out
        backward, size = keys.data[::-1].tobytes().decode("latin-1"), len(keys.data)
        spans = zip(keys.starts.tolist(), sites.tolist(), strict=True)
        hits = np.flatnonzero(found >= 0).tolist()
        return UrlReport(
            [backward[size - end : size - start] if end >= 0 else "" for start, end in spans],
            {i: self._match(keys, i, until[i], found[i]) for i in hits},
        )

    def _match(self, keys: UrlKeys, i: int, until: int, found: int) -> UrlMatch:
        host = keys.hosts[i]
        domain, path = keys.data[keys.starts[i] : min(host, until)][::-1], keys.data[host:until]
        entry = (domain.tobytes() + path.tobytes()).decode("utf-8", "replace")
        category, source = self._lists[self._list_of[found]]
        return UrlMatch(category, source, entry)


class _Hashed(NamedTuple):
    """The hashes of entries, and of the hosts of those that have a path."""

    entries: UInt64Array
    path_hosts: UInt64Array


def _hashes_of_file(path: Path) -> _Hashed:
    with path.open(encoding="utf-8", errors="replace") as lines:
        found = entries(lines)
        chunks = [_hashes(chunk) for chunk in iter(lambda: list(islice(found, CHUNK)), [])]
    return _Hashed(*(_joined([chunk[part] for chunk in chunks]) for part in range(2)))


def _hashes(urls: Sequence[str]) -> _Hashed:
    keys = url_keys_of(urls)
    has_path = keys.ends > keys.hosts
    return _Hashed(
        _hash(keys, keys.ends, keys.ends >= 0),
        _hash(keys, keys.hosts, has_path & (keys.hosts >= 0)),
    )


def _hash(keys: UrlKeys, ends: Int64Array, chosen: NDArray[np.bool_]) -> UInt64Array:
    hashes = np.empty(int(chosen.sum()), np.uint64)
    columns = (column[chosen] for column in (keys.starts, keys.hosts, ends))
    url_table.hash_whole(UrlKeys(keys.data, *columns), hashes)
    return hashes


def _joined(hashes: Sequence[UInt64Array]) -> UInt64Array:
    return np.concatenate([np.empty(0, np.uint64), *hashes])
