import shutil
import tempfile
from types import SimpleNamespace

import pytest

from curation.cli.doctor import State, files

GIB = 1 << 30


@pytest.mark.parametrize(
    ("free", "state"),
    [(GIB - 1, State.PROBLEM), (5 * GIB, State.WARNING), (20 * GIB, State.OK)],
)
def test_scratch_space_must_be_large_enough(monkeypatch, free, state):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    found = files.scratch()
    assert found.state is state
    assert (found.remedy == "") == (state is State.OK)


def test_scratch_space_that_cannot_be_written_is_a_problem(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    assert files.scratch().state is State.PROBLEM


def test_a_root_is_left_as_it_was(tmp_path):
    (tmp_path / "runs" / "local").mkdir(parents=True)
    for name in ("runs", "new"):
        assert files.root(str(tmp_path / name)).state is State.OK
    assert [str(path.relative_to(tmp_path)) for path in sorted(tmp_path.rglob("*"))] == [
        "runs",
        "runs/local",
    ]


def test_a_root_that_cannot_be_written_to_is_a_problem(tmp_path):
    (tmp_path / "file").write_text("")
    found = files.root(str(tmp_path / "file"))
    assert found.state is State.PROBLEM
    assert (tmp_path / "file").is_file()
