"""Quality and speed of extraction beside its peers, on the same pages, in one run.

    python -m benchmarks.extraction ../shared/data/extraction [--peer PYTHON] [--held-out | --seen]
        [--folder zh|en|zh_blogs] [--every N] [--tool NAME] [--by kind|type|age|site] [--worst N]
        [--out FILE]

From raw bytes: every tool sees every page in turn. PYTHON is the interpreter of an environment with
``rs-trafilatura``. Pages with an empty truth are left out. The measures are those of
``benchmarks.extraction_measures``; ``--out`` writes them page by page, for
``benchmarks.extraction_compare``. Held out are the sites that the shipped trees have not seen, and
all of ``zh_blogs``: their pages are never listed.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from benchmarks.extraction_pages import LANGUAGES, KnownPage, read_known_pages
from benchmarks.extraction_report import GROUPS, print_report, print_worst
from benchmarks.extraction_results import open_results, score_page, write_result
from benchmarks.extraction_tools import Tool, open_peers, shipped


def choose_pages(options: argparse.Namespace) -> Iterator[KnownPage]:
    """The pages that the command line asks for."""
    for folder in options.folder or ("zh", "en"):
        for page in islice(read_known_pages(options.data, folder), 0, None, options.every):
            if options.is_held_out in (None, page.is_held_out):
                yield page


def choose_tools(tools: Mapping[str, Tool], names: Sequence[str] | None) -> dict[str, Tool]:
    """Those of the names, in their order; all if none is given. Exits on one that is not there."""
    if missing := [name for name in names or () if name not in tools]:
        raise SystemExit(f"{missing[0]!r} is no tool; there are {', '.join(tools)}")
    return {name: tools[name] for name in names or tools}


def make_parser(description: str) -> argparse.ArgumentParser:
    """What ``benchmarks.extraction_folds`` understands too."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("data", type=Path)
    parser.add_argument("--folder", choices=list(LANGUAGES), action="append", help="zh and en")
    parser.add_argument("--every", type=int, default=1, help="take every Nth page")
    part = parser.add_mutually_exclusive_group()
    for flag, is_held_out in (("--held-out", True), ("--seen", False)):
        part.add_argument(flag, dest="is_held_out", action="store_const", const=is_held_out)
    parser.add_argument("--peer", help="a Python that has rs-trafilatura")
    parser.add_argument("--tool", action="append", help="ask this one (ours) and no others")
    parser.add_argument("--by", choices=list(GROUPS), action="append", help="tables of F1 by that")
    parser.add_argument("--worst", type=int, default=0, help="list so many pages of each language")
    parser.add_argument("--out", type=Path, help="a file for the measures of each page")
    return parser


def main() -> None:
    options = make_parser(__doc__ or "").parse_args()
    results = []
    with open_peers(options.peer) as peers, open_results(options.out) as file:
        tools = choose_tools({**shipped(), **peers}, options.tool)
        for page in choose_pages(options):
            results.append(score_page(page, tools))
            write_result(results[-1], file)
    print_report(results, options.by or ["kind"])
    print_worst(results, options.worst)


if __name__ == "__main__":
    main()
