"""How full sequences are, how many documents are cut, and what packing costs beside tokenising.

``python -m benchmarks.packing DATA [TOKENIZER…]``: real texts under each tokenizer (the embedded
one unless others are named). Lengths are drawn again and again until there are 100,000 documents;
tokens are those of the texts, once. Seconds are processor time.
"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from curation.outputs.knots import Copy, Knots
from curation.outputs.pack import READ_ROWS, Pack, pack_one
from curation.outputs.pack_shard import SequenceLayout, TokenisedDocuments, plan
from curation.outputs.packing import Method, measure
from curation.training.texts import articles
from curation.training.tokenizer import chinese_pages, english_pages
from models import tokenizer as tokenizers
from models.tokenizer import EMBEDDED

DOCUMENTS = 100_000
SEQUENCE_LENGTHS = (8_192, 32_768)
ROUNDS = 3
SHARD = pa.schema([("doc_id", pa.string()), ("copy", pa.int32()), ("text", pa.string())])


def main() -> None:
    data = Path(sys.argv[1])
    texts = [text for source in (english_pages, chinese_pages, articles) for text in source(data)]
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    print(f"{len(texts):,} real texts, {megabytes:.1f} MB\n")
    for name in sys.argv[2:] or [EMBEDDED]:
        tokenizer = tokenizers.load(name)
        print(f"## {Path(name).name}: {tokenizer.vocabulary_size:,} ids\n")
        plans(tokenizer.count(texts))
        rates(name, texts[::4])


def plans(counts: list[int]) -> None:
    lengths = random.Random(0).choices([count + 1 for count in counts], k=DOCUMENTS)
    copies = [Copy(f"{number:032x}", 0) for number in range(DOCUMENTS)]
    documents = TokenisedDocuments(np.empty(0, np.uint16), lengths, copies)
    print("| sequence length | method | sequences | padding | cut | cut needlessly | seconds |")
    print("|---:|---|---:|---:|---:|---:|---:|")
    for capacity in SEQUENCE_LENGTHS:
        for label, layout in layouts(capacity):
            started = time.process_time()
            packed, knotted = plan(documents, layout)
            seconds = time.process_time() - started
            found = measure([*packed, *knotted], lengths, capacity)
            print(
                f"| {capacity:,} | {label} | {found.sequences:,} | {1 - found.fill_ratio:.3%} | "
                f"{found.split_documents:,} | {found.needless_splits:,} | {seconds:.2f} |"
            )
    print()


def layouts(capacity: int) -> Iterator[tuple[str, SequenceLayout]]:
    for method in Method:
        yield method, SequenceLayout(capacity, method, pad=True, pad_id=0)
    knots = Knots(0.3, 3, (1, 2, 3, 4), 0)
    yield "best_fit, 30% knotted", SequenceLayout(capacity, Method.BEST_FIT, True, 0, knots)


def rates(name: str, texts: list[str]) -> None:
    """Tokens a second of a whole shard, read, tokenised, packed and written, and its memory."""
    print("| texts | million tokens/s, tokenised | packed | times the seconds | peak memory |")
    print("|---:|---:|---:|---:|---:|")
    for times in (1, 4):
        with tempfile.TemporaryDirectory() as folder:
            shard = Path(folder) / "shard.parquet"
            write(shard, texts, times)
            with get_context("spawn").Pool(1) as pool:
                found = pool.apply(pack_shard, (name, str(shard), folder))
        tokens, own, packed, peak = found
        print(
            f"| {times * len(texts):,} | {tokens / own / 1e6:.3f} | {tokens / packed / 1e6:.3f} | "
            f"{packed / own:.2f} | {peak} MB |"
        )
    print()


def write(path: Path, texts: list[str], times: int) -> None:
    with pq.ParquetWriter(path, SHARD, compression="zstd") as writer:
        for copy in range(times):
            rows = [
                {"doc_id": f"{number:032x}", "copy": copy, "text": text}
                for number, text in enumerate(texts)
            ]
            writer.write_table(pa.Table.from_pylist(rows, SHARD), row_group_size=1_000)


def pack_shard(name: str, shard: str, folder: str) -> tuple[int, float, float, int]:
    """Tokens of a shard, the least seconds of the tokenizer alone and of packing, and memory.

    The tokenizer alone is given the same batches, and nothing of what it gives is kept. They take
    turns, so that a busy machine is so for both.
    """
    tokenizer = tokenizers.load(name)
    own, packed, tokens = [], [], 0
    for _ in range(ROUNDS):
        started = time.process_time()
        tokens = sum(
            sum(tokenizer.count(batch.column("text").to_pylist()))
            for batch in pq.ParquetFile(shard).iter_batches(READ_ROWS)
        )
        own.append(time.process_time() - started)
        started = time.process_time()
        pack_one(0, shard, folder, Pack(tokenizer=name), tokenizer)
        packed.append(time.process_time() - started)
    return tokens, min(own), min(packed), getrusage(RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
