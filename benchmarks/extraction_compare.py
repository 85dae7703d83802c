"""What changed between two runs of ``benchmarks.extraction`` or ``extraction_folds``, page by page.

    python -m benchmarks.extraction_compare BEFORE AFTER [--tool ours] [--against TOOL]
        [--measure f1] [--list N]

BEFORE and AFTER are files that ``--out`` wrote; pages that only one of them has are left out.
``--against`` compares with another tool in BEFORE. For each language and kind: the mean difference,
its 95% interval, and the pages that gain or lose more than 0.05; ``--list`` names those that
change most. The interval is a paired bootstrap over sites: pages of a site go up and down together.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.extraction_results import PageResult, read_results

NOTABLE = 0.05
SAMPLES = 10_000


@dataclass(frozen=True, slots=True)
class Change:
    """A page's measure after less the one before."""

    page: PageResult
    difference: float


def pair(
    before: Sequence[PageResult], after: Sequence[PageResult], tools: tuple[str, str], name: str
) -> list[Change]:
    """The change of each page that has the measure in both."""
    known = {(page.language, page.id): page.value(tools[0], name) for page in before}
    changes = []
    for page in after:
        old, new = known.get((page.language, page.id)), page.value(tools[1], name)
        if old is not None and new is not None:
            changes.append(Change(page, new - old))
    return changes


def interval(changes: Sequence[Change], seed: int = 0) -> tuple[float, float]:
    """The middle 95% of the mean difference where sites are drawn with replacement."""
    sites: dict[str, list[float]] = defaultdict(list)
    for change in changes:
        sites[change.page.site].append(change.difference)
    sums = np.array([sum(those) for those in sites.values()])
    sizes = np.array([len(those) for those in sites.values()])
    random = np.random.default_rng(seed)
    drawn = random.integers(len(sums), size=(SAMPLES, len(sums)), dtype=np.int32)
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def table(changes: Sequence[Change]) -> list[str]:
    """A row for each language and kind."""
    groups: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        for kind in ("all", change.page.kind):
            groups[change.page.language, kind].append(change)
    lines = [
        f"| language | kind | pages | difference | 95% | gain > {NOTABLE} | lose > {NOTABLE} |",
        "|---|---|---|---|---|---|---|",
    ]
    for (language, kind), those in sorted(groups.items()):
        differences = [change.difference for change in those]
        low, high = interval(those)
        lines.append(
            f"| {language} | {kind} | {len(those)} | {np.mean(differences):+.4f} "
            f"| {low:+.4f} to {high:+.4f} | {sum(one > NOTABLE for one in differences)} "
            f"| {sum(one < -NOTABLE for one in differences)} |"
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--tool", default="ours")
    parser.add_argument("--against", help="the tool in BEFORE, if another one")
    parser.add_argument("--measure", default="f1")
    parser.add_argument("--list", type=int, default=0, help="name so many pages that change most")
    options = parser.parse_args()
    tools = (options.against or options.tool, options.tool)
    changes = pair(
        read_results(options.before), read_results(options.after), tools, options.measure
    )
    print("\n".join(table(changes)))
    seen = [change for change in changes if not change.page.is_held_out]
    seen.sort(key=lambda change: -abs(change.difference))
    for change in seen[: options.list]:
        page = change.page
        print(f"{change.difference:+.3f} {page.language} {page.id} {page.kind} {page.site}")


if __name__ == "__main__":
    main()
