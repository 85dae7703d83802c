"""How often each value was given, and how often it would be in the whole run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from curation.labelling.records import Label
from curation.labelling.tasks import CLUTTER, MAIN


@dataclass(frozen=True, slots=True)
class ValueCount:
    """A value, how many labels have it, and its share of the run as the weights estimate it.

    The share is None where labels have no weights. Of a task that asks of lines it is the share of
    lines in the documents that were asked of.
    """

    value: str
    labels: int
    share: float | None


def value_counts(labels: Iterable[Label], values: Sequence[str]) -> list[ValueCount]:
    """The values in their order, those that nobody gave included.

    A document counts once for the estimate, by the first of its labels. What has been labelled so
    far stands for all: the estimate is that of the sample only when all of it has been labelled.
    """
    counts = dict.fromkeys(values, 0)
    weights = dict.fromkeys(values, 0.0)
    seen = set()
    for label in sorted(labels, key=lambda one: (one.pass_number, one.key)):
        given = [MAIN if value else CLUTTER for _, value in label.lines] or [label.value]
        document = label.doc_id, label.text_digest
        for value in given:
            counts[value] = counts.get(value, 0) + 1
            if document not in seen:
                weights[value] = weights.get(value, 0.0) + (label.weight or 0.0)
        seen.add(document)
    total = sum(weights.values())
    return [
        ValueCount(value, count, weights[value] / total if total else None)
        for value, count in counts.items()
    ]
