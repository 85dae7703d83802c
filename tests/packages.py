"""Packages of other people, laid out as an installer would."""

import importlib
import sys
from collections.abc import Mapping
from pathlib import Path

MAX_LENGTH = """\
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from schemas.verdict import keep, remove
from stages.base import DocumentStage, Positive, one_by_one


class Fault(StrEnum):
    TOO_LONG = "too_long"


@dataclass(frozen=True)
class MaxLength(DocumentStage):
    name: ClassVar[str] = "max_length"
    reads: ClassVar[tuple[str, ...]] = ("text",)
    max_chars: Positive = 1000

    def open(self):
        return one_by_one(self.judge)

    def judge(self, row):
        length = len(row["text"] or "")
        if length <= self.max_chars:
            return keep()
        return remove(Fault.TOO_LONG, f"{length} characters > max_chars {self.max_chars}")
"""

DOCS = Path(__file__).resolve().parents[1] / "docs"


def python_of(page: str) -> str:
    """The first example of Python on a page of docs."""
    return (DOCS / page).read_text("utf-8").split("```python\n")[1].split("```")[0]


class Installer:
    """Lays packages out in a folder that this process imports from while a test runs."""

    def __init__(self, folder: Path, monkeypatch) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch
        monkeypatch.syspath_prepend(str(folder))

    def module(self, name: str, code: str = MAX_LENGTH) -> None:
        """A module, importable by that name from now on, in the place of one before it."""
        path = self.folder / (name.replace(".", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, "utf-8")
        self._monkeypatch.delitem(sys.modules, name, raising=False)
        importlib.invalidate_caches()

    def offer(
        self, package: str, classes: Mapping[str, str], group: str = "curation.stages"
    ) -> None:
        """What a distribution offers in an entry point group."""
        information = self.folder / f"{package}-1.0.dist-info"
        information.mkdir()
        (information / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n"
        )
        lines = [f"{name} = {place}\n" for name, place in classes.items()]
        (information / "entry_points.txt").write_text(f"[{group}]\n" + "".join(lines))
        importlib.invalidate_caches()
