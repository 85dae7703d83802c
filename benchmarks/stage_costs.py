"""Processor time of each document stage of a pipeline on real pages, in one process.

    python -m benchmarks.stage_costs [DATA] [--pages 400] [--conf CONF]

The pages are those of ``DATA/extraction`` whose main text is known, English and Chinese. They pass
all document stages as in a worker, in its batches, one language after the other; corpus stages are
left out, so pages go on that these would remove. A first pass over all pages warms: kernels are
compiled, models are loaded. What models remember of it is forgotten.

Printed for each stage: the documents that reach it, the milliseconds that one takes, and those by
the page of the crawl; what the child process of ``extract`` takes is in its figures. Linux only.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# As Spark has it for its workers: a second thread of BLAS waits in a loop, and would be counted.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from curation.config import PipelineConfig, load_config
from curation.parts.reader import batched, crawled
from curation.spark.processes import family
from curation.training.labelled_pages import FOLDERS, read_pages
from models.memories import forget_all
from schemas.page import Page
from schemas.verdict import Verdict
from stages.base import CorpusStage, Judge, Row
from stages.chain import Link, open_chain, run_chain


@dataclass(slots=True)
class Cost:
    """What the documents that reached a stage have taken."""

    documents: int = 0
    processor_s: float = 0.0


def children_s() -> float:
    """What the processes that this one has started have taken, in ticks of 10 ms."""
    own = os.getpid()
    return sum(one.own_s + one.children_s for number, one in family(own).items() if number != own)


def metered(judge: Judge, cost: Cost) -> Judge:
    """A judge that adds to a cost what it takes."""

    def judge_batch(rows: Sequence[Row]) -> Sequence[Verdict]:
        children = children_s()
        start = time.process_time()
        verdicts = judge(rows)
        own_s = time.process_time() - start
        cost.processor_s += own_s + children_s() - children
        cost.documents += len(rows)
        return verdicts

    return judge_batch


def document_chain(config: PipelineConfig) -> list[Link]:
    """The document stages of all steps, opened."""
    names = [name for step in config.step for name in step.stages]
    stages = [config.stage[name] for name in names]
    return open_chain(stage for stage in stages if not isinstance(stage, CorpusStage))


def measure(
    chain: Sequence[Link], pages: Sequence[Page], config: PipelineConfig
) -> dict[str, Cost]:
    """The cost of each stage, by name."""
    costs = {link.stage.name: Cost() for link in chain}
    links = [Link(one.stage, metered(one.judge, costs[one.stage.name])) for one in chain]
    for documents in batched(crawled(page, 0, "", config.source) for page in pages):
        run_chain(links, documents)
    return costs


def print_costs(language: str, costs: dict[str, Cost], pages: int) -> None:
    """A row for each stage, and one for all."""
    print(f"\n{language}: {pages:,} pages\n")
    print("| stage | documents | ms a document | ms a page |\n|---|---|---|---|")
    for name, cost in costs.items():
        ms = 1000 * cost.processor_s
        print(f"| {name} | {cost.documents:,} | {ms / max(1, cost.documents):.2f} ", end="")
        print(f"| {ms / pages:.2f} |")
    total = sum(cost.processor_s for cost in costs.values())
    print(f"| all | | | {1000 * total / pages:.2f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--conf", default="conf/local.toml")
    options = parser.parse_args()
    config = load_config(options.conf)
    chain = document_chain(config)
    for language in FOLDERS:
        labelled = read_pages(options.data / "extraction", language)
        pages = [one.page for one in labelled if one.truth][: options.pages]
        for _ in range(2):
            forget_all()
            costs = measure(chain, pages, config)
        print_costs(language, costs, len(pages))


if __name__ == "__main__":
    main()
