"""Precision and recall of ``decontaminate`` on items planted in real pages; speed and memory.

    python -m benchmarks.decontamination [DATA] [--half 0|1] [--items N] [--only quality|speed]

Items are made up (``decontamination_texts``) and planted, each in a page of its own, between two of
its lines, in seven ways and, of Chinese, in traditional characters if ``opencc`` can be imported
(opencc-python-reimplemented). Half 0 of the clauses and of the pages is there to tune on, half 1
(the default) to measure. A hit is right if it is of the planted item. Beside them: pages as they
are; pages with two fifths of an item; pages with an item that is none of the benchmark but made of
the same clauses. Speed and memory: see ``decontamination_speed``.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from benchmarks.decontamination_speed import carriers, print_speed, write_benchmark
from benchmarks.decontamination_texts import (
    REWRITES,
    Draw,
    Rewrite,
    first_part,
    make_items,
)
from stages.decontaminate import Decontaminate
from stages.decontaminate.canonical import canonical_tokens
from stages.decontaminate.index import count_tokens

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ITEMS = 2000
PLANTED = 300
NGRAM_TOKENS = Decontaminate().ngram_tokens
SEED = 3


def plant(item: str, page: str, draw: Draw) -> str:
    lines = page.split("\n")
    lines.insert(draw.randrange(len(lines) + 1), item)
    return "\n".join(lines)


class Measured:
    """A benchmark of made-up items in one language, and pages to plant them in."""

    def __init__(self, folder: Path, data: Path, language: str, half: int) -> None:
        made = make_items(language, half, 2 * ITEMS, SEED)
        self.items, self.others = made[:ITEMS], made[ITEMS:]
        self.pages = carriers(data, language)[half::2]
        self.judge = Decontaminate(
            benchmarks=(write_benchmark(folder, f"{language}{half}", self.items),)
        ).open()

    def hits(self, page: str) -> list[str]:
        """The items that a page is said to hold."""
        (verdict,) = self.judge([{"text": page}])
        return [one["item"] for one in verdict.columns["contamination"] or ()]

    def planted(self, items: list[str], rewrite: Rewrite) -> Iterator[tuple[int, list[str]]]:
        """The hits of pages with an item each, by its number."""
        draw = Draw(SEED)
        for number, page in zip(range(PLANTED), itertools.cycle(self.pages)):
            yield number, self.hits(plant(rewrite(items[number], draw), page, draw))

    def recall_and_precision(self, rewrite: Rewrite) -> tuple[float, float, float]:
        """The recall of items of an n-gram and more, that of shorter ones, the precision."""
        tokens = count_tokens(canonical_tokens(self.items[:PLANTED]))
        planted, found = [0, 0], [0, 0]
        right = hits = 0
        for number, items in self.planted(self.items, rewrite):
            is_short = int(tokens[number] < NGRAM_TOKENS)
            planted[is_short] += 1
            found[is_short] += str(number) in items
            right += items.count(str(number))
            hits += len(items)
        return found[0] / planted[0], found[1] / planted[1], right / max(1, hits)


def traditional() -> dict[str, Rewrite]:
    if find_spec("opencc") is None:
        return {}
    from opencc import OpenCC  # noqa: PLC0415 - no dependency

    convert = OpenCC("s2t").convert
    return {"traditional characters": lambda item, _: convert(item)}


def print_quality(data: Path, half: int) -> None:
    print("| language | planted as | recall, long | recall, short | precision |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for language in ("en", "zh"):
            one = Measured(Path(folder), data, language, half)
            rewrites = {**REWRITES, **(traditional() if language == "zh" else {})}
            for name, rewrite in rewrites.items():
                long, short, precision = one.recall_and_precision(rewrite)
                print(f"| {language} | {name} | {long:.1%} | {short:.1%} | {precision:.1%} |")
            clean = sum(bool(one.hits(page)) for page in one.pages)
            part = sum(bool(items) for _, items in one.planted(one.items, first_part))
            near = sum(bool(i) for _, i in one.planted(one.others, REWRITES["verbatim"]))
            print(
                f"| {language} | {clean} of {len(one.pages)} pages as they are are hits; of "
                f"{PLANTED}: {part} with two fifths of an item, {near} with another of the same "
                "clauses ||||"
            )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--half", type=int, choices=(0, 1), default=1)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--only", choices=("quality", "speed"))
    options = parser.parse_args()
    if options.only != "speed":
        print_quality(options.data, options.half)
    if options.only != "quality":
        print_speed(options.data, options.items)


if __name__ == "__main__":
    main()
