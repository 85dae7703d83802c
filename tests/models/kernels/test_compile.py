from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numba.core.errors import TypingError

from models.kernels.arrays import Float64Array
from models.kernels.compile import inlined, kernel, private_folder

ROOT = Path(__file__).resolve().parents[3]

MODULE = """
from models.kernels.compile import kernel

@kernel("int64(int64)")
def double(value):
    return value * 2
"""

REPORT = """
import doubling
print(doubling.double(21), sum(doubling.double.stats.cache_hits.values()))
"""


READ_ONLY = """
from numba.core import caching

def refuse(self):
    raise OSError("read-only")

name = "InTreeCacheLocator"
locator = getattr(caching, name, None) or getattr(caching, "_" + name)  # private in older versions
locator.ensure_cache_path = refuse
"""


def run_in(folder: Path, home: Path, before: str = "", **settings: str) -> list[str]:
    """Import a kernel from ``folder`` in a fresh process: its result and its cache hits."""
    environment = {
        "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}",
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "TMPDIR": str(folder.parent),
        "PATH": os.environ["PATH"],
        **settings,
    }
    command = [sys.executable, "-B", "-c", before + REPORT]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.fixture
def module(tmp_path):
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "doubling.py").write_text(MODULE)
    return folder


def test_a_kernel_computes_what_its_source_says():
    @kernel("int64(int64, int64)")
    def add(left, right):
        return left + right

    assert add(40, 2) == 42


def test_the_second_process_takes_the_code_from_the_cache(module, tmp_path):
    assert run_in(module, tmp_path) == ["42", "0"]
    assert run_in(module, tmp_path) == ["42", "1"]


@pytest.mark.parametrize(
    ("before", "after"),
    [("FACTOR = 2", "FACTOR = 4"), ("value + 0", "value + 21"), ("SUMS = (0,)", "SUMS = (42,)")],
)
def test_code_is_made_anew_when_what_it_holds_of_other_files_changes(
    module, tmp_path, before, after
):
    (module / "doubling.py").write_text(
        MODULE.replace("value * 2", "moved(value) * FACTOR + numbers.SUMS[0]").replace(
            "import kernel",
            "import kernel\nimport numbers_here as numbers\nfrom numbers_here import FACTOR, moved",
        )
    )
    other = module / "numbers_here.py"
    other.write_text(
        "from models.kernels.compile import inlined\nFACTOR = 2\nSUMS = (0,)\n\n"
        "@inlined\ndef moved(value):\n    return value + 0\n"
    )
    assert run_in(module, tmp_path) == ["42", "0"]
    other.write_text(other.read_text().replace(before, after))
    assert run_in(module, tmp_path) == ["84", "0"]
    assert run_in(module, tmp_path) == ["84", "1"]


@pytest.mark.slow
def test_a_folder_named_by_the_environment_is_used(module, tmp_path):
    chosen = tmp_path / "chosen"
    assert run_in(module, tmp_path, NUMBA_CACHE_DIR=str(chosen)) == ["42", "0"]
    assert list(chosen.rglob("*.nbc"))
    assert run_in(module, tmp_path, NUMBA_CACHE_DIR=str(chosen)) == ["42", "1"]


@pytest.mark.slow
def test_a_worker_that_can_write_neither_source_nor_home_caches_under_the_temporary_folder(
    module, tmp_path
):
    nowhere = tmp_path / "a file, not a home"
    nowhere.touch()
    assert run_in(module, nowhere, READ_ONLY) == ["42", "0"]
    assert len(list(tmp_path.glob("curation-kernels-*/**/*.nbc"))) == 1
    assert run_in(module, nowhere, READ_ONLY) == ["42", "1"]


def test_a_private_folder_belongs_to_this_user_alone(tmp_path):
    folder = private_folder(tmp_path)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert private_folder(tmp_path) == folder


def test_a_private_folder_that_others_can_write_to_is_not_used(tmp_path):
    planted = private_folder(tmp_path)
    planted.chmod(0o777)
    assert private_folder(tmp_path) != planted


def test_a_link_in_the_place_of_the_private_folder_is_not_followed(tmp_path):
    expected = private_folder(tmp_path)
    expected.rmdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    expected.symlink_to(elsewhere)
    assert private_folder(tmp_path) not in (expected, elsewhere)


def test_a_kernel_that_returns_its_argument_leaves_it_alive():
    @kernel()
    def first_half(values: Float64Array) -> Float64Array:
        return values[: len(values) // 2]

    for _ in range(100):
        half = first_half(np.arange(10.0))
        np.full(10, -1.0)  # would take the place of what was let go
        assert half.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_a_kernel_that_makes_arrays_has_to_say_so():
    @kernel()
    def add_up(size: int) -> int:
        return np.ones(size, np.int64).sum()

    @kernel(allocates=True)
    def add_up_too(size: int) -> int:
        return np.ones(size, np.int64).sum()

    with pytest.raises(TypingError, match="array passed into the function"):
        add_up(3)
    assert add_up_too(3) == 3


def test_an_inlined_function_returns_no_array():
    with pytest.raises(TypeError, match="half returns an array: make it a kernel"):

        @inlined
        def half(values: Float64Array) -> Float64Array:
            return values[: len(values) // 2]
