"""Signatures of 2,048 minima: the kernel beside datasketch, rensa and the processor's limit.

    python -m benchmarks.minhash ../shared/data [--peer PYTHON]

Rivals take turns and the best turn of each counts, in processor time of all threads, so that the
ratios of one run compare even on a machine that does other work. rensa is measured where it is
installed (it is no dependency), datatrove and text-dedup where PYTHON has them, the ceiling where
there is a gcc, between turns of the permutations alone. "Shingles" are ready-made byte strings;
"text" starts from the document: standardised, cut into words, shingled, hashed. jieba feeds
datasketch, our own segmenter feeds rensa.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import datasketch
import jieba
import numpy as np

from models.kernels.permute import permute
from models.kernels.sha1 import hash_spans
from models.text.segmenter import cut, cut_utf8
from stages.fuzzy_dedup.minhash import (
    NUM_PERMUTATIONS,
    SEED,
    band_keys,
    minima,
    permutations,
    signatures,
)
from stages.fuzzy_dedup.shingles import Shingles, shingle
from stages.standardise import standardise

try:
    import rensa
except ImportError:
    rensa = None

SIZES = (300, 1000, 5000)
TURNS = 15
LEAST_S = 0.1
BATCH_SHINGLES = 30_000
TEXTS = (
    ("English", "dedup/debian_installguide_en.jsonl.gz"),
    ("Chinese", "dedup/debian_installguide_zh_CN.jsonl.gz"),
    ("Chinese", "corpus/lctt_zh_sample.jsonl.gz"),
)
DOCUMENTS = 40
Rivals = dict[str, Callable[[], object]]


def best_times(rivals: Rivals, turns: int = TURNS) -> dict[str, float]:
    """The least processor time of some turns of each, in seconds, not counting the first turn."""
    best = dict.fromkeys(rivals, float("inf"))
    for turn in range(turns + 1):
        for name, work in rivals.items():
            took = seconds_of(work)
            if turn:
                best[name] = min(best[name], took)
    return best


def seconds_of(work: Callable[[], object]) -> float:
    """Processor time of some work, done so often that a clock of 10 ms can tell it."""
    start, times, took = time.process_time(), 0, 0.0
    while took < LEAST_S:
        work()
        times, took = times + 1, time.process_time() - start
    return took / times


def random_shingles(count: int, documents: int) -> list[list[bytes]]:
    """Distinct shingles of 5 random words, 20 to 45 bytes."""
    draw = np.random.default_rng(count)
    letters = draw.integers(97, 123, (documents, count, 45), dtype=np.uint8)
    lengths = draw.integers(20, 46, (documents, count)).tolist()
    return [
        [letters[d, i, : lengths[d][i]].tobytes() for i in range(count)] for d in range(documents)
    ]


def as_spans(documents: Sequence[Sequence[bytes]]) -> Shingles:
    data = bytearray(b"".join(b"".join(shingles) for shingles in documents))
    lengths = np.array([len(span) for shingles in documents for span in shingles], np.int64)
    offsets = np.cumsum([0, *map(len, documents)])
    return Shingles(np.frombuffer(data, np.uint8), np.cumsum(lengths) - lengths, lengths, offsets)


def ceiling() -> float | None:
    """Billions of multiply, add and minimum a second; None without gcc or on other processors."""
    compiler = shutil.which("gcc")
    if compiler is None:
        return None
    source = Path(__file__).with_name("ceiling.c")
    with tempfile.TemporaryDirectory() as folder:
        program = f"{folder}/ceiling"
        command = [compiler, "-O2", "-march=native", "-o", program, str(source)]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return None
        return float(subprocess.run([program], capture_output=True, check=True).stdout)


def measure_peers(python: str) -> None:
    """Print what datatrove and text-dedup take at the same 2,048, on the same shingles."""
    lists = [random_shingles(count, BATCH_SHINGLES // count) for count in SIZES]
    given = json.dumps([[[s.decode() for s in one] for one in documents] for documents in lists])
    script = Path(__file__).with_name("peer_minhash.py")
    done = subprocess.run([python, script], input=given, capture_output=True, text=True, check=True)
    for name, times in json.loads(done.stdout.splitlines()[-1]).items():
        for documents, took in zip(lists, times, strict=True):
            each = took / len(documents) * 1e6
            print(f"{len(documents[0]):>6} shingles, us a document: {name} at 128 x 16 {each:,.0f}")


def compare_shingles(count: int) -> None:
    documents = random_shingles(count, BATCH_SHINGLES // count)
    spans = as_spans(documents)
    hashes = np.empty(len(spans.starts), np.uint32)
    out = np.empty((len(documents), NUM_PERMUTATIONS), np.uint32)
    rivals: Rivals = {
        "ours": lambda: minima(spans, NUM_PERMUTATIONS, SEED),
        "sha1": lambda: hash_spans(spans.buffer, spans.starts, spans.lengths, hashes),
        "permute": lambda: permute(hashes, spans.offsets, *permutations(2048, SEED), out),
        "datasketch": lambda: datasketch.MinHash.bulk(documents, num_perm=2048, seed=SEED),
    }
    if rensa:
        sets = [set(shingles) for shingles in documents]
        rivals["rensa"] = lambda: rensa.RMinHash.digests_from_token_sets(
            sets, num_perm=2048, seed=SEED
        )
    best = best_times(rivals)
    each = {name: f"{took / len(documents) * 1e6:,.0f}" for name, took in best.items()}
    rate = len(spans.starts) * NUM_PERMUTATIONS / best["permute"] / 1e9
    print(
        f"{count:>6} shingles, us a document: "
        + ", ".join(f"{name} {value}" for name, value in each.items())
        + f"; {best['datasketch'] / best['ours']:.1f} x datasketch;"
        f" sha1 {best['sha1'] / len(spans.starts) * 1e9:.0f} ns a shingle;"
        f" permutations {rate:.1f} G/s"
    )


def shingle_strings(tokens: Sequence[str]) -> set[str]:
    return {" ".join(tokens[i : i + 5]) for i in range(max(1, len(tokens) - 4))}


def by_jieba(text: str) -> list[bytes]:
    tokens = [token for token in jieba.cut(standardise(text)) if not token.isspace()]
    return [shingle.encode() for shingle in shingle_strings(tokens)]


def compare_texts(language: str, path: Path) -> None:
    with gzip.open(path, "rt") as lines:
        found = [json.loads(line)["text"] for line in lines]
    texts = found[:: len(found) // DOCUMENTS][:DOCUMENTS]
    standard = [standardise(text) for text in texts]
    spans = shingle(texts, 5)
    rivals: Rivals = {
        "ours": lambda: band_keys(signatures(texts), 128),
        "(standardise)": lambda: [standardise(text) for text in texts],
        "(cut)": lambda: [cut_utf8(text) for text in standard],
        "(standardise to spans)": lambda: shingle(texts, 5),
        "(hash and permute)": lambda: minima(spans, NUM_PERMUTATIONS, SEED),
        "datasketch and jieba": lambda: datasketch.MinHash.bulk(
            map(by_jieba, texts), num_perm=2048, seed=SEED
        ),
    }
    if rensa:
        rivals["rensa"] = lambda: rensa.RMinHash.digests_from_token_sets(
            [shingle_strings(cut(standardise(text))) for text in texts], num_perm=2048, seed=SEED
        )
    best = best_times(rivals, turns=4)
    size = sum(len(text.encode()) for text in texts) / 1e6
    print(
        f"{language}, {path.name}: {len(texts)} documents of {size / len(texts) * 1e3:.1f} kB,"
        f" {len(spans.starts) // len(texts)} shingles each"
    )
    for name, took in best.items():
        print(
            f"  {name:<24}{len(texts) / took:>10,.0f} documents/s{size / took:>9.2f} MB/s"
            f"{took / best['ours']:>9.2f} x our time"
        )


def compare_with_ceiling() -> None:
    """The permutation loop beside what registers alone can do, taking turns."""
    hashes = np.random.default_rng(1).integers(0, 1 << 32, 5000, dtype=np.uint32)
    out = np.empty((1, NUM_PERMUTATIONS), np.uint32)
    drawn, offsets = permutations(NUM_PERMUTATIONS, SEED), np.array([0, len(hashes)])
    shares = []
    for _ in range(5):
        limit = ceiling()
        if limit is None:
            print("ceiling: not measured here")
            return
        best = best_times({"permute": lambda: permute(hashes, offsets, *drawn, out)}, turns=100)
        rate = len(hashes) * NUM_PERMUTATIONS / best["permute"] / 1e9
        shares.append(f"{rate:.1f} of {limit:.1f} G/s ({rate / limit:.0%})")
    print("permutations of the ceiling: " + ", ".join(shares))


def main(folder: Path, peer: str | None) -> None:
    jieba.setLogLevel(logging.WARNING)
    for count in SIZES:
        compare_shingles(count)
    if peer:
        measure_peers(peer)
    compare_with_ceiling()
    for language, name in TEXTS:
        compare_texts(language, folder / name)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--peer", help="a Python that has datatrove, text-dedup or both")
    given = parser.parse_args()
    main(given.folder, given.peer)
