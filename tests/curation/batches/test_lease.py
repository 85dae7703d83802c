"""Of all who would write the batches of a pipeline at once, one does at most."""

import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from curation.batches import lease as module
from curation.batches.lease import Lease, lease
from curation.errors import UsageError
from curation.storage.records import write_record

HOLD = """
import sys, time
from curation.batches.lease import lease
with lease(sys.argv[1], "a run of batch may"):
    print("held", flush=True)
    time.sleep(60)
"""
ELSEWHERE = Lease("00", "far", "another boot", 7, 8, "a run of batch june", holds=True)


@pytest.fixture
def holder(tmp_path):
    """A process that holds the lease of ``tmp_path``."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def markers(folder):
    return sorted((folder / module.FOLDER).glob("*.json"))


def mark(folder, marker):
    write_record(f"{folder}/{module.FOLDER}/{marker.token}.json", marker)


def test_a_lease_is_held_until_its_block_ends(tmp_path):
    with lease(str(tmp_path), "a run"):
        [path] = markers(tmp_path)
        assert json.loads(path.read_text())["holds"]
        with lease(str(tmp_path), "a run within"):
            assert markers(tmp_path) == [path]
        assert markers(tmp_path) == [path]
    assert markers(tmp_path) == []


def test_who_comes_while_it_is_held_is_told_who_holds_it(tmp_path, holder):
    message = rf"{tmp_path} is being written to by a run of batch may \(process {holder.pid} on "
    with pytest.raises(UsageError, match=message), lease(str(tmp_path), "a run"):
        pass
    assert len(markers(tmp_path)) == 1


def test_another_pipeline_may_be_written_to(tmp_path, holder):
    with lease(str(tmp_path / "other"), "a run"):
        assert len(markers(tmp_path)) == 1


def test_what_a_killed_process_held_is_free(tmp_path, holder):
    holder.kill()
    holder.wait()
    assert len(markers(tmp_path)) == 1
    with lease(str(tmp_path), "a run"):
        assert len(markers(tmp_path)) == 1
    assert markers(tmp_path) == []


def test_another_process_of_the_same_number_is_not_the_owner(tmp_path, holder):
    [path] = markers(tmp_path)
    record = json.loads(path.read_text())
    del record["checksum"], record["format_version"]
    path.unlink()
    mark(tmp_path, replace(Lease(**record), started=record["started"] - 1))
    with lease(str(tmp_path), "a run"):
        pass


def test_an_owner_on_another_machine_that_does_not_renew_is_gone(tmp_path):
    mark(tmp_path, ELSEWHERE)
    begin = time.monotonic()
    with lease(str(tmp_path), "a run", patience_s=0.5):
        assert time.monotonic() - begin >= 0.5
        assert len(markers(tmp_path)) == 1


def test_an_owner_on_another_machine_that_renews_is_given_way_to(tmp_path):
    mark(tmp_path, ELSEWHERE)
    ended = threading.Event()

    def renew():
        renewals = 0
        while not ended.wait(0.1):
            renewals += 1
            mark(tmp_path, replace(ELSEWHERE, renewals=renewals))

    thread = threading.Thread(target=renew)
    thread.start()
    try:
        with pytest.raises(UsageError, match="june"), lease(str(tmp_path), "a run", patience_s=20):
            pass
    finally:
        ended.set()
        thread.join()


def test_the_owner_renews_while_it_works(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "RENEW_S", 0.05)
    with lease(str(tmp_path), "a run"):
        [path] = markers(tmp_path)
        deadline = time.monotonic() + 20
        while json.loads(path.read_text())["renewals"] < 2:
            assert time.monotonic() < deadline


def test_of_many_that_ask_at_once_one_holds_at_most(tmp_path, monkeypatch):
    holding, most, held = [], [], []

    def ask(round_and_number):
        folder = str(tmp_path / str(round_and_number[0]))
        try:
            mine = module._take(f"{folder}/{module.FOLDER}", "a run", 1.0)
        except UsageError:
            return
        holding.append(mine)
        most.append(len(holding))
        held.append(round_and_number[0])
        time.sleep(0.01)
        holding.remove(mine)
        module._delete(f"{folder}/{module.FOLDER}", mine)

    for number in range(20):
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(ask, [(number, one) for one in range(6)]))
    assert held
    assert set(most) == {1}


def of_this_process(token, *, holds):
    process = os.getpid()
    owner = ("here", module._machine(), process, module._started(process))
    return Lease(token, *owner, "another run", holds=holds)


def test_one_of_the_same_process_may_ask_again_and_again(tmp_path):
    folder = str(tmp_path)
    with lease(folder, "a run"):
        for _ in range(2):
            with lease(folder, "within"), lease(folder, "further within"):
                assert len(markers(tmp_path)) == 1
        assert any(thread.daemon for thread in threading.enumerate()), "it ends with the process"
    with lease(folder, "a run"):
        assert len(markers(tmp_path)) == 1


@pytest.mark.parametrize(
    ("token", "holds", "is_given_way_to"),
    [("0", False, True), ("0", True, True), ("z", True, True), ("z", False, False)],
)
def test_who_asks_gives_way_to_those_that_hold_and_to_lesser_tokens(
    tmp_path, token, holds, is_given_way_to
):
    mark(tmp_path, of_this_process(token, holds=holds))
    if is_given_way_to:
        with pytest.raises(UsageError, match="another run"), lease(str(tmp_path), "a run"):
            pass
        assert len(markers(tmp_path)) == 1
    else:
        with lease(str(tmp_path), "a run"):
            assert len(markers(tmp_path)) == 2


def test_who_holds_looks_again_and_gives_way_to_a_lesser_token(tmp_path, monkeypatch):
    looks = []

    def look(folder, mine):
        written = json.loads((Path(folder) / f"{mine.token}.json").read_text())
        looks.append((written["holds"], written["renewals"]))
        return [of_this_process("0", holds=False)] if len(looks) == 2 else []

    monkeypatch.setattr(module, "_others", look)
    with pytest.raises(UsageError, match="another run"), lease(str(tmp_path), "a run"):
        pass
    assert looks == [(False, 0), (True, 0)]
    assert markers(tmp_path) == []


def test_an_owner_elsewhere_that_ends_is_not_waited_for_any_longer(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_read", lambda *_: None)
    begin = time.monotonic()
    assert module._is_gone(str(tmp_path), ELSEWHERE, 5.0)
    assert time.monotonic() - begin < 4


def test_where_machines_cannot_be_told_apart_no_owner_is_taken_to_be_here(monkeypatch):
    monkeypatch.setattr(module, "_machine", lambda: "")
    assert not replace(ELSEWHERE, machine="").owner_is_here
    assert not ELSEWHERE.owner_is_here
    monkeypatch.setattr(module, "_machine", lambda: "another boot")
    assert ELSEWHERE.owner_is_here


def test_a_machine_that_does_not_say_which_it_is_has_no_name(monkeypatch):
    assert len(module._machine().split()) == 2
    monkeypatch.setattr(module, "Path", lambda _: Path("/nowhere"))
    assert module._machine() == ""


def test_a_marker_is_renewed_by_a_number_every_ten_seconds_whatever_a_store_does(monkeypatch):
    waits, written = [], []

    class Ended:
        def wait(self, seconds):
            waits.append(seconds)
            return len(waits) == 4

    def write(_, marker):
        written.append(marker.renewals)
        if len(written) == 2:
            raise OSError("slow down")

    monkeypatch.setattr(module, "_write", write)
    module._renew("folder", ELSEWHERE, Ended())
    assert written == [1, 2, 3]
    assert waits == [10.0] * 4
    assert module.PATIENCE_S == 30.0  # as docs/integrity.md has it


def test_a_marker_that_goes_while_others_are_read_is_none(tmp_path, monkeypatch):
    mark(tmp_path, ELSEWHERE)
    names = ["00.json", "gone.json", "mine.json"]
    monkeypatch.setattr(module.storage, "list_names", lambda _: names)
    folder, mine = f"{tmp_path}/{module.FOLDER}", replace(ELSEWHERE, token="mine")
    mark(tmp_path, mine)
    assert module._others(folder, mine) == [ELSEWHERE]


def test_a_process_is_known_by_when_it_began_and_one_that_has_ended_by_nothing():
    fields = Path("/proc/self/stat").read_text().split()  # proc(5): starttime is the 22nd
    assert module._started(os.getpid()) == int(fields[21])
    process = subprocess.Popen(["true"])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert module._started(process.pid) == 0  # a zombie
    process.wait()
    assert module._started(process.pid) == 0


def test_a_damaged_marker_says_what_to_do(tmp_path):
    path = Path(tmp_path / module.FOLDER / "1.json")
    path.parent.mkdir()
    path.write_text("{")
    with (
        pytest.raises(Exception, match="delete it if nothing writes"),
        lease(str(tmp_path), "a run"),
    ):
        pass
