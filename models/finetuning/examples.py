"""What is learnt from: documents with the answers of one task or of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Reads(StrEnum):
    """Where a head gives its answers."""

    TEXT = "text"
    """One for a document."""
    LINES = "lines"
    """One for each line of it."""


class Form(StrEnum):
    """What a checkpoint is, and so how documents become tokens."""

    TEXT = "text"
    """A sequence classifier: the text as its stage hands it over."""
    LINES = "lines"
    """A token classifier, read behind each line."""
    SHARED = "shared"
    """A base with heads: title and lines, each behind a separator; all heads read that."""


@dataclass(frozen=True, slots=True)
class Head:
    """One task: its labels in the order of the logits, and where it reads."""

    task: str
    labels: tuple[str, ...]
    reads: Reads


def form_of(heads: Sequence[Head]) -> Form:
    """The form of a checkpoint with these heads.

    >>> form_of([Head("clutter", ("clutter", "main"), Reads.LINES)])
    <Form.LINES: 'lines'>
    """
    return Form.SHARED if len(heads) > 1 else Form(heads[0].reads.value)


@dataclass(frozen=True, slots=True)
class Example:
    """A document, what it is held out with, and what is known of it.

    ``text`` is what the stage of the one task hands to its model; ``lines`` are the judged lines,
    without the title. ``answers`` has by task the number of a label, ``line_answers`` one for each
    line, None where it is not known.
    """

    id: str
    site: str
    language: str
    title: str
    text: str
    lines: tuple[str, ...]
    answers: Mapping[str, int] = field(default_factory=dict)
    line_answers: Mapping[str, tuple[int | None, ...]] = field(default_factory=dict)
