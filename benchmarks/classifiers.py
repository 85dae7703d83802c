"""Documents a second of each embedded classifier on one core, and of all of them in one chain.

    python -m benchmarks.classifiers [DATA] [--conf CONF]

The documents are windows of 1,000 to 2,000 characters of the known main texts of
``DATA/extraction``, with the addresses of their pages, no title and no markup, in a worker's
batches. Alone, a classifier makes the embedding that it asks for; in the chain, those behind are
given what those before them made. Processor time, the best of five rounds; what models remember is
forgotten before each. A first round warms.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

# As Spark has it for its workers: a second thread of BLAS waits in a loop, and would be counted.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from curation.config import load_config
from curation.parts.reader import BATCH_DOCUMENTS
from curation.training.labelled_pages import FOLDERS, LabelledPage, read_pages
from models.memories import forget_all
from stages.base import Row
from stages.chain import Link, open_chain

STAGES = ("page_type", "clutter", "quality", "category")
MIN_CHARS, MAX_CHARS = 1000, 2000
TEXTS, ROUNDS = 1024, 5


def windows(pages: Sequence[LabelledPage]) -> Iterator[Row]:
    """The windows of main texts, each cut at a line or a space."""
    for one in pages:
        text = one.truth
        while len(text) >= MIN_CHARS:
            end = max(text.rfind("\n", MIN_CHARS, MAX_CHARS), text.rfind(" ", MIN_CHARS, MAX_CHARS))
            end = MAX_CHARS if end < 0 else end
            yield {"url": one.page.url, "title": "", "text": text[:end], "markup": None}
            text = text[end:].lstrip()


def seconds(chain: Sequence[Link], batches: Sequence[Sequence[Row]]) -> float:
    """Processor time of the chain over all batches, in the best of some rounds."""
    times = []
    for _ in range(1 + ROUNDS):
        forget_all()
        start = time.process_time()
        for rows in batches:
            for link in chain:
                link.judge([{name: row[name] for name in link.stage.reads} for row in rows])
        times.append(time.process_time() - start)
    return min(times[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--conf", default="conf/local.toml")
    options = parser.parse_args()
    config = load_config(options.conf)
    chain = open_chain(config.stage[name] for name in STAGES)
    print("| | " + " | ".join([*STAGES, "all, in one chain"]) + " |")
    print("|---|" + "---|" * (len(STAGES) + 1))
    for language in FOLDERS:
        labelled = [one for one in read_pages(options.data / "extraction", language) if one.truth]
        rows = list(windows(labelled))[:TEXTS]
        batches = [
            rows[first : first + BATCH_DOCUMENTS] for first in range(0, len(rows), BATCH_DOCUMENTS)
        ]
        each = [seconds([link], batches) for link in chain]
        rates = [len(rows) / taken for taken in [*each, seconds(chain, batches)]]
        cells = " | ".join(f"{rate:,.0f}" for rate in rates)
        print(f"| {language}, {len(rows):,} documents | {cells} |", flush=True)


if __name__ == "__main__":
    main()
