"""Configuration data that ships with the project, found by name wherever the project is installed.

A name without a leading "/" or "." ("rules", "blocklists/adult") is looked up here; anything else
is a path of the user's own.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

HOME = Path(__file__).resolve().parent


def locate(name: str) -> Path:
    """The path of a shipped file or folder, or of the user's own.

    >>> locate("local.toml").name
    'local.toml'
    """
    path = Path(name)
    return path if path.is_absolute() or name.startswith(".") else HOME / name


def digest_file(path: Path) -> str:
    """The SHA-256 of a file's content: what a stage's ``resources`` say of a file that it reads."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
