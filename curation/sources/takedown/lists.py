"""The takedown lists of a root: kept in ``{root}/_takedowns/``, and judged by every first step."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import ClassVar

from curation import storage
from curation.errors import RecordError
from curation.sources.takedown.entries import Entry, Kind, address
from curation.storage.records import read_record, write_record

FOLDER = "_takedowns"
STAGE = "takedown"
"""By whom what is listed is removed."""
_DIGEST_CHARS = 12


class TakedownReason(StrEnum):
    """Why a page is removed that is on a list."""

    TAKEN_DOWN = "taken_down"


@dataclass(frozen=True)
class TakedownList:
    """A list as a root keeps it: its file's name, when it was first given (UTC), its entries."""

    format_version: ClassVar[int] = 1
    remedy: ClassVar[str] = "delete it, and `curate takedown` the list again"

    name: str
    given: str
    entries: tuple[Entry, ...]

    @cached_property
    def digest(self) -> str:
        """What names it: of its entries alone, so that a list that is given again is the same."""
        values = sorted(f"{entry.kind} {entry.value}\n" for entry in self.entries)
        return hashlib.sha256("".join(values).encode()).hexdigest()[:_DIGEST_CHARS]


@dataclass(frozen=True, slots=True)
class Taken:
    """An entry that covers a page, and the list that has it."""

    listed: TakedownList
    entry: Entry

    def __str__(self) -> str:
        """What is said of a page that it covers."""
        entry, listed = self.entry, self.listed
        return (
            f"{entry.kind} {entry.value}, line {entry.line} of {listed.name} "
            f"({listed.digest}), taken down {listed.given}"
        )


class Takedowns:
    """Some lists, and which entry covers a page: of several that of the list that came first."""

    def __init__(self, lists: Sequence[TakedownList] = ()) -> None:
        self.lists = tuple(sorted(lists, key=lambda one: (one.given, one.digest)))
        self._entries: Mapping[Kind, dict[str, Taken]] = {kind: {} for kind in Kind}
        for one in self.lists:
            for entry in one.entries:
                self._entries[entry.kind].setdefault(entry.value, Taken(one, entry))

    def find(self, url: str | None, doc_id: str | None) -> Taken | None:
        """What covers a page: its id, its URL however it is spelt, its host or one above it.

        >>> entry = Entry(Kind.SITE, "example.org", 1)
        >>> lists = Takedowns([TakedownList("list.txt", "2026-01-02T03:04:05Z", (entry,))])
        >>> bool(lists.find("http://a.example.org/x", None)), lists.find("http://ample.org/", None)
        (True, None)
        """
        if not self.lists:
            return None
        if found := self._entries[Kind.ID].get(doc_id or ""):
            return found
        urls, sites = self._entries[Kind.URL], self._entries[Kind.SITE]
        spelt, host = address(url) if url and (urls or sites) else ("", "")
        if found := urls.get(spelt):
            return found
        labels = host.split(".")
        names = (".".join(labels[start:]) for start in range(len(labels)))
        return next((sites[name] for name in names if name in sites), None)


NOTHING = Takedowns()


@dataclass(frozen=True, slots=True)
class StoredLists:
    """The lists of a root as they travel to workers: where they lie, and which."""

    root: str = ""
    digests: tuple[str, ...] = ()

    def open(self) -> Takedowns:
        """Read them, once in a process. Raises RecordError for one that is gone or damaged."""
        return _open(self) if self.digests else NOTHING


@lru_cache(maxsize=4)
def _open(stored: StoredLists) -> Takedowns:
    return Takedowns([_read(stored.root, digest) for digest in stored.digests])


def stored_lists(root: str) -> StoredLists:
    """All lists that a root keeps."""
    names = storage.list_names(storage.join(root, FOLDER))
    return StoredLists(root, tuple(name.removesuffix(".json") for name in names))


def store(root: str, listed: TakedownList) -> None:
    """Keep a list with a root, unless that has it: then it stays as it was first given."""
    if listed.digest not in stored_lists(root).digests:
        write_record(_path(root, listed.digest), listed)


def _read(root: str, digest: str) -> TakedownList:
    found = read_record(_path(root, digest), TakedownList)
    if found is None or found.digest != digest:
        raise RecordError(f"{_path(root, digest)}: is gone or was edited: {TakedownList.remedy}")
    return found


def _path(root: str, digest: str) -> str:
    return storage.join(root, FOLDER, f"{digest}.json")
