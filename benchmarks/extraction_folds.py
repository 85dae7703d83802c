"""What extraction scores on pages of sites that its trees have not seen, over all known pages.

    python -m benchmarks.extraction_folds ../shared/data/extraction [--parts N] [--worst N]

The sites are dealt into parts; each part's pages are read with trees trained on the others, from
raw bytes to text. Beside them plain trafilatura and resiliparse. After each part the table of all
pages so far is printed; ``--worst`` lists those of each language that score lowest. Five parts take
about ten minutes of one core.
"""

import argparse
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.extraction import PEERS
from benchmarks.extraction_pages import KnownPage, read_pages, score, site_of
from benchmarks.train_extraction import make_examples
from models.main_content import MainContent
from models.main_content.fit import Example, train
from stages.extract import Tools, extract, load_tools

OURS = "ours"
COLUMNS = (OURS, *PEERS)


def part_of(page: KnownPage, parts: int) -> int:
    return int(hashlib.md5(site_of(page.url).encode()).hexdigest(), 16) % parts


def score_out_of_fold(
    pages: Sequence[KnownPage], examples: Sequence[Example | None], parts: int
) -> Iterator[list[tuple[KnownPage, dict[str, float]]]]:
    """Each part's pages with the score of every tool."""
    shipped = load_tools()
    for part in range(parts):
        known = [
            example
            for page, example in zip(pages, examples, strict=True)
            if example is not None and page.shippable and part_of(page, parts) != part
        ]
        model = MainContent("fold", "", *train(known))
        tools = Tools(shipped.rules, shipped.keyword_lines, model.find)
        yield [(page, score_all(page, tools)) for page in pages if part_of(page, parts) == part]


def score_all(page: KnownPage, tools: Tools) -> dict[str, float]:
    found = {name: peer(page.body, page.url) or "" for name, peer in PEERS.items()}
    found[OURS] = extract(page.body, url=page.url, tools=tools).text
    return {name: score(found[name], page.truth, page.language) for name in COLUMNS}


def report(scored: Sequence[tuple[KnownPage, dict[str, float]]]) -> None:
    rows: dict[tuple[str, str], list[dict[str, float]]] = defaultdict(list)
    for page, scores in scored:
        rows[page.language, page.kind].append(scores)
        rows[page.language, "all"].append(scores)
    print("| language | kind | pages | " + " | ".join(COLUMNS) + " |")
    print("|---|---|---|" + "---|" * len(COLUMNS))
    for (language, kind), found in sorted(rows.items()):
        means = [f"{sum(one[name] for one in found) / len(found):.3f}" for name in COLUMNS]
        print(f"| {language} | {kind} | {len(found)} | " + " | ".join(means) + " |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--parts", type=int, default=5)
    parser.add_argument("--worst", type=int, default=0, help="list so many pages of each language")
    options = parser.parse_args()
    pages = [page for language in ("zh", "en") for page in read_pages(options.folder, language)]
    scored: list[tuple[KnownPage, dict[str, float]]] = []
    for part in score_out_of_fold(pages, make_examples(pages), options.parts):
        scored += part
        report(scored)
    for language in ("zh", "en"):
        worst = sorted(
            (scores[OURS], page.id, page.kind, page.url)
            for page, scores in scored
            if page.language == language
        )
        for value, *named in worst[: options.worst]:
            print(f"{value:.3f}", *named)


if __name__ == "__main__":
    main()
