"""What a check of the machine has to say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Whether a run would work: as it should, not as well as it could, or not at all."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, what was seen, and what to do about it, which is "" for what is well."""

    name: str
    state: State
    detail: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{self.state:8}{self.name}: {self.detail}{remedy}"


def ok(name: str, detail: str) -> Finding:
    """It is well."""
    return Finding(name, State.OK, detail)


def warning(name: str, detail: str, remedy: str) -> Finding:
    """A run works, but not as well as it could."""
    return Finding(name, State.WARNING, detail, remedy)


def problem(name: str, detail: str, remedy: str) -> Finding:
    """A run does not work."""
    return Finding(name, State.PROBLEM, detail, remedy)
