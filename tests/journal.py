"""What a long trial has found so far, a line of JSON each, so that it goes on where it was stopped."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Entry = Mapping[str, Any]


def say(line: str) -> None:
    """Print a line at once: a trial tells how far it is."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class Journal:
    """Entries by key in a file that only grows; of a key that comes twice the last one stands.

    A line that was not written to its end, as by a process that was killed, was never written.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._entries: dict[str, Entry] = {}
        if path and path.exists():
            data = path.read_bytes()
            whole = data[: data.rfind(b"\n") + 1]
            if len(whole) < len(data):
                path.write_bytes(whole)
            entries = map(json.loads, whole.splitlines())
            self._entries.update((entry["key"], entry) for entry in entries)

    def get(self, key: str) -> Entry | None:
        """The entry of that key, None where there is none yet."""
        return self._entries.get(key)

    def add(self, key: str, **found: Any) -> Entry:
        """Write an entry at once."""
        entry = {"key": key, **found}
        self._entries[key] = entry
        if self._path:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        return entry

    def __iter__(self) -> Iterator[Entry]:
        """All entries, in the order in which their keys came first."""
        return iter(self._entries.values())
