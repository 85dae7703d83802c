"""What extraction scores on pages of sites that its trees have not seen, over all known pages.

    python -m benchmarks.extraction_folds ../shared/data/extraction [--worst N]

The sites are dealt into five parts; each part's pages are read with trees trained on the other
four, from raw bytes to text. Beside them plain trafilatura and resiliparse. ``--worst`` lists the
pages of each language that score lowest. Takes about ten minutes on one core.
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
from models.main_content.training import Example, train
from stages.extract import Tools, extract, load_tools

PARTS = 5
OURS = "ours"
COLUMNS = (OURS, *PEERS)


def part_of(page: KnownPage) -> int:
    return int(hashlib.md5(site_of(page.url).encode()).hexdigest(), 16) % PARTS


def score_out_of_fold(
    pages: Sequence[KnownPage], examples: Sequence[Example | None]
) -> Iterator[tuple[KnownPage, dict[str, float]]]:
    """Each page with the score of every tool."""
    shipped = load_tools()
    for part in range(PARTS):
        known = [
            example
            for page, example in zip(pages, examples, strict=True)
            if example is not None and page.shippable and part_of(page) != part
        ]
        model = MainContent("fold", "", *train(known))
        tools = Tools(shipped.rules, shipped.keyword_lines, model.find)
        for page in pages:
            if part_of(page) == part:
                yield page, score_all(page, tools)
        print(f"part {part + 1} of {PARTS} done", flush=True)


def score_all(page: KnownPage, tools: Tools) -> dict[str, float]:
    found = {name: peer(page.body, page.url) or "" for name, peer in PEERS.items()}
    found[OURS] = extract(page.body, url=page.url, tools=tools).text
    return {name: score(found[name], page.truth, page.language) for name in COLUMNS}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--worst", type=int, default=0, help="list so many pages of each language")
    options = parser.parse_args()
    pages = [page for language in ("zh", "en") for page in read_pages(options.folder, language)]
    scored = list(score_out_of_fold(pages, make_examples(pages)))
    rows: dict[tuple[str, str], list[dict[str, float]]] = defaultdict(list)
    for page, scores in scored:
        rows[page.language, page.kind].append(scores)
        rows[page.language, "all"].append(scores)
    print("| language | kind | pages | " + " | ".join(COLUMNS) + " |")
    print("|---|---|---|" + "---|" * len(COLUMNS))
    for (language, kind), found in sorted(rows.items()):
        means = [f"{sum(one[name] for one in found) / len(found):.3f}" for name in COLUMNS]
        print(f"| {language} | {kind} | {len(found)} | " + " | ".join(means) + " |")
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
