"""Look at the machine as a run would find it, and say what to mend."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from curation.spark.java import JavaNotFoundError, find_java

NEEDED = ("pyspark", "pyarrow", "trafilatura", "fasttext", "jieba", "numba")
OPTIONAL = ("torch", "transformers", "sentence-transformers")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it serves, and what was seen or is to be done."""

    name: str
    good: bool
    detail: str


def examine() -> Iterator[Finding]:
    """Every check, one after the other; none raises."""
    yield Finding("Python", sys.version_info >= (3, 11), sys.version.split()[0])
    yield _check("Java", _java)
    for package in NEEDED:
        yield _check(package, partial(version, package))
    for package in OPTIONAL:
        try:
            yield Finding(package, True, version(package))
        except PackageNotFoundError:
            yield Finding(package, True, "not installed: only the large models need it ([models])")
    yield _check("language model", _language_model)
    yield _check("scratch space", _scratch)


def _check(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look())
    except PackageNotFoundError:
        return Finding(name, False, "not installed: make env")
    except (OSError, ValueError, RuntimeError, subprocess.SubprocessError) as error:
        return Finding(name, False, str(error))


def _java() -> str:
    java = find_java(os.environ)
    asked = subprocess.run(  # noqa: S603 - the Java that Spark would start
        [str(java), "-version"], capture_output=True, text=True, check=False, timeout=60
    )
    if asked.returncode:
        raise JavaNotFoundError(f"{java} does not run: {asked.stderr.strip()[:200]}")
    return f"{asked.stderr.splitlines()[0]} ({java})"


def _language_model() -> str:
    from models.language import digest, load

    model = load()
    return f"{model.name}, {digest(model.name)[:12]}"


def _scratch() -> str:
    folder = Path(tempfile.gettempdir())
    free = os.statvfs(folder)
    gib = free.f_bavail * free.f_frsize / 2**30
    if gib < 1:
        raise OSError(f"{folder} has {gib:.1f} GiB free: set TMPDIR to a larger disk")
    return f"{folder}, {gib:.0f} GiB free"
