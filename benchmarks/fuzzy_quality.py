"""Recall and precision of fuzzy deduplication's bands on real near copies, by exact similarity.

For each collection, every pair of documents is compared: exactly, as sets of the same shingles
that the stage hashes, and by bands. Recall in a bin is the share of its pairs that some band
finds; precision is the share of the pairs found that have at least the bin's lower bound. "Given"
is the similarity that comes with the data (other shingles: words or characters), in its pairs.

"Verified" are the pairs found whose sketches say at least 0.8 (``min_similarity``). The last lines
of a collection are about documents: which leave by the stage's rule, in the order of the file, and
which have a twin before them of exact similarity 0.8 or more.

    python -m benchmarks.fuzzy_quality ../shared/data/dedup
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np

from stages.fuzzy_dedup import collision_probability
from stages.fuzzy_dedup.minhash import band_keys, minima, sketches
from stages.fuzzy_dedup.shingles import Shingles, shingle

BANDS, ROWS, WIDTH, SEED = 128, 16, 5, 1
BINS = 10
MIN_SIMILARITY = 0.8
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


@dataclass(frozen=True)
class Compared:
    """Pairs by exact similarity and by bands, and the documents that leave."""

    exact: dict[Pair, float]  # of pairs that share a shingle
    found: dict[Pair, float]  # of pairs that share a band, as their sketches estimate it
    leave: set[str]
    leave_verified: set[str]


def compare(texts: dict[str, str]) -> Compared:
    names = list(texts)
    shingles = shingle(list(texts.values()), WIDTH)
    sets = sets_of(shingles)
    signatures = minima(shingles, BANDS * ROWS, SEED)
    keys, bits = band_keys(signatures, BANDS), sketches(signatures)
    exact, found = {}, {}
    for i, j in combinations(range(len(names)), 2):
        if similarity := jaccard(sets[i], sets[j]):
            exact[names[i], names[j]] = similarity
        if sets[i] and sets[j] and np.any(keys[i] == keys[j]):
            found[names[i], names[j]] = estimate(bits[i], bits[j])
    winners = first_of_bands(keys, [bool(one) for one in sets])
    beaten = {
        names[i]: [found[names[j], names[i]] for j in winners[i] if j != i]
        for i in range(len(names))
    }
    leave = {name for name, by in beaten.items() if by}
    verified = {name for name in leave if max(beaten[name]) >= MIN_SIMILARITY}
    return Compared(exact, found, leave, verified)


def estimate(one: np.ndarray, other: np.ndarray) -> float:
    apart = int(np.bitwise_count((one ^ other).view(np.uint64)).sum())
    return max(1.0 - 2.0 * apart / (BANDS * ROWS), 0.0)


def first_of_bands(keys: np.ndarray, any_token: list[bool]) -> list[set[int]]:
    """For each document, the first documents of its bands."""
    first: dict[int, int] = {}
    winners: list[set[int]] = []
    for number, bands in enumerate(keys.tolist()):
        some = bands if any_token[number] else []
        winners.append({first.setdefault(band, number) for band in some})
    return winners


def print_bins(compared: Compared) -> None:
    exact = compared.exact
    verified = {p for p, estimated in compared.found.items() if estimated >= MIN_SIMILARITY}
    pairs, found, sure = (Counter[int]() for _ in range(3))
    expected = defaultdict[int, float](float)
    for pair, similarity in exact.items():
        number = bin_of(similarity)
        pairs[number] += 1
        found[number] += pair in compared.found
        sure[number] += pair in verified
        expected[number] += collision_probability(similarity, BANDS, ROWS)
    print(
        f"{'similarity':>12}{'pairs':>8}{'found':>8}{'recall':>8}{'formula':>9}{'precision':>11}"
        f"{'verified':>10}{'precision':>11}"
    )
    for low in reversed(range(BINS)):
        if pairs[low]:
            print(
                f"{low / BINS:>7.1f}-{(low + 1) / BINS:.1f}{pairs[low]:>9}{found[low]:>8}"
                f"{found[low] / pairs[low]:>8.3f}{expected[low] / pairs[low]:>9.3f}"
                f"{share_above(compared.found, exact, low):>11.3f}{sure[low]:>10}"
                f"{share_above(verified, exact, low):>11.3f}"
            )


def share_above(hits: Collection[Pair], exact: dict[Pair, float], low: int) -> float:
    return sum(exact.get(pair, 0.0) * BINS >= low for pair in hits) / len(hits)


def print_documents(compared: Compared) -> None:
    errors = [compared.exact.get(p, 0.0) - found for p, found in compared.found.items()]
    alike = {later for (_, later), value in compared.exact.items() if value >= MIN_SIMILARITY}
    print(f"estimated similarity: root mean square error {np.sqrt(np.mean(np.square(errors))):.4f}")
    for name, leave in (("bands", compared.leave), ("verified", compared.leave_verified)):
        print(
            f"{name}: {len(leave)} documents leave, {len(leave - alike)} of them without a twin of "
            f"{MIN_SIMILARITY} before them; {len(alike - leave)} of {len(alike)} with one stay"
        )


def print_given(given: dict[Pair, float], hits: Collection[Pair]) -> None:
    pairs, found = Counter[int](), Counter[int]()
    both_ways = {*hits, *((other, one) for one, other in hits)}
    for pair, similarity in given.items():
        pairs[bin_of(similarity)] += 1
        found[bin_of(similarity)] += pair in both_ways
    rows = (f"{b / BINS:.1f} {found[b]}/{pairs[b]}" for b in reversed(range(BINS)) if pairs[b])
    print("by the given similarity: " + ", ".join(rows))


def main(folder: Path) -> None:
    for name, pairs in COLLECTIONS:
        texts = read_texts(folder / f"{name}.jsonl.gz")
        compared = compare(texts)
        strays = sum(pair not in compared.exact for pair in compared.found)
        print(
            f"\n{name}: {len(texts)} documents, {len(compared.found)} pairs found, "
            f"{strays} share nothing"
        )
        print_bins(compared)
        print_documents(compared)
        print_given(read_pairs(folder / f"{pairs}.pairs.tsv"), compared.found)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
