"""Time of the rule stage against datatrove's four filters on the same texts, one core.

    python benchmarks/rules_speed.py [--peer PYTHON] [--data DATA] [--step N]

PYTHON is the interpreter of an environment with ``datatrove[processing]==0.10.1``, spaCy and jieba;
without it only our own time is printed. Both sides read the same texts (every Nth of
``ref_decisions``), are warmed on the first of them, and are timed in processor time, one after the
other, so that a busy machine slows both. Peer: Gopher repetition, Gopher quality, C4 and FineWeb
filters with their defaults (in Chinese without stop words), each on every text.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from stages.rules import Rules

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
PEER = """
import json, sys, time
from loguru import logger
logger.remove()
from datatrove.data import Document
from datatrove.pipeline.filters import (
    C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter)
language, texts = json.load(sys.stdin)
kw = {} if language == "en" else {"language": "cmn_Hani"}
quality = dict(kw) if language == "en" else dict(kw, min_stop_words=0)
filters = [GopherRepetitionFilter(**kw), GopherQualityFilter(**quality), C4QualityFilter(**kw),
           FineWebQualityFilter(**kw)]
for f in filters:
    f.filter(Document(text=texts[0], id="0"))
start = time.process_time()
for f in filters:
    for text in texts:
        f.filter(Document(text=text, id="0"))
print(time.process_time() - start)
"""


def read_texts(data: Path, language: str, step: int) -> list[str]:
    """Every ``step``-th reference text of a language."""
    with gzip.open(
        data / "ref_decisions" / "datatrove_0.10.1.jsonl.gz", "rt", encoding="utf-8"
    ) as lines:
        rows = [row for row in map(json.loads, lines) if row["lang"] == language]
    return [row["text"] for row in rows[::step]]


def time_ours(texts: Sequence[str], language: str) -> float:
    """Processor seconds of the stage on the texts, in batches of 64."""
    judge: Callable[..., object] = Rules().open()
    rows = [
        {"text": t, "language": language, "url": "http://a.example/", "title": ""} for t in texts
    ]
    judge(rows[:1])
    start = time.process_time()
    for i in range(0, len(rows), 64):
        judge(rows[i : i + 64])
    return time.process_time() - start


def time_peer(python: str, texts: Sequence[str], language: str) -> float:
    """Processor seconds of the peer's four filters on the texts."""
    done = subprocess.run(
        [python, "-c", PEER],
        input=json.dumps([language, texts]),
        text=True,
        capture_output=True,
        check=True,
    )
    return float(done.stdout.split()[-1])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--peer")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--step", type=int, default=1)
    options = parser.parse_args()
    print("| language | texts | mean characters | ours, ms/text | datatrove, ms/text | ratio |")
    print("|---|---|---|---|---|---|")
    for language in ("en", "zh"):
        texts = read_texts(options.data, language, options.step)
        ours = 1e3 * time_ours(texts, language) / len(texts)
        size = sum(map(len, texts)) // len(texts)
        row = f"| {language} | {len(texts)} | {size} | {ours:.2f} |"
        if options.peer:
            peer = 1e3 * time_peer(options.peer, texts, language) / len(texts)
            row += f" {peer:.2f} | {peer / ours:.1f} |"
        print(row, flush=True)


if __name__ == "__main__":
    main()
