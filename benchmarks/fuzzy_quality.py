"""Recall and precision of fuzzy deduplication's bands on real near copies, by exact similarity.

For each collection, every pair of documents is compared: exactly, as sets of the same shingles
that the stage hashes, and by bands. Recall in a bin is the share of its pairs that some band
finds; precision is the share of the pairs found that have at least the bin's lower bound. "Given"
is the similarity that comes with the data (other shingles: words or characters), in its pairs.

    python benchmarks/fuzzy_quality.py ../shared/data/dedup
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np

from stages.fuzzy_dedup import collision_probability
from stages.minhash import band_keys, minima
from stages.shingles import Shingles, shingle

BANDS, ROWS, WIDTH, SEED = 128, 16, 5, 1
BINS = 10
COLLECTIONS = (
    ("debian_installguide_en", "debian_installguide_en_word5"),
    ("debian_installguide_zh_CN", "debian_installguide_zh_CN_char5"),
    ("g0v_law_zh_hant", "g0v_law_zh_hant_char5"),
)
Pair = tuple[str, str]


def read_texts(path: Path) -> dict[str, str]:
    with gzip.open(path, "rt") as lines:
        return {row["id"]: row["text"] for row in map(json.loads, lines)}


def read_pairs(path: Path) -> dict[Pair, float]:
    with path.open() as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return {(row["id_a"], row["id_b"]): float(row["jaccard"]) for row in rows}


def sets_of(found: Shingles) -> list[set[bytes]]:
    data = found.buffer.tobytes()
    spans = [
        data[s : s + n] for s, n in zip(found.starts.tolist(), found.lengths.tolist(), strict=True)
    ]
    ends = found.offsets.tolist()
    return [set(spans[a:b]) for a, b in pairwise(ends)]


def jaccard(left: set[bytes], right: set[bytes]) -> float:
    shared = len(left & right)
    return shared / (len(left) + len(right) - shared) if shared else 0.0


def bin_of(similarity: float) -> int:
    return min(int(similarity * BINS), BINS - 1)


def compare(texts: dict[str, str]) -> tuple[dict[Pair, float], set[Pair]]:
    """The exact similarity of every pair that shares a shingle, and the pairs that bands find."""
    found = shingle(list(texts.values()), WIDTH)
    sets = sets_of(found)
    keys = band_keys(minima(found, BANDS * ROWS, SEED), BANDS)
    exact, hits = {}, set()
    for (i, one), (j, other) in combinations(enumerate(texts), 2):
        if similarity := jaccard(sets[i], sets[j]):
            exact[one, other] = similarity
        if sets[i] and sets[j] and np.any(keys[i] == keys[j]):
            hits.add((one, other))
    return exact, hits


def print_bins(exact: dict[Pair, float], hits: set[Pair]) -> None:
    pairs, found, expected = Counter[int](), Counter[int](), Counter[int]()
    for pair, similarity in exact.items():
        pairs[bin_of(similarity)] += 1
        found[bin_of(similarity)] += pair in hits
        expected[bin_of(similarity)] += collision_probability(similarity, BANDS, ROWS)
    print(f"{'similarity':>12}{'pairs':>8}{'found':>8}{'recall':>8}{'formula':>9}{'precision':>11}")
    for low in reversed(range(BINS)):
        if not pairs[low]:
            continue
        above = sum(exact.get(pair, 0.0) * BINS >= low for pair in hits)
        print(
            f"{low / BINS:>7.1f}-{(low + 1) / BINS:.1f}{pairs[low]:>9}{found[low]:>8}"
            f"{found[low] / pairs[low]:>8.3f}{expected[low] / pairs[low]:>9.3f}"
            f"{above / len(hits):>11.3f}"
        )


def print_given(given: dict[Pair, float], hits: set[Pair]) -> None:
    pairs, found = Counter[int](), Counter[int]()
    both_ways = hits | {(other, one) for one, other in hits}
    for pair, similarity in given.items():
        pairs[bin_of(similarity)] += 1
        found[bin_of(similarity)] += pair in both_ways
    rows = (f"{b / BINS:.1f} {found[b]}/{pairs[b]}" for b in reversed(range(BINS)) if pairs[b])
    print("by the given similarity: " + ", ".join(rows))


def main(folder: Path) -> None:
    for name, pairs in COLLECTIONS:
        texts = read_texts(folder / f"{name}.jsonl.gz")
        exact, hits = compare(texts)
        strays = sum(pair not in exact for pair in hits)
        print(f"\n{name}: {len(texts)} documents, {len(hits)} pairs found, {strays} share nothing")
        print_bins(exact, hits)
        print_given(read_pairs(folder / f"{pairs}.pairs.tsv"), hits)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
