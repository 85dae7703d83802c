"""Precision and recall of ``decontaminate`` on items planted in real pages; speed and memory.

    python -m benchmarks.decontamination [DATA] [--half 0|1] [--items 100000] [--only quality|speed]

Items are made up (``decontamination_texts``) and planted, each in a page of its own, between two of
its lines, in seven ways and, of Chinese, in traditional characters if ``opencc`` can be imported
(opencc-python-reimplemented). Half 0 of the clauses and of the pages is there to tune on, half 1
(the default) to measure. A hit is right if it is of the planted item. Beside them: pages as they
are; pages with two fifths of an item; pages with an item that is none of the benchmark but made of
the same clauses. Speed and memory are of an index over sentences of other texts, of which DATA
has some 80,000; more are made of halves of two; beside it stands the speed of jieba's cut. Times
are processor time of one core.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import itertools
import json
import random
import re
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from benchmarks.decontamination_texts import (
    REWRITES,
    Draw,
    Rewrite,
    first_part,
    make_items,
)
from models.text.segmenter import cut_utf8
from stages.decontaminate import Benchmark, Decontaminate
from stages.decontaminate.canonical import canonical_tokens
from stages.decontaminate.index import count_tokens, make_index

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ITEMS = 2000
PLANTED = 300
TIMED = 600
NGRAM_TOKENS = Decontaminate().ngram_tokens
SEED = 3
CARRIERS = {
    "en": ("dedup/debian_installguide_en.jsonl.gz", "ref_decisions/datatrove_0.10.1.jsonl.gz"),
    "zh": ("corpus/lctt_zh_sample.jsonl.gz", "dedup/debian_installguide_zh_CN.jsonl.gz"),
}


def carriers(data: Path, language: str) -> list[str]:
    """Texts of 500 characters and more, in an order of their own."""
    texts = []
    for name in CARRIERS[language]:
        with gzip.open(data / name, "rt", encoding="utf-8") as lines:
            texts += [json.loads(line)["text"] for line in lines]
    if language == "en":
        texts = [text for text in texts if sum(map(str.isascii, text)) > 0.95 * len(text)]
    random.Random(SEED).shuffle(texts)
    return [text for text in texts if len(text) >= 500]


def timed_texts(data: Path, language: str) -> list[str]:
    """Texts of which no item is made."""
    if language == "zh":
        return carriers(data, language)[:TIMED]
    paths = sorted((data / "extraction/en/gt").glob("*.json"))[:TIMED]
    pages = (json.loads(path.read_text(encoding="utf-8")) for path in paths)
    return [page.get("main_content") or "" for page in pages]


def plant(item: str, page: str, draw: Draw) -> str:
    lines = page.split("\n")
    lines.insert(draw.randrange(len(lines) + 1), item)
    return "\n".join(lines)


def write_benchmark(folder: Path, name: str, questions: Iterator[str] | list[str]) -> Benchmark:
    path = folder / f"{name}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number, question in enumerate(questions):
            file.write(json.dumps({"id": str(number), "question": question}) + "\n")
    return Benchmark(name, (str(path),), id="id")


class Measured:
    """A benchmark of made-up items in one language, and pages to plant them in."""

    def __init__(self, folder: Path, data: Path, language: str, half: int) -> None:
        made = make_items(language, half, 2 * ITEMS, SEED)
        self.items, self.others = made[:ITEMS], made[ITEMS:]
        self.pages = carriers(data, language)[half::2]
        self.judge = Decontaminate(
            benchmarks=(write_benchmark(folder, f"{language}{half}", self.items),)
        ).open()

    def hits(self, page: str) -> list[str]:
        """The items that a page is said to hold."""
        (verdict,) = self.judge([{"text": page}])
        return [one["item"] for one in verdict.columns["contamination"] or ()]

    def planted(self, items: list[str], rewrite: Rewrite) -> Iterator[tuple[int, list[str]]]:
        """The hits of pages with an item each, by its number."""
        draw = Draw(SEED)
        for number, page in zip(range(PLANTED), itertools.cycle(self.pages)):
            yield number, self.hits(plant(rewrite(items[number], draw), page, draw))

    def recall_and_precision(self, rewrite: Rewrite) -> tuple[float, float, float]:
        """The recall of items of an n-gram and more, that of shorter ones, the precision."""
        tokens = count_tokens(canonical_tokens(self.items[:PLANTED]))
        planted, found = [0, 0], [0, 0]
        right = hits = 0
        for number, items in self.planted(self.items, rewrite):
            is_short = int(tokens[number] < NGRAM_TOKENS)
            planted[is_short] += 1
            found[is_short] += str(number) in items
            right += items.count(str(number))
            hits += len(items)
        return found[0] / planted[0], found[1] / planted[1], right / max(1, hits)


def traditional() -> dict[str, Rewrite]:
    if find_spec("opencc") is None:
        return {}
    from opencc import OpenCC  # noqa: PLC0415 - no dependency

    convert = OpenCC("s2t").convert
    return {"traditional characters": lambda item, _: convert(item)}


def print_quality(data: Path, half: int) -> None:
    print("| language | planted as | recall, long | recall, short | precision |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for language in ("en", "zh"):
            one = Measured(Path(folder), data, language, half)
            rewrites = {**REWRITES, **(traditional() if language == "zh" else {})}
            for name, rewrite in rewrites.items():
                long, short, precision = one.recall_and_precision(rewrite)
                print(f"| {language} | {name} | {long:.1%} | {short:.1%} | {precision:.1%} |")
            clean = sum(bool(one.hits(page)) for page in one.pages)
            part = sum(bool(items) for _, items in one.planted(one.items, first_part))
            near = sum(bool(i) for _, i in one.planted(one.others, REWRITES["verbatim"]))
            print(
                f"| {language} | {clean} of {len(one.pages)} pages as they are are hits; of "
                f"{PLANTED}: {part} with two fifths of an item, {near} with another of the same "
                "clauses ||||"
            )


def sentences(data: Path) -> list[str]:
    """Sentences of texts that are no carriers."""
    found: list[str] = []
    for path in sorted((data / "extraction/en/gt").glob("*.json"))[600:]:
        text = json.loads(path.read_text(encoding="utf-8")).get("main_content") or ""
        found += [s for s in re.split(r"(?<=[.?!])\s+|\n", text) if 40 <= len(s) <= 400]
    with gzip.open(data / "labels/agnews_en.csv.gz", "rt", encoding="utf-8") as lines:
        found += [" ".join(row[1:]) for row in csv.reader(lines)]
    for kind in ("train", "dev"):
        name = f"labels/fewclue_csldcp_{kind}_few_all.json.gz"
        with gzip.open(data / name, "rt", encoding="utf-8") as lines:
            for line in lines:
                content = json.loads(line)["content"]
                found += [s for s in re.split("[。？！；]", content) if len(s) > 10]
    with gzip.open(data / "labels/cold_offensive_zh_train.csv.gz", "rt", encoding="utf-8") as lines:
        found += [row[-1] for row in csv.reader(lines) if len(row[-1]) > 10]
    return found


def many(found: list[str], count: int) -> Iterator[str]:
    draw = random.Random(SEED)
    yield from found[:count]
    for _ in range(count - len(found)):
        one, other = draw.choice(found), draw.choice(found)
        yield one[: len(one) // 2] + " " + other[len(other) // 2 :]


def print_speed(data: Path, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        small = write_benchmark(Path(folder), "small", ["Which of the many rivers is the longest?"])
        large = write_benchmark(Path(folder), "large", many(sentences(data), count))
        for stage in (Decontaminate(benchmarks=(small,)), Decontaminate(benchmarks=(large,))):
            start = time.process_time()
            judge = stage.open()
            seconds = time.process_time() - start
            judge([{"text": "Which of the many rivers is the longest? " * 9}])
        index = make_index(stage.benchmarks, stage.ngram_tokens, stage.min_tokens)
    print(
        f"\n{count:,} items, {len(index.texts.data) / 1e6:.0f} MB of letters: "
        f"{index.bytes / 1e6:.0f} MB, opened in {seconds:.1f} s"
    )
    for language in ("en", "zh"):
        texts = timed_texts(data, language)
        size = sum(len(text.encode()) for text in texts)
        rates, hits = [], 0
        for _ in range(3):
            start = time.process_time()
            verdicts = judge([{"text": text} for text in texts])
            rates.append(size / (time.process_time() - start) / 1e6)
            hits = sum(verdict.reason != "" for verdict in verdicts)
        start = time.process_time()
        for text in texts:
            cut_utf8(text)
        cut = size / (time.process_time() - start) / 1e6
        print(
            f"{language}: {size / 1e6:.1f} MB, {max(rates):.0f} MB/s, {hits} of {len(texts)} hits; "
            f"cutting them into tokens alone {cut:.0f} MB/s"
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--half", type=int, choices=(0, 1), default=1)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--only", choices=("quality", "speed"))
    options = parser.parse_args()
    if options.only != "speed":
        print_quality(options.data, options.half)
    if options.only != "quality":
        print_speed(options.data, options.items)


if __name__ == "__main__":
    main()
