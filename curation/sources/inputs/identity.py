"""What says that an input is the one that was read before: when it was changed, or what it holds.

By its size and the time of its last change an input is known without being opened, but a copy that
is made anew counts as changed, and a change that keeps both does not. By its content it is known
whatever its dates: a digest of its bytes, or what an object store says of them (its ETag).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from curation.sources.inputs.input_file import InputFile
from curation.storage.stores import is_uri, resolve

LISTED = "as listed"
"""The content of an archive of which a record list names the records: what the list says."""

_READERS = 8  # digests are taken without Python's lock, and a store answers in milliseconds
_CHUNK_BYTES = 8 << 20


class Identity(StrEnum):
    """What an input is known by, beside its path."""

    MODIFIED = "modified"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class KnownInput:
    """An input as a run had it.

    ``content`` is what its content was known by, "" where nobody asked; it holds for a file of a
    local disk as long as its ``status`` is the same. ``records`` is a digest of the ranges that
    lists name, "" where the file is read whole.
    """

    path: str
    size: int
    modified: str
    content: str = ""
    status: str = ""
    records: str = ""

    def difference_from(self, former: KnownInput) -> str:
        """What is another now, in words; "" for nothing that can be told."""
        if self.records != former.records:
            return "other records are listed"
        if self.size != former.size:
            return f"{self.size:,} bytes, was {former.size:,}"
        if self.content and former.content:
            return "other content" if self.content != former.content else ""
        return f"changed {self.modified}" if self.modified != former.modified else ""


def identify(
    files: Sequence[InputFile], identity: Identity, known: Mapping[str, KnownInput]
) -> list[InputFile]:
    """The files with what their content is known by, where that is what identifies them.

    Digests of files whose status has not changed are taken from those that are ``known`` by their
    paths. Raises OSError for a file that cannot be read.
    """
    if identity is Identity.MODIFIED:
        return list(files)
    with ThreadPoolExecutor(_READERS) as pool:
        return list(pool.map(partial(_with_content, known), files))


def known_input(file: InputFile) -> KnownInput:
    """What a run keeps of an input to know it again."""
    ranges = str([(each.offset, each.length) for each in file.ranges])
    records = hashlib.blake2b(ranges.encode(), digest_size=16).hexdigest() if file.ranges else ""
    return KnownInput(file.path, file.size, file.modified, file.content, file.status, records)


def _with_content(known: Mapping[str, KnownInput], file: InputFile) -> InputFile:
    if file.ranges:
        return replace(file, content=LISTED)
    if is_uri(file.path):
        return replace(file, content=_content_in_store(file.path))
    status = _status(file.path)
    former = known.get(file.path)
    if former and former.content and former.status == status:
        return replace(file, content=former.content, status=status)
    return replace(file, content=_digest(file.path), status=status)


def _status(path: str) -> str:
    """What changes whenever a local file does: the kernel sets the time of the last change itself.

    Unlike the time of modification, nobody can set it back.
    """
    found = os.stat(path)  # noqa: PTH116
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"


def _content_in_store(uri: str) -> str:
    """The ETag of an object, or a digest of its bytes where its store has none."""
    store, path = resolve(uri)
    with store.open_input_file(path) as stream:
        said = {_text(key).lower(): _text(value) for key, value in stream.metadata().items()}
    tag = said.get("etag", "")
    return f"etag {tag}" if tag else _digest(uri)


def _text(value: str | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _digest(path: str) -> str:
    store, inner = resolve(path)
    digest = hashlib.sha256()
    with store.open_input_stream(inner, compression=None) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    return f"sha256 {digest.hexdigest()}"
