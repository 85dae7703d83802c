"""What later steps made of documents, and what may be expected of others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow.compute as pc

from curation.inspect.documents import read_rows
from curation.inspect.run_files import StepRun
from curation.inspect.step_summaries import step_summary
from schemas.verdict import Decision

_RATIO_DOCUMENTS = 4096  # of them tokens and characters are counted
_COLUMNS = ["position", "stage", "reason", "copies", "tokens", "category"]


@dataclass
class Fates:
    """What became of documents that passed a stage: how many left later, by whom, and the rest.

    ``rows`` and ``tokens`` are those that the kept ones have in what is exported; ``categories``
    those of documents that were classed.
    """

    left: Counter[tuple[str, str]] = field(default_factory=Counter)
    kept: int = 0
    rows: int = 0
    tokens: int = 0
    categories: Counter[str] = field(default_factory=Counter)


def follow(
    later: Sequence[StepRun], positions: Collection[int], step: StepRun, stage: str
) -> Fates:
    """What became of some documents that passed ``stage`` of ``step``."""
    fates, wanted = Fates(), np.sort(np.fromiter(positions, np.int64, len(positions)))
    if not len(wanted):
        return fates
    names = [one.name for one in step.manifest.stages]
    own = set(names[names.index(stage) + 1 :])
    for place, run in enumerate([step, *later]):
        is_last = place == len(later)
        for decision in Decision:
            if decision is Decision.KEEP and not is_last:
                continue
            for rows in read_rows(run, decision, _COLUMNS):
                hits = np.isin(np.asarray(rows.table["position"]), wanted)
                for row in rows.table.filter(hits).to_pylist() if hits.any() else ():
                    _count(fates, row, decision, own if place == 0 else None)
    return fates


def _count(
    fates: Fates, row: Mapping[str, object], decision: Decision, own: set[str] | None
) -> None:
    if decision is not Decision.KEEP and own is not None and row["stage"] not in own:
        return
    if category := row.get("category"):
        fates.categories[str(category)] += 1
    if decision is Decision.KEEP:
        copies = row.get("copies")
        written = copies if isinstance(copies, int) else 1
        tokens = row.get("tokens")
        fates.kept += 1
        fates.rows += written
        fates.tokens += written * (tokens if isinstance(tokens, int) else 0)
    else:
        fates.left[str(row["stage"]), str(row["reason"])] += 1


def kept_shares(steps: Sequence[StepRun], passed: Mapping[str, int]) -> dict[str, float]:
    """Of the documents that passed a stage, by language, the share that is kept in the end."""
    counts = step_summary(steps[-1]).counts
    kept = counts.filter(pc.equal(counts["decision"], str(Decision.KEEP)))
    pages: Counter[str] = Counter()
    for language, n in zip(kept["language"].to_pylist(), kept["pages"].to_pylist(), strict=True):
        pages[language] += n
    return {language: min(1.0, pages[language] / n) for language, n in passed.items() if n}


def tokens_per_character(last: StepRun) -> dict[str, float]:
    """The tokens of a character by language, and of all under "", of some documents counted."""
    tokens, characters = Counter[str](), Counter[str]()
    seen = 0
    for rows in read_rows(last, Decision.KEEP, ["text", "tokens", "language"]):
        if "tokens" not in rows.table.column_names or seen >= _RATIO_DOCUMENTS:
            break
        seen += rows.table.num_rows
        for row in rows.table.to_pylist():
            for language in {row.get("language") or "", ""}:
                tokens[language] += row["tokens"] or 0
                characters[language] += len(row["text"] or "")
    return {name: tokens[name] / count for name, count in characters.items() if count}
