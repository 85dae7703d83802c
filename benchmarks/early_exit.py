"""What leaving early saves and costs: pages in another language, and bodies seen before.

    python -m benchmarks.early_exit [DATA] [--every N]

Each page is judged in turn by the full path (decode, parse, extract, identify the language of the
text) and by the path that first looks for another language in the markup. "Same" is the decision,
keep or not; what the full path keeps and the other one lets go is "lost". First on real pages:
those in other languages (``lid/foreign_html``, by language and by half: one was looked at to choose
what is read) and those that are wanted (``extraction``, sites held out apart, and WARC files).
Then on a crawl in many languages (``multilingual``). Last, what a pass over the payload digests
costs beside extraction: the share of equal bodies from which on it pays. Processor time of one
core.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.multilingual import Mixture, read_crawl
from curation.sources.warc import read_warc
from curation.training.labelled_pages import read_pages as read_labelled
from models import language
from models.linear.fit import fold_of
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
WARCS = (
    "aut-example.warc.gz",
    "cc-main-2020-34-head.warc.gz",
    "dolma-sample-0000.warc.gz",
    "iana.warc.gz",
    "whirlwind.warc.gz",
)


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


def by_whole_path(body: bytes, url: str, charset: str = "") -> str:
    return judge_text(extract(body, url=url, http_charset=charset, tools=WHOLE).text)


def by_early_path(body: bytes, url: str, charset: str = "") -> str:
    found = extract(body, url=url, http_charset=charset, tools=EARLY)
    return "early" if found.other_language else judge_text(found.text)


def judge_text(text: str) -> str:
    if len(text) < MIN_CHARS:
        return "too short"
    score = IDENTIFIER.score([text])[0]
    return judge_language(score, STAGE.languages, STAGE.min_confidence).reason


@dataclass(frozen=True, slots=True)
class Judged:
    """A page to be judged, and the rows of the table that it counts in."""

    body: bytes
    url: str
    rows: tuple[str, ...]
    charset: str = ""


def read_real(data: Path) -> Iterator[Judged]:
    """Pages as they are: those in other languages, then those in wanted ones."""
    folder = data / "lid" / "foreign_html"
    for row in map(json.loads, (folder / "manifest.jsonl").read_text("utf-8").splitlines()):
        half = "looked at" if fold_of(row["id"], 2) == 0 else "not looked at"
        rows = (f"foreign, {row['lang']}", f"foreign, {half}", "foreign, all")
        yield Judged(gzip.decompress((folder / f"{row['id']}.html.gz").read_bytes()), "", rows)
    for code in ("zh", "en"):
        for labelled in read_labelled(data / "extraction", code):
            part = "held out" if labelled.is_held_out else "wanted"
            yield Judged(labelled.page.body, labelled.page.url, (f"{part}, {code}",))
    for archive in WARCS:
        for page in read_pages(data / "warc" / "real" / archive):
            if page.content_type != "text/plain":
                yield Judged(page.body, page.url, ("WARC",), page.http_charset)


def read_mixed(data: Path, every: int) -> Iterator[Judged]:
    """Pages with some of their text put into other languages."""
    for page in read_crawl(data, every):
        rows = [f"{page.language}, {page.mixture}", "all"]
        if page.mixture in (Mixture.AS_IT_IS, Mixture.ALL):
            rows.append("half of the pages foreign")
        yield Judged(page.body, page.url, tuple(rows))


def compare(pages: Iterable[Judged]) -> None:
    tallies: dict[str, Tally] = defaultdict(Tally)
    for page in pages:
        whole, whole_s = timed(by_whole_path, page)
        early, early_s = timed(by_early_path, page)
        for row in page.rows:
            tally = tallies[row]
            tally.counts.update(
                pages=1,
                kept=int(not whole),
                early=int(early == "early"),
                lost=int(not whole and bool(early)),
                same=int(bool(whole) == bool(early)),
            )
            tally.seconds["whole"] += whole_s
            tally.seconds["early"] += early_s
    print("| | pages | kept | leave early | lost | same | ms whole | ms early | ratio |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, tally in tallies.items():
        print(tally.line(name), flush=True)


def timed(path: Callable[[bytes, str, str], str], page: Judged) -> tuple[str, float]:
    started = time.process_time()
    return path(page.body, page.url, page.charset), time.process_time() - started


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
    compare(read_real(options.data))
    print()
    compare(read_mixed(options.data, options.every))
    weigh_digests(options.data / "warc" / "built" / "zh-en-public.warc.gz")


if __name__ == "__main__":
    main()
