"""Configuration data that ships with the project, found by name wherever the project is installed.

A name without a leading "/" or "." ("rules", "blocklists/adult") is looked up here; anything else
is a path of the user's own.
"""

from __future__ import annotations

from pathlib import Path

HOME = Path(__file__).resolve().parent


def locate(name: str) -> Path:
    """The path of a shipped file or folder, or of the user's own.

    >>> locate("local.toml").name
    'local.toml'
    """
    path = Path(name)
    return path if path.is_absolute() or name.startswith(".") else HOME / name
