"""What every record of some archives becomes: a line for each file, and one for each loss.

    python -m benchmarks.source_account [FOLDER_OR_FILE…]

Reads every file of ``../shared/data/warc`` unless others are named.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from curation.sources.admission import admit
from curation.sources.warc import read_warc
from schemas.page import Loss

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "warc"
NOT_ARCHIVES = (".jsonl", ".json", ".md", ".tsv")


def files_of(given: Sequence[Path]) -> list[Path]:
    """The files that are named, and those below the folders that are."""
    found = [path for each in given for path in (each.rglob("*") if each.is_dir() else [each])]
    return sorted(path for path in found if path.is_file() and path.suffix not in NOT_ARCHIVES)


def account(path: Path) -> tuple[Counter[str], Mapping[str, int], list[Loss]]:
    """Pages by what ``admit`` says of them, records without a page by type, and the losses."""
    reader = read_warc(path)
    pages: Counter[str] = Counter()
    losses = []
    for item in reader:
        if isinstance(item, Loss):
            losses.append(item)
            continue
        pages[admit(item).reason or "admitted"] += 1
        if item.truncated:
            pages[f"truncated: {item.truncated}"] += 1
    return pages, reader.skipped, losses


def written(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items())) or "-"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("archives", nargs="*", type=Path, default=[DATA])
    files = files_of(parser.parse_args().archives)
    print("| file | pages | records without a page | losses |\n|---|---|---|---|")
    lost = []
    for path in files:
        pages, skipped, losses = account(path)
        name = f"{path.parent.name}/{path.name}"
        print(f"| {name} | {written(pages)} | {written(skipped)} | {len(losses)} |")
        lost += [(name, loss) for loss in losses]
    print("\n| file | offset | reason | detail |\n|---|---|---|---|")
    for name, loss in lost:
        print(f"| {name} | {loss.offset} | {loss.reason} | {loss.detail} |")


if __name__ == "__main__":
    main()
