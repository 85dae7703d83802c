"""NOTICE: the packages that an installation brings along, with the licences that they say.

``python -m curation.cli.notice NOTICE`` writes it from what is installed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = "curation"
HEAD = """\
curation
Licensed under the Apache License, Version 2.0 (see LICENSE).

An installation brings along these packages, each under its own licence, as its metadata says it.
`make docs` writes this list. What the extra `models` adds (torch, transformers, safetensors,
sentence-transformers, scikit-learn) is not in it.

"""
_OSI = "License :: OSI Approved :: "


def notice() -> str:
    """The text of the file, from the packages that are installed."""
    found = sorted(_needed(PROJECT, {PROJECT}), key=lambda one: canonicalize_name(one.name))
    return HEAD + "".join(f"{canonicalize_name(one.name)}: {licence_of(one)}\n" for one in found)


def licence_of(package: Distribution) -> str:
    """The licence that a package says it has, "not said" if it says none.

    An SPDX expression before a classifier, a classifier before a line of free text.
    """
    said = package.metadata
    if "License-Expression" in said:
        return said["License-Expression"]
    classified = [
        text.removeprefix(_OSI).removesuffix(" License")
        for text in said.get_all("Classifier") or ()
        if text.startswith(_OSI)
    ]
    if classified:
        return ", ".join(sorted(classified))
    text = said["License"].strip() if "License" in said else ""
    return text.splitlines()[0][:100] if text else "not said"


def _needed(name: str, seen: set[str]) -> Iterator[Distribution]:
    """What a package needs without extras, and what that needs, as far as it is installed here."""
    for line in distribution(name).requires or ():
        requirement = Requirement(line)
        needed = canonicalize_name(requirement.name)
        if needed in seen or not _applies(requirement):
            continue
        seen.add(needed)
        try:
            yield distribution(needed)
        except PackageNotFoundError:
            continue
        yield from _needed(needed, seen)


def _applies(requirement: Requirement) -> bool:
    marker = requirement.marker
    return marker is None or (
        not re.search(r"\bextra\b", str(marker)) and marker.evaluate({"extra": ""})
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(notice(), encoding="utf-8")
