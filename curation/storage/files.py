"""Files of a run, on a local disk or an object store, through ``pyarrow.fs``.

A file appears whole or not at all: it is written beside its place (or uploaded) and renamed. The
name of a data file carries a hash of its bytes, so that two tries of a task that write the same
rows write the same file, and two that differ never mix.
"""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyarrow import fs

from curation.storage.stores import resolve

HASH_CHARS = 12


def join(uri: str, *names: str) -> str:
    """A path below a folder.

    >>> join("s3://bucket/root/", "local", "default")
    's3://bucket/root/local/default'
    """
    return "/".join([uri.rstrip("/"), *names])


def exists(uri: str) -> bool:
    """Whether a file or folder is there."""
    store, path = resolve(uri)
    return store.get_file_info(path).type != fs.FileType.NotFound


def list_names(folder: str) -> list[str]:
    """The names in a folder, sorted; none if there is no such folder."""
    store, path = resolve(folder)
    try:
        found = store.get_file_info(fs.FileSelector(path, allow_not_found=True))
    except NotADirectoryError:
        return []
    return sorted(info.base_name for info in found)


def list_files(folder: str) -> list[str]:
    """The files below a folder, as paths relative to it, sorted."""
    store, path = resolve(folder)
    found = store.get_file_info(fs.FileSelector(path, allow_not_found=True, recursive=True))
    start = len(path.rstrip("/")) + 1
    return sorted(info.path[start:] for info in found if info.type == fs.FileType.File)


def read_bytes(uri: str) -> bytes:
    """A whole file."""
    store, path = resolve(uri)
    with store.open_input_file(path) as stream:
        return bytes(stream.readall())


def write_bytes(uri: str, data: bytes) -> None:
    """Write a file that appears whole or not at all."""
    with scratch(uri) as path:
        path.write_bytes(data)


def delete_file(uri: str) -> None:
    """Delete a file that is there."""
    store, path = resolve(uri)
    store.delete_file(path)


def delete_folder(uri: str) -> None:
    """Delete a folder with all it holds; nothing if it is not there."""
    store, path = resolve(uri)
    if store.get_file_info(path).type == fs.FileType.Directory:
        store.delete_dir(path)


def move(uri: str, target: str) -> None:
    """Put a file in another place of the same store, over one that is there."""
    store, path = resolve(uri)
    store.move(path, resolve(target)[1])


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as a manifest lists it; ``name`` is relative to the folder of the manifest."""

    name: str
    rows: int
    bytes: int
    sha256: str


def sha256_of(path: Path) -> str:
    """The SHA-256 of a local file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def scratch(uri: str) -> Iterator[Path]:
    """A local path to write to; when the block ends well, the file stands at ``uri``."""
    with scratch_file(uri) as path:
        yield path
        publish(path, uri)


@contextmanager
def scratch_file(uri: str) -> Iterator[Path]:
    """A local path near ``uri`` to write to; what is still there when the block ends is deleted."""
    store, target = resolve(uri)
    local = isinstance(store, fs.LocalFileSystem)
    folder = Path(target).parent if local else Path(tempfile.gettempdir())
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f".{Path(target).name}.{uuid.uuid4().hex}.tmp"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def publish(path: Path, uri: str) -> None:
    """Move a finished local file to its place, in one act."""
    store, target = resolve(uri)
    if isinstance(store, fs.LocalFileSystem):
        path.replace(target)
        return
    with path.open("rb") as source, store.open_output_stream(target, compression=None) as sink:
        while chunk := source.read(8 << 20):
            sink.write(chunk)


def publish_named(path: Path, folder: str, stem: str, suffix: str, rows: int) -> StoredFile:
    """Move a finished file to ``folder``/``stem``-HASH``suffix`` and describe it."""
    digest = sha256_of(path)
    name = f"{stem}-{digest[:HASH_CHARS]}{suffix}"
    size = path.stat().st_size
    publish(path, join(folder, name))
    return StoredFile(name, rows, size, digest)


def write_text(folder: str, name: str, text: str) -> StoredFile:
    """Write a text beside the data files of a folder and describe it; it has no rows."""
    with scratch(join(folder, name)) as path:
        path.write_text(text, encoding="utf-8")
        return StoredFile(name, 0, path.stat().st_size, sha256_of(path))
