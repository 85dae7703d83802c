"""What leaving early saves and costs: pages in another language, and bodies seen before.

    python -m benchmarks.early_exit [DATA] [--every N]

First, on a crawl in many languages (``multilingual``): each page is judged by the full path
(decode, parse, extract, identify the language of the text) and by the path that first looks for
another language in the markup, in turn. "Same" is the decision, keep or not; what the full path
keeps and the other one lets go is "lost". Then what a pass over the payload digests costs beside
extraction: the share of equal bodies from which on it pays. Processor time of one core.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.multilingual import Mixture, read_crawl
from curation.sources.warc import read_warc
from models import language
from schemas.page import Page
from stages.extract import Extract, extract, load_tools
from stages.language import Language
from stages.language import judge as judge_language
from stages.payload_dedup import digest

IDENTIFIER = language.load()
STAGE = Language()
WHOLE = load_tools()
EARLY = load_tools(languages=STAGE.languages)
MIN_CHARS = Extract().min_text_chars


@dataclass
class Tally:
    """Pages of one kind: what each path kept, and its seconds."""

    counts: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def line(self, name: str) -> str:
        """A row of the table."""
        c, pages = self.counts, self.counts["pages"]
        whole, early = (self.seconds[path] / pages * 1e3 for path in ("whole", "early"))
        return (
            f"| {name} | {pages} | {c['kept']} | {c['early'] / pages:.1%} | {c['lost']} | "
            f"{c['same'] / pages:.2%} | {whole:.1f} | {early:.1f} | {whole / early:.2f} |"
        )


def by_whole_path(body: bytes, url: str) -> str:
    return judge_text(extract(body, url=url, tools=WHOLE).text)


def by_early_path(body: bytes, url: str) -> str:
    found = extract(body, url=url, tools=EARLY)
    return "early" if found.other_language else judge_text(found.text)


def judge_text(text: str) -> str:
    if len(text) < MIN_CHARS:
        return "too short"
    score = IDENTIFIER.score([text])[0]
    return judge_language(score, STAGE.languages, STAGE.min_confidence).reason


def timed(path: Callable[[bytes, str], str], body: bytes, url: str) -> tuple[str, float]:
    started = time.process_time()
    return path(body, url), time.process_time() - started


def compare(data: Path, every: int) -> None:
    tallies: dict[str, Tally] = defaultdict(Tally)
    for page in read_crawl(data, every):
        whole, whole_s = timed(by_whole_path, page.body, page.url)
        early, early_s = timed(by_early_path, page.body, page.url)
        names = [f"{page.language}, {page.mixture}", "all"]
        if page.mixture in (Mixture.AS_IT_IS, Mixture.ALL):
            names.append("half of the pages foreign")
        for name in names:
            tally = tallies[name]
            tally.counts.update(
                pages=1,
                kept=not whole,
                early=early == "early",
                lost=not whole and bool(early),
                same=bool(whole) == bool(early),
            )
            tally.seconds["whole"] += whole_s
            tally.seconds["early"] += early_s
    print("| replaced | pages | kept | leave early | lost | same | ms whole | ms early | ratio |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, tally in tallies.items():
        print(tally.line(name))


def weigh_digests(archive: Path) -> None:
    """The pass over digests beside extraction, on the pages of one archive."""
    pages = read_pages(archive)
    read_s = min(seconds(lambda: read_pages(archive)) for _ in range(3))
    digest_s = min(seconds(lambda: digest_all(pages)) for _ in range(3))
    extract_s = seconds(lambda: [by_whole_path(page.body, page.url) for page in pages])
    size = sum(len(page.body) for page in pages) / 1e6
    print(f"\n{archive.name}: {len(pages)} pages, {size:.0f} MB")
    for name, value in (("read", read_s), ("digest", digest_s), ("extract, identify", extract_s)):
        print(f"{name:20}{value / len(pages) * 1e3:8.2f} ms/page{size / value:8.0f} MB/s")
    share = (read_s + digest_s) / extract_s
    print(f"the pass pays when more than {share:.1%} of the pages have a body seen before")


def read_pages(archive: Path) -> list[Page]:
    return [item for item in read_warc(str(archive)) if isinstance(item, Page)]


def digest_all(pages: Iterable[Page]) -> None:
    for page in pages:
        digest(
            {
                "body": page.body,
                "text": page.text,
                "content_type": page.content_type,
                "http_charset": page.http_charset,
            }
        )


def seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--every", type=int, default=4, help="take every Nth English page")
    options = parser.parse_args()
    for path in (by_whole_path, by_early_path):
        path(b"<html><body><p>A first page compiles and imports.</p></body></html>", "")
    compare(options.data, options.every)
    weigh_digests(options.data / "warc" / "built" / "zh-en-public.warc.gz")


if __name__ == "__main__":
    main()
