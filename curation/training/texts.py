"""Texts without a page that people wrote, translated or judged, one reader for each collection."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from curation.errors import UsageError
from curation.training.document_labels import document_name
from curation.training.licences import may_train_on
from models.text.shape import is_chinese

ARTICLES = "corpus/lctt_zh_sample.jsonl.gz"
HEADLINES = "labels/thucnews_titles_dev_zh.tsv.gz"
VOTES = "labels/dclm_quality_majority_en.jsonl.gz"
SENTENCES = "labels/cold_offensive_zh_{split}.csv.gz"
LAWS = "dedup/g0v_law_zh_hant.jsonl.gz"

NOT_SHOWN = re.compile(r"!\[[^\]]*\]\([^)]*\)|^[-=*_ ]{3,}$|^```.*$|^\[\S+\]:.*$", re.MULTILINE)
LINK = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
STRESS = re.compile(r"[*_`]{1,3}(\S[^*_`\n]*)[*_`]{1,3}")
LEADER = re.compile(r"^#+ |^> ?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class JudgedText:
    """A text and whether most of the people who were asked called it good."""

    text: str
    is_good: bool


def articles(data: Path) -> Iterator[str]:
    """Technical articles in Markdown, mostly Chinese (LCTT)."""
    return (json.loads(line)["text"] for line in _lines(data, ARTICLES))


def chinese_articles(data: Path) -> Iterator[str]:
    """The articles that are mostly in Chinese, without their Markdown."""
    return (text for text in map(plain, articles(data)) if is_chinese(text))


def headlines(data: Path) -> list[str]:
    """Titles of Chinese news (THUCNews)."""
    return [line.rsplit("\t", 1)[0] for line in _lines(data, HEADLINES)]


def votes(data: Path) -> Iterator[JudgedText]:
    """English web texts that people voted on (DCLM)."""
    for line in _lines(data, VOTES):
        row = json.loads(line)
        yield JudgedText(row["text"], bool(int(row["label"])))


def named_texts(data: Path, language: str) -> Iterator[tuple[str, str]]:
    """The texts that labels may name, with their names: votes in English, articles in Chinese."""
    if language == "en":
        for number, vote in enumerate(votes(data)):
            yield document_name("votes", number), vote.text
    else:
        for number, article in enumerate(chinese_articles(data)):
            yield document_name("article", number), article


def judged_sentences(data: Path, split: str) -> Iterator[JudgedText]:
    """Chinese sentences of a split ("train" or "dev"), good where nobody is offended (COLD)."""
    lines = _lines(data, SENTENCES.format(split=split))
    for row in csv.DictReader(line + "\n" for line in lines):
        yield JudgedText(row["TEXT"], row["label"] == "0")


def laws(data: Path) -> Iterator[str]:
    """Taiwan's laws in traditional Chinese, the first version of each (g0v)."""
    families = set()
    for line in _lines(data, LAWS):
        row = json.loads(line)
        if row["family"] not in families:
            families.add(row["family"])
            yield row["text"]


def _lines(data: Path, name: str) -> list[str]:
    """The lines of a collection.

    Raises UsageError for one that weights may not be made from, and for one that is missing.
    """
    path = data / name
    collection = path.name.partition(".")[0]
    if not may_train_on(collection):
        raise UsageError(f"{path}: weights may not be made from {collection}")
    if not path.is_file():
        raise UsageError(f"{path}: is missing; docs/training.md says how DATA is laid out")
    return [line.decode("utf-8") for line in gzip.decompress(path.read_bytes()).splitlines()]


def plain(markdown: str) -> str:
    r"""Markdown without marks, rules, images and link targets, a line for each that is shown.

    >>> plain("# Head\n\nA *good* [link](http://x)\n---")
    'Head\nA good link'
    """
    text = STRESS.sub(r"\1", LINK.sub(r"\1", NOT_SHOWN.sub("", markdown)))
    lines = (line.strip() for line in LEADER.sub("", text).split("\n"))
    return "\n".join(line for line in lines if line)
