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
        }
        if item in deeds:
            deeds[item]()
        if item == "late":
            burn(0 if len(SEEN) == 1 else math.inf)
        if item.startswith("note "):
            with Path(item.split()[1]).open("a") as tries:
                tries.write("tried\n")
            burn(math.inf)
        if item.startswith("burn "):
            burn(float(item.split()[1]))
        return f"{prefix}{item} {os.getpid()}" if item == "pid" else f"{prefix}{item}"

    return behave


def burn(cpu_s: float) -> None:
    end = time.process_time() + cpu_s
    while time.process_time() < end:
        pass


def fail() -> Callable[[str], str]:
    raise ValueError("the recipe is wrong")
