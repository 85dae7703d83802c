"""Whether a process may be forked and go on in Python: only its one thread comes through whole."""

from __future__ import annotations

from pathlib import Path

TASKS = Path("/proc/self/task")
JEMALLOC = "jemalloc_bg_thd"
"""Arrow's allocator has a thread of its own, and sees to its locks when the process is forked."""


def count_threads() -> int:
    """The threads of this process, of whatever library, jemalloc's aside; 0 if that is unknown."""
    if not TASKS.is_dir():
        return 0
    names = [_name(task) for task in TASKS.iterdir()]
    return sum(name not in ("", JEMALLOC) for name in names)


def may_fork() -> bool:
    """Whether this is known to be its process's only thread.

    A fork has all the locks that other threads hold and none of the threads that would let go.
    """
    return count_threads() == 1


def _name(task: Path) -> str:
    try:
        return (task / "comm").read_text().strip()
    except FileNotFoundError:  # it ended meanwhile
        return ""
