"""What a path or URI names: a place on the local disk or in an object store, through pyarrow.fs.

Object stores take credentials and endpoint from their usual environment variables
(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL, …).
"""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import BinaryIO, cast

from pyarrow import fs

from curation.errors import UsageError

LOCAL_BUFFER_BYTES = 1 << 20
_SECRET = re.compile(r"(?:^|&)[^&=]*(?:secret|password|token|access_key)[^&=]*=", re.IGNORECASE)
REMOTE_BUFFER_BYTES = 8 << 20  # one range request each: smaller ones make latency the cost


def is_uri(path: str) -> bool:
    """Whether a path names its store.

    >>> is_uri("s3://crawl/one.warc.gz"), is_uri("one.warc.gz")
    (True, False)
    """
    return "://" in path


def absolute(path: str) -> str:
    """The same place by a path that means it in every process; a URI does already.

    Links stay as they are named.

    >>> absolute("s3://bucket/runs"), absolute("/data/./runs")
    ('s3://bucket/runs', '/data/runs')
    """
    return path if is_uri(path) else os.path.abspath(path)  # noqa: PTH100


def resolve(uri: str) -> tuple[fs.FileSystem, str]:
    """The file system of a path or URI, and the path within it.

    Raises UsageError for a URI with credentials: a run records what it was run on.
    """
    if is_uri(uri):
        refuse_credentials(uri)
        return fs.FileSystem.from_uri(_in_one_request(uri))
    return fs.LocalFileSystem(), str(Path(uri).absolute())


def _in_one_request(uri: str) -> str:
    """The URI, and of S3, that a file smaller than a part is written by one request, not by three.

    >>> _in_one_request("s3://bucket/runs"), _in_one_request("hdfs://host/runs")
    ('s3://bucket/runs?allow_delayed_open=true', 'hdfs://host/runs')
    """
    if not uri.startswith("s3://"):
        return uri
    return f"{uri}{'&' if '?' in uri else '?'}allow_delayed_open=true"


def refuse_credentials(uri: str) -> None:
    """Raise UsageError, which shows none of them, for a URI with a password or a key.

    >>> refuse_credentials("s3://bucket/a@b:c?region=eu")
    """
    authority = uri.partition("://")[2].partition("/")[0].partition("?")[0]
    user = authority.rpartition("@")[0]
    if ":" in user or _SECRET.search(uri.partition("?")[2]):
        store = uri.partition("://")[0] + "://"
        raise UsageError(
            f"{store}***: holds credentials, which a run would write into its records: name the "
            "bucket alone, and give them in the environment (AWS_ACCESS_KEY_ID and the like)"
        )


def open_input(path: str, *, read_ahead: bool = True) -> BinaryIO:
    """A seekable binary file. Raises OSError if it cannot be opened.

    Without ``read_ahead`` no more is fetched from an object store than what is asked for.
    """
    if not is_uri(path):
        return open(path, "rb", buffering=LOCAL_BUFFER_BYTES)  # noqa: PTH123
    store, inner = resolve(path)
    # A random-access file, not an input stream: readers seek back to the start of a record.
    opened = store.open_input_file(inner)
    if not read_ahead:
        return cast("BinaryIO", opened)
    return cast("BinaryIO", io.BufferedReader(opened, REMOTE_BUFFER_BYTES))
