"""A folder for what a session needs while it runs, for its user alone, gone when that has ended.

Sockets lie there, and what shuffles spill. A process that is killed cannot delete its own: the next
session on the machine deletes those whose process is gone. That shows in a lock on a file in the
folder, which the kernel takes back from whoever ends, in whichever way and container.
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

PREFIX = "curation-"
OWNER = "owner"
"""The file that is locked while the folder is in use."""


@cache
def session_folder() -> str:
    """That of this process; it is made when it is asked for first, and deleted at its end."""
    delete_abandoned(Path(tempfile.gettempdir()))
    return _made()[0].name


@cache
def _made() -> tuple[TemporaryDirectory[str], IO[bytes]]:
    folder = TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
    owner = Path(folder.name, OWNER).open("wb")  # noqa: SIM115 - open as long as the process runs
    fcntl.flock(owner, fcntl.LOCK_EX)
    return folder, owner


def delete_abandoned(parent: Path) -> None:
    """Delete the folders of sessions whose process has ended, as far as this user may."""
    for path in parent.glob(f"{PREFIX}*/{OWNER}"):
        with suppress(OSError), path.open("r+b") as owner:
            fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path.parent, ignore_errors=True)
