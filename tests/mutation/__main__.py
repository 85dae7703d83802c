"""Draw mutants, run their tests, and name those that no test saw.

What was found of a mutant stands as long as its module and the tests of that are the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.mutations import Mutation, mutated, mutations
from tests.mutation.trial import MIN_CPU_S, ROOT, TIMES_CPU, Module, Outcome, run_tests

HERE = Path(__file__).parent
FOUND = ROOT / ".mutants.json"
MIN_KILLED_RATIO = 0.9


@dataclass(frozen=True)
class Mutant:
    """A change to a module."""

    module: Module
    mutation: Mutation

    @property
    def line(self) -> str:
        """The line of the source where it begins."""
        return self.module.source.splitlines()[self.mutation.line - 1].strip()

    def __str__(self) -> str:
        """As it is listed."""
        place = f"{self.module.path}:{self.mutation.line}:{self.mutation.column}"
        return f"{place}: {self.mutation.change}: {self.line}"


def read_modules() -> list[Module]:
    """The modules whose mutants are made, with their tests."""
    listed = tomllib.loads((HERE / "modules.toml").read_text(encoding="utf-8"))
    return [Module(path, tuple(tests)) for path, tests in listed["tests"].items()]


def read_equivalent() -> set[tuple[str, str, str]]:
    """Path, line and change of the mutants that change nothing that anybody could see."""
    listed = tomllib.loads((HERE / "equivalent.toml").read_text(encoding="utf-8"))
    return {(one["path"], one["line"], one["change"]) for one in listed["mutant"]}


def all_mutants(modules: Sequence[Module]) -> Iterator[Mutant]:
    """Every mutant, but for the equivalent ones."""
    equivalent = read_equivalent()
    for module in modules:
        for mutation in mutations(module.source):
            mutant = Mutant(module, mutation)
            if (module.path, mutant.line, mutation.change) not in equivalent:
                yield mutant


def sample(mutants: Sequence[Mutant], count: int, seed: int) -> list[Mutant]:
    """Those whose digests come first, by module: the same ones whenever the sources are."""

    def drawn(mutant: Mutant) -> bytes:
        return hashlib.blake2b(f"{seed} {mutant}".encode(), digest_size=8).digest()

    return sorted(sorted(mutants, key=drawn)[:count], key=str)


class Account:
    """What was found of mutants, by digests of their modules and tests."""

    def __init__(self) -> None:
        self._found: dict[str, str] = json.loads(FOUND.read_text()) if FOUND.exists() else {}

    def outcome(self, mutant: Mutant) -> Outcome | None:
        """What was found of it, if anything was."""
        found = self._found.get(self._key(mutant))
        return Outcome(found) if found else None

    def add(self, mutant: Mutant, outcome: Outcome) -> None:
        """Keep what was found."""
        self._found[self._key(mutant)] = outcome
        FOUND.write_text(json.dumps(self._found, indent=0, sort_keys=True))

    def _key(self, mutant: Mutant) -> str:
        files = [ROOT / mutant.module.path, *map(ROOT.joinpath, mutant.module.tests)]
        every = [each for file in files for each in (sorted(file.rglob("*.py")) or [file])]
        digest = hashlib.blake2b(str(mutant).encode(), digest_size=16)
        for file in every:
            digest.update(file.read_bytes())
        return digest.hexdigest()


def examine(mutants: Sequence[Mutant]) -> Iterator[tuple[Mutant, Outcome]]:
    """The outcome of each mutant. Ends the program where tests fail without any."""
    account = Account()
    limits: dict[Module, float] = {}
    for mutant in mutants:
        outcome = account.outcome(mutant)
        if outcome is None:
            module = mutant.module
            if module not in limits:
                limits[module] = _limit(module)
            tree = mutated(module.source, mutant.mutation)
            outcome, _ = run_tests(module, tree, limits[module])
            account.add(mutant, outcome)
        yield mutant, outcome


def _limit(module: Module) -> float:
    """The processor time that the tests of a module may take, from what they take unchanged."""
    import ast

    outcome, spent = run_tests(module, ast.parse(module.source), 300.0)
    if outcome is not Outcome.SURVIVED:
        sys.exit(f"{module.path}: its tests fail without a mutation: {' '.join(module.tests)}")
    return MIN_CPU_S + TIMES_CPU * spent


def main() -> None:
    """Examine a sample and print the survivors."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=100, help="how many are drawn")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="part of the paths of modules")
    asked = parser.parse_args()
    os.chdir(ROOT)
    _import_what_tests_need()
    mutants = list(all_mutants([one for one in read_modules() if asked.only in one.path]))
    drawn = sample(mutants, asked.count, asked.seed)
    print(f"{len(drawn)} of {len(mutants)} mutants, seed {asked.seed}", flush=True)
    counts: Counter[Outcome] = Counter()
    started = time.process_time()
    for mutant, outcome in examine(drawn):
        counts[outcome] += 1
        if outcome is Outcome.SURVIVED:
            print(f"survived: {mutant}", flush=True)
    killed = len(drawn) - counts[Outcome.SURVIVED]
    times = os.times()
    spent = time.process_time() - started + times.children_user + times.children_system
    print(f"killed {killed} of {len(drawn)} ({killed / max(1, len(drawn)):.1%}), {spent:.0f} s")
    sys.exit(0 if killed >= MIN_KILLED_RATIO * len(drawn) else 1)


def _import_what_tests_need() -> None:
    """Libraries that take long to import, which the processes share; nothing of the project."""
    import hypothesis  # noqa: F401
    import numpy as np  # noqa: F401
    import pyarrow.compute
    import pyarrow.parquet  # noqa: F401
    import pydantic  # noqa: F401


if __name__ == "__main__":
    main()
