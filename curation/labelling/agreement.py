"""How far annotators agree beyond chance: Cohen's kappa of each pair, over all and for each value.

Source: J. Cohen, A Coefficient of Agreement for Nominal Scales, 1960. For one value the others are
taken together. Where a task asks of lines, each line that both judged counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from curation.labelling.records import Label
from curation.labelling.tasks import CLUTTER, MAIN

Rater = tuple[str, int]
Item = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two raters (annotator and pass) over what both judged, ``items`` in number.

    ``share`` is that on which they agree; a kappa is None where chance alone would make them.
    """

    one: Rater
    other: Rater
    items: int
    share: float
    kappa: float | None
    by_value: Mapping[str, float | None]


def agreements(labels: Iterable[Label]) -> list[Agreement]:
    """Every two raters who judged the same, in the order of their names."""
    judged: dict[Rater, dict[Item, str]] = {}
    for label in labels:
        judged.setdefault(label.rater, {}).update(_items(label))
    found = []
    for one, other in combinations(sorted(judged), 2):
        both = sorted(judged[one].keys() & judged[other].keys())
        if both:
            pairs = [(judged[one][item], judged[other][item]) for item in both]
            found.append(_agreement(one, other, pairs))
    return found


def _items(label: Label) -> dict[Item, str]:
    """What was judged, and as what: the document, or each of its lines."""
    document = label.doc_id, label.text_digest
    if not label.lines:
        return {document: label.value}
    return {(*document, digest): MAIN if value else CLUTTER for digest, value in label.lines}


def _agreement(one: Rater, other: Rater, pairs: Sequence[tuple[str, str]]) -> Agreement:
    values = sorted({value for pair in pairs for value in pair})
    by_value = {
        value: kappa([(first == value, second == value) for first, second in pairs])
        for value in values
    }
    share = sum(first == second for first, second in pairs) / len(pairs)
    return Agreement(one, other, len(pairs), share, kappa(pairs), by_value)


def kappa(pairs: Sequence[tuple[object, object]]) -> float | None:
    """Cohen's kappa of two raters' values of the same items.

    >>> kappa([("a", "a"), ("b", "b"), ("a", "b"), ("b", "a")]), kappa([("a", "a")])
    (0.0, None)
    """
    count = len(pairs)
    firsts, seconds = (Counter(pair[side] for pair in pairs) for side in (0, 1))
    by_chance = sum(firsts[value] * seconds[value] for value in firsts) / count**2
    if by_chance == 1:
        return None
    observed = sum(first == second for first, second in pairs) / count
    return (observed - by_chance) / (1 - by_chance)
