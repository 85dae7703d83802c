"""What a session that was killed leaves behind is deleted by the next one, and nothing else."""

import subprocess
import sys
import time

from curation.spark.scratch import OWNER, PREFIX, delete_abandoned

HOLD = """
import sys, tempfile, time
tempfile.tempdir = sys.argv[1]
from curation.spark.scratch import session_folder
print(session_folder(), flush=True)
time.sleep(60 if len(sys.argv) > 2 else 0)
"""


def start(parent, *more):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(parent), *more], stdout=subprocess.PIPE, text=True
    )
    return process, process.stdout.readline().strip()


def folders(parent):
    return sorted(str(path) for path in parent.glob(f"{PREFIX}*"))


def test_a_session_deletes_its_folder_when_it_ends(tmp_path):
    process, folder = start(tmp_path)
    assert folder.startswith(str(tmp_path))
    assert process.wait(30) == 0
    assert folders(tmp_path) == []


def test_what_a_killed_session_left_goes_with_the_next_and_one_in_use_stays(tmp_path):
    killed, left = start(tmp_path, "long")
    killed.kill()
    killed.wait()
    living, used = start(tmp_path, "long")
    try:
        assert folders(tmp_path) == [used]
        assert left != used
        delete_abandoned(tmp_path)
        assert folders(tmp_path) == [used]
    finally:
        living.kill()
        living.wait()
    deadline = time.monotonic() + 20
    while folders(tmp_path) and time.monotonic() < deadline:
        delete_abandoned(tmp_path)
    assert folders(tmp_path) == []


def test_a_folder_that_is_no_sessions_stays(tmp_path):
    (tmp_path / f"{PREFIX}mine").mkdir()
    delete_abandoned(tmp_path)
    assert (tmp_path / f"{PREFIX}mine").is_dir()
    assert not (tmp_path / f"{PREFIX}mine" / OWNER).exists()
