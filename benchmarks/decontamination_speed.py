"""Speed, opening and memory of ``decontaminate``, by how many items its benchmarks have.

The index is over sentences of texts that no timed page is of; DATA has some 80,000, more are made
of halves of two. It is opened in a process of its own, which tells its most memory. Then a worker
is forked, as those of a run are, judges the texts, and tells what memory it has to itself. Times
are processor time of one core, the mean of some rounds; jieba's cut of the same texts beside them.
"""

from __future__ import annotations

import csv
import gzip
import json
import multiprocessing
import os
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.processes import peak_bytes
from curation.spark.processes import memory_bytes
from models.text.segmenter import cut_utf8
from stages.base import Judge
from stages.decontaminate import Benchmark, Decontaminate
from stages.decontaminate.index import make_index

TIMED = 600
ROUNDS = 10
SEED = 3
CARRIERS = {
    "en": ("dedup/debian_installguide_en.jsonl.gz", "ref_decisions/datatrove_0.10.1.jsonl.gz"),
    "zh": ("corpus/lctt_zh_sample.jsonl.gz", "dedup/debian_installguide_zh_CN.jsonl.gz"),
}
QUESTION = "Which of the many rivers is the longest?"
Answer = TypeVar("Answer")


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


def sentences(data: Path) -> list[str]:
    """Sentences of texts that are no carriers."""
    found: list[str] = []
    for path in sorted((data / "extraction/en/gt").glob("*.json"))[TIMED:]:
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


def write_benchmark(folder: Path, name: str, questions: Iterator[str] | list[str]) -> Benchmark:
    path = folder / f"{name}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number, question in enumerate(questions):
            file.write(json.dumps({"id": str(number), "question": question}) + "\n")
    return Benchmark(name, (str(path),), id="id")


def in_fork(work: Callable[..., Answer], *arguments: Any) -> Answer:
    """What a forked process answers."""
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    process = context.Process(target=lambda: answers.put(work(*arguments)))
    process.start()
    answer: Answer = answers.get()
    process.join()
    return answer


def open_index(stage: Decontaminate) -> tuple[int, int, float, int]:
    """Letters and memory of the index, the time to make it, and the most memory meanwhile."""
    before, start = memory_bytes(os.getpid(), "Rss"), time.process_time()
    index = make_index(stage.benchmarks, stage.ngram_tokens, stage.min_tokens)
    seconds = time.process_time() - start
    return len(index.texts.data), index.bytes, seconds, peak_bytes(os.getpid()) - before


def own_memory(judge: Judge, texts: Sequence[str]) -> int:
    """The memory that a forked worker has to itself once it has judged some texts."""
    judge([{"text": text} for text in texts])
    return sum(memory_bytes(os.getpid(), kind) for kind in ("Private_Clean", "Private_Dirty"))


def rate_of(texts: Sequence[str], work: Callable[[], object]) -> float:
    """Megabytes a second, over all rounds: clocks of processor time may be as coarse as 10 ms."""
    size = sum(len(text.encode()) for text in texts)
    start = time.process_time()
    for _ in range(ROUNDS):
        work()
    return ROUNDS * size / (time.process_time() - start) / 1e6


def cut_all(texts: Sequence[str]) -> None:
    for text in texts:
        cut_utf8(text)


def print_speed(data: Path, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        small = write_benchmark(Path(folder), "small", [QUESTION])
        large = write_benchmark(Path(folder), "large", many(sentences(data), count))
        warm = Decontaminate(benchmarks=(small,)).open()  # compiles, and reads jieba's lexicon
        warm([{"text": f"{QUESTION} " * 9}])
        alone = in_fork(own_memory, warm, [])
        stage = Decontaminate(benchmarks=(large,))
        letters, memory, seconds, peak = in_fork(open_index, stage)
        judge = stage.open()
    print(
        f"\n{count:,} items, {letters / 1e6:.0f} MB of letters: {memory / 1e6:.0f} MB, opened in "
        f"{seconds:.1f} s with {peak / 1e6:.0f} MB at most"
    )
    for language in ("en", "zh"):
        texts = timed_texts(data, language)
        rows = [{"text": text} for text in texts]
        hits = sum(verdict.reason != "" for verdict in judge(rows))
        rate = rate_of(texts, partial(judge, rows))
        cut_utf8("天空")  # reads the lexicon
        cut = rate_of(texts, partial(cut_all, texts))
        own = in_fork(own_memory, judge, texts) - alone
        print(
            f"{language}: {sum(len(text.encode()) for text in texts) / 1e6:.1f} MB, {rate:.0f} "
            f"MB/s, {hits} of {len(texts)} hits; a forked worker takes {own / 1e6:.0f} MB more; "
            f"cutting them into tokens alone {cut:.0f} MB/s"
        )
