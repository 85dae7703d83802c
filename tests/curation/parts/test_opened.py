import gc
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import pytest

from curation.parts import opened
from curation.parts.opened import open_before_fork, opened_step
from schemas.verdict import Verdict, keep
from stages.base import CorpusStage, DocumentStage, Judge, Keys, Row


class Heavy:
    """A judge that can be looked for after it has gone."""

    def __call__(self, rows: Sequence[Row]) -> list[Verdict]:
        return [keep() for _ in rows]


@dataclass(frozen=True)
class Counting(DocumentStage):
    name: ClassVar[str] = "counting"
    reads: ClassVar[tuple[str, ...]] = ()
    opened: list = field(default_factory=list)

    def open(self) -> Judge:
        judge = Heavy()
        self.opened.append(weakref.ref(judge))
        return judge


class Compared(CorpusStage):
    name: ClassVar[str] = "compared"
    reads: ClassVar[tuple[str, ...]] = ()

    def __init__(self):
        self.times = 0

    def open(self) -> Judge:
        return Heavy()

    def open_keys(self) -> Keys:
        self.times += 1
        return lambda rows: [{} for _ in rows]

    def flag(self, keys, earlier):
        raise NotImplementedError


@pytest.fixture(autouse=True)
def nothing_opened(monkeypatch):
    monkeypatch.setattr(opened, "_opened_before_fork", {})
    opened_step.cache_clear()
    yield
    opened_step.cache_clear()


def test_a_stage_is_opened_once_for_the_keys_and_the_judgement_of_its_step():
    first, second, compared = Counting(), Counting(), Compared()
    opened_step("aa").keys(compared)
    before = opened_step("aa").chain((first,))
    whole = opened_step("aa").chain((first, compared, second))
    opened_step("aa").keys(compared)
    assert [link.stage for link in before] == [first]
    assert [link.stage for link in whole] == [first, compared, second]
    assert before[0] is whole[0]
    assert (len(first.opened), len(second.opened), compared.times) == (1, 1, 1)


def test_the_same_stages_under_another_fingerprint_are_opened_again():
    stage = Counting()
    opened_step("aa").chain((stage,))
    opened_step("bb").chain((stage,))
    assert len(stage.opened) == 2


def test_what_a_step_has_opened_goes_when_the_worker_serves_the_next_but_one():
    """A step makes the keys of the next one: what they need is opened once, and stays for it."""
    stage, compared = Counting(), Compared()
    opened_step("aa").chain((stage,))
    opened_step("bb").keys(compared)
    opened_step("bb").chain(())
    opened_step("bb").keys(compared)
    assert stage.opened[0]() is not None
    assert compared.times == 1
    opened_step("cc").chain(())
    gc.collect()
    assert stage.opened[0]() is None


class Unshared(Counting):
    opens_before_fork = False


def test_what_was_opened_before_the_fork_serves_its_step_and_stays():
    first, compared, last = Counting(), Compared(), Counting()
    open_before_fork([("aa", [first, compared]), ("bb", [last])])
    chain = opened_step("aa").chain((first, compared))
    opened_step("aa").keys(compared)
    opened_step("bb").chain((last,))
    opened_step("cc")
    assert opened_step("aa").chain((first, compared)) == chain
    assert (len(first.opened), compared.times, len(last.opened)) == (1, 1, 1)


def test_a_stage_that_must_not_be_shared_and_those_after_it_are_opened_by_the_worker():
    first, unshared, compared = Counting(), Unshared(), Compared()
    open_before_fork([("aa", [first, unshared, compared])])
    assert (len(first.opened), len(unshared.opened), compared.times) == (1, 0, 0)
    links = opened_step("aa").chain((first, unshared, compared))
    assert [link.stage for link in links] == [first, unshared, compared]
    assert (len(first.opened), len(unshared.opened)) == (1, 1)


class Starting(Heavy):
    def __init__(self):
        self.started = 0

    def start(self) -> None:
        self.started += 1


class Started(Counting):
    def open(self) -> Judge:
        self.opened.append(Starting())
        return self.opened[-1]


def test_a_judge_is_started_by_the_worker_not_by_what_opened_it():
    stage = Started()
    open_before_fork([("aa", [stage])])
    assert stage.opened[0].started == 0
    opened_step("aa").chain((stage,))
    assert stage.opened[0].started == 1
