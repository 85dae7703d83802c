"""What is told of processes and folders while deliveries come in."""

import os

from tests.soak.watching import bytes_below, open_files


def test_a_file_that_is_opened_counts(tmp_path):
    before = open_files(os.getpid())
    with (tmp_path / "open").open("w"):
        assert open_files(os.getpid()) == before + 1
    assert open_files(os.getpid()) == before


def test_a_process_that_has_ended_has_no_file_open():
    assert open_files(2**22 + 1) == 0


def test_files_of_folders_below_count(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "one").write_bytes(b"12345")
    (tmp_path / "a" / "b" / "two").write_bytes(b"678")
    assert bytes_below(tmp_path) == 8
