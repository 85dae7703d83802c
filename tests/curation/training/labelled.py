"""A folder of labelled pages that tests make: invented articles, lists and threads in layouts."""

import gzip
import json
from dataclasses import dataclass
from random import Random

from curation.sample_crawl.kinds import KINDS
from curation.sample_crawl.layout import SUBSCRIBE
from curation.sample_crawl.pages import article


@dataclass(frozen=True)
class Row:
    """A labelled page as it is written."""

    id: str
    url: str
    body: bytes
    page_type: str
    truth: str
    source: str


def rows(language, count=6):
    """Articles with their truths, each with an address to mask, one in GB2312; a list, a thread.

    Every other article counts as documentation.
    """
    source = "wcxb" if language == "en" else "gne_mit"
    odd = language == "en"
    made = []
    for number in range(count):
        kind = "gb2312" if language == "zh" and number == 1 else "article"
        page = KINDS[kind].make(7, number if kind == "gb2312" else 2 * number + odd, Random(number))
        text = page.response.body
        truth = SUBSCRIBE[language]
        if kind == "article":
            paragraphs = article(7, 2 * number + odd).paragraphs
            truth = "\n".join(paragraphs)
            first = paragraphs[0].encode()
            note = {"en": "Write to the editor", "zh": "请写信给编辑"}[language]
            text = text.replace(first, first + f" {note}: editor{number}@site.org.".encode())
        page_type = ("article", "documentation")[number % 2]
        made.append(Row(f"{language}-{number}", page.response.url, text, page_type, truth, source))
    index = {"en": "listing", "zh": "list"}[language]
    for kind, label in (("list", index), ("forum", "forum")):
        page = KINDS[kind].make(7, odd, Random(1))
        made.append(
            Row(f"{language}-{kind}", page.response.url, page.response.body, label, "", source)
        )
    return made


def write_folder(folder, by_language):
    """Write the rows of each language as a folder of labelled pages, and return ``folder``."""
    for language, pages in by_language.items():
        home = folder / language
        for name in ("html", "gt"):
            (home / name).mkdir(parents=True, exist_ok=True)
        manifest = []
        for row in pages:
            (home / "html" / f"{row.id}.html.gz").write_bytes(gzip.compress(row.body))
            manifest.append({"id": row.id, "url": row.url, "page_type": row.page_type})
            manifest[-1]["gt_kind"] = "human"
            if language == "en":
                (home / "gt" / f"{row.id}.json").write_text(json.dumps({"main_content": row.truth}))
            else:
                manifest[-1]["source"] = row.source
                if row.truth:
                    (home / "gt" / f"{row.id}.txt").write_text(row.truth)
        lines = [json.dumps(row) + "\n" for row in manifest]
        (home / "manifest.jsonl").write_text("".join(lines))
    return folder
