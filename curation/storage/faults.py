"""Errors of disks and object stores in one line that says what to do."""

from __future__ import annotations

from curation.errors import StorageError

_REMEDIES = {
    "No space left on device": "free some space there, or name another --root or SPARK_LOCAL_DIRS",
    "Disk quota exceeded": "free some space there, or name another --root or SPARK_LOCAL_DIRS",
    "Read-only file system": "make it writable, or name another --root",
    "Permission denied": "give the right to write there, or name another --root",
    "Input/output error": "look after the disk",
    "Too many open files": "raise the limit (`ulimit -n`)",
    "AWS Error": "look whether the store can be reached",
}
_MAX_CHARS = 400


def storage_error(error: BaseException | str, doing: str = "") -> StorageError:
    """The error of a disk or a store, met with in ``doing`` something, as a user can read it.

    >>> str(storage_error("[Errno 28] No space left on device: 'a'", "step rules"))[:53]
    "step rules: [Errno 28] No space left on device: 'a': "
    """
    text = " ".join(str(error).split())
    found = next((words for words in _REMEDIES if words in text), "")
    if len(text) > _MAX_CHARS:
        text = "…" + text[max(0, text.find(found) - _MAX_CHARS // 2) :][:_MAX_CHARS]
    remedy = _REMEDIES.get(found, "look whether that is there and can be read and written")
    return StorageError(
        ": ".join(filter(None, [doing, text, f"{remedy}, then run again to go on"]))
    )


def is_storage_fault(text: str) -> bool:
    """Whether what Spark says of a failure tells of a disk that is full, or the like.

    >>> is_storage_fault("java.io.IOException: No space left on device")
    True
    """
    return any(words in text for words in _REMEDIES if words != "Permission denied")
