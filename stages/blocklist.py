"""Lists of domains and URLs as they are published, in 10 bytes an entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from stages import url_keys
from stages.hosts import respell
from stages.url_keys import Bytes

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


class UrlReport(NamedTuple):
    """What is known of a URL: its site, "" if it is not a URL, and the entry that covers it.

    The site is the registered domain, or the whole host where there is none: an address, a bare
    name, a public suffix.
    """

    site: str
    match: UrlMatch | None


class Keys(NamedTuple):
    """The keys of some URLs: where each starts in ``data``, where its host ends and where it ends.

    The last two are -1 for what is not a URL.
    """

    data: Bytes
    starts: Any
    hosts: Any
    ends: Any


def url_keys_of(urls: Sequence[str]) -> Keys:
    """The keys of URLs, with or without schemes, however they are spelt."""
    keys = _write(url_keys.write_keys, [url.encode("utf-8", "ignore") for url in urls])
    odd = np.flatnonzero(keys.ends < 0)
    if not len(odd):
        return keys
    respelled = _write(url_keys.write_respelled, [respell(urls[i]) for i in odd])
    valid = respelled.ends > respelled.starts
    shift = len(keys.data)
    for whole, part in (
        (keys.starts, respelled.starts),
        (keys.hosts, respelled.hosts),
        (keys.ends, respelled.ends),
    ):
        whole[odd] = np.where(valid, part + shift, -1)
    return Keys(np.concatenate([keys.data, respelled.data]), keys.starts, keys.hosts, keys.ends)


def _write(kernel: Any, texts: Sequence[bytes]) -> Keys:
    bounds = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=bounds[1:])
    text = np.frombuffer(b"".join(texts), np.uint8)
    starts = bounds[:-1] + np.arange(len(texts))
    data = np.empty(len(text) + len(texts), np.uint8)
    hosts, ends = np.empty(len(texts), np.int64), np.empty(len(texts), np.int64)
    kernel(text, bounds, data, hosts, ends)
    return Keys(data, starts, hosts, ends)


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
    lists, or a single one of them; ``categories`` picks some (all if empty), ``entries`` adds a few by hand. A listed domain covers
    its subdomains, unless it is a public suffix: then itself only. A listed URL covers the paths
    below it on that host, with and without "www.".

    Entries are held as 64-bit hashes, so that a URL is taken for a listed one that it is not with
    a probability of 1e-12 at 5 million entries. Raises FileNotFoundError, ValueError.
    """

    def __init__(
        self, *sources: Path | str, categories: Sequence[str] = (), entries: Sequence[str] = ()
    ) -> None:
        from stages.suffixes import public_suffixes

        files = [found for source in sources for found in list_files(Path(source))]
        missing = sorted(set(categories) - {category for category, _, _ in files})
        if missing:
            raise ValueError(f"blocklist category {missing[0]!r} is not among {self._names(files)}")
        if categories:
            files = [found for found in files if found[0] in categories]
        self._lists = [(category, name) for category, name, _ in files]
        self._suffixes = public_suffixes()
        chunks = [(n, h) for n, (_, _, path) in enumerate(files) for h in _hashes_of_file(path)]
        if entries:
            self._lists.append(("configuration", "configuration"))
            chunks.append((len(files), _hashes(entries)))
        hashes = np.concatenate([np.empty(0, np.uint64), *(h for _, h in chunks)])
        lists = np.repeat([n for n, _ in chunks], [len(h) for _, h in chunks]).astype(np.uint16)
        order, self._hashes, self._starts = url_keys.sort_hashes(hashes)
        self._list_of = lists[order]

    @staticmethod
    def _names(files: Sequence[tuple[str, str, Path]]) -> str:
        return ", ".join(sorted({category for category, _, _ in files}))

    def __len__(self) -> int:
        """How many different entries there are."""
        return len(self._hashes)

    def match(self, url: str) -> UrlMatch | None:
        """The entry that covers a URL: of several the broadest, in the first list that has it."""
        return self.report([url])[0].match

    def report(self, urls: Sequence[str]) -> list[UrlReport]:
        """Site and match of each URL, in order."""
        keys = url_keys_of(urls)
        places = [np.full(len(urls), -1, np.int64) for _ in range(3)]
        url_keys.look_up_all(*keys, self._suffixes, self._hashes, self._starts, *places)
        data = keys.data.tobytes()
        columns = (c.tolist() for c in (keys.starts, keys.hosts, *places))
        return [
            UrlReport(
                data[start:site][::-1].decode() if site >= 0 else "",
                None if found < 0 else self._match(data, start, host, until, found),
            )
            for start, host, site, found, until in zip(*columns, strict=True)
        ]

    def _match(self, data: bytes, start: int, host: int, until: int, found: int) -> UrlMatch:
        domain, path = data[start : min(host, until)][::-1], data[host:until]
        category, source = self._lists[self._list_of[found]]
        return UrlMatch(category, source, (domain + path).decode("utf-8", "replace"))


def _hashes_of_file(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        found = entries(lines)
        while chunk := list(islice(found, CHUNK)):
            yield _hashes(chunk)


def _hashes(urls: Sequence[str]) -> Any:
    keys = url_keys_of(urls)
    valid = keys.ends >= 0
    hashes = np.empty(int(valid.sum()), np.uint64)
    url_keys.hash_whole(keys.data, keys.starts[valid], keys.ends[valid], hashes)
    return hashes
