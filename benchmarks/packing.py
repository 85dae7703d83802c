"""How full sequences are, how many documents are cut, and how long the plan takes.

``python -m benchmarks.packing DATA``: lengths are those of real texts under the embedded
tokenizer, drawn again and again until there are 100,000 documents.
"""

import random
import sys
import time
from pathlib import Path

from curation.outputs.packing import METHODS, measure
from curation.training.texts import articles
from curation.training.tokenizer import chinese_pages, english_pages
from models import tokenizer as tokenizers

CAPACITY = 8_192
DOCUMENTS = 100_000


def main() -> None:
    data = Path(sys.argv[1])
    texts = [text for source in (english_pages, chinese_pages, articles) for text in source(data)]
    real = [count + 1 for count in tokenizers.load().count(texts)]
    lengths = random.Random(0).choices(real, k=DOCUMENTS)
    print(f"{len(real)} real texts, {sum(length > CAPACITY for length in real)} over {CAPACITY}")
    print("| method | sequences | fill ratio | documents cut | cut needlessly | seconds |")
    print("|---|---:|---:|---:|---:|---:|")
    for method, pack in METHODS.items():
        started = time.perf_counter()
        packed = pack(lengths, CAPACITY)
        seconds = time.perf_counter() - started
        found = measure(packed, lengths, CAPACITY)
        print(
            f"| {method} | {found.sequences:,} | {found.fill_ratio:.5f} | "
            f"{found.split_documents:,} | {found.needless_splits:,} | {seconds:.2f} |"
        )


if __name__ == "__main__":
    main()
