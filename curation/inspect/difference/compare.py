"""What of two runs differs: how documents ended, and what the runs were made with."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curation import storage
from curation.batches.run_record import FILE_NAME, load_run_record
from curation.errors import UsageError
from curation.inspect.difference.endings import Endings, Names, read_endings, read_some
from curation.inspect.difference.settings import differing_settings
from curation.inspect.group_table import GROUPS, NOT_KNOWN
from curation.inspect.run_files import load_run
from stages.base import Row
from stages.lottery import draw
from stages.sites import host_of

ABSENT = "not in the run"
Transition = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Changed:
    """A document that ended otherwise: how in either run, and what is known of it."""

    doc_id: str
    url: str
    before: str
    after: str
    detail_before: str
    detail_after: str
    language: str
    site: str
    category: str


@dataclass(frozen=True)
class Difference:
    """Two runs held against each other.

    ``documents`` are those of both runs together, ``settings`` say in words what they were made
    with. ``groups`` count the changed documents by language, site and category.
    """

    runs: tuple[str, str]
    documents: int
    settings: Sequence[str]
    transitions: Mapping[Transition, int]
    groups: Mapping[str, Counter[str]]
    changes: Sequence[Changed]
    examples: Mapping[Transition, Sequence[Changed]]

    @property
    def changed(self) -> int:
        """How many documents ended otherwise."""
        return sum(self.transitions.values())


def find_run(name: str, root: str) -> str:
    """The batch folder that a name means. Raises UsageError if it holds no run."""
    for folder in ([storage.join(root, name)] if root else []) + [name.rstrip("/")]:
        if storage.exists(storage.join(folder, FILE_NAME)):
            return folder
    where = f" below {root}" if root else ""
    raise UsageError(f"{name}: is no run{where}; give PIPELINE/BATCH of --root or a batch's folder")


def compare_runs(one: str, other: str, *, samples: int, seed: int) -> Difference:
    """Hold the last runs of two batch folders against each other."""
    runs = [[run for run in load_run(name) if run.manifest.stages] for name in (one, other)]
    records = [load_run_record(name) for name in (one, other)]
    names = Names()
    absent = names.code(ABSENT)
    first, second = (read_endings(steps, names) for steps in runs)
    keys, before, after = _join(first, second, absent)
    differs = before != after
    keys, before, after = keys[differs], before[differs], after[differs]
    pairs = Counter(zip(before.tolist(), after.tolist(), strict=True))
    rows = [
        dict(read_some(steps, keys, one.repeated))
        for steps, one in zip(runs, (first, second), strict=True)
    ]
    changes = [
        _changed(names.names[a], names.names[b], rows[0].get(key), rows[1].get(key))
        for key, a, b in zip(keys.tolist(), before.tolist(), after.tolist(), strict=True)
    ]
    settings = differing_settings(records, [[run.manifest for run in steps] for steps in runs])
    return Difference(
        (one, other),
        len(differs),
        settings,
        {(names.names[a], names.names[b]): n for (a, b), n in pairs.items()},
        {name: Counter(getattr(each, name) or NOT_KNOWN for each in changes) for name in GROUPS},
        changes,
        _examples(changes, samples, seed),
    )


Joined = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]


def _join(first: Endings, second: Endings, absent: int) -> Joined:
    """The keys of either run, and the code of each in both."""
    keys = np.union1d(first.keys, second.keys)
    codes = []
    for one in (first, second):
        made = np.full(len(keys), absent, np.int32)
        made[np.searchsorted(keys, one.keys)] = one.codes
        codes.append(made)
    return keys, codes[0], codes[1]


def _changed(before: str, after: str, one: Row | None, other: Row | None) -> Changed:
    known = [row for row in (one, other) if row]

    def first(name: str) -> str:
        return next((str(row[name]) for row in known if row.get(name)), "")

    return Changed(
        doc_id=first("doc_id"),
        url=first("url"),
        before=before,
        after=after,
        detail_before=str((one or {}).get("detail") or ""),
        detail_after=str((other or {}).get("detail") or ""),
        language=first("language"),
        site=first("site") or host_of(first("url")),
        category=first("category"),
    )


def _examples(
    changes: Sequence[Changed], samples: int, seed: int
) -> dict[Transition, list[Changed]]:
    """A few of each transition, by lot."""
    found: dict[Transition, list[Changed]] = {}
    for one in changes:
        found.setdefault((one.before, one.after), []).append(one)

    def lot(one: Changed) -> tuple[int, str]:
        return draw(seed, one.doc_id, "diff"), one.url

    return {pair: heapq.nsmallest(samples, some, key=lot) for pair, some in found.items()}
