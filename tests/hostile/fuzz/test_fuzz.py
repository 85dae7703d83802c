"""A damaged file that raises, hangs or ends its process is found and named; the same each time."""

import os
import signal
import time

import pytest

from tests.hostile.fuzz.__main__ import look
from tests.hostile.fuzz.seeds import material
from tests.hostile.fuzz.targets import TARGETS
from tests.hostile.fuzz.trial import case, run_block
from tests.journal import Journal


@pytest.mark.parametrize("target", TARGETS)
def test_what_reads_damaged_input_ends_well(target):
    found = run_block(target, seed=0, numbers=range(3))
    assert found.failures == []
    assert found.outcomes.total() == 3


def test_a_case_is_the_same_whatever_ran_before():
    assert case("http", 7, 3) == case("http", 7, 3)
    assert len({case("http", 7, number) for number in range(20)}) > 15
    assert all(case("url", 7, n)[1] not in dict(material("url").seeds).values() for n in range(3))


def test_what_raises_hangs_or_ends_the_process_costs_its_own_case():
    def faulty(_, data):
        number = numbers[data]
        if number == 1:
            raise KeyError("no such thing")
        if number == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        if number == 3:
            while time.process_time() > 0:
                pass
        if number == 4:
            os._exit(0)
        if number == 5:
            bytes(64 << 30)
        return "well"

    numbers = {case("url", 0, number)[1]: number for number in range(8)}
    found = run_block("url", 0, range(8), run=faulty, max_cpu_s=0.3)
    assert [number for number, _ in found.failures] == [1, 2, 3, 4, 5]
    words = ("KeyError: 'no such thing'", "SIGKILL", "SIGPROF", "exit code 0", "MemoryError")
    for (_, said), word in zip(found.failures, words, strict=True):
        assert word in said
    assert found.outcomes == {"well": 3, "KeyError": 1, "ended": 3, "MemoryError": 1}


def test_a_block_that_was_run_is_not_run_again(tmp_path, monkeypatch):
    path = tmp_path / "found.jsonl"
    first = look(Journal(path), "url", 0, range(3))
    with path.open("a") as file:
        file.write('{"key": "url 0 3-6", "outc')  # as one that was killed left it
    monkeypatch.setattr("tests.hostile.fuzz.__main__.run_block", None)
    assert look(Journal(path), "url", 0, range(3)) == first
    with pytest.raises(TypeError):
        look(Journal(path), "url", 0, range(3, 6))
