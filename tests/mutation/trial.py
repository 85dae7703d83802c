"""One mutant in a process of its own: its module imported as changed, and its tests run."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import os
import resource
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType

import pytest

PACKAGES = ("conf", "curation", "jobs", "models", "schemas", "stages", "tests")
ROOT = Path(__file__).parents[2]
MIN_CPU_S = 20.0
TIMES_CPU = 5.0
WALL_PER_CPU = 30.0
"""The machine may be busy: a mutant that waits for ever has so much of the clock."""


class Outcome(StrEnum):
    """What the tests said."""

    KILLED = "killed"
    LATE = "late"
    SURVIVED = "survived"


@dataclass(frozen=True)
class Module:
    """A module, and the tests that are to see what is wrong with it."""

    path: str
    tests: tuple[str, ...]

    @property
    def name(self) -> str:
        """As it is imported."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def source(self) -> str:
        """Its text."""
        return (ROOT / self.path).read_text(encoding="utf-8")


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        super().__init__(name, path)
        self._tree = tree

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._tree, self.path, "exec", dont_inherit=True)


class _Finder:
    """Finds the one module, as it was changed."""

    def __init__(self, module: Module, tree: ast.Module) -> None:
        self._module, self._tree = module, tree

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name != self._module.name:
            return None
        where = str(ROOT / self._module.path)
        loader = _Loader(name, where, self._tree)
        folders = [str(Path(where).parent)] if where.endswith("__init__.py") else None
        return importlib.util.spec_from_file_location(
            name, where, loader=loader, submodule_search_locations=folders
        )


def run_tests(module: Module, tree: ast.Module, max_cpu_s: float) -> tuple[Outcome, float]:
    """What the module's tests say of it in that form, and the processor time that they took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with TemporaryDirectory(prefix="mutant-") as kernels:
        process = os.fork()
        if not process:
            _test(module, tree, max_cpu_s, kernels)
        code = _wait(process, time.monotonic() + max_cpu_s * WALL_PER_CPU)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if code is None or code == -signal.SIGXCPU:
        return Outcome.LATE, spent
    return (Outcome.KILLED if code else Outcome.SURVIVED), spent


def _wait(process: int, deadline: float) -> int | None:
    """The exit code, or None where there was none in time; whatever the process began is ended."""
    code = None
    while time.monotonic() < deadline:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            break
        time.sleep(0.02)
    with suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)
    if code is None:
        os.waitpid(process, 0)
    return code


def _test(module: Module, tree: ast.Module, max_cpu_s: float, kernels: str) -> None:
    """The life of the process that tests."""
    code = 1
    try:
        os.setsid()
        if "models.kernels.compile" in module.source:
            # Compiled anew, with what calls it: machine code is kept by the file, which is as it was.
            os.environ["NUMBA_CACHE_DIR"] = kernels
        seconds = int(max_cpu_s)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        _forget_project()
        sys.meta_path.insert(0, _Finder(module, tree))  # type: ignore[arg-type]
        importlib.import_module(module.name)  # pytest would read the file for its examples itself
        code = int(pytest.main(_arguments([*module.tests, module.path])))
    finally:
        os._exit(code)


def _forget_project() -> None:
    """Have all of the project imported anew: what was imported before knows the module unchanged."""
    for name in [*sys.modules]:
        package = name.partition(".")[0]
        if package in PACKAGES and not name.startswith(__package__):
            del sys.modules[name]


def _arguments(tests: Sequence[str]) -> list[str]:
    quiet = ["-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider"]
    return [*quiet, "-m", "not spark and not torch", "--timeout=0", *tests]
