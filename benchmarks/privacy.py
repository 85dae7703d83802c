"""Precision and recall of what ``privacy`` finds in made-up text, by kind; its speed on real text.

    python -m benchmarks.privacy [DATA] [--show]

An item is right if it has the planted value's kind and covers it; every other item is wrong. DATA
holds ``ref_decisions/``: without it only the first tables are printed. ``--show`` prints what was
missed and what was found wrongly, and every item of the real texts with what stands around it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from pathlib import Path

from benchmarks.privacy_texts import LIMITS, Planted, planted
from stages.privacy import PersonalData, PersonalDataKind, find
from stages.privacy.addresses import top_level_domains

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SEED = 2
EACH = 25


def is_right(case: Planted, item: PersonalData) -> bool:
    """Whether an item is the planted value, of the planted kind."""
    start = case.text.index(case.value)
    covers = item.start <= start and item.end >= start + len(case.value)
    return bool(case.kind) and item.kind == case.kind and covers


def score(cases: list[Planted]) -> dict[str, Counter[str]]:
    """For each kind: planted, found (rightly), and wrong items."""
    counts: dict[str, Counter[str]] = {str(kind): Counter() for kind in PersonalDataKind}
    for case in cases:
        items = find(case.text)
        right = [item for item in items if is_right(case, item)]
        if case.kind:
            counts[case.kind]["planted"] += 1
            counts[case.kind]["found"] += bool(right)
        for item in items:
            counts[str(item.kind)]["wrong"] += item not in right
    return counts


def print_scores(cases: list[Planted]) -> None:
    print("\n| kind | language | planted | recall | precision |\n|---|---|---|---|---|")
    for language in ("en", "zh"):
        for kind, n in score([case for case in cases if case.language == language]).items():
            recall = n["found"] / n["planted"]
            precision = n["found"] / (n["found"] + n["wrong"])
            print(f"| {kind} | {language} | {n['planted']} | {recall:.1%} | {precision:.1%} |")


def print_forms(cases: list[Planted]) -> None:
    print("\n| form | texts | found or taken for personal data |\n|---|---|---|")
    texts, hits = Counter[str](), Counter[str]()
    for case in cases:
        items = find(case.text)
        form = f"{case.kind}: {case.form}" if case.kind else f"no item: {case.form}"
        texts[form] += 1
        hits[form] += any(is_right(case, item) for item in items) if case.kind else bool(items)
    for form, count in texts.items():
        print(f"| {form} | {count} | {hits[form] / count:.1%} |")


def show(cases: list[Planted]) -> None:
    for case in cases:
        items = find(case.text)
        right = [item for item in items if is_right(case, item)]
        if len(right) != len(items) or (case.kind and not right):
            print(case.kind or "no item", case.form, repr(case.text), items)


def real_texts(data: Path) -> list[tuple[str, str]]:
    path = data / "ref_decisions" / "datatrove_0.10.1.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [(row["id"], row["text"]) for row in map(json.loads, lines)]


def time_real(data: Path, *, shown: bool) -> None:
    texts = real_texts(data)
    top_level_domains()
    start = time.process_time()
    found = [(name, text, find(text)) for name, text in texts]
    seconds = time.process_time() - start
    size = sum(len(text.encode()) for _, text in texts)
    kinds = Counter(str(item.kind) for _, _, items in found for item in items)
    print(
        f"\n{len(texts)} real texts, {size / 1e6:.1f} MB, {size / seconds / 1e6:.0f} MB/s: "
        f"{dict(kinds)}"
    )
    for name, text, items in found if shown else ():
        for item in items:
            around = text[max(0, item.start - 30) : item.start], text[item.end : item.end + 20]
            print(f"{item.kind} {name} {around[0]!r} >{text[item.start : item.end]}< {around[1]!r}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    cases = planted(SEED, EACH)
    print_scores([case for case in cases if case.form not in LIMITS])
    print("\nWith the forms that nothing but their meaning tells apart:")
    print_scores(cases)
    print_forms(cases)
    if options.show:
        show(cases)
    if options.data.is_dir():
        time_real(options.data, shown=options.show)


if __name__ == "__main__":
    main()
