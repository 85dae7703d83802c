"""Quality and speed of extraction beside plain trafilatura and resiliparse, in one run.

    python -m benchmarks.extraction ../shared/data/extraction [--held-out] [--every N]
        [--language zh|en]

Macro F1 from raw bytes: multisets of words (English) and characters (Chinese), pages with an empty
truth left out. Every tool sees every page in turn, so that noise of the machine hits all alike.
"""

import argparse
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import trafilatura
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding
from resiliparse.parse.html import HTMLTree

from curation.training.labelled_pages import LabelledPage, read_pages
from stages.extract import ExtractionMethod, extract, load_tools

OURS = load_tools()
BY_TRAFILATURA = load_tools(method=ExtractionMethod.TRAFILATURA)


def by_resiliparse(body: bytes, _url: str) -> str:
    text = bytes_to_str(body, detect_encoding(body, from_html_meta=True))
    return extract_plain_text(HTMLTree.parse(text), main_content=True)


Tool = Callable[[bytes, str], str | None]
PEERS: dict[str, Tool] = {
    "trafilatura, default": lambda body, _url: trafilatura.extract(body),
    "trafilatura, no comments": lambda body, _url: trafilatura.extract(
        body, include_comments=False
    ),
    "resiliparse": by_resiliparse,
}
TOOLS: dict[str, Tool] = {
    "ours": lambda body, url: extract(body, url=url, tools=OURS).text,
    "ours, by trafilatura": lambda body, url: extract(body, url=url, tools=BY_TRAFILATURA).text,
    **PEERS,
}


def score(found: str, truth: str, language: str) -> float:
    """F1 of two texts as multisets of words (English) or characters (Chinese)."""
    ours, theirs = _units(found, language), _units(truth, language)
    common = (ours & theirs).total()
    return 2 * common / (ours.total() + theirs.total()) if common else 0.0


def _units(text: str, language: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()) if language == "en" else "".join(text.split()))


def kind_of(labelled: LabelledPage) -> str:
    """What pages are told apart by: their type, or (few Chinese pages have one) who marked them."""
    return labelled.page_type if labelled.language == "en" else labelled.truth_kind


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--held-out", action="store_true", help="only pages of unseen sites")
    parser.add_argument("--every", type=int, default=1, help="take every Nth page")
    parser.add_argument("--language", choices=["zh", "en"], action="append")
    options = parser.parse_args()
    for language in options.language or ("zh", "en"):
        scores: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(
            lambda: defaultdict(list)
        )
        seconds: dict[str, float] = defaultdict(float)
        for tool in TOOLS.values():
            tool(b"<html><body><p>A first page compiles and imports.</p></body></html>", "")
        known = [labelled for labelled in read_pages(options.folder, language) if labelled.truth]
        pages = [
            labelled
            for labelled in known[:: options.every]
            if labelled.is_held_out or not options.held_out
        ]
        for labelled in pages:
            part = "held out" if labelled.is_held_out else "tuned"
            for name, tool in TOOLS.items():
                started = time.process_time()
                found = tool(labelled.page.body, labelled.page.url) or ""
                seconds[name] += time.process_time() - started
                value = score(found, labelled.truth, language)
                for kind in (kind_of(labelled), "all"):
                    scores[part, kind][name].append(value)
        report(language, scores, seconds, len(pages))


def report(
    language: str,
    scores: dict[tuple[str, str], dict[str, list[float]]],
    seconds: dict[str, float],
    pages: int,
) -> None:
    print(f"\n{language}: {pages} pages; macro F1")
    print("| part | kind | pages | " + " | ".join(TOOLS) + " |")
    print("|---|---|---|" + "---|" * len(TOOLS))
    for (part, kind), by_tool in sorted(scores.items()):
        values = [f"{sum(by_tool[name]) / len(by_tool[name]):.3f}" for name in TOOLS]
        print(f"| {part} | {kind} | {len(by_tool['ours'])} | " + " | ".join(values) + " |")
    rates = [f"{pages / seconds[name]:.1f}" for name in TOOLS]
    print("| pages/s | processor time | | " + " | ".join(rates) + " |", flush=True)


if __name__ == "__main__":
    main()
