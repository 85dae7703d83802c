"""One writer at a time for the batches of a pipeline, on disks and on object stores alike.

Two runs that write one folder would each delete what the other has not listed yet. Who writes puts
a marker into ``{root}/{pipeline}/_lease/`` first. Stores promise no more than that what was written
is listed, so markers are looked at twice:

1. write a marker that *asks*; give way to any that *holds*, or that asks and has a lesser token;
2. let it hold; give way to any other whose token is less.

Of two that ask at once one gives way, or both do; never do both hold. A marker whose owner is gone
is deleted: on the same machine that is known; on another one, its owner raises a number every
``RENEW_S``, and is gone if it has not for three times as long.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from curation import storage
from curation.errors import UsageError
from curation.storage.records import read_record, write_record

FOLDER = "_lease"
RENEW_S = 10.0
PATIENCE_S = 3 * RENEW_S


@dataclass(frozen=True, slots=True)
class Lease:
    """A marker: who wants to write, or writes, and that it still does.

    ``process`` is its number on ``host``, within ``machine`` (what numbers processes: a boot of a
    kernel, a container; "" where that is not known). ``started`` is when it began, in the kernel's
    ticks, so that another process of the same number is told apart.
    """

    format_version: ClassVar[int] = 1
    remedy: ClassVar[str] = "delete it if nothing writes to this pipeline"

    token: str
    host: str
    machine: str
    process: int
    started: int
    work: str
    holds: bool = False
    renewals: int = 0

    def __str__(self) -> str:
        return f"{self.work} (process {self.process} on {self.host})"

    @property
    def owner_is_here(self) -> bool:
        """Whether its owner is a process of this machine, where that can be known."""
        return bool(self.machine) and self.machine == _machine()

    @property
    def owner_is_alive(self) -> bool:
        """Of one on this machine: whether it still runs."""
        return _started(self.process) == self.started


_held: set[str] = set()
"""Folders that this process holds the lease of."""


@contextmanager
def lease(pipeline_folder: str, work: str, *, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Hold the lease of a pipeline's batches, for some work, until the block ends.

    A process that holds it may ask again. Raises UsageError if another one holds it or gets it.
    """
    if pipeline_folder in _held:
        yield
        return
    folder = storage.join(pipeline_folder, FOLDER)
    mine = _take(folder, work, patience_s)
    ended = threading.Event()
    renewing = threading.Thread(target=_renew, args=(folder, mine, ended), daemon=True)
    renewing.start()
    _held.add(pipeline_folder)
    try:
        yield
    finally:
        _held.remove(pipeline_folder)
        ended.set()
        renewing.join()
        _delete(folder, mine)


def _take(folder: str, work: str, patience_s: float) -> Lease:
    process = os.getpid()
    owner = (socket.gethostname(), _machine(), process, _started(process))
    mine = Lease(uuid.uuid4().hex, *owner, work)
    _write(folder, mine)
    try:
        others = _others(folder, mine)
        _give_way(folder, [o for o in others if o.holds or o.token < mine.token], patience_s)
        mine = replace(mine, holds=True)
        _write(folder, mine)
        others = _others(folder, mine)
        _give_way(folder, [o for o in others if o.token < mine.token], patience_s)
    except BaseException:
        _delete(folder, mine)
        raise
    return mine


def _give_way(folder: str, others: Sequence[Lease], patience_s: float) -> None:
    """Raise UsageError for another that lives; delete the markers of those that do not."""
    for other in others:
        if _is_gone(folder, other, patience_s):
            _delete(folder, other)
        else:
            raise UsageError(
                f"{folder.rsplit('/', 1)[0]} is being written to by {other}: wait for it to end, "
                "or name another --root"
            )


def _is_gone(folder: str, other: Lease, patience_s: float) -> bool:
    if other.owner_is_here:
        return not other.owner_is_alive
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        time.sleep(min(1.0, patience_s / 10))
        now = _read(folder, other.token)
        if now is None or now != other:
            return now is None
    return True


def _renew(folder: str, mine: Lease, ended: threading.Event) -> None:
    renewals = 0
    while not ended.wait(RENEW_S):
        renewals += 1
        with suppress(OSError):  # a store that fails now may not fail the next time
            _write(folder, replace(mine, renewals=renewals))


def _others(folder: str, mine: Lease) -> list[Lease]:
    tokens = [name.removesuffix(".json") for name in storage.list_names(folder)]
    found = (_read(folder, token) for token in tokens if token != mine.token)
    return [other for other in found if other is not None]


def _read(folder: str, token: str) -> Lease | None:
    try:
        return read_record(_path(folder, token), Lease)
    except FileNotFoundError:
        return None


def _write(folder: str, marker: Lease) -> None:
    write_record(_path(folder, marker.token), marker)


def _delete(folder: str, marker: Lease) -> None:
    with suppress(OSError):  # one that stays, on a disk that fails, is known by its dead owner
        storage.delete_file(_path(folder, marker.token))


def _path(folder: str, token: str) -> str:
    return storage.join(folder, f"{token}.json")


def _machine() -> str:
    """What numbers the processes of this one: this boot of the kernel, and the namespace."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def _started(process: int) -> int:
    """When a process of this machine began, in the kernel's ticks; 0 for one that does not run."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return 0 if fields[0] == "Z" else int(fields[19])
