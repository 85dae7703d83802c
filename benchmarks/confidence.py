"""Whether extraction's confidence tells good texts from bad, and what a second opinion is worth.

    OMP_NUM_THREADS=1 python -m benchmarks.confidence ../shared/data

On the pages that weights are made from, each read with trees that learnt from other sites, and its
confidence fitted to guesses about other sites too: two parts, two minutes of one core. The second
opinion is trafilatura's, as `[stage.extract] second_opinion` has it.
"""

import argparse
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from conf import locate
from curation.config import load_config
from curation.training.confidence import PARTS, fit_to, guess_out_of_fold
from curation.training.extraction import extraction_tools
from curation.training.main_text_examples import learn_from
from curation.training.text_score import f1_of
from models.linear.fit import fold_of
from stages.extract import ExtractionMethod, extract, load_tools

TENTHS = 10
THRESHOLDS = (0.4, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True, slots=True)
class Scored:
    """A page's kind, the confidence in its text, and the F1 of that and of the second opinion's."""

    kind: str
    confidence: float
    ours: float
    second: float


def score_all(data: Path) -> list[Scored]:
    """The pages, the least confidence first."""
    tools = extraction_tools(load_config(locate("local.toml")))
    other = load_tools(method=ExtractionMethod.TRAFILATURA)
    guesses = list(guess_out_of_fold(learn_from(data, tools), tools))
    scored = []
    for part in range(PARTS):
        here = [guess for guess in guesses if fold_of(guess.page.site, PARTS) == part]
        confidence = fit_to(guess for guess in guesses if fold_of(guess.page.site, PARTS) != part)
        for guess in here:
            page = guess.page.page
            text = extract(
                page.body, url=page.url, http_charset=page.http_charset, tools=other
            ).text
            second = f1_of(text, guess.page.truth, guess.page.language)
            kind = guess.page.page_type if guess.page.language == "en" else "Chinese"
            scored.append(Scored(kind, confidence.of(guess.expected), guess.found, second))
    print(f"all pages: {fit_to(guesses)}")
    return sorted(scored, key=lambda one: one.confidence)


def report(scored: Sequence[Scored]) -> None:
    """The tables, in Markdown."""
    order = spearmanr([one.confidence for one in scored], [one.ours for one in scored])
    print(f"{len(scored)} pages; Spearman's rank correlation {order.statistic:.3f}")
    tenths = [tenth.tolist() for tenth in np.array_split(np.array(scored, object), TENTHS)]
    write_table("tenth", {str(number): tenth for number, tenth in enumerate(tenths, 1)})
    below = {str(least): [one for one in scored if one.confidence < least] for least in THRESHOLDS}
    write_table("min_confidence", below)
    write_table("worst tenth", by_kind(tenths[0]))
    write_table("all", by_kind(scored))


def by_kind(scored: Sequence[Scored]) -> Mapping[str, Sequence[Scored]]:
    found = defaultdict(list)
    for one in scored:
        found[one.kind].append(one)
    return found


def write_table(first: str, rows: Mapping[str, Sequence[Scored]]) -> None:
    """A row for each group of pages, with means."""
    print(f"\n| {first} | pages | confidence | F1 | second opinion's F1 |\n|---|---|---|---|---|")
    for name, group in rows.items():
        columns = zip(*((one.confidence, one.ours, one.second) for one in group), strict=True)
        means = " | ".join(f"{np.mean(column):.3f}" for column in columns)
        print(f"| {name} | {len(group)} | {means} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    report(score_all(parser.parse_args().data))


if __name__ == "__main__":
    main()
