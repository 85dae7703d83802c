"""A function that does what hostile pages do to a parser: for the tests of the sandbox."""

import ctypes
import os
import re
import signal
import sys
import time
from collections.abc import Callable

SEEN: list[str] = []


def make(prefix: str = "") -> Callable[[str], str]:
    def behave(item: str) -> str:
        SEEN.append(item)
        deeds = {
            "hang": lambda: time.sleep(600),
            "spin": lambda: re.match(r"(a+)+$", "a" * 64 + "b"),
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
            time.sleep(0.0 if len(SEEN) == 1 else 600)
        return f"{prefix}{item} {os.getpid()}" if item == "pid" else f"{prefix}{item}"

    return behave


def fail() -> Callable[[str], str]:
    raise ValueError("the recipe is wrong")
