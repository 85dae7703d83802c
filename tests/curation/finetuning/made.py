"""Documents of the generated crawl whose labels are known, and files of both."""

import json
from pathlib import Path
from random import Random

from conf import locate
from curation.config import load_config
from curation.labelling.records import Label, digest_of_line, digest_of_text, to_lines
from curation.sample_crawl.kinds import KINDS
from curation.sample_crawl.pages import article
from curation.training.extraction import extract_all, extraction_tools
from schemas.page import Page

SEED, SITES = 1, 40
LINES, LINE_CHARS = slice(5, 11), 48
"""What is left of a page, so that tiny models see all of it in a short time."""
KIND_OF = {"article": ("article", "good"), "list": ("listing", "poor")}


def pages(count):
    """So many articles and half as many lists, of many sites, with the lines that a page shows."""
    tools = extraction_tools(load_config(locate("local.toml")))
    for kind, size in (("article", count), ("list", count // 2)):
        for number in range(size):
            page = KINDS[kind].make(SEED, number, Random(f"{kind}/{number}"))
            shown = extract_all(_captured(f"{kind}-{number}", page), tools)
            lines = [line[:LINE_CHARS] for line in shown.text.split("\n")[LINES]]
            yield {
                "doc_id": f"{kind}-{number}",
                "url": f"https://www.site-{number % SITES}.example/{kind}/{number}",
                "title": shown.title,
                "text": "\n".join(lines),
                "language": page.language,
            }


def _captured(name, page):
    return Page(name, page.response.url, "", "", 0, 200, "text/html", "", page.response.body)


def write_documents(path: Path, count=60) -> list[dict]:
    documents = list(pages(count))
    lines = [json.dumps(one, ensure_ascii=False) for one in documents]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return documents


def values(documents, task):
    """By id what the kind of a page says of it."""
    place = {"page_type": 0, "quality": 1}[task]
    return {one["doc_id"]: KIND_OF[one["doc_id"].partition("-")[0]][place] for one in documents}


def label(document, task, value="", lines=(), annotator="crawl"):
    digest = digest_of_text(document["text"])
    return Label(document["doc_id"], digest, document["language"], task, annotator, 1, value, lines)


def write_labels(path: Path, documents, *tasks, shuffled=False) -> Path:
    """Labels of some tasks; ``shuffled`` gives each document the value of another one."""
    found = []
    for task in tasks:
        if task == "clutter":
            found += [label(one, task, lines=line_values(one)) for one in documents]
            continue
        known = values(documents, task)
        names = list(known)
        if shuffled:
            Random(3).shuffle(names)
        given = dict(zip(names, known.values(), strict=True))
        found += [label(one, task, given[one["doc_id"]]) for one in documents]
    path.write_bytes(to_lines(found))
    return path


def line_values(document):
    """A line is main text if the article that was laid out has it."""
    kind, _, number = document["doc_id"].partition("-")
    paragraphs = article(SEED, int(number)).paragraphs if kind == "article" else ()
    own = {paragraph[:LINE_CHARS] for paragraph in paragraphs}
    lines = dict.fromkeys(line for line in document["text"].split("\n") if line.strip())
    return tuple({digest_of_line(line): int(line in own) for line in lines}.items())
