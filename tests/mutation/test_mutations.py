"""A mutant differs from its module in one place, and its tests are run on it and not on the module."""

import ast
import importlib

import pytest

from tests.mutation.mutations import mutated, mutations
from tests.mutation.trial import MIN_CPU_S, Module, Outcome, run_tests

SOURCE = '''
"""Says what it does."""

LIMIT: Annotated[int, Ge(1)] = 3

@dataclass(frozen=True)
def judge(words: int = 7) -> bool:
    """Whether there are enough."""
    if words < LIMIT and not words % 2:
        raise ValueError(f"{words + 1} words")
    return words
'''


def lines_of(mutation):
    return ast.unparse(mutated(SOURCE, mutation)).splitlines()


def test_every_mutant_differs_in_one_line():
    whole = ast.unparse(ast.parse(SOURCE)).splitlines()
    changed = {}
    for mutation in mutations(SOURCE):
        mutant = lines_of(mutation)
        [line] = [n for n, (a, b) in enumerate(zip(whole, mutant, strict=True)) if a != b]
        changed[mutation.change, mutation.column] = mutant[line].strip()
    assert changed == {
        ("3 to 4", 31): "LIMIT: Annotated[int, Ge(1)] = 4",
        ("7 to 8", 23): "def judge(words: int=8) -> bool:",
        ("always", 4): "if True:",
        ("never", 4): "if False:",
        ("and to or", 7): "if words < LIMIT or not words % 2:",
        ("Lt to LtE", 7): "if words <= LIMIT and (not words % 2):",
        ("without not", 25): "if words < LIMIT and words % 2:",
        ("Mod to Mult", 29): "if words < LIMIT and (not words * 2):",
        ("2 to 3", 37): "if words < LIMIT and (not words % 3):",
        ("left out", 8): "pass",
        ("return None", 4): "return None",
    }


@pytest.mark.slow
def test_a_mutant_that_tests_see_is_killed_and_the_module_itself_is_not():
    importlib.import_module("stages.lottery")  # unchanged, as where other tests ran before
    module = Module("stages/lottery.py", ("tests/stages/test_lottery.py",))
    shift = next(m for m in mutations(module.source) if m.change == "Sub to Add")
    unchanged = ast.parse(module.source)
    assert run_tests(module, unchanged, MIN_CPU_S)[0] is Outcome.SURVIVED
    assert run_tests(module, mutated(module.source, shift), MIN_CPU_S)[0] is Outcome.KILLED
