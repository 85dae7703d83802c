"""What extraction scores on pages of sites that its trees have not seen, over all known pages.

    python -m benchmarks.extraction_folds ../shared/data/extraction [--parts N] [--worst N]

The sites are dealt into parts; each part's pages are read with trees trained on the others, from
raw bytes to text. Beside them plain trafilatura and resiliparse. After each part the table of all
pages so far is printed; ``--worst`` lists those of each language that score lowest. Five parts take
about ten minutes of one core.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.extraction import PEERS, kind_of, score
from conf import locate
from curation.config import load_config
from curation.training.extraction import extraction_tools
from curation.training.labelled_pages import LabelledPage, read_pages
from curation.training.licences import may_train_on
from curation.training.main_content import example_of
from models.linear.fit import fold_of
from models.main_content import MainContent
from models.main_content.fit import train
from stages.extract import Tools, extract

OURS = "ours"
COLUMNS = (OURS, *PEERS)


def score_out_of_fold(
    pages: Sequence[LabelledPage], parts: int
) -> Iterator[list[tuple[LabelledPage, dict[str, float]]]]:
    """Each part's pages with the score of every tool."""
    tools = extraction_tools(load_config(locate("local.toml")))
    examples = [example_of(page, tools) for page in pages]
    for part in range(parts):
        known = [
            example
            for page, example in zip(pages, examples, strict=True)
            if example and may_train_on(page.collection) and fold_of(page.site, parts) != part
        ]
        model = MainContent("fold", "", *train(known))
        served = replace(tools, find=model.find, find_other_language=None)
        here = [page for page in pages if fold_of(page.site, parts) == part]
        yield [(page, score_all(page, served)) for page in here]


def score_all(labelled: LabelledPage, tools: Tools) -> dict[str, float]:
    page = labelled.page
    found = {name: peer(page.body, page.url) or "" for name, peer in PEERS.items()}
    found[OURS] = extract(page.body, url=page.url, tools=tools).text
    return {name: score(found[name], labelled.truth, labelled.language) for name in COLUMNS}


def report(scored: Sequence[tuple[LabelledPage, dict[str, float]]]) -> None:
    rows: dict[tuple[str, str], list[dict[str, float]]] = defaultdict(list)
    for page, scores in scored:
        rows[page.language, kind_of(page)].append(scores)
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
    pages = [
        page
        for language in ("zh", "en")
        for page in read_pages(options.folder, language)
        if page.truth
    ]
    scored: list[tuple[LabelledPage, dict[str, float]]] = []
    for part in score_out_of_fold(pages, options.parts):
        scored += part
        report(scored)
    for language in ("zh", "en"):
        worst = sorted(
            (scores[OURS], page.id, kind_of(page), page.page.url)
            for page, scores in scored
            if page.language == language
        )
        for value, *named in worst[: options.worst]:
            print(f"{value:.3f}", *named)


if __name__ == "__main__":
    main()
