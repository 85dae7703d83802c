"""Of all who would write the batches of a pipeline at once, one does at most."""

import json
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


def test_a_damaged_marker_says_what_to_do(tmp_path):
    path = Path(tmp_path / module.FOLDER / "1.json")
    path.parent.mkdir()
    path.write_text("{")
    with (
        pytest.raises(Exception, match="delete it if nothing writes"),
        lease(str(tmp_path), "a run"),
    ):
        pass
