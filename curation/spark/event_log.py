"""Spark's event log, kept with the run whose jobs it tells of.

Spark writes it into the batch's folder as the run goes. Into an object store it would need jars
that a cluster may not have: there it writes beside its scratch files, and what has been written is
copied after every step by what writes the run itself. A log that rolls has files that do not change
any more, so each is copied once, and the last one once more for every step.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyarrow import fs

from curation import storage
from curation.spark.scratch import session_folder
from curation.storage.stores import resolve

FOLDER = "_spark"
"""In a batch's folder."""
CHOICES = ("spark.eventLog.enabled", "spark.eventLog.dir")
"""Who sets one of these has decided about the log."""


@dataclass
class EventLog:
    """The event log of a session that runs a batch: where Spark writes it, and where it is kept."""

    batch_folder: str
    _copied: dict[str, int] = field(default_factory=dict, init=False)

    @property
    def home(self) -> str:
        """Where the log is kept."""
        return storage.join(self.batch_folder, FOLDER)

    @property
    def written_to(self) -> Path:
        """The local folder that Spark writes into."""
        store, path = resolve(self.home)
        is_local = isinstance(store, fs.LocalFileSystem)
        return Path(path) if is_local else Path(session_folder(), FOLDER)

    def settings(self, name: str, chosen: Mapping[str, str]) -> dict[str, str]:
        """Spark's settings for an application of this name; what is ``chosen`` already stands.

        The folder is made: Spark starts no session without it.
        """
        if any(key in chosen for key in CHOICES):
            return {"spark.app.name": name}
        self.written_to.mkdir(parents=True, exist_ok=True)
        return {
            "spark.app.name": name,
            "spark.eventLog.enabled": "true",
            "spark.eventLog.dir": self.written_to.as_uri(),
            "spark.eventLog.compress": "true",
            "spark.eventLog.rolling.enabled": "true",
        }

    def keep(self) -> None:
        """Copy what Spark has written, where it does not write into the batch's folder itself."""
        written = self.written_to
        if str(written) == resolve(self.home)[1] or not written.is_dir():
            return
        for path in sorted(path for path in written.rglob("*") if path.is_file()):
            name, size = path.relative_to(written).as_posix(), path.stat().st_size
            if self._copied.get(name) != size and not path.name.endswith(".crc"):
                storage.write_bytes(storage.join(self.home, name), path.read_bytes())
                self._copied[name] = size


def find_logs(batch_folder: str) -> list[str]:
    """The names of the logs of a batch's sessions, each a folder, sorted."""
    names = storage.list_names(storage.join(batch_folder, FOLDER))
    return [name for name in names if name.startswith("eventlog_v2_")]


def bring(batch_folder: str, name: str, folder: Path) -> None:
    """Put a log where a history server finds it: a link to one on this disk, a copy of another."""
    home = storage.join(batch_folder, FOLDER, name)
    store, path = resolve(home)
    if isinstance(store, fs.LocalFileSystem):
        os.symlink(path, folder / name)  # noqa: PTH211 - it may be there already from another run
        return
    for file in storage.list_files(home):
        target = folder / name / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(storage.read_bytes(storage.join(home, file)))
