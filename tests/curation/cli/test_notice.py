"""NOTICE lists what an installation brings along, as the packages themselves say it."""

import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from curation.cli.notice import licence_of, notice

ROOT = Path(__file__).parents[3]


def listed(text):
    return dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)


def test_the_notice_is_that_of_the_packages_that_are_installed():
    """By the packages alone: which versions are installed decides what their metadata says."""
    assert sorted(listed((ROOT / "NOTICE").read_text())) == sorted(listed(notice()))


def test_every_dependency_has_a_licence_in_the_notice():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = [canonicalize_name(Requirement(line).name) for line in project["dependencies"]]
    licences = listed((ROOT / "NOTICE").read_text())
    assert [name for name in names if licences.get(name, "not said") == "not said"] == []


@pytest.mark.parametrize(
    ("package", "licence"), [("click", "BSD-3-Clause"), ("numpy", "BSD"), ("lxml", "BSD-3-Clause")]
)
def test_a_licence_is_what_the_package_says(package, licence):
    assert licence in licence_of(distribution(package))
