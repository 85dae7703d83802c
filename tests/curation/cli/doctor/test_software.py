import sys

import pytest

from curation.cli.doctor import State, software


def test_a_python_that_is_too_old_is_a_problem(monkeypatch):
    assert software.python().state is State.OK
    monkeypatch.setattr(sys, "version_info", (3, 10, 9, "final", 0))
    assert software.python().state is State.PROBLEM


@pytest.mark.parametrize(
    ("line", "state", "detail"),
    [
        ("pyarrow>=19", State.OK, "pyarrow "),
        ("pyarrow>=999", State.WARNING, "is not >=999"),
        ("no-such-package>=1", State.PROBLEM, "missing: no-such-package"),
        ('no-such-package; extra == "models"', State.OK, "pyarrow "),
    ],
)
def test_packages_are_those_that_the_project_requires(monkeypatch, line, state, detail):
    monkeypatch.setattr(software, "requires", lambda _: ["pyarrow", line])
    found = software.packages()
    assert found.state is state
    assert detail in found.detail


def test_a_project_that_is_not_installed_is_a_warning(monkeypatch):
    def requires(name):
        raise software.PackageNotFoundError(name)

    monkeypatch.setattr(software, "requires", requires)
    assert software.packages().state is State.WARNING


@pytest.mark.parametrize(("checkpoints", "state"), [([], State.OK), (["quality"], State.PROBLEM)])
def test_only_checkpoints_need_the_packages_that_run_them(monkeypatch, checkpoints, state):
    lines = ["pyarrow", 'no-such-package; extra == "models"', 'neither; extra == "dev"']
    monkeypatch.setattr(software, "requires", lambda _: lines)
    found = software.packages_for(checkpoints)
    assert found.state is state
    assert (found.remedy == "pip install 'curation[models]'") == bool(checkpoints)


def test_a_java_home_without_java_is_a_problem(monkeypatch):
    monkeypatch.setenv("JAVA_HOME", "/absent")
    found = software.java()
    assert found.state is State.PROBLEM
    assert found.detail == "JAVA_HOME is /absent, but /absent/bin/java does not exist"
    assert found.remedy == "correct JAVA_HOME or unset it"


def java_home(folder, script):
    (folder / "bin").mkdir(parents=True)
    java = folder / "bin" / "java"
    java.write_text(f"#!/bin/sh\n{script}\n")
    java.chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(
    ("script", "state", "detail"),
    [
        ("""echo 'openjdk version "17.0.1" 2021' >&2""", State.OK, "17.0.1"),
        ("""echo 'openjdk version "21" 2023' >&2""", State.OK, '"21"'),
        ("""echo 'java version "1.8.0_392"' >&2""", State.PROBLEM, "is too old for Spark"),
        ("echo broken >&2; exit 1", State.PROBLEM, "does not run: broken"),
        ("true", State.PROBLEM, "does not run"),
    ],
)
def test_java_must_run_and_be_new_enough(tmp_path, monkeypatch, script, state, detail):
    monkeypatch.setenv("JAVA_HOME", java_home(tmp_path / "java", script))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    found = software.java()
    assert found.state is state
    assert detail in found.detail
    assert (found.remedy == "") == (state is State.OK)


def test_a_cache_that_cannot_be_written_is_a_problem(tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    found = software.java()
    assert found.state is State.PROBLEM
    assert "XDG_CACHE_HOME" in found.remedy
