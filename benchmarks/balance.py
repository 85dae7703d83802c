"""How near to 1:1 Chinese and English come out, by corpus size.

    python benchmarks/balance.py

Made corpora: four English documents to one Chinese, log-normal lengths (median 600 tokens), classes
drawn evenly from the taxonomy; ten seeds a size.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import numpy as np

from conf import locate
from models.taxonomy import read_taxonomy
from stages.balance import copies
from stages.balance.rates import language_scales, read_rates

MAX_COPIES = 4


def ratio(documents: int, seed: int) -> float:
    """Chinese tokens per English token of what is written."""
    random = np.random.default_rng(seed)
    taxonomy = read_taxonomy(locate("taxonomy.toml"))
    rates = read_rates(locate("balance.toml"), taxonomy, MAX_COPIES)
    ids = [one.id for one in taxonomy.classes]
    languages = np.where(random.random(documents) < 0.2, "zh", "en").tolist()
    classes = [ids[n] for n in random.integers(len(ids), size=documents)]
    tokens = random.lognormal(np.log(600), 1.0, documents).astype(int).tolist()
    totals: Counter[tuple[str, str]] = Counter()
    for language, category, count in zip(languages, classes, tokens, strict=True):
        totals[language, category] += count
    scales = language_scales(totals, rates, Fraction(1), Fraction(2), MAX_COPIES)
    written: Counter[str] = Counter()
    for n, (language, category, count) in enumerate(zip(languages, classes, tokens, strict=True)):
        expected = min(float(rates[category]) * float(scales[language]), MAX_COPIES)
        written[language] += count * copies(expected, f"{seed}-{n}", 1)
    return written["zh"] / written["en"]


if __name__ == "__main__":
    for size in (1_000, 10_000, 100_000):
        off = [abs(ratio(size, seed) - 1) for seed in range(10)]
        print(f"{size:7,} documents: mean |ratio - 1| {np.mean(off):.4f}, worst {max(off):.4f}")
