"""Files of a run on disk or in an object store, and the manifests that account for them."""

from curation.storage.files import (
    StoredFile,
    delete_file,
    delete_folder,
    exists,
    join,
    list_files,
    list_names,
    move,
    publish,
    publish_named,
    read_bytes,
    scratch,
    scratch_file,
    sha256_of,
    write_bytes,
    write_text,
)

__all__ = [
    "StoredFile",
    "delete_file",
    "delete_folder",
    "exists",
    "join",
    "list_files",
    "list_names",
    "move",
    "publish",
    "publish_named",
    "read_bytes",
    "scratch",
    "scratch_file",
    "sha256_of",
    "write_bytes",
    "write_text",
]
