"""The archives that lists of records name."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from curation.sources.inputs.cdx import BadIndexError, read_index
from curation.sources.inputs.input_file import InputFile
from curation.storage.stores import is_uri


def archives_of(lists: Sequence[InputFile], archives: str) -> Mapping[str, InputFile]:
    """The archives that lists name, by path, each with its places.

    Of equal offsets the longest counts. Names are relative to ``archives``, or to the list's folder
    if that is "". Raises BadIndexError for a list with a bad line or none, OSError for one that
    cannot be read.
    """
    places: dict[str, dict[int, int]] = {}
    named_by: dict[str, list[InputFile]] = {}
    for given in lists:
        base = archives or given.path.rpartition("/")[0]
        is_empty = True
        for name, offset, length in read_index(given.path):
            path = _archive_path(name, base)
            known = places.setdefault(path, {})
            known[offset] = max(length, known.get(offset, 0))
            by = named_by.setdefault(path, [])
            if by[-1:] != [given]:
                by.append(given)
            is_empty = False
        if is_empty:
            raise BadIndexError(f"{given.path}: names no record")
    return {path: _listed_file(path, places[path], named_by[path]) for path in places}


def _listed_file(path: str, places: Mapping[int, int], lists: Sequence[InputFile]) -> InputFile:
    return InputFile(
        path,
        sum(places.values()),
        max(given.modified for given in lists),
        tuple(sorted(places.items())),
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
