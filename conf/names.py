"""Names that become folders: of pipelines, of their steps and of batches."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

MAX_CHARS = 100
_NAME = re.compile(r"[^\W_][\w.+=@-]*")


def folder_name(name: str) -> str:
    """The name itself. Raises ValueError for one that cannot be a folder's on every store.

    >>> folder_name("CC-MAIN-2024-10")
    'CC-MAIN-2024-10'
    >>> folder_name("../x")
    Traceback (most recent call last):
    ValueError: is no name: it must begin with a letter or digit, and hold only these and ._-+=@
    """
    if len(name) > MAX_CHARS:
        raise ValueError(f"is no name: it has {len(name)} characters, {MAX_CHARS} are allowed")
    if not _NAME.fullmatch(name):
        raise ValueError(
            "is no name: it must begin with a letter or digit, and hold only these and ._-+=@"
        )
    return name


FolderName = Annotated[str, AfterValidator(folder_name)]
