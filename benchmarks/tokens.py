"""The segmenter against jieba over all real text, as it is and standardised.

    python -m benchmarks.tokens ../shared/data [EVERY]

Prints how many documents differ and the first differences, and the speeds in processor time: of
lists of tokens (``cut``), of tokens as UTF-8, of jieba, and of rjieba where it is installed, which
leaves Latin words and the marks between them in one piece.
``EVERY`` takes one document in so many (1: all of them, some minutes of jieba).
"""

from __future__ import annotations

import gzip
import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import jieba

from models.text.segmenter import cut, cut_utf8
from stages.standardise import standardise

try:
    from rjieba import cut as rjieba_cut
except ImportError:
    rjieba_cut = None

FILES = (
    "dedup/debian_installguide_en.jsonl.gz",
    "dedup/debian_installguide_zh_CN.jsonl.gz",
    "dedup/g0v_law_zh_hant.jsonl.gz",
    "corpus/lctt_zh_sample.jsonl.gz",
    "ref_decisions/datatrove_0.10.1.jsonl.gz",
)
SHOWN = 5


def read_texts(folder: Path, every: int) -> Iterator[str]:
    for name in FILES:
        with gzip.open(folder / name, "rt") as lines:
            for number, line in enumerate(lines):
                if number % every == 0:
                    yield json.loads(line)["text"]


def jieba_cut(text: str) -> list[str]:
    return [token for token in jieba.cut(text) if not token.isspace()]


def first_difference(ours: list[str], theirs: list[str]) -> str:
    at = next(
        (i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b),
        min(len(ours), len(theirs)),
    )
    return f"{ours[at : at + 3]} where jieba has {theirs[at : at + 8]}"


def compare(name: str, texts: list[str]) -> None:
    rivals = {"cut": cut, "cut_utf8": cut_utf8, "jieba": jieba_cut, "rjieba": rjieba_cut}
    took = {name: 0.0 for name, rival in rivals.items() if rival}
    tokens, differences = 0, []
    for text in texts:
        found = {}
        for rival in took:
            start = time.process_time()
            found[rival] = rivals[rival](text)
            took[rival] += time.process_time() - start
        tokens += len(found["jieba"])
        if found["cut"] != found["jieba"]:
            differences.append(first_difference(found["cut"], found["jieba"]))
    size = sum(len(text.encode()) for text in texts) / 1e6
    speeds = ", ".join(f"{rival} {size / seconds:.2f}" for rival, seconds in took.items())
    print(f"{name}: {len(texts)} documents, {size:.1f} MB, {tokens:,} tokens; MB/s: {speeds}")
    print(f"    {len(differences)} documents differ from jieba's")
    for difference in differences[:SHOWN]:
        print("   ", difference)


def main(folder: Path, every: int) -> None:
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    texts = list(read_texts(folder, every))
    variants: dict[str, Callable[[str], str]] = {"as it is": str, "standardised": standardise}
    for name, change in variants.items():
        compare(name, [change(text) for text in texts])


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 1)
