"""Good and bad text to calibrate the rules on: real pages, and faults made from real text.

Every set is a list of ``Sample``; faults that the project makes use ``random.Random(1)``.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trafilatura
from fastwarc.warc import ArchiveIterator, WarcRecordType
from lxml import html

from benchmarks.losses import written_texts
from models.text import languages

SEED = 1
MADE = 100  # samples of each fault that is made


@dataclass(frozen=True)
class Sample:
    """A text with what is known of its page."""

    name: str
    text: str
    url: str = ""
    title: str = ""


def good(data: Path, language: str) -> dict[str, list[Sample]]:
    """Text that must stay: ground truth of articles and documentation, manuals, laws."""
    if language == "en":
        sets = {kind: _english_truth(data, kind) for kind in ("article", "documentation")}
        return sets | {"install guide": _manual(data, "en")}
    return {
        "article": _chinese_truth(data),
        "tech article": _jsonl(data / "corpus" / "lctt_zh_sample.jsonl.gz"),
        "install guide": _manual(data, "zh_CN"),
        "law (traditional)": _jsonl(data / "dedup" / "g0v_law_zh_hant.jsonl.gz"),
    }


def written(folder: Path, language: str, *, is_held_out: bool) -> dict[str, list[Sample]]:
    """By kind the written texts of a folder that thresholds may, or may not, be set on."""
    found: dict[str, list[Sample]] = {}
    for text in written_texts(folder, language, is_held_out=is_held_out):
        sample = Sample(text.page.doc_id, text.truth, title=text.page.title)
        found.setdefault(f"written: {text.kind}", []).append(sample)
    return found


def bad(data: Path, language: str) -> dict[str, list[Sample]]:
    """Text that must go: what extraction leaves of lists, and faults made from good text."""
    samples = next(iter(good(data, language).values()))
    texts = [sample.text for sample in samples if len(sample.text) > 500]
    sets = {kind: _extracted(data, language, kind) for kind in _LIST_KINDS[language]}
    sets["links of a page"] = _links(data, language)
    sets["adult words"] = _adult(data, language)
    sets["mojibake"] = _made(texts, _garble)
    sets["shuffled words"] = _made(texts, lambda text, rng: _shuffle(text, rng, language))
    sets["shuffled characters"] = _made(texts, _shuffle_characters)
    sets["repeated sentences"] = _made(texts, _repeat)
    sets["keywords"] = _made(texts, lambda text, rng: _keywords(text, rng, language))
    sets["first lines"] = _made(texts, _first_lines)
    return {name: samples for name, samples in sets.items() if samples}


_LIST_KINDS = {"en": ("listing", "collection"), "zh": ("list",)}


def _jsonl(path: Path) -> list[Sample]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [Sample(row["id"], row["text"]) for row in map(json.loads, lines)]


def _manual(data: Path, language: str) -> list[Sample]:
    """The manual for one architecture, less the pages that are a chapter's table of contents."""
    pages = _jsonl(data / "dedup" / f"debian_installguide_{language}.jsonl.gz")
    contents = re.compile(r"/(?:ch\d+|ap[a-z]|index)\.html$")
    return [p for p in pages if p.name.startswith("amd64/") and not contents.search(p.name)]


def _manifest(data: Path, language: str) -> list[dict[str, Any]]:
    path = data / "extraction" / language / "manifest.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _english_truth(data: Path, kind: str) -> list[Sample]:
    found = []
    for row in _manifest(data, "en"):
        if row["page_type"] == kind:
            truth = json.loads((data / "extraction/en/gt" / f"{row['id']}.json").read_text("utf-8"))
            if text := (truth["main_content"] or "").strip():
                found.append(Sample(row["id"], text, row["url"], truth.get("title") or ""))
    return found


def _chinese_truth(data: Path) -> list[Sample]:
    rows = [row for row in _manifest(data, "zh") if row["has_gt"]]
    folder = data / "extraction" / "zh" / "gt"
    texts = ((row, (folder / f"{row['id']}.txt").read_text("utf-8")) for row in rows)
    return [Sample(row["id"], text, row["url"]) for row, text in texts if text.strip()]


def _page(data: Path, language: str, row: dict[str, Any]) -> str:
    body = gzip.decompress(
        (data / "extraction" / language / "html" / f"{row['id']}.html.gz").read_bytes()
    )
    return body.decode(row.get("actual") or "utf-8", "replace")


def _extracted(data: Path, language: str, kind: str) -> list[Sample]:
    found = []
    for row in _manifest(data, language):
        if row["page_type"] == kind:
            text = trafilatura.extract(_page(data, language, row), include_comments=False) or ""
            found.append(Sample(row["id"], text, row["url"]))
    return found


def _links(data: Path, language: str) -> list[Sample]:
    """The texts of a page's links, one a line: a navigation dump."""
    found = []
    for row in _manifest(data, language)[:: 1 if language == "zh" else 12]:
        tree = html.fromstring(
            _page(data, language, row).encode(), parser=html.HTMLParser(encoding="utf-8")
        )
        texts = (" ".join(link.text_content().split()) for link in tree.iter("a"))
        if lines := [text for text in texts if text]:
            found.append(Sample(row["id"], "\n".join(lines)))
    return found


def _adult(data: Path, language: str) -> list[Sample]:
    """Pages that advertise with words of a public list: six words to a made-up sentence."""
    words = (data / "labels" / f"ldnoobw_{language}.txt").read_text("utf-8").split("\n")
    words = [word.strip() for word in words if len(word.strip()) > 1]
    frame = {
        "en": "Watch {} and {} for free, the best {} and {} on the web with {} and more {}.",
        "zh": "在线观看{}和{}，这里有最好的{}，还有{}、{}与{}的视频。",
    }[language]
    rng = random.Random(SEED)
    return [
        Sample(f"adult-{n}", "\n".join(frame.format(*rng.sample(words, 6)) for _ in range(12)))
        for n in range(MADE)
    ]


def _made(texts: list[str], fault: Any) -> list[Sample]:
    rng = random.Random(SEED)
    return [Sample(f"made-{n}", fault(text, rng)) for n, text in enumerate(texts[:MADE])]


def _garble(text: str, rng: random.Random) -> str:
    """UTF-8 read as Latin-1, Windows-1252 or GBK, or GBK as Latin-1; ASCII gets quotes first."""
    if text.isascii() or sum(map(str.isascii, text)) > 0.9 * len(text):
        text = re.sub(r"\b(the|a) (\w+)", r"\1 “\2”", text).replace("'", "’")
        return text.encode().decode("cp1252", "replace")
    way = rng.randrange(3)
    if way == 0:
        return text.encode().decode("latin-1")
    if way == 1:
        return text.encode().decode("gbk", "replace")
    return text.encode("gbk", "replace").decode("latin-1")


def _shuffle(text: str, rng: random.Random, language: str) -> str:
    tokens = languages.KNOWN.records[language].tokens(text)
    rng.shuffle(tokens)
    lines = (tokens[i : i + 40] for i in range(0, len(tokens), 40))
    return "\n".join(("" if language == "zh" else " ").join(line) for line in lines)


def _shuffle_characters(text: str, rng: random.Random) -> str:
    characters = list(text)
    rng.shuffle(characters)
    return "".join(characters)


def _repeat(text: str, rng: random.Random) -> str:
    """Three to eight sentences of a text, said over and over."""
    sentences = [s for s in re.split(r"(?<=[。！？.!?])\s*", text) if len(s) > 10]
    few = sentences[: rng.randint(3, 8)]
    return "\n".join(" ".join(few) for _ in range(rng.randint(3, 10)))


def _keywords(text: str, rng: random.Random, language: str) -> str:
    """Long words of a text strung together, as pages for search engines do."""
    size = 2 if language == "zh" else 5
    tokens = languages.KNOWN.records[language].tokens(text)
    words = [word for word in tokens if len(word) >= size and word.isalpha()]
    rng.shuffle(words)
    return "\n".join(", ".join(words[i : i + 12]) + "." for i in range(0, len(words), 12))


def _first_lines(text: str, rng: random.Random) -> str:
    """Teasers: the beginnings of the paragraphs, cut off with an ellipsis and a prompt."""
    more = "阅读全文" if re.search("[\u4e00-\u9fff]", text) else "Read more"
    starts = [line[: rng.randint(20, 60)] for line in text.splitlines() if len(line) > 60]
    return "\n".join(f"{start}...\n{more}" for start in starts)


def spam(data: Path) -> Iterator[Sample]:
    """The Chinese pages of a Common Crawl head as extraction leaves them, most of them spam."""
    path = data / "warc" / "real" / "cc-main-2020-34-head.warc.gz"
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
            body = record.reader.read()
            text = trafilatura.extract(body, include_comments=False) or ""
            if re.search("[\u4e00-\u9fff]", text):
                url = record.headers.get("WARC-Target-URI")
                yield Sample(record.record_id or "", text, url or "")
