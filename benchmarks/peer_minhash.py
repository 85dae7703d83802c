"""datatrove's MinHash at 128 x 16, on the shingles that `benchmarks.minhash` hands it.

Run by the peer's own Python: standard input has lists of documents, each a list of shingles, as
JSON; standard output gets the seconds of processor time that each list took, the best of five.
"""

import json
import sys
import time

import numpy as np
from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature

TURNS = 5


def best_seconds(signer: MinhashDedupSignature, documents: list[list[str]]) -> float:
    best = float("inf")
    for _ in range(TURNS):
        start = time.process_time()
        for shingles in documents:
            hashes = [signer._hash_func(shingle) for shingle in shingles]  # noqa: SLF001
            signer.get_signature(np.array(hashes, np.uint64).reshape(-1, 1))
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    config = MinhashConfig(num_buckets=128, hashes_per_bucket=16)
    signer = MinhashDedupSignature("/tmp", config)
    print(json.dumps([best_seconds(signer, documents) for documents in json.load(sys.stdin)]))


if __name__ == "__main__":
    main()
