"""What a document does to the process that judges it: the first try ends, the next one says which."""

import os
import signal
import sys
import traceback

import pytest

from curation.parts import guard as guards
from curation.parts.guard import CalledStages, KeyedStage, TimedGuard, guarding
from curation.parts.limits import DocumentLimits
from curation.testing import samples
from schemas.verdict import Decision
from stages.chain import Link, NoKeys
from stages.extract import Extract
from tests.curation.faulty import ASLEEP, Faulty, FaultyCorpus

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked elsewhere")

LIMITS = DocumentLimits(timeout_s=0.4, max_memory_bytes=64 << 20)
CALLED = CalledStages("faulty", (Faulty(),), KeyedStage("faulty corpus", FaultyCorpus()))
EXPECTED = {
    "endless": ("timed_out", "more than 0.4 s of CPU time"),
    "compiled": ("timed_out", "more than 0.4 s of CPU time"),
    "hungry": ("out_of_memory", "the memory limit was reached"),
    "huge": ("out_of_memory", "the memory limit was reached"),
    "crashing": ("crashed", "killed by SIGSEGV"),
    "leaving": ("crashed", "exit code 0"),
}


def in_a_fork(work):
    """How a fork of this process ends that does the work: its exit code, a signal as negative."""
    process = os.fork()
    if not process:
        try:
            for number in (signal.SIGSEGV, signal.SIGALRM, signal.SIGPROF):
                signal.signal(number, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, 0)
            work()
            os._exit(90)
        except MemoryError:
            os._exit(91)
        except BaseException:  # noqa: BLE001 - nothing of a fork goes on in the tests
            traceback.print_exc()
        finally:
            os._exit(92)
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status)


@pytest.mark.parametrize("place", ["document", "keys"])
@pytest.mark.parametrize(
    ("fault", "end"),
    [
        ("endless", -signal.SIGPROF),
        ("compiled", -signal.SIGPROF),
        ("hungry", 91),
        ("huge", 91),
        ("crashing", -signal.SIGSEGV),
        ("leaving", 0),
        ("asleep", -signal.SIGALRM),
    ],
)
def test_the_first_try_of_a_task_ends_whatever_a_document_does(place, fault, end, monkeypatch):
    if fault in ASLEEP:
        monkeypatch.setattr(guards, "WALL_FACTOR", 1)
    guard = TimedGuard(CALLED, LIMITS)
    [link] = guard.open()
    rows = [{"text": f"{place}: {fault}"}]
    work = {"document": lambda: guard.judge(link, rows), "keys": lambda: guard.make_keys(rows)}
    assert in_a_fork(work[place]) == end


def test_a_guard_leaves_timers_and_limits_as_they_were():
    def work():
        guard = TimedGuard(CALLED, LIMITS)
        before = guards.resource.getrlimit(guards.resource.RLIMIT_AS)
        guard.judge(guard.open()[0], [{"text": "good"}])
        assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
        assert guards.resource.getrlimit(guards.resource.RLIMIT_AS) == before

    assert in_a_fork(work) == 90


def test_a_later_try_quarantines_the_documents_to_blame_and_no_other():
    faulty = [f"document: {name}" for name in EXPECTED]
    texts = ["good", *(f"keys: {name}" for name in EXPECTED), "good"]
    with guarding(CALLED, LIMITS, tried_before=True) as guard:
        [link] = guard.open()
        judged = guard.judge(link, [{"text": text} for text in [*faulty, "good"]])
        keys = guard.make_keys([{"text": text} for text in texts])
    assert [(verdict.reason, verdict.detail) for verdict in judged] == [
        *EXPECTED.values(),
        ("", ""),
    ]
    assert keys == [
        {"size": 4},
        *(NoKeys(*expected) for expected in EXPECTED.values()),
        {"size": 4},
    ]


def test_what_sleeps_is_quarantined_too(monkeypatch):
    monkeypatch.setattr(guards, "WALL_FACTOR", 2)
    with guarding(CALLED, LIMITS, tried_before=True) as guard:
        [verdict] = guard.judge(guard.open()[0], [{"text": "document: asleep"}])
    assert (verdict.reason, verdict.detail) == ("timed_out", "no answer in 0.8 s")


def test_a_stage_that_may_hold_a_gpu_is_not_called_in_a_child(monkeypatch):
    monkeypatch.setattr(Faulty, "opens_before_fork", property(lambda _: False))
    here = []

    def judge(rows):
        here.append(os.getpid())
        return []

    called = CalledStages("of a gpu", (Faulty(),))
    with guarding(called, LIMITS, tried_before=True) as guard:
        guard.judge(Link(called.stages[0], judge), [])
    assert here == [os.getpid()]


@pytest.mark.slow
def test_a_stage_with_a_child_of_its_own_has_one_within_the_child():
    """Pages are extracted as in the worker, whether the worker has extracted some before or not."""
    called = CalledStages("of pages", (Extract(),))
    rows = [
        {**{name: row[name] for name in Extract.reads}, "text": ""} for row in samples.documents()
    ]
    verdicts = []
    for tried_before in (False, True, False):
        with guarding(called, DocumentLimits(), tried_before=tried_before) as guard:
            [link] = guard.open()
            verdicts.append(list(guard.judge(link, rows)))
    assert verdicts[0] == verdicts[1] == verdicts[2]
    assert {verdict.decision for verdict in verdicts[0]} == {Decision.KEEP, Decision.REMOVE}
