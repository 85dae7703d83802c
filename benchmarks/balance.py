"""How near to its mix a corpus comes: by its size, over deliveries, and for a target.

    python benchmarks/balance.py

Made corpora: log-normal lengths (median 600 tokens), classes drawn evenly from the taxonomy; ten
seeds each. Four English documents to one Chinese; over deliveries, five of 2,000 documents, two
in English alone and then three half and half; the target is 6% of encyclopaedia entries,
which are 0.5% of the documents, or 3%.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from conf import locate
from models.taxonomy import read_taxonomy
from stages.balance import Balance, copies
from stages.balance.cells import Cell, Content
from stages.balance.mix import solve

SEEDS = range(10)
TAXONOMY = read_taxonomy(locate("taxonomy.toml"))
ENTRIES = "encyclopaedia_entry"


@dataclass(frozen=True)
class Documents:
    """Documents of a delivery, by their places."""

    cells: list[Cell]
    tokens: list[int]


def made(count: int, seed: int, chinese: float = 0.2, entries: float = 0.0) -> Documents:
    """A delivery with so many Chinese documents, and so many more encyclopaedia entries."""
    random = np.random.default_rng(seed)
    ids = [one.id for one in TAXONOMY.classes]
    languages = np.where(random.random(count) < chinese, "zh", "en").tolist()
    classes = [ids[n] for n in random.integers(len(ids), size=count)]
    more = (random.random(count) < entries).tolist()
    tokens = random.lognormal(np.log(600), 1.0, count).astype(int).tolist()
    cells = [
        Cell(Content(language, ENTRIES if is_entry else category))
        for language, category, is_entry in zip(languages, classes, more, strict=True)
    ]
    return Documents(cells, tokens)


def written(
    documents: Documents, stage: Balance, name: str, delivered: Mapping[Content, int]
) -> Counter[Content]:
    """The tokens that are written of a delivery beside earlier ones."""
    offered = Counter[Cell]()
    for cell, count in zip(documents.cells, documents.tokens, strict=True):
        offered[cell] += count
    expected = solve(offered, delivered, stage.rules()).copies
    out = Counter[Content]()
    for n, (cell, count) in enumerate(zip(documents.cells, documents.tokens, strict=True)):
        out[cell.content] += count * copies(float(expected[cell]), f"{name}-{n}", stage.seed)
    return out


def ratio(tokens: Mapping[Content, int]) -> float:
    """Chinese tokens per English one."""
    sums = Counter[str]()
    for content, count in tokens.items():
        sums[content.language] += count
    return sums["zh"] / sums["en"]


def over_deliveries(seed: int, *, by_corpus: bool) -> Counter[Content]:
    """The corpus of five deliveries in mixes of their own or of the corpus."""
    corpus = Counter[Content]()
    for n, chinese in enumerate((0.0, 0.0, 0.5, 0.5, 0.5)):
        documents = made(2_000, 10 * seed + n, chinese)
        corpus += written(documents, Balance(), f"{seed}-{n}", corpus if by_corpus else {})
    return corpus


def main() -> None:
    """Print what comes out."""
    for size in (1_000, 10_000, 100_000):
        off = [abs(ratio(written(made(size, n), Balance(), str(n), {})) - 1) for n in SEEDS]
        print(f"{size:7,} documents: mean |ratio - 1| {np.mean(off):.4f}, worst {max(off):.4f}")
    for by_corpus in (False, True):
        ratios = [ratio(over_deliveries(seed, by_corpus=by_corpus)) for seed in SEEDS]
        scope = "corpus" if by_corpus else "batch"
        print(f"five deliveries, scope {scope}: ratio {min(ratios):.3f} to {max(ratios):.3f}")
    stage = Balance(targets={ENTRIES: 0.06})
    for entries in (0.0, 0.025):
        shares = []
        for seed in SEEDS:
            tokens = written(made(20_000, seed, entries=entries), stage, str(seed), {})
            entry = sum(n for content, n in tokens.items() if content.category == ENTRIES)
            shares.append(entry / tokens.total())
        print(f"{0.005 + entries:.1%} of entries: {min(shares):.2%} to {max(shares):.2%} of 6%")


if __name__ == "__main__":
    main()
