"""What others install: our distributions, and the package with a stage of its own in the docs.

Both are built and installed into an environment that has this one's dependencies, not this checkout.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pyarrow.dataset as ds
import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("conf", "curation", "jobs", "models", "schemas", "stages")
PAGE = (ROOT / "docs" / "own-stages.md").read_text("utf-8")
FILE = re.compile(r"^```\w+\n# (\S+)\n(.*?)^```", re.DOTALL | re.MULTILINE)

pytestmark = [pytest.mark.timeout(600), pytest.mark.slow]


def call(folder, *command):
    """The output of a command that must succeed, where nothing says where this checkout is."""
    ran = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"{ran.stdout[-2000:]}\n{ran.stderr[-3000:]}"
    return ran.stdout


def files_of(package):
    return {
        str(path.relative_to(ROOT))
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    """Built from a copy: building leaves files beside the sources."""
    folder = tmp_path_factory.mktemp("sources")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package)
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, folder)
    code = "from setuptools.build_meta import build_sdist; print(build_sdist('dist'))"
    call(folder, sys.executable, "-c", code)
    [made] = (folder / "dist").iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(sdist, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build_wheel(folder, sdist)
    [made] = folder.glob("*.whl")
    return made


def build_wheel(folder, source):
    """A wheel of a folder or an sdist, by what is installed here."""
    options = ("--quiet", "--no-index", "--no-deps", "--no-build-isolation")
    call(folder, sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", folder, source)


@pytest.fixture(scope="module")
def own_package(tmp_path_factory):
    """The package that docs/own-stages.md shows, and the pipeline that runs its stage."""
    folder = tmp_path_factory.mktemp("own")
    for name, text in FILE.findall(PAGE):
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def installed(wheel, own_package, tmp_path_factory):
    """The folder of the commands of an environment with both wheels."""
    folder = tmp_path_factory.mktemp("environment")
    call(folder, sys.executable, "-m", "venv", "--without-pip", folder)
    binaries = folder / "bin"
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(call(folder, binaries / "python", "-c", ask).strip())
    # A .pth file there would bring this checkout in, but files of that kind do not nest.
    here = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "dependencies.pth").write_text("".join(f"{path}\n" for path in here))
    build_wheel(folder, own_package)
    [own] = folder.glob("*.whl")
    options = ("--quiet", "--no-index", "--no-deps", "--ignore-installed", "--prefix", folder)
    call(folder, binaries / "python", "-m", "pip", "install", *options, wheel, own)
    bring_machine_code(packages)
    return binaries


def bring_machine_code(packages):
    """What this checkout has compiled: to compile it anew takes a minute and a half.

    numba knows a source file by its size and date.
    """
    for compiled in (file for name in PACKAGES for file in (ROOT / name).rglob("*.nb[ic]")):
        shutil.copy(compiled, packages / compiled.parent.relative_to(ROOT))
    for source in (file for name in PACKAGES for file in (ROOT / name).rglob("*.py")):
        shutil.copystat(source, packages / source.relative_to(ROOT))


@pytest.fixture(scope="module")
def finished(installed, own_package):
    """The root of a run of the pipeline that the page shows, on a small crawl."""
    call(own_package, installed / "curate", "sample-crawl", "crawl", "--pages", 100)
    call(own_package, installed / "curate", "run", "mine.toml", "crawl", "--root", "runs")
    return own_package / "runs"


@pytest.mark.parametrize("package", PACKAGES)
def test_the_wheel_has_every_file_of_a_package(wheel, package):
    found = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith(f"{package}/")}
    assert found == files_of(package)


def test_the_sdist_has_the_page_and_the_licence(sdist):
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE"} <= names


def test_the_environment_runs_the_wheel_and_not_this_checkout(installed, own_package):
    code = "import curation, stages, conf; print(curation.__file__, stages.__file__, conf.__file__)"
    for place in call(own_package, installed / "python", "-c", code).split():
        assert Path(place).is_relative_to(installed.parent)


def test_the_package_in_the_docs_has_40_lines():
    lines = [
        line
        for name, text in FILE.findall(PAGE)
        if name not in {"mine.toml", "same_title.py", "test_same_title.py"}
        for line in text.split("\n")
    ]
    assert len([line for line in lines if line]) <= 40


def test_the_stages_in_the_docs_pass_their_own_tests(installed, own_package):
    output = call(own_package, installed / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert "2 passed" in output


@pytest.mark.spark
def test_a_stage_of_another_package_judges_what_a_run_gives_it(finished, installed):
    [step] = (finished / "mine" / "default").glob("01-prepare-*")
    removed = ds.dataset(step / "decision=remove").to_table(["url", "stage", "detail"]).to_pylist()
    own = [row for row in removed if row["stage"] == "max_length"]
    kept = ds.dataset(step / "decision=keep").to_table(["text"]).to_pylist()
    assert kept
    assert max(len(row["text"]) for row in kept) <= 1000
    story = call(finished, installed / "curate", "why", own[0]["url"], "--root", finished)
    assert f"removed by max_length: too_long: {own[0]['detail']}" in story
    report = (finished / "mine" / "default" / "report.html").read_text("utf-8")
    assert "max_length" in report
    assert "too_long" in report
