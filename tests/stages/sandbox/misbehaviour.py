"""A function that does what hostile pages do to a parser: for the tests of the sandbox."""

import collections
import ctypes
import itertools
import math
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

SEEN: list[str] = []


def make(prefix: str = "") -> Callable[[str], str]:
    def behave(item: str) -> str:
        SEEN.append(item)
        deeds = {
            "hang": lambda: time.sleep(600),
            "loop": lambda: burn(math.inf),
            "match": lambda: re.match(r"(a+)+$", "a" * 64 + "b"),
            "count": lambda: collections.deque(itertools.count(), 0),  # never back in Python
            "segfault": lambda: ctypes.string_at(0),
            "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
            "exit": lambda: os._exit(3),
            "eat": lambda: [bytearray(1 << 26) for _ in range(1 << 12)],
            "recurse": lambda: make()("recurse"),
            "raise": lambda: 1 // 0,
            "print": lambda: sys.stdout.write("noise" * 10000),
            "write": lambda: os.write(1, b"noise of a library"),  # as compiled code prints
        }
        if item in deeds:
            deeds[item]()
        if item in TELLS:
            return str(TELLS[item]())
        if item == "late":
            burn(0 if len(SEEN) == 1 else math.inf)
        if item.startswith("note "):
            with Path(item.split()[1]).open("a") as tries:
                tries.write("tried\n")
            burn(math.inf)
        if item.startswith("kill "):
            _, who, times, note = item.split()
            if len(done := Path(note).read_text()) < int(times):
                Path(note).write_text(f"{done}x")
                os.kill({"child": os.getpid, "server": os.getppid}[who](), signal.SIGKILL)
                time.sleep(600)
        if item.startswith("burn "):
            burn(float(item.split()[1]))
        return f"{prefix}{item} {os.getpid()}" if item == "pid" else f"{prefix}{item}"

    return behave


def depth() -> int:
    """How deep a function may call itself."""
    try:
        return 1 + depth()
    except RecursionError:
        return 0


def grow() -> int:
    """How many more MiB the process may map, in steps of 16."""
    held: list[bytearray] = []
    try:
        while True:
            held.append(bytearray(1 << 24))
    except MemoryError:
        return 16 * len(held)


TELLS = {
    "depth": depth,
    "grow": grow,
    "descriptors": lambda: len(list(Path("/proc/self/fd").iterdir())),
    "server": os.getppid,
}


def burn(cpu_s: float) -> None:
    end = time.process_time() + cpu_s
    while time.process_time() < end:
        pass


def load() -> Callable[[str], str]:
    """Tells which process has loaded it."""
    process = os.getpid()
    return lambda _: str(process)


def fail() -> Callable[[str], str]:
    raise ValueError("the recipe is wrong")
