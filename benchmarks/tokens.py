"""The fast tokenizer against jieba over all real text, as it is and standardised.

    python benchmarks/tokens.py ../shared/data [EVERY]

Prints how many documents differ and the first differences, and both speeds in processor time.
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

from stages.standardise import standardise
from stages.tokens import cut

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
    took = {cut: 0.0, jieba_cut: 0.0}
    tokens, differences = 0, []
    for text in texts:
        found = []
        for tokenizer in took:
            start = time.process_time()
            found.append(tokenizer(text))
            took[tokenizer] += time.process_time() - start
        tokens += len(found[1])
        if found[0] != found[1]:
            differences.append(first_difference(*found))
    size = sum(len(text.encode()) for text in texts) / 1e6
    print(
        f"{name}: {len(texts)} documents, {size:.1f} MB, {tokens:,} tokens; "
        f"{len(differences)} documents differ; ours {size / took[cut]:.1f} MB/s, "
        f"jieba {size / took[jieba_cut]:.2f} MB/s"
    )
    for difference in differences[:SHOWN]:
        print("  ", difference)


def main(folder: Path, every: int) -> None:
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    texts = list(read_texts(folder, every))
    variants: dict[str, Callable[[str], str]] = {"as it is": str, "standardised": standardise}
    for name, change in variants.items():
        compare(name, [change(text) for text in texts])


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 1)
