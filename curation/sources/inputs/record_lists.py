"""The archives that record lists name."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from curation.sources.inputs.cdx import BadRecordListError, read_record_list
from curation.sources.inputs.input_file import InputFile, RecordRange
from curation.storage.stores import is_uri


def archives_of(lists: Sequence[InputFile], archives: str) -> Mapping[str, InputFile]:
    """The archives that record lists name, by path, each with the ranges of its records.

    Of equal offsets the longest counts. Names are relative to ``archives``, or to the list's folder
    if that is "". Raises BadRecordListError for a list with a bad line or none, OSError for one
    that cannot be read.
    """
    lengths: dict[str, dict[int, int]] = {}
    named_by: dict[str, list[InputFile]] = {}
    for given in lists:
        base = archives or given.path.rpartition("/")[0]
        is_empty = True
        for entry in read_record_list(given.path):
            path = _archive_path(entry.archive, base)
            known = lengths.setdefault(path, {})
            known[entry.offset] = max(entry.length, known.get(entry.offset, 0))
            by = named_by.setdefault(path, [])
            if by[-1:] != [given]:
                by.append(given)
            is_empty = False
        if is_empty:
            raise BadRecordListError(f"{given.path}: names no record")
    return {path: _archive(path, lengths[path], named_by[path]) for path in lengths}


def _archive(path: str, lengths: Mapping[int, int], lists: Sequence[InputFile]) -> InputFile:
    return InputFile(
        path,
        sum(lengths.values()),
        max(given.modified for given in lists),
        tuple(RecordRange(*each) for each in sorted(lengths.items())),
        tuple(given.path for given in lists),
    )


def _archive_path(name: str, base: str) -> str:
    """An archive's path or URI.

    >>> _archive_path("crawl-data/a.warc.gz", "s3://commoncrawl/")
    's3://commoncrawl/crawl-data/a.warc.gz'
    """
    if is_uri(name):
        return name
    if is_uri(base):
        return f"{base.rstrip('/')}/{name.lstrip('/')}"
    return os.path.abspath(os.path.join(base, name))  # noqa: PTH100, PTH118
