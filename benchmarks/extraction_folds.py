"""What extraction scores on pages of sites that its trees have not seen, over all known pages.

    python -m benchmarks.extraction_folds ../shared/data/extraction [--parts N] [--only N]
        [what benchmarks.extraction takes]

The sites are dealt into parts; each part's pages are read with trees trained on the others, from
raw bytes to text, and beside them by the peers of ``benchmarks.extraction``. After each part the
tables of all pages so far are printed. Five parts take about eighteen minutes of two cores;
``--only`` does one of them. With ``--seen``, sites held out are neither trained on nor scored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from benchmarks.extraction import choose_pages, choose_tools, make_parser
from benchmarks.extraction_pages import KnownPage
from benchmarks.extraction_report import print_report, print_worst
from benchmarks.extraction_results import PageResult, open_results, score_page, write_result
from benchmarks.extraction_tools import OURS, Tool, by_ours, open_peers
from conf import locate
from curation.config import load_config
from curation.training.extraction import extraction_tools
from curation.training.licences import may_train_on
from curation.training.main_text_examples import Learnt, example_of, train_on
from models.linear.fit import fold_of
from models.main_content import MainContent


def score_out_of_fold(
    pages: Sequence[KnownPage],
    parts: int,
    only: Sequence[int],
    peers: Mapping[str, Tool],
    names: Sequence[str] | None = None,
) -> Iterator[list[PageResult]]:
    """Each part's pages with the measures of every tool, or of those of the names."""
    tools = extraction_tools(load_config(locate("local.toml")))
    examples = [example_of(page.labelled, tools) for page in pages]
    folds = [fold_of(page.labelled.site, parts) for page in pages]
    for part in only:
        known = [
            Learnt(page.labelled, example)
            for page, fold, example in zip(pages, folds, examples, strict=True)
            if example and may_train_on(page.labelled.collection) and fold != part
        ]
        model = MainContent("fold", "", *train_on(known, tools))
        served = replace(tools, find=model.find, find_other_language=None)
        asked = choose_tools({OURS: by_ours(served), **peers}, names)
        here = [page for page, fold in zip(pages, folds, strict=True) if fold == part]
        yield [score_page(page, asked) for page in here]


def main() -> None:
    parser = make_parser(__doc__ or "")
    parser.add_argument("--parts", type=int, default=5)
    parser.add_argument(
        "--only", type=int, action="append", help="a part, from 0; all if not given"
    )
    options = parser.parse_args()
    pages = list(choose_pages(options))
    parts = options.only or range(options.parts)
    results: list[PageResult] = []
    with open_peers(options.peer) as peers, open_results(options.out) as file:
        for part in score_out_of_fold(pages, options.parts, parts, peers, options.tool):
            results += part
            for result in part:
                write_result(result, file)
            print_report(results, options.by or ["kind"])
    print_worst(results, options.worst)


if __name__ == "__main__":
    main()
