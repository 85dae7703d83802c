"""What each stage asks of a checkpoint: its labels, what it reads, and what is thresholded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from curation.labelling.tasks import MAIN, find_task
from models.finetuning.examples import Reads
from stages.page_type import PageType


@dataclass(frozen=True)
class Task:
    """One stage's question.

    ``values`` are all labels that it knows, in the order of a checkpoint's. ``wanted`` are those
    whose probability together it compares with the setting ``threshold``; none where it keeps all.
    ``text_of`` makes of title and text what its model is given (``models/TASK``).
    """

    name: str
    reads: Reads
    values: Callable[[], Sequence[str]]
    wanted: tuple[str, ...]
    threshold: str
    text_of: Callable[[str, str], str]

    def without_examples(self, labels: Collection[str]) -> list[str]:
        """The values that are not among the labels of a checkpoint: it never gives one of them."""
        return [value for value in self.values() if value not in labels]


def _values(name: str) -> Callable[[], Sequence[str]]:
    return lambda: find_task(name).values({})


def _text(_title: str, text: str) -> str:
    return text


def _title_and_text(title: str, text: str) -> str:
    return f"{title}\n{text}"


TASKS = {
    task.name: task
    for task in (
        Task(
            "page_type",
            Reads.TEXT,
            _values("page_type"),
            PageType.kept,
            "min_kept_probability",
            lambda title, text: _title_and_text(title, text).strip(),
        ),
        Task("quality", Reads.TEXT, _values("quality"), ("good",), "min_quality", _text),
        Task("category", Reads.TEXT, _values("category"), (), "", _title_and_text),
        Task("clutter", Reads.LINES, _values("clutter"), (MAIN,), "min_line_score", _text),
    )
}
