"""Turn what a person names (files, folders, globs, URIs) into the list of files to read."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from curation.sources.formats import PARQUET, FileKind, format_of, kind_of, readable_suffixes
from curation.sources.inputs.cdx import BadRecordListError, is_columnar_index
from curation.sources.inputs.input_file import InputFile
from curation.sources.inputs.record_lists import archives_of
from curation.storage.stores import is_uri, resolve

if TYPE_CHECKING:
    from pyarrow.fs import FileInfo

_WILDCARDS = re.compile(r"[*?\[]")


class InputError(ValueError):
    """An input names nothing that can be read; the message says what to do."""


def expand(
    inputs: Sequence[str], archives: str = "", body_columns: Collection[str] = ("html", "text")
) -> list[InputFile]:
    """Every file that the inputs name, sorted by path, each once.

    An input is a file, a folder (see ``taken_from_folder``), a glob (``**`` crosses folders), or
    any of these as a file:// or object-store URI. Record lists (CDX, CDXJ, Parquet with the columns
    of an index and none of ``body_columns``) stand for the archives that they name, relative to
    ``archives``, or else to the list's folder. A file named both ways is read whole. Raises
    InputError.
    """
    if not inputs:
        raise InputError("no input was given: name archives, folders or globs")
    whole: dict[str, InputFile] = {}
    lists: dict[str, InputFile] = {}
    for given in inputs:
        files = _expand_one(given)
        record_lists = _record_lists(files, body_columns)
        for file in files:
            (lists if file.path in record_lists else whole)[file.path] = file
    try:
        named_by_lists = archives_of(sorted(lists.values()), archives)
    except (BadRecordListError, OSError) as error:
        raise InputError(f"cannot use the list: {_one_line(error)}") from error
    return sorted({**named_by_lists, **whole}.values())


def named(files: Sequence[InputFile]) -> list[str]:
    """What to name to get these files again: themselves, or the lists that name them."""
    return sorted({name for file in files for name in file.lists or (file.path,)})


def _record_lists(files: Sequence[InputFile], body_columns: Collection[str]) -> frozenset[str]:
    """Which files of one input are record lists; of Parquet files, the first says it for all."""
    lists = [file.path for file in files if kind_of(file.path) is FileKind.RECORD_LIST]
    tables = [file.path for file in files if format_of(file.path) is PARQUET]
    try:
        if tables and is_columnar_index(tables[0], body_columns):
            lists += tables
    except OSError as error:
        raise InputError(f"cannot read {tables[0]}: {_one_line(error)}") from error
    return frozenset(lists)


def taken_from_folder(paths: Iterable[str]) -> list[str]:
    """What is read of the files in a folder: archives; tables or else record lists if it has none.

    What lies beside archives is about them. A file that is named itself is read whatever it is.

    >>> taken_from_folder(["a/1.warc.gz", "a/index.jsonl", "a/.x.warc"])
    ['a/1.warc.gz']
    >>> taken_from_folder(["a/1.jsonl", "a/readme.md"])
    ['a/1.jsonl']
    """
    shown = [path for path in paths if not path.rpartition("/")[2].startswith(".")]
    by_kind = ([path for path in shown if kind_of(path) is kind] for kind in FileKind)
    return next(filter(None, by_kind), [])


def glob_pattern(pattern: str) -> re.Pattern[str]:
    """A glob as a regular expression over a whole path.

    >>> bool(glob_pattern("a/**/*.warc").fullmatch("a/b/c/d.warc"))
    True
    >>> bool(glob_pattern("a/*.warc").fullmatch("a/b/d.warc"))
    False
    """
    parts = re.split(r"(\*\*/|\*|\?|\[[^\]]+\])", pattern)
    wild = {"**/": "(?:[^/]+/)*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(wild.get(part) or _literal(part) for part in parts))


def _literal(part: str) -> str:
    if part.startswith("[") and part.endswith("]") and len(part) > 2:  # noqa: PLR2004
        return "[^" + part[2:] if part[1] == "!" else part
    return re.escape(part)


def _expand_one(given: str) -> list[InputFile]:
    if not given:
        raise InputError("an input is empty: name an archive, a folder or a glob")
    if given.startswith("file://"):
        given = unquote(urlsplit(given).path)
    found = _expand_remote(given) if is_uri(given) else _expand_local(given)
    if not found and _WILDCARDS.search(given):
        raise InputError(f"no file matches {given}: check the glob (and quote it in a shell)")
    if not found:
        raise InputError(
            f"the folder {given} holds no archive, table or record list: name files, or a folder "
            f"of files that end in {readable_suffixes()}"
        )
    return found


def _expand_local(given: str) -> list[InputFile]:
    path = os.path.abspath(given)  # noqa: PTH100  # links stay as they are named
    if os.path.isfile(path):  # noqa: PTH113
        return [_local_file(path)]
    if os.path.isdir(path):  # noqa: PTH112
        return [_local_file(each) for each in taken_from_folder(_walk(path))]
    if os.path.lexists(path) or not _WILDCARDS.search(given):
        raise InputError(f"no such file or folder: {given}: check the path")
    matches = glob.glob(path, recursive=True)  # noqa: PTH207
    return [_local_file(each) for each in _files_of(matches)]


def _files_of(paths: Iterable[str]) -> Iterator[str]:
    """The files among the matches of a glob, and the archives in the folders among them."""
    for path in paths:
        if Path(path).is_dir():
            yield from taken_from_folder(_walk(path))
        else:
            yield path


def _walk(folder: str) -> Iterator[str]:
    for here, _, names in os.walk(folder):
        yield from (os.path.join(here, name) for name in names)  # noqa: PTH118


def _local_file(path: str) -> InputFile:
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    return InputFile(path, status.st_size, _moment(datetime.fromtimestamp(status.st_mtime, UTC)))


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds") if moment else ""


def _expand_remote(given: str) -> list[InputFile]:
    from pyarrow.fs import FileSelector, FileType

    wildcard = _WILDCARDS.search(given)
    fixed = given[: wildcard.start()].rpartition("/")[0] if wildcard else given
    try:
        store, base = resolve(fixed)
        (info,) = store.get_file_info([base])
        prefix = fixed.removesuffix("/").removesuffix(base.removesuffix("/"))
        if info.type == FileType.File:
            return [_remote_file(prefix, info)]
        if info.type == FileType.NotFound:
            raise InputError(f"no such file or folder: {fixed}: check the address and the rights")
        infos = store.get_file_info(FileSelector(base, recursive=True))
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"cannot list {given}: {_one_line(error)}") from error
    files = [_remote_file(prefix, each) for each in infos if each.type == FileType.File]
    if wildcard:
        pattern = glob_pattern(given)
        return [file for file in files if pattern.fullmatch(file.path)]
    taken = frozenset(taken_from_folder(file.path for file in files))
    return [file for file in files if file.path in taken]


def _remote_file(prefix: str, info: FileInfo) -> InputFile:
    return InputFile(prefix + info.path, info.size, _moment(info.mtime))


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
