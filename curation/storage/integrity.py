"""Whether the files that a step made are still as it made them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from pyarrow import fs

from curation.errors import DamageError
from curation.storage.files import StoredFile, join, list_files
from curation.storage.parquet import open_parquet
from curation.storage.stores import resolve

_READERS = 16  # a request takes an object store some milliseconds
_CHUNK_BYTES = 8 << 20


def find_damage(
    folder: str, files: Sequence[StoredFile], *, deep: bool = False
) -> Iterator[DamageError]:
    """What is wrong with the files of a step, in their order.

    Sizes are compared, and footers of Parquet files read; if ``deep``, all bytes are read and
    their digests compared. Raises OSError where the store fails.
    """
    with ThreadPoolExecutor(_READERS) as pool:
        yield from filter(None, pool.map(partial(_damage_of, folder, deep=deep), files))


def refuse_damaged(folder: str, files: Sequence[StoredFile], *, deep: bool = False) -> None:
    """Raise DamageError for the first of the files that is gone or not as it was written."""
    for damage in find_damage(folder, files, deep=deep):
        raise damage


def refuse_missing(folder: str, files: Sequence[StoredFile]) -> list[str]:
    """The names of the files below a folder. Raises DamageError if some of ``files`` are not there.

    What deletes a root under a run would leave a manifest of files that are gone.
    """
    names = list_files(folder)
    gone = sorted({file.name for file in files}.difference(names))
    if gone:
        raise DamageError(
            f"{join(folder, gone[0])}: has gone since it was written: run again, and look who "
            "deletes files of a run that is under way"
        )
    return names


def refuse_changed(uri: str, sha256: str) -> None:
    """Raise DamageError for a file of a local disk whose digest is another.

    Checksums of pages do not cover what a Parquet file says of itself. Object stores keep checksums
    of their own, and reading twice from one costs.
    """
    store, _ = resolve(uri)
    if isinstance(store, fs.LocalFileSystem) and (fault := _changed(uri, sha256)):
        raise fault


def _damage_of(folder: str, file: StoredFile, *, deep: bool) -> DamageError | None:
    uri = join(folder, file.name)
    store, path = resolve(uri)
    found = store.get_file_info(path)
    if found.type != fs.FileType.File:
        return DamageError.of(uri, "is gone")
    if found.size != file.bytes:
        return DamageError.of(uri, f"has {found.size:,} bytes, was written with {file.bytes:,}")
    if deep:
        return _changed(uri, file.sha256)
    if uri.endswith(".parquet"):
        try:
            with open_parquet(uri):
                return None
        except DamageError as damage:
            return damage
    return None


def _changed(uri: str, sha256: str) -> DamageError | None:
    store, path = resolve(uri)
    digest = hashlib.sha256()
    try:
        with store.open_input_stream(path, compression=None) as stream:  # or .zst is unpacked
            while chunk := stream.read(_CHUNK_BYTES):
                digest.update(chunk)
    except FileNotFoundError:
        return DamageError.of(uri, "is gone")
    if digest.hexdigest() == sha256:
        return None
    return DamageError.of(uri, "does not have the bytes that were written")
