"""datatrove's and text-dedup's MinHash at 128 x 16, on shingles that `benchmarks.minhash` gives.

Run by the peers' own Python: standard input has lists of documents, each a list of shingles without
spaces, as JSON; standard output gets the seconds of processor time that each list took, the best of
five, by peer.
"""

import json
import sys
import time
from collections.abc import Callable

import numpy as np

try:
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature
except ImportError:
    MinhashConfig = MinhashDedupSignature = None
try:
    from text_dedup import minhash as text_dedup
except ImportError:
    text_dedup = None

TURNS = 5
BANDS, ROWS = 128, 16

Sign = Callable[[list[str]], object]


def by_datatrove() -> Sign:
    signer = MinhashDedupSignature("/tmp", MinhashConfig(num_buckets=BANDS, hashes_per_bucket=ROWS))

    def sign(shingles: list[str]) -> object:
        hashes = [signer._hash_func(shingle) for shingle in shingles]  # noqa: SLF001
        return signer.get_signature(np.array(hashes, np.uint64).reshape(-1, 1))

    return sign


def by_text_dedup() -> Sign:
    """As its ``main`` sets it up by default: SHA-1, 64 bits. A shingle is a 1-gram of the text."""
    prime = np.uint64((1 << 61) - 1)
    count = BANDS * ROWS
    draw = text_dedup.RNG.randint
    multipliers = draw(1, prime, size=(count,), dtype=np.uint64)
    addends = draw(0, prime, size=(count,), dtype=np.uint64)

    def sign(shingles: list[str]) -> object:
        return text_dedup.embed_func(
            " ".join(shingles),
            0,
            num_perm=count,
            ngram_size=1,
            min_length=0,
            hashranges=[(start, start + ROWS) for start in range(0, count, ROWS)],
            permutations=(multipliers, addends),
            hash_func=lambda data: text_dedup.sha1_hash(data, d=32),
            dtype=np.uint64,
            max_hash=np.uint32((1 << 32) - 1),
            modulo_prime=prime,
        )

    return sign


def best_seconds(sign: Sign, documents: list[list[str]]) -> float:
    best = float("inf")
    for _ in range(TURNS):
        start = time.process_time()
        for shingles in documents:
            sign(shingles)
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    peers: dict[str, Sign] = {}
    if MinhashDedupSignature:
        peers["datatrove"] = by_datatrove()
    if text_dedup:
        peers["text-dedup"] = by_text_dedup()
    lists = json.load(sys.stdin)
    times = {name: [best_seconds(sign, each) for each in lists] for name, sign in peers.items()}
    print(json.dumps(times))


if __name__ == "__main__":
    main()
